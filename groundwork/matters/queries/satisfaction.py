"""What raisers say afterwards: three questions kept apart, each with how many were asked.

Counted are raisers (who joined counts) of matters whose last answer lies in the period, and each
one's word on that answer. No figure by unit, so that nobody is ranked by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from groundwork.base import clock
from groundwork.base.numbers import Rate
from groundwork.matters.models import Category, Door, Matter, Verdict
from groundwork.matters.policy import not_withheld
from groundwork.matters.policy.places import at_place
from groundwork.registry.models import Place

QUESTIONS = ("answered", "solved", "satisfied")


@dataclass(frozen=True)
class Asked:
    """Which raisers are counted: last answer from … to (both included), where, what, how."""

    start: date
    end: date
    place: Place | None = None
    category: Category | None = None
    door: str = ""


@dataclass(frozen=True)
class Satisfaction:
    """The three rates over who said something on the question, and the share who did at all.

    `reply` of a question is those who said something on it, of all who were asked.
    """

    asked: int
    said: Mapping[str, int]  # by question
    yes: Mapping[str, int]

    def rate(self, question: str) -> Rate:
        """Yes of those who said yes or no."""
        return Rate(self.yes[question], self.said[question])

    def reply(self, question: str) -> Rate:
        """Who said yes or no, of those asked."""
        return Rate(self.said[question], max(self.asked, self.said[question]))

    @property
    def lines(self) -> list[tuple[str, Rate, Rate]]:
        """Each question with its rate and its answer rate."""
        return [(name, self.rate(name), self.reply(name)) for name in QUESTIONS]


NOBODY = Satisfaction(0, dict.fromkeys(QUESTIONS, 0), dict.fromkeys(QUESTIONS, 0))


@dataclass(frozen=True)
class Part:
    """One line of a table, in the order of the directory or of the list, never by value."""

    name: str
    numbers: Satisfaction


def satisfaction(asked: Asked, at: datetime) -> Satisfaction:
    """Give the three rates of all that was asked for, in two statements."""
    return _grouped(asked, at, None).get(None, NOBODY)


def by_door(asked: Asked, at: datetime) -> list[Part]:
    """Split by the door."""
    found = _grouped(asked, at, "door")
    return [Part(str(door.label), found[door.value]) for door in Door if door.value in found]


def by_category(asked: Asked, at: datetime) -> list[Part]:
    """Split by category, in the office's own order."""
    found = _grouped(asked, at, "category")
    rows = Category.objects.filter(pk__in=[pk for pk in found if pk]).order_by("order", "pk")
    return [Part(row.name, found[row.pk]) for row in rows]


def by_place(asked: Asked, at: datetime) -> list[Part]:
    """Split the city by district and a district by township, in the order of the codes."""
    whole = asked.place is None or asked.place.level == Place.Level.CITY
    found = _grouped(asked, at, "district" if whole else "township")
    rows = Place.objects.filter(pk__in=[pk for pk in found if pk]).order_by("code")
    return [Part(row.name, found[row.pk]) for row in rows]


def _answered(asked: Asked, at: datetime) -> QuerySet[Matter]:
    start = clock.local(asked.start, time.min)
    end = clock.local(asked.end + timedelta(days=1), time.min)
    matters = Matter.objects.filter(
        not_withheld(at), answered_at__gte=start, answered_at__lt=end
    ).exclude(state="merged")
    if asked.place is not None:
        matters = matters.filter(at_place(asked.place))
    if asked.category is not None:
        matters = matters.filter(Q(category=asked.category) | Q(category__parent=asked.category.pk))
    return matters.filter(door=asked.door) if asked.door else matters


def _grouped(asked: Asked, at: datetime, by: str | None) -> dict[Any, Satisfaction]:
    """Sum up by one column of the matter; `None` gives one line under the key None."""
    matters = _answered(asked, at).order_by()
    # One word for each raiser on the last answer: what was said before it was about another one.
    words = Verdict.objects.filter(matter__in=matters, at__gte=F("matter__answered_at")).order_by()
    sums: dict[str, Any] = {}
    for name in QUESTIONS:
        sums[f"{name}_said"] = Count("pk", filter=Q(**{f"{name}__isnull": False}))
        sums[f"{name}_yes"] = Count("pk", filter=Q(**{name: True}))
    if by is None:
        total = matters.aggregate(n=Sum("raisers_count"))["n"] or 0
        return {None: _made(total, words.aggregate(**sums))}
    totals = dict(matters.values_list(by).annotate(n=Sum("raisers_count")))
    key = f"matter__{by}"
    said = {row[key]: row for row in words.values(key).annotate(**sums)}
    return {value: _made(n, said.get(value, {})) for value, n in totals.items()}


def _made(asked: int, sums: Mapping[str, int]) -> Satisfaction:
    said = {name: sums.get(f"{name}_said") or 0 for name in QUESTIONS}
    yes = {name: sums.get(f"{name}_yes") or 0 for name in QUESTIONS}
    return Satisfaction(asked, said, yes)


def places() -> list[Place]:
    """Give the districts and townships that may be looked at, in the order of the codes."""
    levels = (Place.Level.DISTRICT, Place.Level.TOWNSHIP)
    return list(Place.objects.filter(level__in=levels, valid_to=None).order_by("code"))


def categories() -> list[Category]:
    """Give the categories in the office's order, those no longer chosen too."""
    return list(Category.objects.order_by("order", "pk"))
