"""Periods that have a name of their own: a programme's term, the time of an order."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.duty.models import Order
from groundwork.duty.policy.orders import visible_orders
from groundwork.figures.rules.periods import Period
from groundwork.study.policy.evening import visible_programmes

DAY = timedelta(days=1)
MOST = 4  # of each, the newest first: what people still speak of


def occasions(by: Actor, at: datetime) -> list[tuple[str, Period]]:
    """Give named periods that a reader may know of, with their names: programmes, orders.

    An order's time ends with the day on which it was ended, or on which it ends by itself.
    """
    today = clock.day_of(at)
    programmes = visible_programmes(by).filter(starts__lte=today).order_by("-starts", "-pk")
    named = [(one.name, Period(one.starts, one.ends + DAY)) for one in programmes[:MOST]]
    orders = visible_orders(by).filter(~Q(state=Order.State.DRAFT), starts_at__lte=at)
    for order in orders.order_by("-starts_at", "-pk")[:MOST]:
        last = clock.day_of(order.ended_at or order.ends_at)
        first = clock.day_of(order.starts_at)
        named.append((order.title, Period(first, max(first, last) + DAY)))
    return named
