"""Append what happened to an order, with the words said, and leave the trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from groundwork.base import trail
from groundwork.base.actor import Actor
from groundwork.duty.models import Order, OrderStep

KIND = "duty.order"


def append(
    order: Order,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    text: str = "",
    data: Mapping[str, object] | None = None,
    fields: Sequence[str] = ("state",),
) -> None:
    """Append one step of an order."""
    OrderStep.objects.create(
        order=order,
        verb=verb,
        at=at,
        account_id=by.account_id,
        name=by.display_name,
        text=text,
        data=dict(data or {}),
    )
    trail.record(by, verb, KIND, order.public_id, fields, at=at)
