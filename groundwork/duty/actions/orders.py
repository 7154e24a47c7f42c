"""Draw up an order, put it in force, prolong it, throw a switch, end it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db import transaction

from groundwork.base import clock, vault
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, Forbidden, RuleBroken
from groundwork.duty.actions.branches import close_branches
from groundwork.duty.actions.notices import renew_notice
from groundwork.duty.actions.order_steps import append
from groundwork.duty.models import GatePhone, Order
from groundwork.duty.policy.orders import OPERATORS, order_for
from groundwork.duty.rules import orders as rules
from groundwork.registry.models import Body, Place

State = Order.State
MOMENT = timedelta(seconds=1)  # an order ended before its start keeps a length


class WrongOrderState(RuleBroken):
    """Refuse an act that the order's state does not allow."""

    code = "duty.order_state"
    text = N_("这份启动令现在不能这样办。")


class EndsTooEarly(RuleBroken):
    """Refuse an end that is not after the start, or is over already."""

    code = "duty.ends_too_early"
    text = N_("结束时间要晚于开始时间，也要晚于现在。")


class GatesThere(RuleBroken):
    """Refuse to move a draft to another place when gates stand at the old one."""

    code = "duty.gates_there"
    text = N_("这份启动令下已经设了卡口，范围不能再改。")


@dataclass(frozen=True)
class OrderPlan:
    """What the form says."""

    title: str
    kind: str
    body: Body
    basis: str
    place: Place
    starts_at: datetime
    ends_at: datetime
    calls_up: bool = True
    checks_in: bool = True
    keeps_log: bool = False
    takes_temperature: bool = False


_FIELDS = tuple(field.name for field in fields(OrderPlan))


def key_of(order: Order) -> str:
    """Name the key of the order's log."""
    return f"order-{order.public_id}"


@transaction.atomic
def draft_order(plan: OrderPlan, *, by: Actor, at: datetime | None = None) -> Order:
    """Draw up an order; nothing opens before it is put in force."""
    at = at or clock.now()
    _check(plan, by, at)
    order = Order(created_at=at, **{name: getattr(plan, name) for name in _FIELDS})
    order.save(force_insert=True)
    append(order, "draft", by=by, at=at)
    return order


@transaction.atomic
def edit_draft(public_id: str, plan: OrderPlan, *, by: Actor, at: datetime | None = None) -> Order:
    """Change an order that is not yet in force."""
    at = at or clock.now()
    order = order_for(by, public_id, "edit", lock=True)
    if order.state != State.DRAFT:
        raise WrongOrderState
    _check(plan, by, at)
    if order.place_id != plan.place.pk and order.gates.exists():
        raise GatesThere
    for name in _FIELDS:
        setattr(order, name, getattr(plan, name))
    order.save(update_fields=list(_FIELDS))
    append(order, "edit", by=by, at=at, fields=_FIELDS)
    return order


@transaction.atomic
def activate_order(public_id: str, *, by: Actor, at: datetime | None = None) -> Order:
    """Put an order in force: from its start to its end its doors are open."""
    at = at or clock.now()
    order = order_for(by, public_id, "edit", lock=True)
    if order.state != State.DRAFT:
        raise WrongOrderState
    _require_ahead(order.starts_at, order.ends_at, at)
    vault.make(key_of(order))
    order.state, order.activated_at = State.ACTIVE, at
    order.save(update_fields=["state", "activated_at"])
    append(order, "activate", by=by, at=at)
    renew_notice(order, by=by, at=at)
    return order


@transaction.atomic
def prolong_order(
    public_id: str, ends_at: datetime, reason: str, *, by: Actor, at: datetime | None = None
) -> Order:
    """Move the end of an order in force; what has lapsed cannot be brought back."""
    at = at or clock.now()
    order = order_for(by, public_id, "edit", lock=True)
    if order.state != State.ACTIVE or order.ends_at <= at:
        raise WrongOrderState
    _require_ahead(order.starts_at, ends_at, at)
    before, order.ends_at = order.ends_at, ends_at
    order.save(update_fields=["ends_at"])
    dates = {"before": before.isoformat(), "after": ends_at.isoformat()}
    append(order, "prolong", by=by, at=at, text=reason, data=dates, fields=["ends_at"])
    renew_notice(order, by=by, at=at)
    return order


@transaction.atomic
def throw_switch(
    public_id: str,
    door: str,
    on: bool,
    reason: str = "",
    *,
    by: Actor,
    at: datetime | None = None,
) -> Order:
    """Open or shut one door of an order in force; without the log no temperature is taken.

    Twice is no error. The notice at the gates gets a new version where it says something else.
    """
    at = at or clock.now()
    order = order_for(by, public_id, "edit", lock=True)
    if order.state != State.ACTIVE or order.ends_at <= at:
        raise WrongOrderState
    before = {code: getattr(order, code) for code in rules.CODES}
    after = rules.thrown(before, door, on)
    changed = [code for code in rules.CODES if before[code] != after[code]]
    if not changed:
        return order
    for code in changed:
        setattr(order, code, after[code])
    order.save(update_fields=changed)
    data = {code: after[code] for code in changed}
    append(order, "switch", by=by, at=at, text=reason, data=data, fields=changed)
    renew_notice(order, by=by, at=at)
    return order


@transaction.atomic
def end_order(public_id: str, reason: str = "", *, by: Actor, at: datetime | None = None) -> Order:
    """End an order now; the worker ends those that are over the same way. Twice is no error.

    Every door is shut with this. What hangs on it, the log and the posts still ahead, may be a
    city's: the worker takes it apart piece by piece (`lapse.clear_ended`).
    """
    at = at or clock.now()
    order = order_for(by, public_id, "edit", lock=True)
    if order.state == State.ENDED:
        return order
    if order.state != State.ACTIVE:
        raise WrongOrderState
    order.state, order.ended_at = State.ENDED, at
    order.ends_at = min(order.ends_at, max(at, order.starts_at + MOMENT))
    order.save(update_fields=["state", "ended_at", "ends_at"])
    GatePhone.objects.filter(gate__order=order, closed_at=None).update(closed_at=at)
    kept = close_branches(order, by=by, at=at)
    data = {"branches_kept": kept}
    append(order, "end", by=by, at=at, text=reason, data=data)
    return order


def _check(plan: OrderPlan, by: Actor, at: datetime) -> None:
    _require_place(by, plan.place)
    _require_ahead(plan.starts_at, plan.ends_at, at)
    rules.check_doors({code: getattr(plan, code) for code in rules.CODES})


def _require_place(by: Actor, place: Place) -> None:
    if not by.system and not any(place.path.startswith(top) for top in by.places(*OPERATORS)):
        raise Forbidden


def _require_ahead(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    if ends_at <= starts_at or ends_at <= at:
        raise EndsTooEarly
