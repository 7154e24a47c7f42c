"""One clock for the city, in Asia/Shanghai; tests and the demo city may set it."""

from __future__ import annotations

import time as machine
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_fixed: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """Tell the time, aware, in Asia/Shanghai."""
    return _fixed.get() or datetime.now(ZONE)


def seconds() -> float:
    """Tell the time in seconds since 1970, for who asks it thousands of times a second."""
    fixed = _fixed.get()
    return machine.time() if fixed is None else fixed.timestamp()


def today() -> date:
    """Tell the day it is in the city."""
    return now().astimezone(ZONE).date()


def day_of(moment: datetime) -> date:
    """Tell on which day of the city an aware moment falls."""
    return moment.astimezone(ZONE).date()


def local(day: date, at: time) -> datetime:
    """Make an aware moment from a day and a wall-clock time of the city."""
    return datetime.combine(day, at, tzinfo=ZONE)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` inside the block."""
    if moment.tzinfo is None:
        raise ValueError("clock.at needs an aware datetime")
    token = _fixed.set(moment.astimezone(ZONE))
    try:
        yield
    finally:
        _fixed.reset(token)
