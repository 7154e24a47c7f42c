"""Draw up an order, put it in force, prolong it, throw a switch, end it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db import transaction

from groundwork.base import clock, trail, vault
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, Forbidden, RuleBroken
from groundwork.duty.models import Order, OrderStep
from groundwork.duty.policy.orders import OPERATORS, order_for
from groundwork.registry.models import Body, Place

KIND = "duty.order"
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


def key_of(order: Order) -> str:
    """Name the key of the order's log."""
    return f"order-{order.public_id}"


@transaction.atomic
def draft_order(plan: OrderPlan, *, by: Actor, at: datetime | None = None) -> Order:
    """Draw up an order; nothing opens before it is put in force."""
    at = at or clock.now()
    _require_place(by, plan.place)
    _require_ahead(plan.starts_at, plan.ends_at, at)
    order = Order(created_at=at, **{f.name: getattr(plan, f.name) for f in fields(plan)})
    order.save(force_insert=True)
    _append(order, "draft", by=by, at=at)
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
    _append(order, "activate", by=by, at=at)
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
    _append(order, "prolong", by=by, at=at, text=reason, data=dates)
    return order


@transaction.atomic
def end_order(public_id: str, reason: str = "", *, by: Actor, at: datetime | None = None) -> Order:
    """End an order now; the worker ends those that are over the same way. Twice is no error."""
    at = at or clock.now()
    order = order_for(by, public_id, "edit", lock=True)
    if order.state == State.ENDED:
        return order
    if order.state != State.ACTIVE:
        raise WrongOrderState
    order.state, order.ended_at = State.ENDED, at
    order.ends_at = min(order.ends_at, max(at, order.starts_at + MOMENT))
    order.save(update_fields=["state", "ended_at", "ends_at"])
    _append(order, "end", by=by, at=at, text=reason)
    return order


def _require_place(by: Actor, place: Place) -> None:
    if not by.system and not any(place.path.startswith(top) for top in by.places(*OPERATORS)):
        raise Forbidden


def _require_ahead(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    if ends_at <= starts_at or ends_at <= at:
        raise EndsTooEarly


def _append(
    order: Order,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    text: str = "",
    data: Mapping[str, object] | None = None,
) -> None:
    OrderStep.objects.create(
        order=order,
        verb=verb,
        at=at,
        account_id=by.account_id,
        name=by.display_name,
        text=text,
        data=dict(data or {}),
    )
    trail.record(by, verb, KIND, order.public_id, ["state"], at=at)
