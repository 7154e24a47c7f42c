"""Periodic work with a database lease: one process runs a job, whoever comes first."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from groundwork.base import clock
from groundwork.base.models import Lease


@dataclass(frozen=True)
class Job:
    """A function to be run every so often."""

    name: str
    every: timedelta
    run: Callable[[], None]


JOBS: dict[str, Job] = {}
HOLDER = f"{socket.gethostname()}:{os.getpid()}"
RETRY = timedelta(minutes=5)
LONGEST = timedelta(minutes=15)  # a job whose process died may be taken over after this


def every(interval: timedelta) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function to be run every `interval`."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        name = f"{function.__module__}.{function.__name__}"
        JOBS[name] = Job(name, interval, function)
        return function

    return register


def run_due(*, at: datetime | None = None) -> list[str]:
    """Run every job that is due and that no other process holds; name those that ran.

    A job that fails is tried again after `RETRY` and does not keep the others waiting; the
    failures are raised together at the end, as an ExceptionGroup.
    """
    now = at or clock.now()
    ran: list[str] = []
    failures: list[Exception] = []
    # One look at all of them: to try and take each would write as often as there are jobs, each
    # second, on a database that lets one write at a time.
    rows = Lease.objects.filter(name__in=JOBS).values_list("name", "ran_at", "until")
    left = {name: (ran_at, until) for name, ran_at, until in rows}
    for job in JOBS.values():
        ran_at, until = left.get(job.name, (None, None))
        early = ran_at is not None and ran_at > now - job.every
        if early or (until is not None and until > now) or not _take(job, now):
            continue
        mine = Lease.objects.filter(name=job.name, holder=HOLDER)
        try:
            job.run()
        except Exception as failure:  # another job must not wait for this one to be mended
            mine.update(until=now + RETRY)
            failures.append(failure)
        else:
            mine.update(ran_at=now, until=None)
            ran.append(job.name)
    if failures:
        raise ExceptionGroup("scheduled jobs failed", failures)
    return ran


def _take(job: Job, now: datetime) -> bool:
    Lease.objects.get_or_create(name=job.name)
    due = Q(ran_at=None) | Q(ran_at__lte=now - job.every)
    free = Q(until=None) | Q(until__lte=now)
    taken = Lease.objects.filter(due, free, name=job.name).update(
        holder=HOLDER, until=now + LONGEST
    )
    return bool(taken)
