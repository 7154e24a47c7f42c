"""What a gate's own phone may do: its token opens one gate, while the order's doors are open."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from groundwork.base.actor import Actor, system
from groundwork.base.errors import Forbidden, NotFound
from groundwork.duty.models import Gate, GatePhone, Post
from groundwork.duty.policy.gates import gate_for, keeps_place
from groundwork.duty.policy.orders import Door, Shut, is_open, require_open
from groundwork.duty.rules.log import OLDEST
from groundwork.duty.rules.posts import AHEAD

BEFORE = timedelta(hours=2)  # a lead may open the gate's phone so long before the shift


def digest(token: str) -> str:
    """Digest a phone's token: only this is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def openable_gate(by: Actor, public_id: str, at: datetime) -> Gate:
    """Fetch a gate whose phone the actor may open: its keeper, or a lead of a shift about now."""
    gate = gate_for(by, public_id)
    require_open(gate.order, at)
    if keeps_place(by, gate.place.path) or leads_now(by, gate, at):
        return gate
    raise Forbidden


def leads_now(by: Actor, gate: Gate, at: datetime) -> bool:
    """Tell whether the actor leads a shift of the gate that runs now or begins soon."""
    if by.person_id is None:
        return False
    return Post.objects.filter(
        shift__gate=gate,
        shift__starts_at__lte=at + BEFORE,
        shift__ends_at__gte=at,
        person=by.person_id,
        kind="lead",
        state__in=(*AHEAD, "standing"),
    ).exists()


def _phone(token: str) -> GatePhone:
    phones = GatePhone.objects.select_related("gate__order__place", "gate__place")
    phone = phones.filter(digest=digest(token)).first() if token else None
    if phone is None:
        raise NotFound
    return phone


def phone_for(token: str, at: datetime, door: Door | None = None) -> GatePhone:
    """Fetch the open phone of a token. Raises NotFound; Shut where the order is over.

    That the order is over comes first: the phone then forgets what it keeps.
    """
    phone = _phone(token)
    require_open(phone.gate.order, at, door)
    if phone.closed_at is not None:
        raise NotFound
    return phone


def phone_to_sync(token: str, at: datetime) -> GatePhone:
    """Fetch the phone of a token that sends. Raises NotFound; Shut long after the order's end.

    A phone that had no signal when the order ended, and was closed with it, may still tell who
    came and went before: each act is then held against the order by its own time.
    """
    phone = _phone(token)
    order = phone.gate.order
    if not is_open(order, at) and not order.ends_at <= at < order.ends_at + OLDEST:
        raise Shut
    # Closed while the order was in force: lost, or closed by hand.
    if phone.closed_at is not None and phone.closed_at < order.ends_at:
        raise NotFound
    return phone


def at_gate(phone: GatePhone) -> Actor:
    """Make the actor of what is done on a gate's phone: the gate, no person."""
    actor = system("gate")
    return Actor(system=actor.system, display_name=phone.gate.name)
