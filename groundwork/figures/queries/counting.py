"""Count the sums of a source from its records, a run of days or a year of people at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import QuerySet
from django.db.models.functions import Substr

from groundwork.figures.queries.source import Source
from groundwork.figures.rules import rolling
from groundwork.figures.rules.periods import Period, months_in
from groundwork.figures.rules.rolling import Series
from groundwork.registry.models import Place

DEPTH = 2 * Place.steplen  # of a place's path: city, district; below them the records are few
DayKey = tuple[str, date, str]  # series, day, place
PeriodKey = tuple[str, str, str]  # series, period, place


def count_days(
    source: Source, moment: str, series: Sequence[Series], run: Period, at: datetime
) -> dict[DayKey, int]:
    """Count every series of a time of a source for each day of a run and place, in a statement."""
    if not series:
        return {}
    time = source.times[moment]
    rows = _placed(source, at).filter(time.inside(run)).annotate(dated=time.city_day)
    sums: dict[str, Any] = {
        f"n{i}": CountOf("pk", filter=source.meaning(one.records) or None)
        for i, one in enumerate(series)
    }
    found: dict[DayKey, int] = defaultdict(int)
    for day, spot, *counts in rows.values_list("dated", "spot").annotate(**sums):
        for place in places_of(spot):
            for one, n in zip(series, counts, strict=True):
                if n:
                    found[one.name, day, place] += n
    return dict(found)


def count_people(
    source: Source, moment: str, series: Sequence[Series], portion: str, first: date, at: datetime
) -> dict[PeriodKey, int]:
    """Count the different ones of each series for every period kept of a week or a year.

    A statement for each series and month: who is named where, and no more than that is held.
    """
    found: dict[PeriodKey, int] = {}
    kept = rolling.kept_periods(portion, first)
    parts = months_in(kept[-1]) if portion == rolling.YEAR else kept
    for one in series:
        seen: dict[str, dict[str, set[int]]] = {period.key: defaultdict(set) for period in kept}
        for part in parts:
            mine = [period.key for period in kept if part.first in period]
            for spot, key in _pairs(source, moment, one, part, at):
                for place in places_of(spot):
                    for period in mine:
                        seen[period][place].add(key)
        for period, places in seen.items():
            found |= {(one.name, period, place): len(keys) for place, keys in places.items()}
    return found


def _pairs(
    source: Source, moment: str, series: Series, part: Period, at: datetime
) -> Iterable[tuple[str | None, int]]:
    rows = _placed(source, at).filter(
        source.times[moment].inside(part), source.meaning(series.records)
    )
    pairs = rows.values_list("spot", source.named[series.of]).distinct()
    return pairs.iterator(chunk_size=5000)


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
