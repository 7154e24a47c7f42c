"""What is left of an order's log: the tombstones that say how many, when, by which rule."""

from __future__ import annotations

import hashlib

from django.db.models import QuerySet

from groundwork.base.models import Tombstone
from groundwork.duty.models import Order
from groundwork.duty.rules.retention import LOG


def stones_of(order: Order) -> QuerySet[Tombstone]:
    """Give the tombstones of an order's log; each erased a part of it."""
    digest = hashlib.sha256(order.public_id.encode()).hexdigest()
    return Tombstone.objects.filter(kind=LOG.kind, digest=digest).order_by("pk")
