"""The records behind a figure: those the reader may open, and how many the others are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from groundwork.base.actor import Actor
from groundwork.base.listing import page_by_key
from groundwork.figures.queries.source import Line, Scope
from groundwork.figures.queries.sources import source_of
from groundwork.figures.queries.values import rows_of
from groundwork.figures.rules.kinds import Records
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
    records: Records, scope: Scope, period: Period, at: datetime, by: Actor, cursor: str = ""
) -> Behind:
    """List the records behind a number, the newest first, for one reader; three statements.

    What the reader may not read is counted and never dropped.
    """
    source = source_of(records)
    rows = rows_of(records, scope, period, at)
    readable = source.readable(rows, by, at)
    page = page_by_key(
        readable.select_related(*source.beside),
        [f"-{source.times[records.when].column}", "-pk"],
        cursor,
    )
    n, seen = rows.order_by().count(), readable.order_by().count()
    return Behind([source.line(row, by) for row in page.rows], page.next, seen, n - seen)
