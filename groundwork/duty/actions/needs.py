"""One gate and one shift: set up, ask for numbers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden
from groundwork.base.ids import public_id as new_id
from groundwork.duty.actions.counting import recount
from groundwork.duty.models import Gate, Need, Order, Shift
from groundwork.duty.policy.gates import gate_for, keeps_place
from groundwork.duty.policy.orders import order_for
from groundwork.duty.rules.needs import (
    GateThere,
    NotUnderOrder,
    OrderOver,
    ShiftThere,
    asked_of,
)
from groundwork.registry.models import Place
from groundwork.registry.queries.above import above

GATE, SHIFT = "duty.gate", "duty.shift"


@transaction.atomic
def add_gate(
    order_id: str,
    place: Place,
    name: str,
    spot: str = "",
    *,
    by: Actor,
    at: datetime | None = None,
) -> Gate:
    """Set up a gate under an order, by the keepers of its place or of the order."""
    at = at or clock.now()
    order = order_for(by, order_id)
    if not keeps_place(by, place.path):
        raise Forbidden
    if order.state == Order.State.ENDED:
        raise OrderOver
    if not place.path.startswith(order.place.path):
        raise NotUnderOrder
    if Gate.objects.filter(order=order, place=place, name=name).exists():
        raise GateThere
    gate = gate_row(order, place, name, spot, *above(place))
    gate.save(force_insert=True)
    trail.record(by, "add", GATE, gate.public_id, ["place", "name", "spot"], at=at)
    return gate


@transaction.atomic
def add_shift(
    gate_id: str,
    starts_at: datetime,
    ends_at: datetime,
    needs: Mapping[str, int],
    *,
    by: Actor,
    at: datetime | None = None,
) -> Shift:
    """Ask for people at a gate: `needs` is kind → how many. Raises ShiftThere, NobodyNeeded."""
    at = at or clock.now()
    gate = gate_for(by, gate_id, "edit", lock=True)
    asked = asked_of(needs)
    if gate.order.state == Order.State.ENDED:
        raise OrderOver
    if not (gate.order.starts_at <= starts_at < ends_at <= gate.order.ends_at):
        raise NotUnderOrder
    if Shift.objects.filter(gate=gate, starts_at=starts_at, ends_at=ends_at).exists():
        raise ShiftThere
    shift = shift_row(gate, starts_at, ends_at)
    shift.save(force_insert=True)
    Need.objects.bulk_create(Need(shift=shift, kind=k, count=n) for k, n in asked.items())
    recount([shift.pk])
    trail.record(by, "add", SHIFT, shift.public_id, ["starts_at", "ends_at", "needs"], at=at)
    return shift


def gate_row(
    order: Order, place: Place, name: str, spot: str, township: int | None, district: int | None
) -> Gate:
    """Make the row of a gate with its secrets; not saved."""
    return Gate(
        order=order,
        place=place,
        township_id=township,
        district_id=district,
        name=name,
        spot=spot,
        secret=secrets.token_hex(16),
        poster=new_id(),
    )


def shift_row(gate: Gate, starts_at: datetime, ends_at: datetime) -> Shift:
    """Make the row of a shift, with the gate's place beside it; not saved."""
    return Shift(
        order_id=gate.order_id,
        gate=gate,
        place_id=gate.place_id,
        township_id=gate.township_id,
        district_id=gate.district_id,
        day=starts_at.astimezone(clock.ZONE).date(),
        starts_at=starts_at,
        ends_at=ends_at,
    )
