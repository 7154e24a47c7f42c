"""What is needed: an order's shifts by day and place, its gates, one gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.listing import Listing, page_by_key
from groundwork.duty.models import Closure, Gate, Need, Order, Shift
from groundwork.duty.models.need import Kind
from groundwork.duty.policy.gates import KEEPERS, keeps_place, kept_gates, visible_gates
from groundwork.duty.queries.places import parts_of
from groundwork.duty.rules.kinds import KINDS
from groundwork.registry.models import Person, Place

AHEAD_DAYS = 7


@dataclass(frozen=True)
class ShiftLine:
    """One shift of a list: what it asks for in words, whether it goes on into the next day."""

    shift: Shift
    words: str
    next_day: bool
    over: bool


@dataclass(frozen=True)
class NeedList:
    """The shifts of one day of an order, at a place or everywhere."""

    day: date
    days: list[date]
    place: Place | None
    parts: list[Place]  # one level below, to narrow the list by
    listing: Listing[Shift]
    lines: list[ShiftLine]
    may_edit: bool  # there are gates here that the reader keeps


def need_list(
    by: Actor, order: Order, day: date, place: Place | None, at: datetime, after: str = ""
) -> NeedList:
    """List a day's shifts by time; one index serves each level of places."""
    rows = day_shifts(order, day, place)
    listing = page_by_key(rows.select_related("gate", "place"), ("starts_at", "id"), after)
    first = clock.day_of(order.starts_at)
    start = max(first, day - timedelta(days=3))
    last = clock.day_of(order.ends_at)
    days = [start + timedelta(days=i) for i in range(AHEAD_DAYS)]
    kept = kept_gates(by, order)
    if place is not None:
        kept = kept.filter(place__path__startswith=place.path)
    return NeedList(
        day=day,
        days=[one for one in days if one <= last],
        place=place,
        parts=parts_of(order, place),
        listing=listing,
        lines=lines_of(listing.rows, at),
        may_edit=order.state != Order.State.ENDED and kept.exists(),
    )


def day_shifts(order: Order, day: date, place: Place | None = None) -> QuerySet[Shift]:
    """Give the shifts that begin on a day, at a place or below it."""
    midnight = clock.local(day, time())
    rows = Shift.objects.filter(
        order=order, starts_at__gte=midnight, starts_at__lt=midnight + timedelta(days=1)
    )
    return rows if place is None else rows.filter(at_place(place))


def at_place(place: Place) -> Q:
    """Make the condition on shifts or gates of a place, by the key kept for its level."""
    level = Place.Level
    if place.level == level.DISTRICT:
        return Q(district=place)
    if place.level == level.TOWNSHIP:
        return Q(township=place)
    return Q(place__path__startswith=place.path)


def lines_of(shifts: Sequence[Shift], at: datetime) -> list[ShiftLine]:
    """Say what shifts ask for, in one statement."""
    words: dict[int, dict[str, int]] = {}
    for shift, kind, count in Need.objects.filter(
        shift__in=[shift.pk for shift in shifts]
    ).values_list("shift", "kind", "count"):
        words.setdefault(shift, {})[kind] = count
    return [
        ShiftLine(
            shift,
            needs_text(words.get(shift.pk, {})),
            clock.day_of(shift.ends_at) != shift.day,
            shift.ends_at <= at,
        )
        for shift in shifts
    ]


def needs_text(needs: dict[str, int]) -> str:
    """Say numbers by kind: 带班 1、值守 2."""
    return _("、").join(f"{Kind(kind).label} {needs[kind]}" for kind in KINDS if needs.get(kind))


def numbers_of(shift: Shift) -> dict[str, int]:
    """Give one shift's numbers by kind."""
    return dict(shift.needs.values_list("kind", "count"))


# ---- gates --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class GateList:
    """The gates of an order in the directory's order of places."""

    listing: Listing[Gate]
    closed: set[int]  # now
    may_add: bool
    place: Place | None


def gate_list(
    by: Actor, order: Order, place: Place | None, at: datetime, after: str = ""
) -> GateList:
    """List the gates of an order, at a place or everywhere."""
    rows = visible_gates(by, order).select_related("place", "township", "district")
    if place is not None:
        rows = rows.filter(at_place(place))
    listing = page_by_key(rows, ("place__path", "id"), after)
    closed = Closure.objects.filter(gate__in=[gate.pk for gate in listing.rows], starts_at__lte=at)
    closed = closed.filter(Q(ends_at=None) | Q(ends_at__gt=at))
    return GateList(
        listing,
        set(closed.values_list("gate", flat=True)),
        may_add_gate(by, order),
        place,
    )


def may_add_gate(by: Actor, order: Order) -> bool:
    """Tell whether the actor keeps any place within the order's."""
    if order.state == Order.State.ENDED:
        return False
    paths = by.places(*KEEPERS)
    top = order.place.path
    return bool(by.system) or any(p.startswith(top) or top.startswith(p) for p in paths)


@dataclass(frozen=True)
class GatePage:
    """One gate for who asks for people there."""

    gate: Gate
    lines: list[ShiftLine]
    listing: Listing[Shift]
    closures: list[Closure]
    shut: bool  # closed now or later
    contacts: list[Person]
    edits: bool


def gate_page(by: Actor, gate: Gate, at: datetime, after: str = "") -> GatePage:
    """Collect a gate's page: its shifts from today on."""
    midnight = clock.local(clock.day_of(at), time())
    rows = Shift.objects.filter(gate=gate, starts_at__gte=midnight)
    listing = page_by_key(rows, ("starts_at", "id"), after, size=30)
    closures = gate.closures.filter(Q(ends_at=None) | Q(ends_at__gt=at)).order_by("starts_at")
    contacts = Person.objects.filter(pk__in=gate.contacts.values("person"))
    found = list(closures)
    return GatePage(
        gate=gate,
        lines=lines_of(listing.rows, at),
        listing=listing,
        closures=found,
        shut=bool(found),
        contacts=list(contacts.select_related("unit").order_by("sort_key", "pk")),
        edits=gate.order.state != Order.State.ENDED and keeps_place(by, gate.place.path),
    )
