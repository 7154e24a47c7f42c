"""Set up many gates of an order at once, by the rules of one gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden
from groundwork.duty.actions.needs import GATE, gate_row
from groundwork.duty.models import Gate, Order
from groundwork.duty.models.need import GateContact
from groundwork.duty.policy.gates import keeps_place
from groundwork.duty.policy.orders import order_for
from groundwork.duty.rules.needs import GateThere, NotUnderOrder, OrderOver
from groundwork.registry.models import Person, Place
from groundwork.registry.queries.above import Above

BATCH = 1000


@dataclass(frozen=True)
class NewGate:
    """One gate to be set up, and whom those who stand there may call."""

    place: Place
    name: str
    spot: str = ""
    contacts: tuple[Person, ...] = ()


@transaction.atomic
def add_gates_many(
    order_id: str, rows: Sequence[NewGate], *, by: Actor, at: datetime | None = None
) -> list[Gate]:
    """Set up gates under an order, all or none; give them in the order of `rows`.

    Raises Forbidden, OrderOver, NotUnderOrder, GateThere. One trail row for all.
    """
    at = at or clock.now()
    order = order_for(by, order_id, lock=True)
    if order.state == Order.State.ENDED:
        raise OrderOver
    _check(order, rows, by)
    above = Above()
    made = [gate_row(order, row.place, row.name, row.spot, *above.of(row.place)) for row in rows]
    Gate.objects.bulk_create(made, batch_size=BATCH)
    GateContact.objects.bulk_create(
        (
            GateContact(gate=gate, person=person)
            for gate, row in zip(made, rows, strict=True)
            for person in dict.fromkeys(row.contacts)
        ),
        batch_size=BATCH,
    )
    trail.record(by, "add_many", GATE, order.public_id, ["place", "name", "spot"], at=at)
    return made


def _check(order: Order, rows: Sequence[NewGate], by: Actor) -> None:
    there = set(Gate.objects.filter(order=order).values_list("place_id", "name"))
    for row in rows:
        if not keeps_place(by, row.place.path):
            raise Forbidden
        if not row.place.path.startswith(order.place.path):
            raise NotUnderOrder
        if (row.place.pk, row.name) in there:
            raise GateThere
        there.add((row.place.pk, row.name))
