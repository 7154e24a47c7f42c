"""An order, a gate and people on its shifts, for the tests of the area."""

from __future__ import annotations

from datetime import timedelta

from groundwork.base.actor import system
from groundwork.duty.actions.counting import recount
from groundwork.duty.actions.needs import add_gate, add_shift
from groundwork.duty.actions.orders import OrderPlan, activate_order, draft_order
from groundwork.duty.actions.phones import open_phone
from groundwork.duty.models import Gate, GatePhone, Order, Post, Shift
from groundwork.duty.policy.phones import phone_for
from tests.cast import EVENING, Cast

AT = EVENING
BY = system("tests")


def order_of(town: Cast, **more: object) -> Order:
    """Put an order in force from yesterday on, for twenty days, with everything switched on."""
    said: dict[str, object] = {
        "title": "冬季联防值守",
        "kind": "epidemic",
        "body": town.bodies["bureau"],
        "basis": "《突发事件应对法》",
        "place": town.places["city"],
        "starts_at": AT - timedelta(days=1),
        "ends_at": AT + timedelta(days=20),
        "keeps_log": True,
        "takes_temperature": True,
    }
    plan = OrderPlan(**{**said, **more})  # type: ignore[arg-type]
    draft = draft_order(plan, by=BY, at=AT - timedelta(days=2))
    return activate_order(draft.public_id, by=BY, at=AT - timedelta(days=2))


def gate_of(town: Cast, order: Order, place: str = "chenglang", name: str = "东大门") -> Gate:
    """Set up a gate."""
    return add_gate(order.public_id, town.places[place], name, by=BY, at=AT)


def shift_of(gate: Gate, days: int = 0, **needs: int) -> Shift:
    """Ask for people from 17:00 to 22:00, `days` after the evening of the tests."""
    start = AT.replace(hour=17, minute=0) + timedelta(days=days)
    asked = needs or {"lead": 1, "general": 2}
    return add_shift(gate.public_id, start, start + timedelta(hours=5), asked, by=BY, at=AT)


def post_of(
    town: Cast, shift: Shift, who: str, kind: str = "general", state: str = "confirmed"
) -> Post:
    """Put somebody of the cast on a shift."""
    post = Post.objects.create(shift=shift, person=town.people[who], kind=kind, state=state)
    recount([shift.pk])
    return post


def phone_of(gate: Gate) -> GatePhone:
    """Open the gate's own phone."""
    _phone, token = open_phone(gate.public_id, by=BY, at=AT)
    return phone_for(token, AT)
