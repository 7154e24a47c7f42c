"""The sums behind the figures, counted anew from their rows, one by one in Python."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from statistics import median
from typing import Any

from groundwork.base import clock
from groundwork.figures.models import DayCell, PeriodCell
from groundwork.figures.queries.source import Scope, Source
from groundwork.figures.queries.sources import SOURCES
from groundwork.figures.queries.values import rows_of
from groundwork.figures.rules import rolling
from groundwork.figures.rules.catalogue import CATALOGUE
from groundwork.figures.rules.periods import Period, week_of, year_of
from groundwork.figures.rules.rolling import Series
from tests.world import World

ALL = Period(date(2000, 1, 1), date(2101, 1, 1))
PLACES = ("city", "haishu", "yinzhou")


def told(source: Source, one: Series, rows) -> Iterator[tuple[date, Any]]:
    """Give of each row its day and what it adds: itself, a measure of it, or whom it names."""
    column = source.times[one.records.when].column
    if one.middle or one.records.sums:
        rows = rows.annotate(measured=source.measured(one.of or one.records.sums))
        read = source.reader(one.of or one.records.sums)
        found = ((day, read(n)) for day, n in rows.values_list(column, "measured"))
    else:
        found = rows.values_list(column, source.named.get(one.of, "pk"))
    for moment, what in found:
        yield clock.day_of(moment) if isinstance(moment, datetime) else moment, what


def recounted(world: World, at: datetime) -> tuple[dict, dict]:
    """Count every sum from the rows behind it, in Python."""
    days: Counter = Counter()
    named: dict = {}
    for source in SOURCES.values():
        for one, key in itertools.product(rolling.series_of(CATALOGUE, source.key), PLACES):
            path = world[f"place:{key}"].path
            rows = rows_of(one.records, Scope("place", path), ALL, at)
            for day, what in told(source, one, rows):
                if not one.of:
                    days[one.name, day, path] += what if one.records.sums else 1
                    continue
                for kept in (
                    *rolling.kept_periods(rolling.WEEK, week_of(day).first),
                    *rolling.kept_periods(rolling.YEAR, year_of(day).first),
                ):
                    if day in kept:
                        named.setdefault((one, kept.key, path), []).append(what)
    return {key: n for key, n in days.items() if n}, {
        (one.name, key, path): round(2 * median(found)) if one.middle else len(set(found))
        for (one, key, path), found in named.items()
    }


def kept() -> tuple[dict, dict]:
    """Give what the fill has written."""
    days = {(c.series, c.day, c.place): c.n for c in DayCell.objects.all()}
    return days, {(c.series, c.period, c.place): c.n for c in PeriodCell.objects.all()}
