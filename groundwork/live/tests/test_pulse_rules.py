"""What counts as watched, rule by rule; no database, no clock."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwork.base.clock import ZONE
from groundwork.live.rules import pacing
from groundwork.live.rules.audience import columns_of, draw_audience
from groundwork.live.rules.figures import PAUSE, count_figures, settled_minute
from groundwork.live.rules.pacing import LATEST, OFFICE, SOONEST, Draws, Slots, must_refuse
from groundwork.live.rules.pulse import REFUSALS, WINDOW, Hours, judge, minute_at, watch_hours
from groundwork.live.rules.tokens import SIGNS, read_token, sign_token

START = datetime(2020, 5, 19, 18, 15, tzinfo=ZONE)
END = START + timedelta(minutes=105)
HOURS = watch_hours(START, END, None)
KEY, OTHER = b"k" * 32, b"o" * 32


def at(minute: float) -> float:
    return HOURS.origin + minute * 60


def test_minutes_count_from_half_an_hour_before_by_the_servers_clock():
    assert minute_at(HOURS, START.timestamp()) == 30
    assert minute_at(HOURS, HOURS.origin - 1) == -1
    assert minute_at(HOURS, HOURS.ends + 900) == minute_at(HOURS, HOURS.ends)


def test_what_has_ended_ends_its_minutes_but_takes_pulses_a_quarter_of_an_hour_longer():
    ended = watch_hours(START, END, END + timedelta(minutes=3))
    assert minute_at(ended, ended.ends) == 30 + 105 + 3
    assert ended.until - ended.ends == 15 * 60
    assert judge(ended, ended.until - 1, 30, minute_at(ended, ended.ends), 1) == ""
    assert judge(ended, ended.until, 30, minute_at(ended, ended.ends), 1) == "over"
    # its last minute is its last: nobody watches what is over
    assert judge(ended, ended.ends + 300, 30, minute_at(ended, ended.ends) + 1, 1) == "not_yet"


def test_a_page_claims_what_it_played_and_may_say_it_again():
    assert judge(HOURS, at(40), 30, 40, 0b1011) == ""
    assert judge(HOURS, at(40) + 59, 30, 40, 0b1011) == ""
    assert judge(HOURS, at(60), 30, 40, 0b1011) == ""  # late, out of order or doubled


def test_a_page_that_counts_on_after_the_end_claims_only_what_was():
    last = minute_at(HOURS, HOURS.ends)
    assert judge(HOURS, HOURS.ends + 300, 30, last + 5, 0b1100000) == ""
    assert judge(HOURS, HOURS.ends + 300, 30, last + 5, 0b1110000) == "not_yet"


def test_nobody_has_played_a_minute_that_has_not_begun():
    assert judge(HOURS, at(40) - 0.1, 30, 40, 1) == "not_yet"  # a phone's clock that is ahead
    assert judge(HOURS, at(-1), 0, 0, 1) == "not_yet"


def test_a_phone_that_slept_half_an_hour_claims_nothing_of_before():
    assert judge(HOURS, at(40 + WINDOW) - 0.1, 30, 40, 1) == ""
    assert judge(HOURS, at(40 + WINDOW), 30, 40, 1) == "late"


def test_a_robot_with_a_new_token_has_not_watched_the_evening():
    assert judge(HOURS, at(60), 60, 60, 0b111) == ""  # two minutes before it got through
    assert judge(HOURS, at(60), 60, 60, 0b1111) == "before_draw"
    assert judge(HOURS, at(1), 0, 1, 0b111) == "before_draw"  # nor what was before the origin


def test_to_claim_nothing_asks_where_the_stream_is():
    assert judge(HOURS, at(40), 40, 0, 0) == ""
    assert judge(HOURS, HOURS.until, 40, 0, 0) == "over"


@given(
    seconds=st.integers(-600, 15_000),
    drawn=st.integers(0, 200),
    m=st.integers(0, 300),
    bits=st.integers(1, 2**WINDOW - 1),
)
def test_no_claim_reaches_out_of_the_time_its_token_was_there(seconds, drawn, m, bits):
    now = seconds / 60
    if judge(HOURS, HOURS.origin + seconds, drawn, m, bits):
        return
    claimed = [m - k for k in range(WINDOW) if bits >> k & 1]
    assert max(claimed) <= now
    assert min(claimed) >= max(0, drawn - 2)
    assert min(claimed) > now - 2 * WINDOW
    # so that a token claims at most as many minutes as it is old, and the two before
    assert len(claimed) <= now - drawn + 4


def test_every_refusal_has_a_status_and_a_sentence():
    for code, (status, sentence) in REFUSALS.items():
        assert 400 <= status < 500, code
        assert sentence.endswith("."), code


# ---- tokens -----------------------------------------------------------------------------------
@given(number=st.integers(0, 2**28 - 1), drawn=st.integers(0, 2**16 - 1))
def test_a_token_says_its_number_and_minute_to_who_holds_the_key(number, drawn):
    token = sign_token(KEY, number, drawn)
    assert len(token) == SIGNS
    assert read_token(KEY, token) == (number, drawn)
    assert read_token(OTHER, token) is None  # of another evening


@given(place=st.integers(0, SIGNS - 1), sign=st.sampled_from("0123456789abcdef zé"))
def test_a_token_with_one_sign_changed_is_forged(place, sign):
    token = sign_token(KEY, 123_456, 40)
    changed = token[:place] + sign + token[place + 1 :]
    assert changed == token or read_token(KEY, changed) is None


@given(st.text(max_size=30))
def test_what_is_no_token_is_none(text):
    assert read_token(KEY, text) is None


# ---- when the next one is due -----------------------------------------------------------------
def test_a_small_audience_speaks_every_half_minute():
    slots = Slots(100)
    assert [slots.take(1000) for _ in range(50)] == [SOONEST] * 50


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 400)), min_size=1, max_size=200),
    st.integers(1, 300),
)
def test_no_second_is_promised_to_more_than_it_has_room_for(arrivals, per_second):
    slots, now, promised = Slots(per_second), 5_000, {}
    for gap, n in arrivals:
        now += gap
        due = slots.take(now, n)
        assert SOONEST <= due <= LATEST
        if due < LATEST:
            promised[now + due] = promised.get(now + due, 0) + n
    # a batch is never torn apart: a second has at most one batch more than its room
    largest = max(n for _gap, n in arrivals)
    assert max(promised.values(), default=0) < per_second + largest


def test_a_million_pages_are_spread_evenly_and_more_are_told_the_latest():
    slots = Slots(5_000)
    dues = [slots.take(0, 100) for _ in range(25_000)]
    per_due = {due: 100 * dues.count(due) for due in set(dues)}
    assert max(n for due, n in per_due.items() if due < LATEST) == 5_000
    assert dues[-1] == LATEST


def test_time_gives_room_back_and_a_clock_set_back_does_no_harm():
    slots = Slots(10)
    assert [slots.take(100, 10) for _ in range(3)] == [30, 31, 32]
    assert slots.take(101, 10) == 32  # 133 is the first second with room
    assert slots.take(160, 10) == SOONEST
    assert slots.take(50, 10) == SOONEST


def test_a_full_queue_or_a_hanging_disk_says_no():
    assert not must_refuse(10, 100, 0.5, 2.0)
    assert must_refuse(100, 100, 0.5, 2.0)
    assert must_refuse(10, 100, 2.1, 2.0)


def test_an_office_draws_at_once_and_a_robot_does_not_draw_a_city():
    draws = Draws()
    assert all(draws.allow(1, 0.0) for _ in range(OFFICE))
    assert not draws.allow(1, 0.0)
    assert draws.allow(2, 0.0)  # next door nobody notices
    assert sum(draws.allow(1, 60.0) for _ in range(OFFICE)) == 600  # ten a second come back


def test_addresses_are_remembered_in_bounded_room(monkeypatch):
    monkeypatch.setattr(pacing, "MOST_ADDRESSES", 50)
    draws = Draws()
    for address in range(200):
        draws.allow(address, 0.0)
    assert len(draws.at) <= 51


# ---- figures ----------------------------------------------------------------------------------
def slow_figures(columns, minutes):
    """Count browser by browser, minute by minute, as one would on paper."""
    plays = viewers = 0
    curve = [0] * minutes
    for rows in (np.unpackbits(chunk, axis=1).T for chunk in columns):
        for row in rows:
            played = [m for m in range(min(minutes, len(row))) if row[m]]
            viewers += bool(played)
            last = None
            for minute in played:
                curve[minute] += 1
                plays += last is None or minute - last > PAUSE
                last = minute
    peak = max(curve, default=0)
    return plays, viewers, peak, curve.index(peak) if peak else None, tuple(curve)


@given(st.integers(1, 40), st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_the_figures_equal_a_count_on_paper(minutes, seed, density):
    rng = np.random.default_rng(seed)
    chunks = [
        np.packbits(rng.random((minutes, 64)) < density, axis=1) for _ in range(rng.integers(0, 3))
    ]
    found = count_figures(chunks, minutes)
    counted = (found.plays, found.viewers, found.peak, found.peak_minute, found.curve)
    assert counted == slow_figures(chunks, minutes)


def one(minutes: int, *played: int):
    chunk = np.zeros((minutes, 8), np.uint8)
    chunk[list(played), 0] = 0x80
    return count_figures([chunk], minutes)


def test_a_pause_of_five_minutes_begins_a_new_play_and_a_shorter_one_does_not():
    assert one(20, 3, 4, 10).plays == 2  # 5..9 not played
    assert one(20, 3, 4, 9).plays == 1
    assert one(20, 3, 4, 9).viewers == 1


def test_nobody_watched_is_no_peak():
    assert count_figures([], 5) == one(5)
    assert one(5).peak_minute is None


def test_now_is_a_minute_whose_pulses_must_all_be_in():
    assert settled_minute(40, 30) == 39
    assert settled_minute(40, 50) == 38
    assert settled_minute(40, 420) == 32


def test_the_model_audience_comes_in_a_rush_and_stays_inside_the_evening():
    came, left, away, back = draw_audience(20_000, 30, 120, np.random.default_rng(7))
    assert (came < left).all()
    assert (left <= 120).all()
    assert ((came <= away) & (away <= back) & (back <= left)).all()
    rush = ((came >= 25) & (came < 35)).mean()
    assert 0.65 < rush < 0.8
    found = count_figures(columns_of(20_000, 30, 120, 125, np.random.default_rng(7)), 125)
    assert found.viewers == 20_000
    assert found.curve[120] == 0
    assert 30 <= (found.peak_minute or 0) <= 60


def test_hours_are_whole_minutes():
    assert isinstance(HOURS, Hours)
    assert HOURS.origin % 60 == 0


@pytest.mark.parametrize("hours", [1, 30])
def test_an_evening_without_end_does_not_count_without_end(hours):
    found = watch_hours(START, START + timedelta(hours=hours), None)
    assert found.ends - found.origin <= 12 * 3600
