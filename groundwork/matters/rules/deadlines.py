"""Deadlines in working days, and the light a deadline shows."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from groundwork.base.workdays import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE_ENDS = time(17, 30)
ASK_DAYS = 7  # working days for the raiser to say whether it is solved
LONGEST_EXTENSION = 60  # working days from today; what takes longer is answered in stages
OWED_STATES = ("raised", "accepted", "assigned", "handling", "outside", "redo")
Light = Literal["green", "amber", "red"]


def due(calendar: Calendar, start: datetime, days: int) -> datetime:
    """Give the end of the office's `days`-th working day after `start`, whose day does not count.

    0 days is the same working day; what comes in after hours or on a free day, the next one.
    """
    local = start.astimezone(ZONE)
    day = local.date()
    if days == 0 and (local.time() >= OFFICE_ENDS or not calendar.is_working(day)):
        days = 1
    return datetime.combine(calendar.add(day, days), OFFICE_ENDS, ZONE)


def moved(calendar: Calendar, due_at: datetime, days: int) -> datetime:
    """Move a deadline by working days, on or back, at the same hour of the day."""
    local = due_at.astimezone(ZONE)
    day = calendar.add(local.date(), max(days, 0))
    for _one in range(-days):
        day -= timedelta(days=1)
        while not calendar.is_working(day):
            day -= timedelta(days=1)
    return datetime.combine(day, local.time(), ZONE)


def light(calendar: Calendar, due_at: datetime, at: datetime) -> Light:
    """Tell red past the deadline, amber on its last working day, green before."""
    if at > due_at:
        return "red"
    last = due_at.astimezone(ZONE).date()
    before = last - timedelta(days=1)
    while not calendar.is_working(before):
        before -= timedelta(days=1)
    begins = datetime.combine(before, OFFICE_ENDS, ZONE)
    return "amber" if at >= begins else "green"


def amber_until(calendar: Calendar, at: datetime) -> datetime:
    """Give the moment before which a deadline not yet past shows amber at `at`.

    The same rule as `light`, as one bound, so that a list can be narrowed by it.
    """
    local = at.astimezone(ZONE)
    day = local.date()
    if local.timetz().replace(tzinfo=None) >= OFFICE_ENDS:
        day += timedelta(days=1)
    while not calendar.is_working(day):
        day += timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time.min, ZONE)


def owed(
    state: str,
    *,
    accept_by: datetime | None,
    reply_by: datetime | None,
    solve_by: datetime | None,
    replied: bool,
) -> datetime | None:
    """Give the next deadline the office owes in `state`; None where the next word is not its own.

    The clock of a matter is its raiser's: it begins with the raising (accept) and the acceptance
    (first reply, solve), and handing the matter on does not move it.
    """
    if state not in OWED_STATES:
        return None
    if state == "raised":
        return accept_by
    waiting = [solve_by] if replied else [reply_by, solve_by]
    return min((moment for moment in waiting if moment is not None), default=None)


def levels_late(calendar: Calendar, due_at: datetime, at: datetime) -> int:
    """Count the levels to be told of a missed deadline: one at once, one more a working day.

    0 before the deadline; the further ones at the same hour of the following working days.
    """
    if at <= due_at:
        return 0
    first, last = due_at.astimezone(ZONE), at.astimezone(ZONE)
    days = calendar.between(first.date(), last.date())
    if calendar.is_working(last.date()) and last.time() < first.time():
        days -= 1
    return 1 + days
