"""The records behind a figure: those the reader may open, and how many the others are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from groundwork.base.actor import Actor
from groundwork.base.listing import page_by_key
from groundwork.figures.queries.source import Line, Scope
from groundwork.figures.queries.sources import source_of
from groundwork.figures.queries.values import rows_of
from groundwork.figures.rules.catalogue import Figure
from groundwork.figures.rules.kinds import Records, measure_of
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
    """List records behind a figure's number, the newest first, for one reader; three statements.

    What the reader may not read is counted and never dropped.
    """
    source = source_of(records)
    rows = rows_of(records, scope, period, at)
    readable = measured(source.readable(rows, by, at), figure, records)
    page = page_by_key(
        readable.select_related(*source.beside),
        [f"-{source.times[records.when].column}", "-pk"],
        cursor,
    )
    n, seen = rows.order_by().count(), readable.order_by().count()
    return Behind(lines_of(page.rows, figure, records, by), page.next, seen, n - seen)


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
    return [
        line if row.measured is None else replace(line, amount=row.measured / step)
        for row, line in lines
    ]
