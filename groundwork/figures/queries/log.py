"""What the change log and the clock moved; the areas that write the log know no figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q

from groundwork.base.models import Change
from groundwork.figures.models import DayCell, Stale
from groundwork.figures.queries.counting import days_of, span_of
from groundwork.figures.queries.source import Source
from groundwork.figures.queries.sources import SOURCES
from groundwork.figures.rules import rolling
from groundwork.figures.rules.catalogue import CATALOGUE
from groundwork.figures.rules.rolling import Series

BODIES = (
    "registry.body"  # where a body sits is where the records hang that have no place themselves
)
Touched = set[tuple[str, str, date]]  # source, time, day


def moments_of(source: Source) -> dict[str, list[Series]]:
    """Give the sums that are kept of a source, by the time that dates them."""
    found: dict[str, list[Series]] = {}
    for one in rolling.series_of(CATALOGUE, source.key):
        found.setdefault(one.records.when, []).append(one)
    return found


def edition_of(source: Source) -> str:
    """Name what is summed of a source, and what it means."""
    return rolling.edition_of(rolling.series_of(CATALOGUE, source.key), source.meanings)


@dataclass(frozen=True)
class Seen:
    """What a look into the log found: the days touched, how far it went, what may still come."""

    position: int
    touched: Touched = field(default_factory=set)
    hung: frozenset[str] = frozenset()  # bodies that sit elsewhere now
    gaps: list[tuple[int, int]] = field(default_factory=list)


def last_change() -> int:
    """Give the number of the last change."""
    return Change.objects.aggregate(last=Max("pk"))["last"] or 0


def read(after: int, gaps: Sequence[tuple[int, int]] = ()) -> Seen:
    """Read the log from change `after` (not in it) on, and what came late into `gaps`."""
    last = last_change()
    late = [row for gap in gaps for row in _rows(Q(pk__range=gap))]
    fresh = Q(pk__gt=after, pk__lte=last)
    numbers = list(Change.objects.filter(fresh).order_by("pk").values_list("pk", flat=True))
    open_gaps = rolling.missing(numbers, after, last)
    for gap in gaps:
        came = sorted(row[0] for row in late if gap[0] <= row[0] <= gap[1])
        open_gaps += rolling.missing(came, gap[0] - 1, gap[1])
    touched, hung = _touched([*late, *_rows(fresh)])
    return Seen(max(last, after), touched, hung, open_gaps)


def _rows(which: Q) -> Iterable[tuple[int, str, str, Any, Any]]:
    kinds = {BODIES, *(kind for source in SOURCES.values() for kind in source.log)}
    rows = Change.objects.filter(which, kind__in=kinds).order_by("pk")
    return rows.values_list("pk", "kind", "object_id", "before", "after").iterator()


def _touched(rows: Iterable[tuple[int, str, str, Any, Any]]) -> tuple[Touched, frozenset[str]]:
    touched: Touched = set()
    hung: set[str] = set()
    for _pk, kind, object_id, before, after in rows:
        if kind == BODIES:
            if before and after and before.get("place") != after.get("place"):
                hung.add(object_id)
            continue
        for side in (before, after):
            touched |= _days_in(kind, side or {})
    return touched, frozenset(hung)


def _days_in(kind: str, side: dict[str, Any]) -> Touched:
    return {
        (source.key, moment, date.fromisoformat(side[dimension]))
        for source in SOURCES.values()
        for moment, dimension in source.log.get(kind, {}).items()
        if side.get(dimension)
    }


def hung_days(source: Source, bodies: Iterable[str], at: datetime) -> Touched:
    """Give the days of a source's records that have their place through bodies that moved."""
    listed = list(bodies)
    if not source.hangs or not listed:
        return set()
    rows = source.rows(at).filter(**{f"{source.hangs}__public_id__in": listed})
    return _touching(source, days_of(source, rows))


def ripe_days(source: Source, since: datetime, until: datetime) -> Touched:
    """Give the days of the records that the clock alone let count between two moments."""
    if source.ripe is None or since >= until:
        return set()
    return _touching(source, days_of(source, source.rows(until).filter(source.ripe(since, until))))


def all_days(source: Source, at: datetime) -> Touched:
    """Give every day from the first to the last that a source has records of, or sums."""
    found = span_of(source, source.rows(at))
    for moment, series in moments_of(source).items():
        names = [one.name for one in series if not one.of]
        kept = DayCell.objects.filter(series__in=names).values_list("day", flat=True).distinct()
        found[moment] |= set(kept)
    return _touching(source, found)


def _touching(source: Source, days: dict[str, set[date]]) -> Touched:
    return {(source.key, moment, day) for moment, some in days.items() for day in some}


def marks_for(touched: Touched) -> list[Stale]:
    """Make marks of the portions that touched days move, of the times that sums are dated by."""
    kept = {source.key: moments_of(source) for source in SOURCES.values()}
    portions = {
        (source, moment, portion, first)
        for source, moment, day in touched
        if (series := kept[source].get(moment))
        for portion, first in rolling.portions_of(day, distinct=any(one.of for one in series))
    }
    return [
        Stale(source=source, moment=moment, portion=portion, first=first)
        for source, moment, portion, first in sorted(portions)
    ]
