"""A place within an order, as a list's address names it."""

from __future__ import annotations

from groundwork.duty.models import Order
from groundwork.registry.models import Place


def seen_place(order: Order, public_id: str) -> Place | None:
    """Give a place of the order's; None where it is none, so that the whole order is listed."""
    if not public_id:
        return None
    rows = Place.objects.filter(public_id=public_id, path__startswith=order.place.path)
    return rows.first()


def parts_of(order: Order, place: Place | None) -> list[Place]:
    """Give the districts, townships or communities one level below, to narrow a list by."""
    top = place or order.place
    if top.level == Place.Level.COMMUNITY:
        return []
    below = Place.objects.filter(path__startswith=top.path, depth=top.depth + 1, valid_to=None)
    return list(below.order_by("path"))
