"""One of everything of the area duty, for the walker, the languages and the browser."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from groundwork.duty.actions.needs import add_gate, add_shift
from groundwork.duty.actions.orders import OrderPlan, activate_order, draft_order

if TYPE_CHECKING:
    from tests.world import World


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
