"""Hold the kept sums against the records: which of them say something else than a recount."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from groundwork.figures.models import DayCell, PeriodCell, Stale
from groundwork.figures.queries import counting, log
from groundwork.figures.queries.source import Source
from groundwork.figures.rules import rolling
from groundwork.figures.rules.periods import month_of
from groundwork.figures.rules.rolling import Series


@dataclass(frozen=True)
class Difference:
    """A sum that is not what the records say."""

    series: str
    period: str  # a day, or the key of a longer period
    place: str  # the path
    kept: int
    counted: int

    def __str__(self) -> str:
        return f"{self.series} · {self.period} · {self.place}: {self.kept} ≠ {self.counted}"


def differences(source: Source, at: datetime) -> Iterator[Difference]:
    """Recount a source wholly and give every sum that differs; what waits to be recounted may."""
    days = log.all_days(source, at)
    for moment, series in log.moments_of(source).items():
        dated = {day for _source, when, day in days if when == moment}
        plain = [one for one in series if not one.of]
        for month in sorted({month_of(day).first for day in dated}):
            yield from _days(source, moment, plain, month, at)
        distinct = [one for one in series if one.of]
        portions = {p for day in dated for p in rolling.portions_of(day, distinct=bool(distinct))}
        for portion, first in sorted(portions):
            if portion != rolling.DAY:
                yield from _people(source, moment, distinct, portion, first, at)


def _waiting(source: Source, moment: str, portion: str) -> set[date]:
    marks = Stale.objects.filter(source=source.key, moment=moment, portion=portion)
    return set(marks.values_list("first", flat=True))


def _days(
    source: Source, moment: str, series: list[Series], month: date, at: datetime
) -> Iterator[Difference]:
    run = month_of(month)
    cells = DayCell.objects.filter(
        series__in=[one.name for one in series], day__gte=run.first, day__lt=run.after
    )
    kept: dict[Any, int] = {(c.series, c.day, c.place): c.n for c in cells}
    waiting = _waiting(source, moment, rolling.DAY)
    for name, day, place, *both in _compared(
        kept, counting.read_days(source, moment, series, run, at)
    ):
        if day not in waiting:
            yield Difference(name, day.isoformat(), place, *both)


def _people(
    source: Source, moment: str, series: list[Series], portion: str, first: date, at: datetime
) -> Iterator[Difference]:
    if first in _waiting(source, moment, portion):
        return
    run = rolling.run_of([first], portion)
    keys = [period.key for period in rolling.kept_in(portion, run)]
    cells = PeriodCell.objects.filter(series__in=[one.name for one in series], period__in=keys)
    kept: dict[Any, int] = {(c.series, c.period, c.place): c.n for c in cells}
    found = counting.count_people(source, moment, series, portion, run, at)
    for row in _compared(kept, found):
        yield Difference(*row)


def _compared(kept: Mapping[Any, int], counted: Mapping[Any, int]) -> Iterator[tuple[Any, ...]]:
    for key in sorted(kept.keys() | counted.keys()):
        both = kept.get(key, 0), counted.get(key, 0)
        if both[0] != both[1]:
            yield (*key, *both)
