"""Count the sums of a source from its records, a run of days or a year of people at a time.

What sums a figure is made of is one question here for all ways of asking: see `sum_of`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Aggregate, F, Q, QuerySet, Sum
from django.db.models import Count as CountOf
from django.db.models.functions import Substr

from groundwork.base.numbers import twice_middle, twice_middle_of
from groundwork.figures.queries.source import CityMonth, CityWeek, Source
from groundwork.figures.rules import rolling
from groundwork.figures.rules.periods import Period, mondays_in, months_of, week_of
from groundwork.figures.rules.rolling import Series
from groundwork.registry.models import Place

DEPTH = 2 * Place.steplen  # of a place's path: city, district; below them the records are few
LENGTHS = (Place.steplen, DEPTH)  # of the paths that sums are kept for
DayKey = tuple[str, date, str]  # series, day, place
PeriodKey = tuple[str, str, str]  # series, period, place
Statement = tuple[str, list[Any]]  # the database's own text, and what it is asked with
NO_MORE = Q()


def count_days(
    source: Source, moment: str, series: Sequence[Series], run: Period, at: datetime
) -> Statement:
    """Ask for every series of a time of a source on each day of a run, at each place, none of 0.

    One statement that goes over the records once; whoever keeps the sums has them written by the
    database itself.
    """
    names = [f"n{i}" for i in range(len(series))]
    inner, params = _days(source, moment, series, run, at).query.sql_with_params()
    city, district = LENGTHS
    parts: list[str] = []
    said: list[Any] = [*params]
    for one, name in zip(series, names, strict=True):
        there = f"FROM counted WHERE {name} <> 0 AND LENGTH(spot)"
        parts += [
            f"SELECT %s, dated, spot, {name} {there} = {district}",
            f"SELECT %s, dated, SUBSTR(spot, 1, {city}), SUM({name}) {there} >= {city}"
            " GROUP BY 2, 3",
        ]
        said += [one.name, one.name]
    head = f"WITH counted (dated, spot, {', '.join(names)}) AS ({inner}) "
    return head + " UNION ALL ".join(parts), said


def read_days(
    source: Source, moment: str, series: Sequence[Series], run: Period, at: datetime
) -> dict[DayKey, int]:
    """Count every series of a time of a source for each day of a run and place, to compare."""
    if not series:
        return {}
    found: dict[DayKey, int] = defaultdict(int)
    for day, spot, *counts in _days(source, moment, series, run, at):
        for place in places_of(spot):
            for one, n in zip(series, counts, strict=True):
                if n:
                    found[one.name, day, place] += n
    return dict(found)


def _days(
    source: Source, moment: str, series: Sequence[Series], run: Period, at: datetime
) -> QuerySet[Any]:
    sums = {f"n{i}": sum_of(one, source) for i, one in enumerate(series)}
    rows = _dated(source, moment, run, at)
    counted: QuerySet[Any] = rows.values_list("dated", "spot").annotate(**sums)
    return counted


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
    read, counts = source.reader(of), Counter[int]()
    for value, n in measured.values_list("measured").annotate(times=CountOf("pk")):
        counts[read(value)] += n
    return twice_middle(counts)


def middles_of(
    rows: QuerySet[Any], source: Source, series: Series, steps: Sequence[Period]
) -> list[int]:
    """Give twice the median for each of some steps, from one statement over all of their rows."""
    dated = source.times[series.records.when].city_day
    measured = rows.order_by().annotate(measured=source.measured(series.of), dated=dated)
    counted = measured.exclude(measured=None).values_list("dated", "measured")
    read = source.reader(series.of)
    found: list[Counter[int]] = [Counter() for _step in steps]
    for day, value, n in counted.annotate(times=CountOf("pk")):
        for tally, step in zip(found, steps, strict=True):
            if day in step:
                tally[read(value)] += n
    return [twice_middle(tally) for tally in found]


def count_people(
    source: Source, moment: str, series: Sequence[Series], portion: str, run: Period, at: datetime
) -> dict[PeriodKey, int]:
    """Count the different ones of each series for every week of a run, or every period of a year.

    Of a median the middle one in place of how many. Weeks take a statement for the city and one
    for its districts, whatever is named; a year one for each series, over its months.
    """
    if portion == rolling.WEEK:
        return _count_weeks(source, moment, series, run, at)
    rows = _dated(source, moment, run, at).annotate(step=CityMonth(F("dated")))
    kept = rolling.kept_periods(portion, run.first)
    found: dict[PeriodKey, int] = {}
    for one in series:
        if one.middle:
            found |= _middles(rows, source, one, [(p, months_of(p)) for p in kept])
            continue
        for place, mask, n in _in_months(rows, source, one):
            for period in kept:
                if mask & sum(1 << month for month in months_of(period)):
                    key = (one.name, period.key, place)
                    found[key] = found.get(key, 0) + n
    return found


def _count_weeks(
    source: Source, moment: str, series: Sequence[Series], run: Period, at: datetime
) -> dict[PeriodKey, int]:
    rows = _dated(source, moment, run, at).annotate(step=CityWeek(F("dated")))
    found: dict[PeriodKey, int] = {}
    named = [one for one in series if not one.middle]
    sums = {f"n{i}": sum_of(one, source) for i, one in enumerate(named)}
    for length in LENGTHS if named else ():
        placed = rows.annotate(at_place=Substr("spot", 1, length))
        for step, place, *counts in placed.values_list("step", "at_place").annotate(**sums):
            if place and len(place) == length:
                week = week_of(date.fromisoformat(step)).key
                found |= {
                    (one.name, week, place): n for one, n in zip(named, counts, strict=True) if n
                }
    weeks = [(week_of(day), (day.isoformat(),)) for day in mondays_in(run)]
    for one in series:
        if one.middle:
            found |= _middles(rows, source, one, weeks)
    return found


def _in_months(rows: QuerySet[Any], source: Source, series: Series) -> list[tuple[str, int, int]]:
    """Tell at each place how many are named in which months of a year, as bits; one statement.

    A month, a half-year, the year up to a month: each is asked of the same bits.
    """
    key = F(source.named[series.of])
    seen = rows.filter(source.meaning(series.records)).annotate(key=key).exclude(key=None)
    inner, params = seen.values_list("spot", "key", "step").distinct().query.sql_with_params()
    city, district = LENGTHS
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH seen (spot, named, step) AS ({inner}),"  # noqa: S608 - Django's own text
            f" placed AS (SELECT spot, named, step FROM seen WHERE LENGTH(spot) = {district}"
            f" UNION SELECT SUBSTR(spot, 1, {city}), named, step FROM seen)"
            " SELECT spot, months, COUNT(*) FROM ("
            "SELECT spot, named, SUM(1 << step) AS months FROM placed GROUP BY spot, named"
            ") AS each_one GROUP BY spot, months",
            params,
        )
        return [(spot, int(mask), n) for spot, mask, n in cursor.fetchall() if spot]


def _middles(
    rows: QuerySet[Any],
    source: Source,
    series: Series,
    periods: Sequence[tuple[Period, Sequence[Any]]],
) -> dict[PeriodKey, int]:
    """Give twice the median of each period and place, from one statement; each period by steps."""
    measured = rows.filter(source.meaning(series.records)).annotate(
        measured=source.measured(series.of)
    )
    read = source.reader(series.of)
    at_places: dict[str, dict[Any, list[int]]] = defaultdict(lambda: defaultdict(list))
    listed = measured.exclude(measured=None).values_list("spot", "step", "measured")
    with connection.cursor() as cursor:  # whole numbers and texts: nothing to convert
        cursor.execute(*listed.query.sql_with_params())
        for spot, step, value in cursor:
            at_places[spot][step].append(read(value))
    for steps in at_places.values():  # what is sorted piece by piece is quickly sorted as a whole
        for found in steps.values():
            found.sort()
    for spot, steps in list(at_places.items()):
        for place in places_of(spot):
            for step, found in steps.items() if place != spot else ():
                at_places[place][step].extend(found)
    return {
        (series.name, period.key, place): twice_middle_of(chosen)
        for place, found in at_places.items()
        for period, steps in periods
        if place and (chosen := [value for step in steps for value in found.get(step, ())])
    }


def _dated(source: Source, moment: str, run: Period, at: datetime) -> QuerySet[Any]:
    time = source.times[moment]
    placed = _placed(source, at).filter(time.inside(run))
    dated: QuerySet[Any] = placed.annotate(dated=time.city_day)
    return dated


def _placed(source: Source, at: datetime) -> QuerySet[Any]:
    placed: QuerySet[Any] = source.rows(at).annotate(spot=Substr(source.place, 1, DEPTH))
    return placed.order_by()


def places_of(spot: str | None) -> list[str]:
    """Name the places whose sums a record at `spot` counts in."""
    if not spot:
        return []
    return [spot[:end] for end in range(Place.steplen, len(spot) + 1, Place.steplen)]


def span_of(source: Source, rows: QuerySet[Any]) -> dict[str, set[date]]:
    """List for each time of a source the days from the first to the last that some records have.

    Both are read from an index; going over all records for the days between costs as much as
    counting them.
    """
    found: dict[str, set[date]] = {}
    for moment, time in source.times.items():
        dated = rows.order_by().exclude(**{time.column: None})
        ends = [dated.order_by(f"{sign}{time.column}") for sign in ("", "-")]
        days = [row.values_list(time.city_day, flat=True).first() for row in ends]
        first, last = days
        found[moment] = (
            {first + timedelta(days=n) for n in range((last - first).days + 1)} if first else set()
        )
    return found


def days_of(source: Source, rows: QuerySet[Any]) -> dict[str, set[date]]:
    """List for each time of a source the days that some records have."""
    found = {}
    for moment, time in source.times.items():
        days = (
            rows.order_by().annotate(dated=time.city_day).values_list("dated", flat=True).distinct()
        )
        found[moment] = {day for day in days if day is not None}
    return found
