"""Deadlines against an implementation so slow that it is obvious, over 2004 to 2027."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import chinese_calendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from groundwork.base.clock import ZONE
from groundwork.base.workdays import Calendar
from groundwork.matters.rules import deadlines

HOUR = timedelta(hours=1)
SECONDS = 752_000_000  # to the end of October 2027
moments = st.integers(0, SECONDS).map(
    lambda seconds: datetime(2004, 1, 1, tzinfo=ZONE) + timedelta(seconds=seconds)
)
overrides = st.dictionaries(
    st.dates(date(2004, 1, 1), date(2027, 12, 31)), st.booleans(), max_size=30
)


def works(changed: dict[date, bool], day: date) -> bool:
    """Say whether offices work: the office's table, else the notice, else Monday to Friday."""
    if day in changed:
        return changed[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # no notice yet
        return day.weekday() in (0, 1, 2, 3, 4)


def closings(changed: dict[date, bool], start: datetime, upto: datetime) -> list[datetime]:
    """List every half past five of a working day after `start` and not after `upto`, by walking."""
    found, day = [], start.date()
    while day <= upto.date():
        closing = datetime.combine(day, time(17, 30), ZONE)
        if works(changed, day) and start < closing <= upto:
            found.append(closing)
        day += timedelta(days=1)
    return found


def slow_due(changed: dict[date, bool], start: datetime, days: int) -> datetime:
    """Walk over the closings: the first of the same day does not count, unless 0 days are given."""
    far = start + timedelta(days=3 * days + 60)
    after = closings(changed, start, far)
    if days:
        after = [moment for moment in after if moment.date() > start.date()]
        return after[days - 1]
    return after[0]


@given(moments, st.integers(0, 60), overrides)
@example(datetime(2026, 9, 30, 17, 30, tzinfo=ZONE), 0, {})  # the last minute before a long week
@example(datetime(2026, 9, 30, 17, 29, 59, tzinfo=ZONE), 0, {})
@example(datetime(2020, 1, 23, 9, 0, tzinfo=ZONE), 1, {})  # a holiday made longer by notice
@example(datetime(2027, 2, 5, 9, 0, tzinfo=ZONE), 3, {date(2027, 2, 8): False})
def test_a_deadline_is_where_walking_day_by_day_leads(start, days, changed):
    assert deadlines.due(Calendar(changed), start, days) == slow_due(changed, start, days)


@given(moments, st.integers(0, 15), st.integers(-24 * 20, 24 * 20), overrides)
def test_a_light_is_what_counting_the_closings_left_says(start, days, hours, changed):
    city = Calendar(changed)
    due_at = deadlines.due(city, start, days)
    at = due_at + hours * HOUR
    left = closings(changed, at, due_at) if at < due_at else []
    slow = "red" if at > due_at else "amber" if len(left) <= 1 else "green"
    if at == due_at:
        slow = "amber"
    assert deadlines.light(city, due_at, at) == slow
    # The bound that lists are narrowed by says the same as the light of one matter.
    assert (due_at < deadlines.amber_until(city, at)) == (slow != "green")


@given(moments, st.integers(0, 15), st.integers(-200, 24 * 25), overrides)
def test_each_closing_missed_after_the_deadline_is_one_level_more(start, days, hours, changed):
    city = Calendar(changed)
    due_at = deadlines.due(city, start, days)
    at = due_at + hours * HOUR
    slow = 0 if at <= due_at else 1 + len(closings(changed, due_at, at))
    assert deadlines.levels_late(city, due_at, at) == slow


def test_what_is_owed_next_is_the_nearer_promise_until_somebody_said_a_word():
    a, b, c = (datetime(2026, 11, day, 17, 30, tzinfo=ZONE) for day in (24, 26, 30))
    promise = {"accept_by": a, "reply_by": b, "solve_by": c}
    assert deadlines.owed("raised", **promise, replied=False) == a
    assert deadlines.owed("accepted", **promise, replied=False) == b
    assert deadlines.owed("handling", **promise, replied=True) == c
    assert deadlines.owed("redo", **promise, replied=True) == c
    for state in ("answered", "solved", "unit_done", "declined", "withdrawn", "merged"):
        assert deadlines.owed(state, **promise, replied=False) is None


@pytest.mark.parametrize("state", ["accepted", "assigned", "handling", "outside", "redo"])
def test_who_solves_before_replying_owes_no_later_reply(state):
    early, late = (datetime(2026, 11, day, 17, 30, tzinfo=ZONE) for day in (24, 30))
    owed = deadlines.owed(state, accept_by=None, reply_by=late, solve_by=early, replied=False)
    assert owed == early
