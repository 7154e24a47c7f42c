"""In which steps a period is drawn: its days, its weeks or its months, each cut to it."""

from __future__ import annotations

from datetime import date, timedelta

from groundwork.figures.rules.periods import Period, months_in, week_of

MOST_DAYS, MOST_WEEKS = 16, 70  # days of a period that is drawn day by day, week by week


def steps_in(period: Period, today: date) -> list[Period]:
    """Cut a period into steps that fit a curve; none that has not begun by `today`."""
    if period.days <= MOST_DAYS:
        steps = days_in(period)
    elif period.days <= MOST_WEEKS:
        steps = weeks_in(period)
    else:
        steps = months_in(period)
    return [step for step in steps if step.first <= today]


def days_in(period: Period) -> list[Period]:
    """List the days of a period, in order."""
    days = (period.first + timedelta(days=n) for n in range(period.days))
    return [Period(day, day + timedelta(days=1), "day") for day in days]


def weeks_in(period: Period) -> list[Period]:
    """List the weeks from Monday that a period touches, each cut to it, in order."""
    weeks, first = [], period.first
    while first < period.after:
        week = week_of(first)
        after = min(week.after, period.after)
        whole = first == week.first and after == week.after
        weeks.append(Period(first, after, "week" if whole else "span"))
        first = after
    return weeks
