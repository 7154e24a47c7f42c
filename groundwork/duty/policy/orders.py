"""Who may order, see and keep an order, and whether its doors are open now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import N_, Forbidden, NotFound, RuleBroken
from groundwork.base.rows import sole
from groundwork.base.tree import covers, under
from groundwork.duty.models import Order

OPERATORS = (Role.CITY_OPERATOR, Role.DISTRICT_OPERATOR)
Verb = Literal["view", "edit", "plan"]
Door = Literal["calls_up", "checks_in", "keeps_log", "takes_temperature"]
State = Order.State


class Shut(RuleBroken):
    """Refuse what no order opens now: gate, call-up and log exist only under one."""

    code = "duty.shut"
    status = 403
    text = N_("现在没有生效的启动令开放这项功能。启动令结束后，相关功能自动关闭。")


def may_order(by: Actor) -> bool:
    """Tell whether the actor may draw up an order anywhere."""
    return by.has(*OPERATORS)


def visible_orders(by: Actor) -> QuerySet[Order]:
    """Orders in force or past for all staff; drafts for the operators of their place."""
    if by.system:
        return Order.objects.all()
    if by.person_id is None:
        return Order.objects.none()
    shown = ~Q(state=State.DRAFT)
    return Order.objects.filter(shown | under("place__path", by.places(*OPERATORS)))


def keeps_order(by: Actor, order: Order) -> bool:
    """Tell whether the actor keeps the order: an operator of its place or of one above."""
    return bool(by.system) or covers(by.places(*OPERATORS), order.place.path)


def order_for(by: Actor, public_id: str, verb: Verb = "view", *, lock: bool = False) -> Order:
    """Fetch an order for an act. Raises NotFound out of scope, Forbidden where not allowed."""
    orders = visible_orders(by).select_related("place", "body")
    if lock:
        orders = orders.select_for_update(of=("self",))
    order = sole(orders.filter(public_id=public_id))
    if order is None:
        raise NotFound
    if verb == "view" or keeps_order(by, order):
        return order
    raise Forbidden


def is_open(order: Order, at: datetime, door: Door | None = None) -> bool:
    """Tell whether an order is in force at `at`, and opens this door.

    By the clock and not by the state alone: a worker that stands still must keep no door open.
    """
    in_force = order.state == State.ACTIVE and order.starts_at <= at < order.ends_at
    return in_force and (door is None or bool(getattr(order, door)))


def was_open(order: Order, seen: datetime, door: Door, *, grace: timedelta = timedelta()) -> bool:
    """Tell whether a door stood open when something was seen, even if the order is over by now.

    For what was done in time and is only told late; `grace` is how long after the end it counts.
    """
    in_time = order.state != State.DRAFT and order.starts_at <= seen < order.ends_at + grace
    return in_time and bool(getattr(order, door))


def require_was_open(
    order: Order, seen: datetime, door: Door, *, grace: timedelta = timedelta()
) -> None:
    """Refuse what was done while the order did not open its door. Raises Shut."""
    if not was_open(order, seen, door, grace=grace):
        raise Shut


def require_open(order: Order, at: datetime, door: Door | None = None) -> None:
    """Refuse what the order does not open at `at`. Raises Shut."""
    if not is_open(order, at, door):
        raise Shut


def open_orders(at: datetime) -> QuerySet[Order]:
    """Give the orders in force at `at`."""
    return Order.objects.filter(state=State.ACTIVE, starts_at__lte=at, ends_at__gt=at)
