"""One of everything of the area duty, for the walker, the languages and the browser."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from groundwork.base.actor import system
from groundwork.duty.actions.alarms import raise_alarm
from groundwork.duty.actions.branches import form_branch
from groundwork.duty.actions.counting import recount
from groundwork.duty.actions.gates import close_gate
from groundwork.duty.actions.need_sheets import upload_needs
from groundwork.duty.actions.needs import add_gate, add_shift
from groundwork.duty.actions.orders import OrderPlan, activate_order, draft_order
from groundwork.duty.actions.supply import Answer, answer_call, call_up
from groundwork.duty.actions.swapping import offer_swap
from groundwork.duty.actions.thanking import say_thanks
from groundwork.duty.models import PlanRun, Post
from groundwork.duty.queries.packing import pack
from groundwork.duty.rules.need_sheet import COLUMNS
from groundwork.duty.rules.times import pattern_of, week_of
from groundwork.duty.rules.weights import merged
from groundwork.matters.actions.knocking import Sender
from groundwork.registry.queries.workbooks import book_of

if TYPE_CHECKING:
    from tests.world import World

BY = system("tests")


def build(world: World) -> None:
    """Write an order in force with two gates, tonight's shift and tomorrow's; one more in draft."""
    cast, at = world.cast, world.at
    by = cast.actor("city_operator")
    plan = OrderPlan(
        title="冬季联防值守",
        kind="epidemic",
        body=cast.bodies["bureau"],
        basis="《中华人民共和国突发事件应对法》；市指挥部第12号令",
        place=cast.places["city"],
        starts_at=at - timedelta(days=2),
        ends_at=at + timedelta(days=20),
        keeps_log=True,
        takes_temperature=True,
    )
    draft = draft_order(plan, by=by, at=at - timedelta(days=3))
    order = activate_order(draft.public_id, by=by, at=at - timedelta(days=3))
    gates = [
        add_gate(order.public_id, cast.places[key], "东大门", "菜场对面", by=by, at=at)
        for key in ("chenglang", "dongsheng")
    ]
    evening = at.replace(hour=17, minute=0, second=0, microsecond=0)
    needs = {"lead": 1, "general": 2}
    shifts = [
        add_shift(gates[0].public_id, start, start + timedelta(hours=5), needs, by=by, at=at)
        for start in (evening, evening + timedelta(days=1))
    ]
    other = OrderPlan(**{**plan.__dict__, "title": "防台预备", "kind": "typhoon"})
    world.things |= {
        "order": order,
        "order:draft": draft_order(other, by=by, at=at),
        "gate": gates[0],
        "gate:other": gates[1],
        "shift": shifts[0],
        "shift:tomorrow": shifts[1],
    }
    _called(world)
    _at_the_gate(world)
    _planned(world)


def _called(world: World) -> None:
    """Call people up, let somebody answer, bring in a sheet with one row that cannot go in."""
    cast, at, order = world.cast, world.at, world["order"]
    call_up(order.public_id, by=BY, at=at)
    pattern = pattern_of("evenings")
    assert pattern is not None
    answer = Answer({"week": week_of(pattern), "days": {}}, 2, ("driver",))
    world.things["volunteer"] = answer_call(order.public_id, answer, by=cast.actor("staff"), at=at)
    close_gate(world["gate:other"].public_id, at, None, "道路施工", by=BY, at=at)
    form_branch(
        order.public_id,
        cast.places["chenglang"],
        "澄浪卡口临时党支部",
        cast.people["staff"],
        by=BY,
        at=at,
    )
    day = f"{at + timedelta(days=2):%Y-%m-%d}"
    rows = [
        ["澄浪社区", "西门", "桥头", day, "22:00", "06:00", "1", "2"],
        ["没有这个社区", "西门", "", day, "17:00", "22:00", "1", "2"],
    ]
    titles = [column.title for column in COLUMNS[:8]]
    world.things["need_sheet"] = upload_needs(
        order.public_id,
        book_of("卡口需求", titles, rows),
        name="卡口需求.xlsx",
        by=cast.actor("city_operator"),
        at=at,
    )


def _post(world: World, shift: str, who: str, **more: Any) -> Post:
    values = {"kind": "general", "state": "confirmed", **more}
    return Post.objects.create(shift=world[shift], person=world.cast.people[who], **values)


def _at_the_gate(world: World) -> None:
    """Write who stands tonight, an alarm, a word of thanks, somebody who was not seen."""
    at, gate = world.at, world["gate"]
    yesterday = add_shift(
        gate.public_id,
        world["shift"].starts_at - timedelta(days=1),
        world["shift"].ends_at - timedelta(days=1),
        {"lead": 1, "general": 2},
        by=BY,
        at=at,
    )
    world.things["shift:past"] = yesterday
    world.things |= {
        "post": _post(world, "shift", "staff"),
        "post:lead": _post(world, "shift", "colleague", kind="lead", state="standing", came_at=at),
        "post:stood": _post(
            world,
            "shift:past",
            "staff",
            state="stood",
            came_at=yesterday.starts_at,
            went_at=yesterday.ends_at,
        ),
        "post:missed": _post(
            world, "shift:past", "colleague", kind="lead", state="missed", missed_at=at
        ),
        "thanks": say_thanks(
            gate.poster, "天这么冷，辛苦了！", sender=Sender("world", ""), by=BY, at=at
        ),
        "alarm": raise_alarm(gate, "fever", "world", by=BY, seen=at, at=at),
    }
    recount([world["shift"].pk, yesterday.pk])


def _planned(world: World) -> None:
    """Write a post to answer, an offer to swap it, and a plan that waits to be published."""
    cast, at, order = world.cast, world.at, world["order"]
    shift = world["shift:tomorrow"]
    ahead = _post(world, "shift:tomorrow", "staff", state="planned", told_at=at)
    given = _post(world, "shift:tomorrow", "branch_secretary", told_at=at)
    recount([shift.pk])
    world.things |= {
        "post:ahead": ahead,
        "post:given": given,
        "swap": offer_swap(given.public_id, by=cast.actor("branch_secretary"), at=at),
        "run": PlanRun.objects.create(
            order=order,
            state=PlanRun.State.READY,
            first_day=shift.day,
            days=3,
            weights=merged({}),
            asked_at=at,
            done_at=at,
            cost=12,
            bound=12,
            parts={"slots": 3, "open": 0, "travel": 12},
            result=pack([(cast.people["unit_secretary"].pk, shift.pk, "lead")]),
        ),
        "run:running": PlanRun.objects.create(
            order=order,
            state=PlanRun.State.RUNNING,
            first_day=shift.day,
            days=3,
            weights=merged({}),
            progress={"stage": "prices", "seconds": 2.5, "cost": 120, "bound": 110},
            asked_at=at,
            began_at=at,
            seen_at=at,
        ),
    }
