"""What figures say of a scope and a period: from the kept sums where they answer, else counted.

Both ways go through the same declarations. A value says up to which moment it holds: that of the
kept sums' last fill, or now where it was counted from the records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from groundwork.base.numbers import Count, Median, Number, Rate, Ratio, Share
from groundwork.figures.queries import counting, rollups
from groundwork.figures.queries.source import Scope
from groundwork.figures.queries.sources import SOURCES, source_of
from groundwork.figures.rules.catalogue import Figure
from groundwork.figures.rules.kinds import (
    Distinct,
    Kind,
    MedianOf,
    PartOf,
    Per,
    Records,
    ShareOf,
    Total,
)
from groundwork.figures.rules.periods import Period
from groundwork.figures.rules.rolling import Series, series_in


@dataclass(frozen=True)
class Value:
    """One figure's number with all that it takes to read it: definition, n, period, cut-off."""

    figure: Figure
    scope: Scope
    period: Period
    cutoff: datetime
    number: Number
    n: int  # the records it opens onto; the different ones where it counts these
    edition: str

    @property
    def empty(self) -> bool:
        """Tell whether it was counted over no record at all: nothing to compare with."""
        match self.number:
            case Rate(_, whole):
                return not whole
            case Ratio(number, per):
                return not (number or per)
            case Share(_, _, asked):
                return not asked
            case _:
                return not self.n

    def comparable(self, other: Value) -> bool:
        """Tell whether two numbers may stand beside each other: one definition, one scope."""
        mine = (self.figure.key, self.edition, self.scope)
        return mine == (other.figure.key, other.edition, other.scope)


def rows_of(records: Records, scope: Scope, period: Period, at: datetime) -> QuerySet[Any]:
    """Give the records behind a number: the one set for what it says and what it opens onto."""
    source = source_of(records)
    when = source.times[records.when].inside(period)
    return source.rows(at).filter(source.meaning(records), scope.on(source), when)


def values_of(
    figures: Sequence[Figure], scope: Scope, period: Period, at: datetime
) -> dict[str, Value]:
    """Give figures by key: from the kept sums where they answer for scope and period, else counted.

    With the sums standing it is three statements, however many records there are.
    """
    kept = [f for f in figures if all(rollups.covers(one, period) for one in series_in(f.kind))]
    cutoff = (
        rollups.standing((records.source for f in kept for records in f.records), scope, at)
        if kept
        else None
    )
    if cutoff is None:
        return counted_values(figures, scope, period, at)
    sums = rollups.sums([one for f in kept for one in series_in(f.kind)], scope, period)
    found = {f.key: value_of(f, sums, scope, period, cutoff) for f in kept}
    rest = [figure for figure in figures if figure.key not in found]
    return found | counted_values(rest, scope, period, at) if rest else found


def counted_values(
    figures: Sequence[Figure], scope: Scope, period: Period, at: datetime
) -> dict[str, Value]:
    """Count figures by key from the records, in one statement for each source and time."""
    asked: dict[tuple[str, str], dict[str, Series]] = {}
    for figure in figures:
        for one in series_in(figure.kind):
            where = (one.records.source, one.records.when)
            asked.setdefault(where, {})[one.name] = one
    counted: dict[str, int] = {}
    for (key, when), series in asked.items():
        source, rows = SOURCES[key], rows_of(Records(key, when), scope, period, at).order_by()
        added = [one for one in series.values() if not one.middle]
        sums = {f"n{i}": counting.sum_of(one, source) for i, one in enumerate(added)}
        found = rows.aggregate(**sums)
        counted |= {one.name: found[f"n{i}"] for i, one in enumerate(added)}
        for one in series.values():
            if one.middle:
                measured = rows.filter(source.meaning(one.records))
                counted[one.name] = counting.middle_of(measured, source, one.of)
    return {figure.key: value_of(figure, counted, scope, period, at) for figure in figures}


def value_of(
    figure: Figure, sums: Mapping[str, int], scope: Scope, period: Period, cutoff: datetime
) -> Value:
    """Make a figure's value of the sums that its definition is made of."""

    def n(records: Records, of: str = "", *, middle: bool = False) -> int:
        return sums[Series(records, of, middle).name]

    kind = figure.kind
    number = _number(kind, n)
    opened = n(kind.records, kind.of) if isinstance(kind, Distinct) else n(kind.opens.plain)
    return Value(figure, scope, period, cutoff, number, opened, figure.edition)


def _number(kind: Kind, n: Callable[..., int]) -> Number:
    match kind:
        case PartOf():
            return Rate(n(kind.part), n(kind.whole))
        case Per():
            return Ratio(n(kind.number), n(kind.per))
        case ShareOf():
            return Share(n(kind.yes), n(kind.said), n(kind.asked))
        case MedianOf():
            return Median.of(n(kind.records), n(kind.records, kind.of, middle=True), kind.step)
        case Distinct():
            return Count(n(kind.records, kind.of))
        case Total():
            return Count(round(n(kind.records) / kind.step))
        case _:
            return Count(n(kind.records))


def by_period(records: Records, scope: Scope, periods: Sequence[Period], at: datetime) -> list[int]:
    """Count records for each of some periods that touch each other, in one statement."""
    if not periods:
        return []
    source = source_of(records)
    time = source.times[records.when]
    whole = Period(periods[0].first, periods[-1].after)
    if rollups.standing([records.source], scope, at):
        days = rollups.by_day(records, scope, whole)
        return [sum(n for day, n in days.items() if day in period) for period in periods]
    sums = {
        f"n{i}": counting.sum_of(Series(records), source, time.inside(p))
        for i, p in enumerate(periods)
    }
    found = rows_of(records, scope, whole, at).order_by().aggregate(**sums)
    return [found[f"n{i}"] for i in range(len(periods))]


def values_by_step(
    figures: Sequence[Figure],
    scope: Scope,
    steps: Sequence[Period],
    at: datetime,
    *,
    counted: bool = False,
) -> dict[str, list[Value]]:
    """Give figures by key for each of some steps that touch each other, as `values_of` would.

    With the sums standing it is three statements, else (and always if `counted`) one for each
    source and time and for each median, however many steps there are.
    """
    series = {one.name: one for figure in figures for one in series_in(figure.kind)}
    if not series or not steps:
        return {}
    kept = [one for one in series.values() if all(rollups.covers(one, step) for step in steps)]
    sources = {one.records.source for one in series.values()}
    cutoff = None if counted else rollups.standing(sources, scope, at)
    found: list[dict[str, int]] = [{} for _step in steps]
    if cutoff is not None:
        found = rollups.sums_by_step(kept, scope, steps)
    rest = [one for one in series.values() if cutoff is None or one not in kept]
    for i, sums in enumerate(_counted_by_step(rest, scope, steps, at)):
        found[i] |= sums
    return {
        figure.key: [
            value_of(figure, sums, scope, step, cutoff or at)
            for step, sums in zip(steps, found, strict=True)
        ]
        for figure in figures
    }


def _counted_by_step(
    series: Sequence[Series], scope: Scope, steps: Sequence[Period], at: datetime
) -> list[dict[str, int]]:
    """Count sums for each step from the records, in a statement for each source and time."""
    found: list[dict[str, int]] = [{} for _step in steps]
    asked: dict[tuple[str, str], list[Series]] = {}
    for one in series:
        asked.setdefault((one.records.source, one.records.when), []).append(one)
    whole = Period(steps[0].first, steps[-1].after)
    for (key, when), some in asked.items():
        source = SOURCES[key]
        rows, added = rows_of(Records(key, when), scope, whole, at).order_by(), []
        for one in some:
            if one.middle:
                middles = counting.middles_of(
                    rows.filter(source.meaning(one.records)), source, one, steps
                )
                for j, middle in enumerate(middles):
                    found[j][one.name] = middle
            else:
                added.append(one)
        sums = {
            f"n{i}_{j}": counting.sum_of(one, source, source.times[when].inside(step))
            for i, one in enumerate(added)
            for j, step in enumerate(steps)
        }
        row = rows.aggregate(**sums)
        for i, one in enumerate(added):
            for j in range(len(steps)):
                found[j][one.name] = row[f"n{i}_{j}"]
    return found
