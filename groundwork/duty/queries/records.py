"""Orders, gates, shifts and posts as plain values for other programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.listing import page_by_key
from groundwork.duty.models import Closure, Gate, Order, Post, Shift
from groundwork.duty.policy.orders import is_open, order_for, visible_orders
from groundwork.duty.policy.posts import own_posts
from groundwork.duty.policy.supply import own_calls
from groundwork.duty.queries import needs, shifts
from groundwork.duty.queries.shift import ShiftPage
from groundwork.registry.models import Body, Place

Record = dict[str, Any]
SIZE = 50


def _named(row: Body | Place) -> Record:
    return {"code": row.code, "name": str(row)}


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(clock.ZONE).isoformat() if at is not None else None


def order_record(order: Order, at: datetime) -> Record:
    """Tell an order."""
    doors = ("calls_up", "checks_in", "keeps_log", "takes_temperature")
    return {
        "id": order.public_id,
        "title": order.title,
        "kind": order.kind,
        "state": order.state,
        "open": is_open(order, at),
        "body": _named(order.body),
        "place": _named(order.place),
        "basis": order.basis,
        "starts_at": _moment(order.starts_at),
        "ends_at": _moment(order.ends_at),
        **{door: getattr(order, door) for door in doors},
    }


def order_records(by: Actor, at: datetime, after: str) -> tuple[list[Record], str]:
    """Tell a page of the orders that the actor sees."""
    rows = visible_orders(by).select_related("place", "body")
    listed = page_by_key(rows, ("-starts_at", "-id"), after, size=SIZE)
    return [order_record(row, at) for row in listed.rows], listed.next


def gate_record(gate: Gate, *, closed: bool = False) -> Record:
    """Tell a gate; its secrets are nobody's to read."""
    return {
        "id": gate.public_id,
        "name": gate.name,
        "spot": gate.spot,
        "place": _named(gate.place),
        "closed": closed,
    }


def gate_records(
    by: Actor, order_id: str, place: str, at: datetime, after: str
) -> tuple[list[Record], str]:
    """Tell a page of an order's gates, at the place of an official code or everywhere."""
    order = order_for(by, order_id)
    listed = needs.gate_list(by, order, _place(order, place), at, after)
    return [
        gate_record(gate, closed=gate.pk in listed.closed) for gate in listed.listing.rows
    ], listed.listing.next


def _place(order: Order, code: str) -> Place | None:
    """Find a place within the order's by its official code; an unknown one is the whole order."""
    if not code:
        return None
    return Place.objects.filter(code=code, path__startswith=order.place.path).first()


def is_closed(gate: Gate, at: datetime) -> bool:
    """Tell whether a gate is closed now."""
    running = Q(ends_at=None) | Q(ends_at__gt=at)
    return Closure.objects.filter(running, gate=gate, starts_at__lte=at).exists()


def shift_record(shift: Shift) -> Record:
    """Tell a shift."""
    return {
        "id": shift.public_id,
        "gate": shift.gate.public_id,
        "gate_name": shift.gate.name,
        "place": _named(shift.place),
        "starts_at": _moment(shift.starts_at),
        "ends_at": _moment(shift.ends_at),
        "called_off": shift.called_off_at is not None,
        "wanted": shift.wanted,
        "posted": shift.posted,
        "confirmed": shift.confirmed,
        "present": shift.present,
    }


def shift_records(
    by: Actor, order_id: str, look: str, place: str, day: date | None, at: datetime, after: str
) -> tuple[list[Record], str]:
    """Tell a page of an order's shifts, as one of the board's lists."""
    order = order_for(by, order_id)
    first, last = clock.day_of(order.starts_at), clock.day_of(order.ends_at)
    if day is not None and not first <= day <= last:
        return [], ""
    wanted = shifts.Wanted(look, _place(order, place), day, after)
    listed = shifts.shifts(order, wanted, at)
    return [shift_record(row) for row in listed.rows], listed.next


def shift_page_record(page: ShiftPage) -> Record:
    """Tell a shift by kinds, names as far as the reader may know them."""
    return shift_record(page.shift) | {
        "slots": [
            {
                "kind": slot.kind,
                "wanted": slot.wanted,
                "open": slot.open,
                "people": [post.person.name for post in slot.posts] if page.named else [],
            }
            for slot in page.slots
        ],
        "own_post": page.own.public_id if page.own is not None else "",
        "may_take": page.may_take,
    }


def post_record(post: Post) -> Record:
    """Tell somebody's own post."""
    shift = post.shift
    return {
        "id": post.public_id,
        "state": post.state,
        "kind": post.kind,
        "shift": shift.public_id,
        "order": shift.order.public_id,
        "gate_name": shift.gate.name,
        "spot": shift.gate.spot,
        "place": _named(shift.place),
        "starts_at": _moment(shift.starts_at),
        "ends_at": _moment(shift.ends_at),
        "called_off": shift.called_off_at is not None,
        "came_at": _moment(post.came_at),
        "came_checked": post.came_checked,
        "went_at": _moment(post.went_at),
        "short_rest": post.short_rest,
    }


def post_records(by: Actor, after: str) -> tuple[list[Record], str]:
    """Tell a page of the own posts."""
    rows = own_posts(by).select_related("shift__gate", "shift__place", "shift__order")
    listed = page_by_key(rows, ("-shift__starts_at", "-pk"), after, size=SIZE)
    return [post_record(row) for row in listed.rows], listed.next


def availability_record(by: Actor, order: Order) -> Record:
    """Tell what the actor said of the own time under an order."""
    found = own_calls(by).filter(order=order).first()
    times = found.times if found is not None else {}
    return {
        "answered": found is not None and found.answered_at is not None,
        "excused": found is not None and found.excused_at is not None,
        "held": found is not None and found.held_at is not None,
        "cap": found.cap if found is not None else 3,
        "skills": list(found.skills) if found is not None else [],
        "times": {"week": times.get("week", {}), "days": times.get("days", {})},
    }
