"""What a source of records must say of itself, so that any figure over it can be counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.figures.rules.kinds import Records
from groundwork.figures.rules.periods import Period


@dataclass(frozen=True)
class Time:
    """A column that dates a record: a moment, or (`day`) a calendar day."""

    column: str
    name: Promise
    day: bool = False

    def inside(self, period: Period) -> Q:
        """Make a condition: dated inside the period, by the city's own midnight."""
        first: date | datetime = period.first
        after: date | datetime = period.after
        if not self.day:
            first, after = clock.local(period.first, time()), clock.local(period.after, time())
        return Q(**{f"{self.column}__gte": first, f"{self.column}__lt": after})


@dataclass(frozen=True)
class Condition:
    """What a named condition means in the database, and how it is said."""

    name: Promise
    meaning: Q


@dataclass(frozen=True)
class Line:
    """One record in a list behind a figure; nothing in it that its reader may not read."""

    title: str
    sub: str
    day: date
    url: str = ""


@dataclass(frozen=True)
class Source:
    """Records of one kind. `rows` are all that count at a moment, `readable` those among them
    that the actor may open: the others are counted, never listed.

    `place` and `body` are look-ups of the paths by which a scope is cut; `named` gives the column
    of what Distinct counts; `splits` the columns by which a figure may be taken apart.
    """

    key: str
    name: Promise
    rows: Callable[[datetime], QuerySet[Any]]
    readable: Callable[[QuerySet[Any], Actor, datetime], QuerySet[Any]]
    line: Callable[[Any, Actor], Line]
    times: Mapping[str, Time]
    place: str
    body: str
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)
    splits: Mapping[str, str] = field(default_factory=dict)
    beside: tuple[str, ...] = ()

    def meaning(self, records: Records) -> Q:
        """Make the condition of a declaration's records, period and scope apart."""
        condition = Q()
        for name in sorted(records.where):
            condition &= self.conditions[name].meaning
        return condition


@dataclass(frozen=True)
class Scope:
    """Whose records: of a place and all below it, of a body and all below it, or everybody's."""

    kind: str = ""
    path: str = ""

    def on(self, source: Source) -> Q:
        """Make a condition on the records of a source."""
        if not self.kind:
            return Q()
        column = source.place if self.kind == "place" else source.body
        return Q(**{f"{column}__startswith": self.path})
