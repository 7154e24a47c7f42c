"""Write the city's numbers of its evenings, when something moved them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from groundwork.base import clock
from groundwork.study.models import Coverage
from groundwork.study.queries import coverage as queries

MARK = ""  # the scope of the row that remembers how far the change log was read


def refresh_coverage(*, at: datetime | None = None) -> list[str]:
    """Count the periods that the change log moved since they were counted; name them.

    A change that commits after a later one has a smaller number and could be missed, so each
    count that found something new is followed by one more in the next round.
    """
    at = at or clock.now()
    last = queries.last_change()
    marks = {mark.period: mark for mark in Coverage.objects.filter(scope=MARK)}
    oldest = min((mark.seen for mark in marks.values()), default=0)
    moved = queries.days_moved(oldest, last) if last > oldest else []
    hung = queries.units_moved(oldest, last) if last > oldest else 0
    done = []
    for period in queries.periods():
        mark = marks.get(period)
        if mark is None or hung > mark.seen or queries.touches(moved, mark.seen, period):
            count_period(period, at=at, seen=last, settled=False)
        elif not mark.settled:
            count_period(period, at=at, seen=last, settled=True)
        else:
            Coverage.objects.filter(pk=mark.pk, seen__lt=last).update(seen=last)
            continue
        done.append(period)
    return done


@transaction.atomic
def count_period(
    period: str, *, at: datetime | None = None, seen: int | None = None, settled: bool = False
) -> None:
    """Count one period for every scope and put the numbers in place of the old ones."""
    at = at or clock.now()
    last = queries.last_change() if seen is None else seen
    found = queries.count_all(period, at)
    Coverage.objects.filter(period=period).delete()
    rows = [Coverage(scope=key, period=period, cutoff=at, values=v) for key, v in found.items()]
    rows.append(
        Coverage(scope=MARK, period=period, cutoff=at, values={}, seen=last, settled=settled)
    )
    # Two at once (a page and the worker): the later count stands.
    Coverage.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["scope", "period"],
        update_fields=["cutoff", "values", "seen", "settled"],
    )


def ensure_counted(period: str, *, at: datetime | None = None) -> None:
    """Count a period that nobody has counted yet; a page of it should not be empty."""
    if not Coverage.objects.filter(scope=MARK, period=period).exists():
        count_period(period, at=at)
