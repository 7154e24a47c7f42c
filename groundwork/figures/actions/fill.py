"""Fill the roll-ups: read the change log, mark what it moved, count the marked days anew.

Each step is a transaction of its own and leaves a state that the next one goes on from: what is
marked is counted from the records as they stand, so that counting it twice does no harm. A fill
that is killed is taken up by the next. Fills take turns on the row of the reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from groundwork.base import bulk, clock
from groundwork.figures.models import DayCell, Fill, PeriodCell, Reading, Stale
from groundwork.figures.queries import counting, log
from groundwork.figures.queries.office import calendar_edition
from groundwork.figures.queries.source import Source
from groundwork.figures.queries.sources import SOURCES
from groundwork.figures.rules import rolling
from groundwork.figures.rules.periods import Period
from groundwork.figures.rules.rolling import Series

CHANGES, CALENDAR = "changes", "calendar"
LOOK_BACK = 10_000  # changes before the very first reading, some of which may not be committed yet
LATE = timedelta(days=1)  # no transaction runs longer; a number missing that long was never used
BATCH = 1000


@dataclass(frozen=True)
class Filled:
    """What one fill did for a source: portions recounted, and the moment up to which it holds."""

    source: str
    portions: int
    cutoff: datetime


def fill(sources: Sequence[str] = (), *, at: datetime | None = None) -> list[Filled]:
    """Bring the roll-ups of all sources, or of those named, to what the records say.

    A source that fails keeps its marks and the reason, and does not keep the others waiting; the
    failures are raised together at the end, as an ExceptionGroup.
    """
    at = at or clock.now()
    read_log(at=at)
    done: list[Filled] = []
    failures: list[Exception] = []
    for source in SOURCES.values():
        if sources and source.key not in sources:
            continue
        try:
            done.append(_fill_one(source, at))
        except Exception as failure:  # the others must not wait for this one to be mended
            _fail(source, failure, at)
            failures.append(failure)
    if failures:
        raise ExceptionGroup("roll-ups failed", failures)
    return done


@transaction.atomic
def read_log(*, at: datetime) -> int:
    """Stale what changes and the clock moved since the last reading; give how many marks are new.

    A source whose definitions changed is marked whole. Marks and position are written together.
    """
    reading = _locked()
    first = reading.until is None
    after = max(0, log.last_change() - LOOK_BACK) if first else reading.position
    waiting = [gap for gap in reading.gaps if datetime.fromisoformat(gap[2]) > at - LATE]
    seen = log.read(after, [(gap[0], gap[1]) for gap in waiting])
    since = {(gap[0], gap[1]): gap[2] for gap in waiting}
    touched, other_days = set(seen.touched), _other_days()
    for source in SOURCES.values():
        touched |= log.hung_days(source, seen.hung, at)
        if reading.until is not None:
            touched |= log.ripe_days(source, reading.until, at)
        if _begins(source, at) or (other_days and source.by_calendar):
            touched |= log.all_days(source, at)
    reading.position = seen.position
    reading.gaps = [[*gap, _since(gap, since, at)] for gap in seen.gaps]
    reading.until = at if first else max(at, reading.until or at)
    reading.save(update_fields=["position", "gaps", "until"])
    before = Stale.objects.count()
    Stale.objects.bulk_create(log.marks_for(touched), ignore_conflicts=True, batch_size=BATCH)
    return Stale.objects.count() - before


def _other_days() -> bool:
    """Note the state of the office's calendar; tell whether it is another than at the last look."""
    edition = calendar_edition()
    row, made = Reading.objects.get_or_create(name=CALENDAR, defaults={"position": edition})
    if made or row.position == edition:
        return False
    row.position = edition
    row.save(update_fields=["position"])
    return True


def _locked() -> Reading:
    """Take the turn: one fill at a time reads or counts, so that no mark is lost between two."""
    Reading.objects.get_or_create(name=CHANGES)
    return Reading.objects.select_for_update().get(name=CHANGES)


def _since(gap: tuple[int, int], known: dict[tuple[int, int], str], at: datetime) -> str:
    """Say since when a gap has been waited for; what is left of one goes on waiting."""
    for (first, last), since in known.items():
        if first <= gap[0] and gap[1] <= last:
            return since
    return at.isoformat()


def _begins(source: Source, at: datetime) -> bool:
    """Note the edition of a source; tell whether everything must be counted anew for it."""
    edition = log.edition_of(source)
    row, made = Fill.objects.get_or_create(
        source=source.key, defaults={"edition": edition, "started_at": at}
    )
    if not made and row.edition == edition:
        return False
    row.edition, row.whole, row.started_at = edition, False, at
    row.state, row.position, row.cutoff = Fill.State.FILLING, 0, None
    row.save(update_fields=["edition", "whole", "started_at", "state", "position", "cutoff"])
    names = [one.name for series in log.moments_of(source).values() for one in series]
    for table in (DayCell, PeriodCell):
        old = table.objects.filter(series__startswith=f"{source.key} ").exclude(series__in=names)
        old.delete()
    Stale.objects.filter(source=source.key).delete()
    return True


def _fill_one(source: Source, at: datetime) -> Filled:
    Fill.objects.filter(source=source.key).update(
        state=Fill.State.FILLING, started_at=at, failed_at=None, reason=""
    )
    portions = 0
    while counted := count_some(source, at=at):
        portions += counted
    return Filled(source.key, portions, _finish(source, at))


@transaction.atomic
def count_some(source: Source, *, at: datetime) -> int:
    """Count one run of marked days or weeks, or a year of people; give how many marks it took."""
    _locked()
    marks = Stale.objects.filter(source=source.key).order_by("moment", "portion", "first")
    mark = marks.first()
    if mark is None:
        return 0
    same = marks.filter(moment=mark.moment, portion=mark.portion)
    soon = mark.first + timedelta(days=rolling.LONGEST_RUN)
    near = same.filter(first__gte=mark.first, first__lt=soon).values_list("first", flat=True)
    run = rolling.run_of(list(near), mark.portion)
    series = log.moments_of(source).get(mark.moment, [])
    if mark.portion == rolling.DAY:
        _count_days(source, mark, [one for one in series if not one.of], run, at)
    else:
        _count_people(source, mark, [one for one in series if one.of], run, at)
    done, _kinds = same.filter(first__gte=run.first, first__lt=run.after).delete()
    return done


def _count_days(
    source: Source, mark: Stale, series: Sequence[Series], run: Period, at: datetime
) -> None:
    if not series:
        return
    asked = counting.count_days(source, mark.moment, series, run, at)
    names = [one.name for one in series]
    DayCell.objects.filter(series__in=names, day__gte=run.first, day__lt=run.after).delete()
    bulk.insert_from(DayCell, ("series", "day", "place", "n"), *asked)


def _count_people(
    source: Source, mark: Stale, series: Sequence[Series], run: Period, at: datetime
) -> None:
    found = counting.count_people(source, mark.moment, series, mark.portion, run, at)
    keys = [period.key for period in rolling.kept_in(mark.portion, run)]
    names = [one.name for one in series]
    PeriodCell.objects.filter(series__in=names, period__in=keys).delete()
    rows = ((*key, n) for key, n in sorted(found.items()))
    bulk.insert(PeriodCell, ("series", "period", "place", "n"), rows)


@transaction.atomic
def _finish(source: Source, at: datetime) -> datetime:
    """Say that the sums hold up to the moment the log was read, if nothing was marked since."""
    reading = _locked()
    fill_of = Fill.objects.get(source=source.key)
    if not Stale.objects.filter(source=source.key).exists():
        fill_of.state, fill_of.whole = Fill.State.STANDING, True
        fill_of.position, fill_of.cutoff = reading.position, reading.until
        fill_of.finished_at = at
        fill_of.save(update_fields=["state", "whole", "position", "cutoff", "finished_at"])
    return fill_of.cutoff or at


def _fail(source: Source, failure: Exception, at: datetime) -> None:
    """Keep why a fill failed: the kind of error alone, for its words may hold values."""
    Fill.objects.filter(source=source.key).update(
        state=Fill.State.FAILED, failed_at=at, reason=type(failure).__name__[:200]
    )


@transaction.atomic
def forget(source: Source, *, at: datetime) -> None:
    """Have a source counted wholly anew by the next fill, as after a changed definition."""
    _locked()
    Fill.objects.filter(source=source.key).update(edition="", whole=False, started_at=at)
