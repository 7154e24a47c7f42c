"""The pure rules of an evening, each against a slow and obvious telling of itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwork.base.clock import ZONE
from groundwork.base.workdays import Calendar
from groundwork.study.models import Evening, Theme
from groundwork.study.rules import evening as rules
from groundwork.study.rules.evening import Gathering

SIX = datetime(2026, 12, 1, 18, 0, tzinfo=ZONE)


# --- states -----------------------------------------------------------------------------------

ALLOWED = {
    "draft": {"edit", "publish", "cancel"},
    "published": {"edit", "move", "cancel", "hold"},
    "held": {"close"},
    "closed": set(),
    "cancelled": set(),
}


@pytest.mark.parametrize("state", rules.STATES)
@pytest.mark.parametrize("verb", rules.VERBS)
def test_every_pair_of_state_and_verb_is_allowed_or_refused_as_the_office_says(state, verb):
    if verb in ALLOWED[state]:
        assert rules.step(state, verb) in rules.STATES
    else:
        with pytest.raises(rules.WrongState):
            rules.step(state, verb)


def test_the_table_knows_the_states_and_themes_of_the_models():
    assert set(rules.STATES) == set(Evening.State.values)
    assert set(rules.THEMES) == set(Theme.values)


def test_a_closed_or_cancelled_evening_is_the_end():
    assert rules.verbs_in("closed") == rules.verbs_in("cancelled") == frozenset()


def test_every_state_is_reached_from_a_draft():
    reached = {"draft"}
    for _ in rules.STATES:
        reached |= {after for (before, _verb), after in rules.STEPS.items() if before in reached}
    assert reached == set(rules.STATES)


# --- length -----------------------------------------------------------------------------------


def test_ninety_minutes_are_enough_and_eighty_nine_are_not():
    rules.check_times(SIX, SIX + timedelta(minutes=90))
    with pytest.raises(rules.TooShort) as caught:
        rules.check_times(SIX, SIX + timedelta(minutes=89, seconds=59))
    assert caught.value.params == {"minutes": 90}


def test_an_evening_that_ends_before_it_starts_or_lasts_all_night_is_refused():
    with pytest.raises(rules.EndsBeforeStart):
        rules.check_times(SIX, SIX)
    with pytest.raises(rules.TooLong):
        rules.check_times(SIX, SIX + timedelta(hours=6, minutes=1))


def test_closing_waits_ten_working_days_for_the_last_roll():
    calendar = Calendar()
    ended = date(2026, 11, 24)
    with pytest.raises(rules.SheetsOpen):
        rules.check_close(1, ended, date(2026, 12, 7), calendar)
    rules.check_close(1, ended, date(2026, 12, 8), calendar)
    rules.check_close(0, ended, ended, calendar)


def test_a_term_without_one_of_the_themes_is_noticed():
    assert rules.missing_themes(["political"]) == ("professional",)
    assert rules.missing_themes(["political", "professional"]) == ()
    assert rules.alternate(3) == ["political", "professional", "political"]


# --- days -------------------------------------------------------------------------------------


def test_an_ordinary_term_has_its_tuesdays():
    days = rules.default_days(date(2026, 11, 1), date(2026, 11, 30), Calendar())
    assert [d.day for d in days] == [date(2026, 11, n) for n in (3, 10, 17, 24)]
    assert all(d.reason == "" and d.known for d in days)


def test_national_day_moves_the_evening_behind_the_holiday_and_says_why():
    # 2024: 1 October was a Tuesday; offices were open again on the 8th, itself a Tuesday, so the
    # two are one evening. In 2025 the 30th of September was the eve: the next day is 9 October.
    days = rules.default_days(date(2024, 9, 24), date(2024, 10, 8), Calendar())
    assert [(d.day, d.reason) for d in days] == [
        (date(2024, 9, 24), ""),
        (None, "holiday"),
        (date(2024, 10, 8), ""),
    ]
    days = rules.default_days(date(2025, 9, 30), date(2025, 10, 13), Calendar())
    assert [(d.day, d.reason) for d in days] == [(None, "eve"), (date(2025, 10, 9), "holiday")]


def test_a_free_tuesday_takes_the_next_working_day_even_a_make_up_saturday():
    tuesday = date(2026, 12, 1)
    free = {tuesday + timedelta(days=n): False for n in range(4)}
    calendar = Calendar(free | {date(2026, 12, 5): True})
    (moved,) = rules.default_days(tuesday, date(2026, 12, 7), calendar)
    assert (moved.day, moved.reason) == (date(2026, 12, 5), "holiday")


def test_a_year_without_a_notice_is_marked():
    (day,) = rules.default_days(date(2031, 1, 7), date(2031, 1, 7), Calendar())
    assert day.day == date(2031, 1, 7)
    assert not day.known


def slow_days(starts, ends, calendar):
    """Walk every day of the term, one after the other."""

    def fits(day):
        following = day + timedelta(days=1)
        eve = following.weekday() <= 4 and not calendar.is_working(following)
        return calendar.is_working(day) and not eve

    span = [starts + timedelta(days=n) for n in range((ends - starts).days + 1)]
    found = [
        (tuesday, next((day for day in span if day >= tuesday and fits(day)), None))
        for tuesday in span
        if tuesday.strftime("%A") == "Tuesday"
    ]
    # The later Tuesday keeps a day that two would share.
    return [
        (tuesday, day if day not in [d for _t, d in found[i + 1 :]] else None)
        for i, (tuesday, day) in enumerate(found)
    ]


@given(
    starts=st.dates(date(2024, 1, 1), date(2027, 6, 1)),
    length=st.integers(0, 120),
    overrides=st.dictionaries(st.integers(0, 120), st.booleans(), max_size=40),
)
def test_default_days_are_what_a_walk_through_the_term_finds(starts, length, overrides):
    calendar = Calendar({starts + timedelta(days=n): working for n, working in overrides.items()})
    ends = starts + timedelta(days=length)
    days = rules.default_days(starts, ends, calendar)
    assert [(d.tuesday, d.day) for d in days] == slow_days(starts, ends, calendar)
    held = [d.day for d in days if d.day]
    assert held == sorted(set(held))
    assert all((d.day == d.tuesday) == (d.reason == "") or d.day is None for d in days)


# --- nobody twice -----------------------------------------------------------------------------

PATHS = [
    "0001",
    *(f"0001000{i}" for i in (1, 2)),
    *(f"0001000{i}000{j}" for i in (1, 2) for j in (1, 2)),
]
paths = st.frozensets(st.sampled_from(PATHS), max_size=3)
homes = st.lists(
    st.lists(st.sampled_from(PATHS), min_size=1, max_size=3).map(tuple), min_size=1, max_size=6
)
gatherings = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 4), paths, paths), min_size=1, max_size=5
).map(
    lambda rows: [
        Gathering(n, SIX + timedelta(hours=start), SIX + timedelta(hours=start + long), *sets)
        for n, (start, long, *sets) in enumerate(rows)
    ]
)


def slow_expected(home, gathering):
    def lies_in(tops):
        return any(path.startswith(top) for path in home for top in tops)

    return lies_in(gathering.audience) and not lies_in(gathering.released)


@given(gatherings, homes)
def test_the_clash_found_is_the_first_one_a_person_by_person_count_finds(evenings, people):
    new, *others = evenings

    def both_run(a, b):
        hours = [SIX + timedelta(minutes=30 * n) for n in range(24)]
        return any(a.starts <= h < a.ends and b.starts <= h < b.ends for h in hours)

    clashing = [
        other
        for other in others
        if both_run(new, other)
        and any(slow_expected(h, new) and slow_expected(h, other) for h in people)
    ]
    found = rules.expected_twice(new, others, people)
    assert (found is None) == (not clashing)
    assert found is None or found in clashing


@given(homes, paths, paths)
def test_expected_means_in_the_audience_and_not_released(people, audience, released):
    gathering = Gathering(0, SIX, SIX, audience, released)
    for home in people:
        assert rules.is_expected(home, audience, released) == slow_expected(home, gathering)


def test_one_evening_may_begin_as_another_ends():
    audience = frozenset({"0001"})
    first = Gathering(1, SIX, SIX + timedelta(hours=2), audience)
    second = Gathering(2, first.ends, first.ends + timedelta(hours=2), audience)
    assert rules.expected_twice(first, [second], [("0001",)]) is None


def test_a_subtree_is_within_its_own_top_and_not_beside_it():
    assert rules.within(["00010001"], {"0001"})
    assert not rules.within(["00010001", "0002"], {"0001"})
