"""When somebody can: patterns and days spread out, against minute by minute; no city needed."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwork.base.clock import ZONE
from groundwork.duty.rules import times as rules
from groundwork.duty.rules.needs import BadHours, span_on

FIRST = date(2026, 11, 24)  # a Tuesday
DAY = rules.DAY


def hour(minute: int) -> str:
    """Write minutes as an hour."""
    return f"{minute // 60:02}:{minute % 60:02}"


hours_of_day = st.lists(
    st.tuples(
        st.integers(0, 95).map(lambda q: hour(q * 15)),
        st.integers(0, 96).map(lambda q: hour(q * 15)),
    ).map(list),
    max_size=3,
)
some_times = st.fixed_dictionaries(
    {
        "week": st.dictionaries(st.sampled_from("1234567"), hours_of_day, max_size=7),
        "days": st.dictionaries(
            st.integers(-2, 6).map(lambda n: (FIRST + timedelta(days=n)).isoformat()),
            hours_of_day,
            max_size=4,
        ),
    }
)


def minutes_by_hand(times, first, days):
    """Give every quarter of an hour in which somebody can, the slow and obvious way."""
    free = set()
    for offset in range(-1, days + 2):
        day = first + timedelta(days=offset)
        hours = times["days"].get(day.isoformat(), times["week"].get(str(day.isoweekday()), []))
        for start, end in hours:
            a, b = rules.minute_of(start), rules.minute_of(end)
            b += DAY if b <= a else 0
            free |= {offset * DAY + m for m in range(a, b, 15)}
    return free


@given(some_times, st.integers(1, 4))
def test_windows_are_just_the_minutes_that_were_said(times, days):
    rules.check_times(times)
    found = rules.windows(times, FIRST, days)
    free = minutes_by_hand(times, FIRST, days)
    horizon = range(0, days * DAY, 15)
    covered = {m for m in horizon if any(a <= m < b for a, b in found)}
    assert covered == {m for m in horizon if m in free}
    assert found == sorted(found)
    assert all(a < b for a, b in found)
    assert all(before[1] < after[0] for before, after in itertools.pairwise(found))
    assert all(0 <= a < days * DAY for a, _b in found)


@given(some_times, st.integers(0, 95), st.integers(1, 96))
def test_who_can_stand_a_shift_is_free_in_each_of_its_minutes(times, start, quarters):
    begins = datetime.combine(FIRST, datetime.min.time(), ZONE) + timedelta(minutes=15 * start)
    ends = begins + timedelta(minutes=15 * quarters)
    free = minutes_by_hand(times, FIRST, 3)
    asked = set(range(15 * start, 15 * (start + quarters), 15))
    assert rules.can_stand(times, begins, ends) == (asked <= free)


@given(
    some_times,
    st.dictionaries(
        st.integers(0, 6),
        st.sets(st.sampled_from([code for code, _start, _end in rules.SLOTS])),
        max_size=5,
    ),
)
def test_a_day_ticked_by_hand_says_just_its_ticks(times, ticks):
    week_only = {"week": {}, "days": {}}
    chosen = {FIRST + timedelta(days=n): codes for n, codes in ticks.items()}
    told = rules.with_days(week_only, chosen)
    rules.check_times(told)
    for day, codes in chosen.items():
        before = chosen.get(day - timedelta(days=1), set())
        reached = rules.slots_of(told, day)
        assert codes <= reached
        assert reached - codes == set() or "night" in before  # a night ends in the morning


def test_a_pattern_of_one_tap_is_known_again_and_single_days_differ_from_it():
    for pattern in rules.PATTERNS:
        times = {"week": rules.week_of(pattern), "days": {}}
        assert rules.said(times) == pattern.code
        rules.check_times(times)
    evenings = {"week": rules.week_of(rules.pattern_of("evenings"))}
    assert rules.slots_of(evenings, FIRST) == {"evening"}
    same = rules.with_days(evenings, {FIRST: ["evening"]})
    assert same["days"] == {}  # what the week says already is not written down twice
    off = rules.with_days(evenings, {FIRST: []})
    assert off["days"] == {FIRST.isoformat(): []}
    assert rules.windows(off, FIRST, 1) == []


def test_a_night_goes_on_into_the_next_day_and_the_evening_before_counts():
    night = {"week": {}, "days": {FIRST.isoformat(): [["22:00", "08:00"]]}}
    assert rules.windows(night, FIRST, 1) == [(22 * 60, 32 * 60)]
    assert rules.windows(night, FIRST + timedelta(days=1), 1) == [(0, 8 * 60)]
    begins, ends = span_on(FIRST, "22:00", "06:00", ZONE)
    assert (begins.day, ends.day, ends - begins) == (24, 25, timedelta(hours=8))
    assert rules.can_stand(night, begins, ends)
    assert not rules.can_stand(night, begins - timedelta(hours=1), ends)


@pytest.mark.parametrize(
    "times",
    [
        {"week": {"8": []}},
        {"week": {"1": [["17:00"]]}},
        {"week": {"1": [["5pm", "22:00"]]}},
        {"week": {"1": [["24:00", "08:00"]]}},
        {"week": {"1": [["17:00", "25:00"]]}},
        {"week": {"1": [["17:60", "18:00"]]}},
        {"days": {"2026-13-01": []}},
        {"days": {"today": []}},
        {"why": "sick"},  # nobody says why not
    ],
)
def test_times_that_are_none_are_refused(times):
    with pytest.raises(rules.BadTimes):
        rules.check_times(times)


def test_a_shift_begins_on_a_day_and_not_at_its_end():
    with pytest.raises(BadHours):
        span_on(FIRST, "24:00", "08:00", ZONE)
    begins, ends = span_on(FIRST, "08:00", "24:00", ZONE)
    assert ends - begins == timedelta(hours=16)
