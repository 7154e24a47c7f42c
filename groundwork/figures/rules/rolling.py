"""Roll-ups: which sums are kept, which of them a day moves, in what portions they are recounted.

A series is what the declarations count of one source by one of its times. How many records there
are, and what they hold of a measure, adds up from day to day. How many different ones they name
and which measure is the middle one does not, so that these are kept for whole weeks, months,
half-years and years, and recounted a week and a year at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256

from groundwork.figures.rules.catalogue import Figure
from groundwork.figures.rules.kinds import Distinct, Kind, MedianOf, Records, records_of
from groundwork.figures.rules.periods import (
    Period,
    half_of,
    mondays_in,
    month_of,
    to_month_of,
    week_of,
    year_of,
)

DAY, WEEK, YEAR = "day", "week", "year"  # the portions in which sums are recounted
LONGEST_RUN = 366  # days recounted in one statement
BRIDGE = 6  # days without a mark that a run may pass over: study is once a week
KEPT = ("week", "month", "to_month", "half", "year")  # the periods of which distinct ones are kept


@dataclass(frozen=True)
class Series:
    """One sum that is kept: of records, or (`of`) of the different ones that they name.

    `middle`: not how many different ones, but twice the median of a measure.
    """

    records: Records
    of: str = ""
    middle: bool = False

    @cached_property
    def name(self) -> str:
        """What the sum is called in the tables."""
        conditions = "&".join(sorted(self.records.where))
        words = f"{self.records.source} {self.records.when} {conditions}".rstrip()
        words += f" +{self.records.sums}" if self.records.sums else ""
        sign = "~" if self.middle else "#"
        return f"{words} {sign}{self.of}" if self.of else words


def series_in(kind: Kind) -> list[Series]:
    """List every sum that a definition is made of, and how many records it opens onto."""
    found = [Series(records) for records in records_of(kind)]
    if kind.opens.sums:
        found.append(Series(kind.opens.plain))
    if isinstance(kind, Distinct | MedianOf):
        found.append(Series(kind.records, kind.of, middle=isinstance(kind, MedianOf)))
    return found


def series_of(figures: Iterable[Figure], source: str) -> list[Series]:
    """List every sum that figures need of a source, each once, in one order."""
    found: dict[str, Series] = {}
    for figure in figures:
        kept = series_in(figure.kind)
        found |= {one.name: one for one in kept if one.records.source == source}
    return [found[name] for name in sorted(found)]


def edition_of(series: Iterable[Series], meanings: Iterable[str]) -> str:
    """Name what is summed and what its conditions mean: another meaning has another name."""
    words = "\n".join([*(one.name for one in series), *meanings])
    return sha256(words.encode()).hexdigest()[:12]


def portions_of(day: date, *, distinct: bool) -> list[tuple[str, date]]:
    """Name the portions whose sums a change on a day moves."""
    portions = [(DAY, day)]
    if distinct:
        portions += [(WEEK, week_of(day).first), (YEAR, year_of(day).first)]
    return portions


def run_of(firsts: Sequence[date], portion: str = DAY) -> Period:
    """Take from the first of sorted portions those that are worth one statement.

    Of days also those in between, of weeks no others; a year is one by itself.
    """
    first = last = firsts[0]
    if portion == YEAR:
        return year_of(first)
    step = 7 if portion == WEEK else BRIDGE + 1
    for day in firsts[1:]:
        if (day - last).days > step or (day - first).days >= LONGEST_RUN:
            break
        last = day
    return Period(first, last + timedelta(days=7 if portion == WEEK else 1))


def kept_in(portion: str, run: Period) -> list[Period]:
    """List the periods that the weeks of a run, or a year, are kept for."""
    firsts = mondays_in(run) if portion == WEEK else [run.first]
    return [period for first in firsts for period in kept_periods(portion, first)]


def kept_periods(portion: str, first: date) -> list[Period]:
    """List the periods that a week's or a year's portion is kept for, with a month's parts last."""
    if portion == WEEK:
        return [week_of(first)]
    months = [first.replace(month=number) for number in range(1, 13)]
    halves = [half_of(months[0]), half_of(months[6])]
    return [
        *(month_of(month) for month in months),
        *(to_month_of(month) for month in months),
        *halves,
        year_of(first),
    ]


def is_kept(period: Period) -> bool:
    """Tell whether the different ones and medians of a period are kept, and need not be counted."""
    return period.kind in KEPT


def missing(known: Sequence[int], after: int, last: int) -> list[tuple[int, int]]:
    """Name the numbers between `after` (not in it) and `last` that are not among sorted `known`.

    Numbers of a log are given before the commit: what is missing may still come.
    """
    gaps, awaited = [], after + 1
    for number in known:
        if number > awaited:
            gaps.append((awaited, number - 1))
        awaited = number + 1
    if awaited <= last:
        gaps.append((awaited, last))
    return gaps
