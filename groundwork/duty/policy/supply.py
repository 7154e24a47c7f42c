"""Who asks people under an order, who answers for a unit, who reads what was answered."""

from __future__ import annotations

from typing import Literal

from django.db.models import QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import sole
from groundwork.base.tree import covers, under
from groundwork.duty.models import Order, UnitPart, Volunteer
from groundwork.duty.policy.orders import OPERATORS, keeps_order, visible_orders
from groundwork.registry.models import Body

RELEASERS = (Role.UNIT_SECRETARY, Role.CLERK)
Verb = Literal["view", "edit"]


def answers_for(by: Actor, unit: Body) -> bool:
    """Tell whether the actor says what a unit gives: its secretary or its clerk."""
    return bool(by.system) or covers(by.bodies(*RELEASERS), unit.path)


def visible_parts(by: Actor, order: Order) -> QuerySet[UnitPart]:
    """The parts of one's own units, or of one's district's; all for who keeps the order."""
    parts = UnitPart.objects.filter(order=order)
    if keeps_order(by, order):
        return parts
    own = under("unit__path", by.bodies(*RELEASERS))
    return parts.filter(own | under("unit__place__path", by.places(*OPERATORS)))


def reads_units(by: Actor) -> bool:
    """Tell whether a list of units' answers is for the actor at all."""
    return by.has(*RELEASERS, *OPERATORS)


def part_for(
    by: Actor, order_id: str, unit_id: str, verb: Verb = "view", *, lock: bool = False
) -> UnitPart:
    """Fetch what a unit gives to an order. Who keeps the order reads it; the unit decides."""
    order = sole(visible_orders(by).filter(public_id=order_id))
    if order is None:
        raise NotFound
    parts = visible_parts(by, order).select_related("order__place", "unit")
    if lock:
        parts = parts.select_for_update(of=("self",))
    part = sole(parts.filter(unit__public_id=unit_id))
    if part is None:
        raise NotFound
    if verb == "view" or answers_for(by, part.unit):
        return part
    raise Forbidden


def own_calls(by: Actor) -> QuerySet[Volunteer]:
    """Give what the actor was asked, and answered, under orders."""
    if by.person_id is None:
        return Volunteer.objects.none()
    return Volunteer.objects.filter(person=by.person_id)


def may_offer(by: Actor) -> bool:
    """Any of the staff may say when they can, asked or not."""
    return by.person_id is not None
