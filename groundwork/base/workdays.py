"""Working days: the State Council's notices as seed, the office's own table on top.

No Django here. The notices come from `chinesecalendar`, which ends with the year of the last
notice; from there the rule is Monday to Friday, and `known` says so, until the office enters the
next notice into the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import chinese_calendar

FIRST_YEAR, LAST_YEAR = 2004, max(day.year for day in chinese_calendar.holidays)


@dataclass(frozen=True)
class Calendar:
    """Tell working days from holidays; `overrides` maps a day to working or not."""

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def known(self, day: date) -> bool:
        """Tell whether a notice or the office's table covers the year of `day`."""
        return FIRST_YEAR <= day.year <= LAST_YEAR or any(
            entry.year == day.year for entry in self.overrides
        )

    def is_working(self, day: date) -> bool:
        """Tell whether offices work on `day`."""
        if day in self.overrides:
            return self.overrides[day]
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < 5

    def add(self, day: date, n: int) -> date:
        """Go `n` ≥ 0 working days on from `day`, which itself does not count."""
        if n < 0:
            raise ValueError("n counts forward")
        while n:
            day += timedelta(days=1)
            n -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`."""
        days = (end - start).days
        return sum(self.is_working(start + timedelta(days=i)) for i in range(1, days + 1))
