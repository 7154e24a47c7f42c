"""In which steps a period is drawn."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from groundwork.figures.rules.periods import half_of, month_of, week_of, year_of
from groundwork.figures.rules.steps import steps_in

DAY = date(2026, 11, 24)


def test_a_period_is_drawn_by_day_by_week_or_by_month_and_never_ahead_of_today():
    assert [len(steps_in(p, date(2027, 1, 1))) for p in (week_of(DAY), month_of(DAY))] == [7, 6]
    assert len(steps_in(half_of(DAY), date(2027, 1, 1))) == 6
    assert len(steps_in(year_of(DAY), DAY)) == 11
    assert [step.kind for step in steps_in(month_of(DAY), DAY)][:2] == ["span", "week"]
    for period in (week_of(DAY), month_of(DAY), half_of(DAY), year_of(DAY)):
        steps = steps_in(period, date(2101, 1, 1))
        assert (steps[0].first, steps[-1].after) == (period.first, period.after)
        assert all(a.after == b.first for a, b in pairwise(steps))
