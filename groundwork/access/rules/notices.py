"""When a notice may leave the house: quiet hours, the daily letter, digest instead of floods."""

from __future__ import annotations

from datetime import datetime, time, timedelta

QUIET_FROM, QUIET_TO = time(21, 30), time(7, 30)  # until somebody chooses otherwise
DIGEST_AT = time(17, 0)  # the daily letter comes before the evening begins
FLOOD = 5  # letters within an hour; what follows waits and comes as one
FLOOD_WINDOW = timedelta(hours=1)


def in_quiet(at: datetime, quiet_from: time, quiet_to: time) -> bool:
    """Tell whether `at` (in the city's time) lies in the quiet hours; equal ends mean none."""
    if quiet_from == quiet_to:
        return False
    clock = at.time().replace(tzinfo=None)
    if quiet_from < quiet_to:
        return quiet_from <= clock < quiet_to
    return clock >= quiet_from or clock < quiet_to


def after_quiet(at: datetime, quiet_from: time, quiet_to: time) -> datetime:
    """Give the first moment from `at` on that is not quiet: deferred, never lost."""
    if not in_quiet(at, quiet_from, quiet_to):
        return at
    end = datetime.combine(at.date(), quiet_to, tzinfo=at.tzinfo)
    return end if end > at else end + timedelta(days=1)


def next_digest(at: datetime, quiet_from: time, quiet_to: time) -> datetime:
    """Give the moment of the next daily letter."""
    due = datetime.combine(at.date(), DIGEST_AT, tzinfo=at.tzinfo)
    if due <= at:
        due += timedelta(days=1)
    return after_quiet(due, quiet_from, quiet_to)
