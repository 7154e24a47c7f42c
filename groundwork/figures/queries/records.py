"""The records behind a figure: those the reader may open, and how many the others are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import Q, QuerySet, Value

from groundwork.base.actor import Actor
from groundwork.base.listing import page_by_key
from groundwork.base.numbers import Median, twice_middle
from groundwork.figures.queries.source import Line, Scope
from groundwork.figures.queries.sources import source_of
from groundwork.figures.queries.values import rows_of
from groundwork.figures.rules.catalogue import Figure
from groundwork.figures.rules.kinds import Distinct, MedianOf, Records, measure_of
from groundwork.figures.rules.periods import Period


@dataclass(frozen=True)
class Behind:
    """One page of the records behind a number. `readable` and `withheld` add up to it."""

    lines: list[Line]
    next: str
    readable: int
    withheld: int

    @property
    def n(self) -> int:
        """How many records the number counts."""
        return self.readable + self.withheld


def behind(
    figure: Figure,
    records: Records,
    scope: Scope,
    period: Period,
    at: datetime,
    by: Actor,
    cursor: str = "",
) -> Behind:
    """List what a figure's number counts, records the newest first, for one reader; three
    statements.

    What the reader may not read is counted and never dropped.
    """
    if source_of(records).groups:
        rows = rows_of(records, scope, period, at)
        n = rows.order_by().count()
        return Behind(grouped(rows, figure, records, period), "", n, 0)
    found = opened_by(figure, records, scope, period, at, by)
    page = page_by_key(found.readable, found.order, cursor)
    n, seen = found.rows.order_by().count(), found.readable.order_by().count()
    return Behind(found.lines(page.rows), page.next, seen, n - seen)


@dataclass(frozen=True)
class Opened:
    """What a number opens onto: all of it, what the reader may read, and how it is written."""

    rows: QuerySet[Any]
    readable: QuerySet[Any]
    order: Sequence[str]
    lines: Callable[[Iterable[Any]], list[Line]]


def opened_by(
    figure: Figure, records: Records, scope: Scope, period: Period, at: datetime, by: Actor
) -> Opened:
    """Give the records behind a number; where it counts different ones, these, each once."""
    source, rows = source_of(records), rows_of(records, scope, period, at)
    readable = source.readable(rows, by, at)
    if isinstance(figure.kind, Distinct):
        column, thing = source.named[figure.kind.of], source.things[figure.kind.of]
        named, open_ones = (some.order_by().values(column) for some in (rows, readable))
        there = thing.rows().filter(pk__in=named)
        shown = thing.readable(there, by, Q(pk__in=open_ones)).select_related(*thing.beside)
        return Opened(there, shown, thing.order, lambda page: [thing.line(one) for one in page])
    return Opened(
        rows,
        measured(readable, figure, records).select_related(*source.beside),
        [f"-{source.times[records.when].column}", "-pk"],
        lambda page: lines_of(page, figure, records, by),
    )


def measured(rows: QuerySet[Any], figure: Figure, records: Records) -> QuerySet[Any]:
    """Have each row say what it adds to a figure's number, where it adds more than itself."""
    name, _step = measure_of(figure.kind, records)
    return rows.annotate(measured=source_of(records).measured(name)) if name else rows


def lines_of(rows: Iterable[Any], figure: Figure, records: Records, by: Actor) -> list[Line]:
    """Write measured rows as lines."""
    source, (name, step) = source_of(records), measure_of(figure.kind, records)
    lines = [(row, source.line(row, by)) for row in rows]
    if not name:
        return [line for _row, line in lines]
    read = source.reader(name)
    return [
        line if row.measured is None else replace(line, amount=read(row.measured) / step)
        for row, line in lines
    ]


def grouped(rows: QuerySet[Any], figure: Figure, records: Records, period: Period) -> list[Line]:
    """Write rows that are nobody's to read one by one as a line for each group of them.

    In the order of the groups' names, each with what it adds up to or with its own middle, which is
    left out under five.
    """
    source, (name, step) = source_of(records), measure_of(figure.kind, records)
    value = source.measured(name) if name else Value(1)
    counted = rows.order_by().annotate(value=value).values_list(source.groups, "value")
    tallies: dict[str, Counter[int]] = defaultdict(Counter)
    for key, one, times in counted.annotate(times=CountOf("pk")):
        tallies[key][one] += times  # none of these measures is read by a calendar
    return [
        Line(key, "", period.last, amount=_amount(figure, tally, name, step), n=tally.total())
        for key, tally in sorted(tallies.items())
    ]


def _amount(figure: Figure, tally: Counter[int], name: str, step: int) -> float | None:
    if isinstance(figure.kind, MedianOf):
        return Median.of(tally.total(), twice_middle(tally), step).value
    return sum(value * n for value, n in tally.items()) / step if name else None
