"""Read the sums that were kept, where a question is made of them; None where it must be counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet, Sum

from groundwork.figures.models import DayCell, Fill, PeriodCell
from groundwork.figures.queries import log
from groundwork.figures.queries.counting import DEPTH
from groundwork.figures.queries.source import Scope
from groundwork.figures.queries.sources import SOURCES
from groundwork.figures.rules.kinds import Records
from groundwork.figures.rules.periods import Period
from groundwork.figures.rules.rolling import Series, is_kept


def standing(sources: Iterable[str], scope: Scope, at: datetime) -> datetime | None:
    """Give the moment up to which the sums of all these sources hold, if they answer for a scope.

    They do for a city and a district, once everything of the present definitions was counted, for
    who asks how things stand now: an earlier moment is counted from the records.
    """
    if scope.kind != "place" or scope.parts or not 0 < len(scope.path) <= DEPTH:
        return None
    wanted = set(sources)
    rows = {row.source: row for row in Fill.objects.filter(source__in=wanted, whole=True)}
    for key in wanted:
        if key not in rows or rows[key].edition != log.edition_of(SOURCES[key]):
            return None
    cutoffs = [row.cutoff for row in rows.values()]
    known = [cutoff for cutoff in cutoffs if cutoff is not None]
    if not known or len(known) < len(cutoffs) or max(known) > at:
        return None
    return min(known)


def covers(series: Series, period: Period) -> bool:
    """Tell whether a sum was kept for a period: of records always, of others for some."""
    return not series.of or is_kept(period)


def sums(series: Sequence[Series], scope: Scope, period: Period) -> dict[str, int]:
    """Give kept sums by their names, in at most two statements."""
    found = dict.fromkeys((one.name for one in series), 0)
    added = [one.name for one in series if not one.of]
    if added:
        found |= dict(_days(added, scope, period).values_list("series").annotate(n=Sum("n")))
    if len(added) < len(series):
        kept = PeriodCell.objects.filter(
            place=scope.path, period=period.key, series__in=[one.name for one in series if one.of]
        )
        found |= dict(kept.values_list("series", "n"))
    return found


def by_place(
    series: Sequence[Series], paths: Sequence[str], period: Period
) -> dict[str, dict[str, int]]:
    """Give the kept sums of some places, by path and name; in at most two statements."""
    found = {path: dict.fromkeys((one.name for one in series), 0) for path in paths}
    added = [one.name for one in series if not one.of]
    cells = DayCell.objects.filter(_in(period), place__in=paths, series__in=added)
    for path, name, n in cells.values_list("place", "series").annotate(n=Sum("n")):
        found[path][name] = n
    if len(added) < len(series):
        kept = PeriodCell.objects.filter(
            place__in=paths,
            period=period.key,
            series__in=[one.name for one in series if one.of],
        )
        for path, name, n in kept.values_list("place", "series", "n"):
            found[path][name] = n
    return found


def by_day(records: Records, scope: Scope, period: Period) -> dict[date, int]:
    """Give the kept sums of each day of a period that has any."""
    return dict(_days([Series(records).name], scope, period).values_list("day", "n"))


def sums_by_step(
    series: Sequence[Series], scope: Scope, steps: Sequence[Period]
) -> list[dict[str, int]]:
    """Give kept sums by their names for each of some steps that touch, in at most two statements.

    Only of series that are kept for all the steps.
    """
    found = [dict.fromkeys((one.name for one in series), 0) for _step in steps]
    added = [one.name for one in series if not one.of]
    whole = Period(steps[0].first, steps[-1].after)
    if added:
        at = {day: i for i, step in enumerate(steps) for day in _each(step)}
        for name, day, n in _days(added, scope, whole).values_list("series", "day", "n"):
            found[at[day]][name] += n
    if len(added) < len(series):
        at_key = {step.key: i for i, step in enumerate(steps)}
        kept = PeriodCell.objects.filter(
            place=scope.path, period__in=at_key, series__in=[one.name for one in series if one.of]
        )
        for name, key, n in kept.values_list("series", "period", "n"):
            found[at_key[key]][name] = n
    return found


def _each(period: Period) -> Iterable[date]:
    return (period.first + timedelta(days=n) for n in range(period.days))


def _days(names: Sequence[str], scope: Scope, period: Period) -> QuerySet[DayCell]:
    return DayCell.objects.filter(_in(period), place=scope.path, series__in=names)


def _in(period: Period) -> Q:
    return Q(day__gte=period.first, day__lt=period.after)
