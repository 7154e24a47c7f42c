"""The city's calendar as the office keeps it."""

from __future__ import annotations

from groundwork.base.models import DayOverride
from groundwork.base.workdays import Calendar


def calendar() -> Calendar:
    """Load the calendar: the notices as seed, the office's overrides on top."""
    return Calendar(dict(DayOverride.objects.values_list("day", "working")))
