"""What raisers say afterwards of matters whose last answer lies in a period, as `rates` counts it.

No figure by unit, so that nobody is ranked by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from groundwork.base import clock
from groundwork.matters.models import Category, Door, Matter
from groundwork.matters.policy import not_withheld
from groundwork.matters.policy.places import at_place
from groundwork.matters.queries.rates import Satisfaction, rates_by, rates_of
from groundwork.registry.models import Place


@dataclass(frozen=True)
class Asked:
    """Which raisers are counted: last answer from … to (both included), where, what, how."""

    start: date
    end: date
    place: Place | None = None
    category: Category | None = None
    door: str = ""


@dataclass(frozen=True)
class Part:
    """One line of a table, in the order of the directory or of the list, never by value."""

    name: str
    numbers: Satisfaction


def satisfaction(asked: Asked, at: datetime) -> Satisfaction:
    """Give the three rates of all that was asked for, in two statements."""
    return rates_of(_answered(asked, at))


def by_door(asked: Asked, at: datetime) -> list[Part]:
    """Split by the door."""
    found = rates_by(_answered(asked, at), "door")
    return [Part(str(door.label), found[door.value]) for door in Door if door.value in found]


def by_category(asked: Asked, at: datetime) -> list[Part]:
    """Split by category, in the office's own order."""
    found = rates_by(_answered(asked, at), "category")
    rows = Category.objects.filter(pk__in=[pk for pk in found if pk]).order_by("order", "pk")
    return [Part(str(row), found[row.pk]) for row in rows]


def by_place(asked: Asked, at: datetime) -> list[Part]:
    """Split the city by district and a district by township, in the order of the codes."""
    whole = asked.place is None or asked.place.level == Place.Level.CITY
    found = rates_by(_answered(asked, at), "district" if whole else "township")
    rows = Place.objects.filter(pk__in=[pk for pk in found if pk]).order_by("code")
    return [Part(row.name, found[row.pk]) for row in rows]


def _answered(asked: Asked, at: datetime) -> QuerySet[Matter]:
    start = clock.local(asked.start, time.min)
    end = clock.local(asked.end + timedelta(days=1), time.min)
    matters = Matter.objects.filter(not_withheld(at), answered_at__gte=start, answered_at__lt=end)
    if asked.place is not None:
        matters = matters.filter(at_place(asked.place))
    if asked.category is not None:
        matters = matters.filter(Q(category=asked.category) | Q(category__parent=asked.category.pk))
    return matters.filter(door=asked.door) if asked.door else matters


def places() -> list[Place]:
    """Give the districts and townships that may be looked at, in the order of the codes."""
    levels = (Place.Level.DISTRICT, Place.Level.TOWNSHIP)
    return list(Place.objects.filter(level__in=levels, valid_to=None).order_by("code"))


def categories() -> list[Category]:
    """Give the categories in the office's order, those no longer chosen too."""
    return list(Category.objects.order_by("order", "pk"))
