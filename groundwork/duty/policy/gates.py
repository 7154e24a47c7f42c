"""Who may see gates and shifts, say what is needed, and read who stands there.

Every one of the staff sees where and when somebody is wanted; names are for those who stand
together, for who keeps the gate's community, the order, or the unit the person comes from.
"""

from __future__ import annotations

from typing import Literal

from django.db.models import QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import sole
from groundwork.base.tree import covers, under
from groundwork.duty.models import Gate, Order, Shift
from groundwork.duty.policy.orders import OPERATORS, visible_orders
from groundwork.duty.rules.posts import HOLDS

Verb = Literal["view", "edit", "names", "lead"]
KEEPERS = (*OPERATORS, Role.COMMUNITY_SECRETARY, Role.GATE_LEAD)
"""Of a gate: by the place it stands at."""


def keeps_place(by: Actor, path: str) -> bool:
    """Tell whether the actor keeps the gates at the place of this path."""
    return bool(by.system) or covers(by.places(*KEEPERS), path)


def require_keeper(by: Actor) -> None:
    """Refuse who keeps no gates anywhere. Raises Forbidden."""
    if not by.has(*KEEPERS):
        raise Forbidden


def visible_gates(by: Actor, order: Order) -> QuerySet[Gate]:
    """Gates of an order that the actor fetched with `order_for`."""
    return Gate.objects.filter(order=order)


def kept_gates(by: Actor, order: Order) -> QuerySet[Gate]:
    """Gates of an order that the actor keeps: an order's numbers are changed through these."""
    gates = visible_gates(by, order)
    return gates if by.system else gates.filter(under("place__path", by.places(*KEEPERS)))


def gate_for(by: Actor, public_id: str, verb: Verb = "view", *, lock: bool = False) -> Gate:
    """Fetch a gate for an act. Raises NotFound, or Forbidden where not allowed."""
    gates = Gate.objects.filter(order__in=visible_orders(by)).select_related(
        "order__place", "place", "township", "district"
    )
    if lock:
        gates = gates.select_for_update(of=("self",))
    gate = sole(gates.filter(public_id=public_id))
    if gate is None:
        raise NotFound
    if verb == "view" or keeps_place(by, gate.place.path):
        return gate
    raise Forbidden


def shift_for(by: Actor, public_id: str, verb: Verb = "view", *, lock: bool = False) -> Shift:
    """Fetch a shift for an act. "names" and "lead" are also for who stands it, or leads it."""
    shifts = Shift.objects.filter(order__in=visible_orders(by)).select_related(
        "order__place", "gate", "place"
    )
    if lock:
        shifts = shifts.select_for_update(of=("self",))
    shift = sole(shifts.filter(public_id=public_id))
    if shift is None:
        raise NotFound
    if verb == "view" or keeps_place(by, shift.place.path):
        return shift
    if verb == "names" and _stands(by, shift):
        return shift
    if verb == "lead" and _stands(by, shift, kind="lead"):
        return shift
    raise Forbidden


def _stands(by: Actor, shift: Shift, **more: str) -> bool:
    if by.person_id is None:
        return False
    return shift.posts.filter(person=by.person_id, state__in=HOLDS, **more).exists()


def poster_gate(code: str) -> Gate:
    """Fetch the gate whose poster bears this code: it hangs in the open. Raises NotFound."""
    gates = Gate.objects.select_related("order__place", "place")
    gate = gates.filter(poster=code).exclude(order__state="draft").first()
    if gate is None:
        raise NotFound
    return gate


def shows_names(by: Actor, shift: Shift) -> bool:
    """Tell whether somebody reads who stands a shift: who stands it too, or keeps the place."""
    return keeps_place(by, shift.place.path) or _stands(by, shift)


def leads_shift(by: Actor, shift: Shift) -> bool:
    """Tell whether the actor writes who came to a shift: its lead, or who keeps the place."""
    return keeps_place(by, shift.place.path) or _stands(by, shift, kind="lead")
