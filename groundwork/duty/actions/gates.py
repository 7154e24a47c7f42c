"""Change one gate or one shift: its words, its numbers, closed for a time, called off."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.duty.actions.counting import recount
from groundwork.duty.actions.needs import GATE, SHIFT
from groundwork.duty.actions.releasing import release_many
from groundwork.duty.models import Closure, Gate, Need, Order, Shift
from groundwork.duty.models.need import GateContact
from groundwork.duty.policy.gates import gate_for, shift_for
from groundwork.duty.rules.needs import GateThere, OrderOver, ShiftOver, WrongClosing, asked_of
from groundwork.registry.models import Person


@transaction.atomic
def edit_gate(
    gate_id: str,
    name: str,
    spot: str,
    contacts: Collection[Person],
    *,
    by: Actor,
    at: datetime | None = None,
) -> Gate:
    """Say anew what a gate is called, where it is, and whom those who stand there may call."""
    at = at or clock.now()
    gate = gate_for(by, gate_id, "edit", lock=True)
    others = Gate.objects.filter(order=gate.order_id, place=gate.place_id, name=name)
    if others.exclude(pk=gate.pk).exists():
        raise GateThere
    gate.name, gate.spot = name, spot
    gate.save(update_fields=["name", "spot"])
    GateContact.objects.filter(gate=gate).delete()
    GateContact.objects.bulk_create(
        GateContact(gate=gate, person=person) for person in dict.fromkeys(contacts)
    )
    trail.record(by, "edit", GATE, gate.public_id, ["name", "spot", "contacts"], at=at)
    return gate


@transaction.atomic
def set_numbers(
    shift_id: str, needs: Mapping[str, int], *, by: Actor, at: datetime | None = None
) -> Shift:
    """Say anew how many a shift asks for; who stands on it stays. Raises NobodyNeeded."""
    at = at or clock.now()
    shift = _open_shift(shift_id, by, at)
    asked = asked_of(needs)
    Need.objects.filter(shift=shift).delete()
    Need.objects.bulk_create(Need(shift=shift, kind=k, count=n) for k, n in asked.items())
    recount([shift.pk])
    trail.record(by, "ask", SHIFT, shift.public_id, ["needs"], at=at)
    shift.refresh_from_db()
    return shift


@transaction.atomic
def call_off_shift(
    shift_id: str, reason: str = "", *, by: Actor, at: datetime | None = None
) -> int:
    """Call one shift off; give how many people were released and told."""
    at = at or clock.now()
    shift = _open_shift(shift_id, by, at)
    shift.called_off_at = at
    shift.save(update_fields=["called_off_at"])
    released = release_many(Q(shift=shift), reason, by=by, at=at)
    trail.record(by, "call_off", SHIFT, shift.public_id, ["called_off_at"], at=at)
    return released


def _open_shift(shift_id: str, by: Actor, at: datetime) -> Shift:
    shift = shift_for(by, shift_id, "lead", lock=True)
    gate_for(by, shift.gate.public_id, "edit")  # who leads one shift does not set its numbers
    if shift.order.state == Order.State.ENDED:
        raise OrderOver
    if shift.called_off_at is not None or shift.ends_at <= at:
        raise ShiftOver
    return shift


@transaction.atomic
def close_gate(
    gate_id: str,
    starts_at: datetime,
    ends_at: datetime | None = None,
    reason: str = "",
    *,
    by: Actor,
    at: datetime | None = None,
) -> tuple[int, int]:
    """Close a gate for a time, or until further notice; give the shifts called off and the people.

    Every shift that meets the time is called off, none deleted; what is over stays as it was.
    """
    at = at or clock.now()
    gate = gate_for(by, gate_id, "edit", lock=True)
    if gate.order.state == Order.State.ENDED:
        raise OrderOver
    if ends_at is not None and (ends_at <= starts_at or ends_at <= at):
        raise WrongClosing
    Closure.objects.create(gate=gate, starts_at=starts_at, ends_at=ends_at, reason=reason)
    met = Shift.objects.filter(gate=gate, called_off_at=None, ends_at__gt=max(starts_at, at))
    if ends_at is not None:
        met = met.filter(starts_at__lt=ends_at)
    keys = list(met.values_list("pk", flat=True))
    released = 0
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        Shift.objects.filter(pk__in=part).update(called_off_at=at)
        released += release_many(Q(shift__in=part), reason, by=by, at=at)
    trail.record(by, "close", GATE, gate.public_id, ["closures"], at=at)
    return len(keys), released


@transaction.atomic
def reopen_gate(gate_id: str, *, by: Actor, at: datetime | None = None) -> int:
    """Open a closed gate again; its shifts that still lie ahead are asked for again, empty.

    Give how many. Nobody is put back: who stood there may have other plans by now.
    """
    at = at or clock.now()
    gate = gate_for(by, gate_id, "edit", lock=True)
    if gate.order.state == Order.State.ENDED:
        raise OrderOver
    closures = [c for c in gate.closures.all() if c.ends_at is None or c.ends_at > at]
    back = Q(pk__in=())
    for closure in closures:
        met = Q(ends_at__gt=closure.starts_at)
        back |= met if closure.ends_at is None else met & Q(starts_at__lt=closure.ends_at)
        if closure.starts_at >= at:
            closure.delete()
        else:
            closure.ends_at = at
            closure.save(update_fields=["ends_at"])
    shifts = Shift.objects.filter(back, gate=gate, starts_at__gte=at).exclude(called_off_at=None)
    n = shifts.update(called_off_at=None)
    trail.record(by, "reopen", GATE, gate.public_id, ["closures"], at=at)
    return n
