"""Deadlines in working days, and the light a deadline shows."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from groundwork.base.workdays import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE_ENDS = time(17, 30)
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
