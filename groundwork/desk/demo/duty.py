"""Write the demo city's orders: the large one of the past year, a small one in force now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from groundwork.access.models import Notice
from groundwork.access.queries import actor_of_account
from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.days import calendar
from groundwork.base.errors import N_, RuleBroken
from groundwork.base.models import OutboxMessage
from groundwork.desk.demo import calls, rota, turnout
from groundwork.desk.demo.calls import Call
from groundwork.desk.demo.cast import HOME, LEADS_AT
from groundwork.desk.demo.figures import GATES, called
from groundwork.desk.demo.hands import account_of, hands_of, spare_of
from groundwork.desk.demo.rota import Hand, Rota, Slot
from groundwork.duty.actions.bulk_gates import NewGate, add_gates_many
from groundwork.duty.actions.bulk_needs import Wish, put_wishes
from groundwork.duty.actions.bulk_plan import put_plan
from groundwork.duty.actions.lapse import clear_ended, forget_supply, forget_words
from groundwork.duty.actions.orders import OrderPlan, activate_order, draft_order, end_order
from groundwork.duty.actions.planning import Ask
from groundwork.duty.actions.publishing import publish_run
from groundwork.duty.actions.swapping import offer_swap
from groundwork.duty.models import Gate, Order, Post, Shift
from groundwork.duty.rules.needs import span_on
from groundwork.duty.rules.orders import CODES
from groundwork.registry.models import Body, Person, Place

Progress = Callable[[str, int, int], None]
ENOUGH = 2.2  # slots to each person called: how many gates and hours a district needs
SMALL_FOLK = 120  # of the small order
MOST_LOGS = 60  # gates whose last evening is in the log that lapses
NAMES = ("南门", "北门", "东门", "西门", "正门", "车行门")
SPOTS = ("岗亭旁", "公告栏对面", "快递柜右手边", "物业办公室门口", "便利店对面", "非机动车道口")


@dataclass
class Scene:
    """The directory that orders are written over."""

    bodies: dict[str, Body]
    places: dict[str, Place]
    people: Sequence[Person]


def write_orders(
    scene: Scene,
    scale: float,
    seed: int,
    now: datetime,
    progress: Progress,
    *,
    by: Actor,
) -> None:
    """Write the orders as they stand at `now`."""
    rng = Random(f"duty {seed}")  # noqa: S311 - a demo, not a secret
    label, large = N_("值守"), calls.large(now)
    progress(label, 0, 2)
    _write(scene, large, called(scale), scale, now, by=by, rng=rng)
    progress(label, 1, 2)
    if now >= large.ends_at:
        _write(scene, calls.small(now), SMALL_FOLK, scale, now, by=by, rng=rng)
    for forget in (forget_supply, forget_words):
        while forget(at=now):
            pass
    Notice.objects.filter(kind__startswith="duty.", created_at__lt=now - timedelta(days=7)).update(
        read_at=now
    )
    OutboxMessage.objects.filter(kind__startswith="duty.", done_at=None).update(done_at=now)
    progress(label, 2, 2)


def write_small(scene: Scene, now: datetime, *, by: Actor) -> Order:
    """Write the small order in force now over a city that has its past."""
    rng = Random(f"duty {now.date()}")  # noqa: S311 - a demo, not a secret
    order = _write(scene, calls.small(now), SMALL_FOLK, 0.0, now, by=by, rng=rng)
    OutboxMessage.objects.filter(kind__startswith="duty.", done_at=None).update(done_at=now)
    return order


def _write(
    scene: Scene, call: Call, folk: int, scale: float, now: datetime, *, by: Actor, rng: Random
) -> Order:
    """Write one order, from the call to how its shifts stand at `now`."""
    order = _order(scene, call, by)
    places = scene.places.values()
    hands = hands_of(order, call, folk, scene.people, places, by=by, rng=rng)
    gates, parts = _gates(scene, order, call, hands, scale, by, rng)
    slots = _slots(order, call, gates, parts, by)
    dealt = Rota(slots, spare_of(order), calendar().is_working)
    _deal(dealt, hands, now if now < call.ends_at else None, rng)
    ask = Ask(call.first, call.days)
    run = put_plan(order.public_id, ask, dealt.rows(), by=by, at=call.planned_at)
    publish_run(run.public_id, by=by, at=call.planned_at)
    until = min(now, call.ends_at + timedelta(days=7))
    cast = frozenset(gate.pk for gate in gates[: len(call.gates)])
    turnout.walk_all(order, cast if now < call.ends_at else frozenset(), until, by=by, rng=rng)
    if call.kind == "epidemic":
        turnout.keep_logs(_evening(order, call, cast, now), now, by=by, rng=rng)
    if now >= call.ends_at:
        end_order(order.public_id, by=by, at=call.ends_at)
        clear_ended(at=call.ends_at)
    else:
        _offer(order, now)
    return order


def _order(scene: Scene, call: Call, by: Actor) -> Order:
    starts = call.called_at - timedelta(hours=1)
    doors = {code: code in call.doors for code in CODES}
    plan = OrderPlan(
        title=call.title,
        kind=call.kind,
        body=scene.bodies[call.body],
        basis=call.basis,
        place=scene.places[call.place],
        starts_at=starts,
        ends_at=call.ends_at,
        **doors,
    )
    draft = draft_order(plan, by=by, at=starts - timedelta(hours=2))
    return activate_order(draft.public_id, by=by, at=starts)


# ---- what is needed ------------------------------------------------------------------------------
def _gates(
    scene: Scene,
    order: Order,
    call: Call,
    hands: Sequence[Hand],
    scale: float,
    by: Actor,
    rng: Random,
) -> tuple[list[Gate], list[int]]:
    """Set gates up, those of the cast first; give them, and each one's parts of the day."""
    contact = account_of("community-secretary").person
    assert contact is not None
    told = {HOME: (contact,)}  # whom those who stand there may call
    rows = [
        NewGate(scene.places[code], name, spot, told.get(code, ()))
        for code, name, spot in call.gates
    ]
    parts = [3] * len(rows)
    if call.city:
        people = Counter(hand.home[:6] for hand in hands)
        for district, (number, part) in _by_district(people, call, round(GATES * scale)).items():
            near = _communities(scene, district)
            fixed = sum(code.startswith(district) for code, _name, _spot in call.gates)
            for n in range(fixed, number):
                name = f"{rng.choice(NAMES)}{n}号岗"
                rows.append(NewGate(rng.choice(near), name, rng.choice(SPOTS)))
                parts.append(part)
    at = call.called_at + timedelta(hours=2)
    return add_gates_many(order.public_id, rows, by=by, at=at), parts


def _communities(scene: Scene, district: str) -> list[Place]:
    """List the communities of a district, in the directory's order."""
    level = Place.Level.COMMUNITY
    found = [p for p in scene.places.values() if p.level == level and p.code.startswith(district)]
    return sorted(found, key=lambda place: place.code)


def _by_district(people: Counter[str], call: Call, total: int) -> dict[str, tuple[int, int]]:
    """Say of each district how many gates it has, and how many parts of the day each is kept."""
    shares = rota.share_out(total, dict(people), dict.fromkeys(people, 1))
    per, out = call.days * sum(call.needs.values()), {}
    for district, n in sorted(people.items()):
        gates = shares[district]
        enough = ENOUGH if call.days > calls.STORM_DAYS else 1.25
        while gates * per * 3 < n * enough:
            gates += 1
        part = next(p for p in (1, 2, 3) if p == 3 or gates * per * p >= n * enough)
        out[district] = (gates, part)
    return out


def _slots(
    order: Order, call: Call, gates: Sequence[Gate], parts: Sequence[int], by: Actor
) -> list[Slot]:
    """Ask for people at every gate; give the shifts."""
    wishes = [
        Wish(gate, *span_on(day, start, end, clock.ZONE), needs=call.needs)
        for n, (gate, part) in enumerate(zip(gates, parts, strict=True))
        for day in rota.days_of(call.first, call.days)
        for start, end in calls.hours_of(n, call, part)
    ]
    put_wishes(order.public_id, wishes, by=by, at=call.called_at + timedelta(hours=3))
    rows = Shift.objects.filter(order=order).order_by("pk")
    return [
        Slot(pk, code, a.astimezone(clock.ZONE), b.astimezone(clock.ZONE), dict(call.needs))
        for pk, code, a, b in rows.values_list("pk", "place__code", "starts_at", "ends_at")
    ]


# ---- the plan ------------------------------------------------------------------------------------
def _deal(dealt: Rota, hands: Sequence[Hand], now: datetime | None, rng: Random) -> None:
    """Give everybody a shift: the cast theirs about `now`, then all once, then what is left."""
    left = list(hands)
    if now is not None:
        _give_cast(dealt, hands, now)
    late = dealt.everybody_once((hand for hand in left if not _has(dealt, hand)), rng)
    if late:
        raise RuntimeError(f"{len(late)} people of the demo city have no shift they could stand")
    tomorrow = now.date() + timedelta(days=1) if now else None

    def keep(slot: Slot) -> int:
        """Leave one open tomorrow where the cast lives, so that signing up can be tried."""
        return int(slot.place == HOME and slot.starts_at.date() == tomorrow)

    dealt.the_rest(left, keep)


def _has(dealt: Rota, hand: Hand) -> bool:
    return any(duty.shift for duty in hand.duties)


def _give_cast(dealt: Rota, hands: Sequence[Hand], now: datetime) -> None:
    """Let the gate's lead stand tonight and the staff member yesterday and after tomorrow."""
    lead, staff = (account_of(key).person_id for key in ("gate-lead", "staff"))
    for person, place, days in ((lead, LEADS_AT, (0, 2)), (staff, HOME, (-1, 2))):
        hand = next((one for one in hands if one.person == person), None)
        for day in (now.date() + timedelta(days=n) for n in days):
            for slot in dealt.slots:
                evening = slot.starts_at.date() == day and slot.starts_at.hour == 17
                if hand and evening and slot.place == place and dealt.fits(hand, slot):
                    dealt.give(hand, slot)
                    break


def _evening(order: Order, call: Call, cast: frozenset[int], now: datetime) -> list[Shift]:
    """Choose the shifts whose gates keep a log: the last evening of all, or today's of the cast."""
    rows = Shift.objects.filter(order=order).select_related("gate", "place").order_by("pk")
    if now >= call.ends_at:
        last = call.first + timedelta(days=call.days - 1)
        evening = rows.filter(day=last, starts_at=clock.local(last, _SEVENTEEN))
        return list(evening[:MOST_LOGS])
    return list(rows.filter(gate__in=cast, day=now.date(), starts_at__lte=now))


_SEVENTEEN = datetime.min.time().replace(hour=17)


def _offer(order: Order, now: datetime) -> None:
    """Let somebody who stands in the cast's community offer a shift, for who fits to take."""
    ahead = Post.objects.filter(
        shift__order=order,
        shift__place__code=HOME,
        shift__starts_at__gt=now + timedelta(hours=20),
        state__in=("planned", "confirmed"),
        kind="general",
    ).exclude(person__account__demo=True)
    for post in ahead.select_related("person__account").order_by("shift__starts_at", "pk")[:1]:
        account = post.person.account
        try:
            offer_swap(post.public_id, by=actor_of_account(account), at=now)
        except RuleBroken:
            return
