"""Open and close a gate's own phone."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden
from groundwork.duty.models import GatePhone
from groundwork.duty.policy.gates import gate_for, keeps_place
from groundwork.duty.policy.phones import digest, leads_now, openable_gate

KIND = "duty.phone"


@transaction.atomic
def open_phone(gate_id: str, *, by: Actor, at: datetime | None = None) -> tuple[GatePhone, str]:
    """Make the phone in hand the gate's own; give it and the token, which is shown this once."""
    at = at or clock.now()
    gate = openable_gate(by, gate_id, at)
    token = secrets.token_urlsafe(32)
    phone = GatePhone.objects.create(
        gate=gate, digest=digest(token), opened_at=at, opened_by=by.account_id
    )
    trail.record(by, "open", KIND, gate.public_id, ["phone"], at=at)
    return phone, token


@transaction.atomic
def close_phones(gate_id: str, *, by: Actor, at: datetime | None = None) -> int:
    """Close every phone of a gate: one was lost, or the order is over. Give how many."""
    at = at or clock.now()
    gate = gate_for(by, gate_id)
    if not (keeps_place(by, gate.place.path) or leads_now(by, gate, at)):
        raise Forbidden
    closed = GatePhone.objects.filter(gate=gate, closed_at=None).update(closed_at=at)
    if closed:
        trail.record(by, "close", KIND, gate.public_id, ["phone"], at=at)
    return closed
