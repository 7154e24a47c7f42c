"""Count the sums of a source from its records, a run of days or a year of people at a time.

What sums a figure is made of is one question here for all ways of asking: see `sum_of`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Aggregate, F, Q, QuerySet, Sum
from django.db.models import Count as CountOf
from django.db.models.functions import Substr

from groundwork.base.numbers import twice_middle
from groundwork.figures.queries.source import Source
from groundwork.figures.rules import rolling
from groundwork.figures.rules.periods import Period, months_in
from groundwork.figures.rules.rolling import Series
from groundwork.registry.models import Place

DEPTH = 2 * Place.steplen  # of a place's path: city, district; below them the records are few
DayKey = tuple[str, date, str]  # series, day, place
PeriodKey = tuple[str, str, str]  # series, period, place
NO_MORE = Q()


def count_days(
    source: Source, moment: str, series: Sequence[Series], run: Period, at: datetime
) -> dict[DayKey, int]:
    """Count every series of a time of a source for each day of a run and place, in a statement."""
    if not series:
        return {}
    time = source.times[moment]
    rows = _placed(source, at).filter(time.inside(run)).annotate(dated=time.city_day)
    sums = {f"n{i}": sum_of(one, source) for i, one in enumerate(series)}
    found: dict[DayKey, int] = defaultdict(int)
    for day, spot, *counts in rows.values_list("dated", "spot").annotate(**sums):
        for place in places_of(spot):
            for one, n in zip(series, counts, strict=True):
                if n:
                    found[one.name, day, place] += n
    return dict(found)


def sum_of(series: Series, source: Source, only: Q = NO_MORE) -> Aggregate:
    """Give the aggregate that a series is, over the rows of its source and time."""
    meaning = source.meaning(series.records) & only or None
    if series.of:
        return CountOf(source.named[series.of], filter=meaning, distinct=True)
    if series.records.sums:
        measure = source.measured(series.records.sums)
        return Sum(measure, filter=meaning, default=0)
    return CountOf("pk", filter=meaning)


def middle_of(rows: QuerySet[Any], source: Source, of: str) -> int:
    """Give twice the median of a measure of some rows, counted by value in one statement."""
    measured = rows.order_by().annotate(measured=source.measured(of)).exclude(measured=None)
    return twice_middle(dict(measured.values_list("measured").annotate(times=CountOf("pk"))))


def middles_of(
    rows: QuerySet[Any], source: Source, series: Series, steps: Sequence[Period]
) -> list[int]:
    """Give twice the median for each of some steps, from one statement over all of their rows."""
    dated = source.times[series.records.when].city_day
    measured = rows.order_by().annotate(measured=source.measured(series.of), dated=dated)
    counted = measured.exclude(measured=None).values_list("dated", "measured")
    found: list[Counter[int]] = [Counter() for _step in steps]
    for day, value, n in counted.annotate(times=CountOf("pk")):
        for tally, step in zip(found, steps, strict=True):
            if day in step:
                tally[value] += n
    return [twice_middle(tally) for tally in found]


def count_people(
    source: Source, moment: str, series: Sequence[Series], portion: str, first: date, at: datetime
) -> dict[PeriodKey, int]:
    """Count the different ones of each series for every period kept of a week or a year.

    Of a median the values, each with how often it was taken, in place of who is named. A
    statement for each series and month: who is named where, and no more than that is held.
    """
    found: dict[PeriodKey, int] = {}
    kept = rolling.kept_periods(portion, first)
    parts = months_in(kept[-1]) if portion == rolling.YEAR else kept
    for one in series:
        seen: dict[str, dict[str, Counter[int]]] = {p.key: defaultdict(Counter) for p in kept}
        for part in parts:
            places = _tallies(source, moment, one, part, at)
            for period in kept:
                if part.first in period:
                    for place, tally in places.items():
                        seen[period.key][place].update(tally)
        told = twice_middle if one.middle else len
        for key, there in seen.items():
            found |= {(one.name, key, place): told(tally) for place, tally in there.items()}
    return found


def _tallies(
    source: Source, moment: str, series: Series, part: Period, at: datetime
) -> dict[str, Counter[int]]:
    """Tell how often each key or value occurs at each place, in one statement."""
    rows = _placed(source, at).filter(
        source.times[moment].inside(part), source.meaning(series.records)
    )
    key = source.measured(series.of) if series.middle else F(source.named[series.of])
    counted = rows.annotate(key=key).exclude(key=None).values_list("spot", "key")
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for spot, value, n in counted.annotate(times=CountOf("pk")).iterator(chunk_size=5000):
        for place in places_of(spot):
            found[place][value] += n
    return found


def _placed(source: Source, at: datetime) -> QuerySet[Any]:
    placed: QuerySet[Any] = source.rows(at).annotate(spot=Substr(source.place, 1, DEPTH))
    return placed.order_by()


def places_of(spot: str | None) -> list[str]:
    """Name the places whose sums a record at `spot` counts in."""
    if not spot:
        return []
    return [spot[:end] for end in range(Place.steplen, len(spot) + 1, Place.steplen)]


def days_of(source: Source, rows: QuerySet[Any]) -> dict[str, set[date]]:
    """List for each time of a source the days that some records have."""
    found = {}
    for moment, time in source.times.items():
        days = (
            rows.order_by().annotate(dated=time.city_day).values_list("dated", flat=True).distinct()
        )
        found[moment] = {day for day in days if day is not None}
    return found
