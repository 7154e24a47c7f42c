"""Rules of a stream: its states, rehearsals, silent lines, room on the disk."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from groundwork.base.errors import RuleBroken
from groundwork.live.models import Stream
from groundwork.live.rules import pushing
from groundwork.live.rules import streams as rules
from groundwork.live.tests.make import AT

ALLOWED = {
    ("waiting", "begin"): "on_air",
    ("broken", "begin"): "on_air",
    ("on_air", "lose"): "broken",
    ("waiting", "close"): "ended",
    ("on_air", "close"): "ended",
    ("broken", "close"): "ended",
    ("ended", "reopen"): "broken",
}


@pytest.mark.parametrize(("state", "step"), [*product(Stream.State.values, rules.STEPS)])
def test_every_step_from_every_state(state, step):
    if (state, step) in ALLOWED:
        assert rules.next_state(state, step) == ALLOWED[state, step]
    else:
        with pytest.raises(RuleBroken):
            rules.next_state(state, step)


def test_a_goodbye_before_the_end_may_come_back_and_one_after_it_is_the_end():
    assert rules.after_goodbye(AT, AT + timedelta(seconds=1)) == "lose"
    assert rules.after_goodbye(AT, AT) == "close"


def test_a_stream_is_over_ten_minutes_after_its_end_and_its_last_line():
    end, minute = AT, timedelta(minutes=1)
    assert not rules.is_over("broken", end + 9 * minute, end, end - minute)
    assert rules.is_over("broken", end + 10 * minute, end, end - minute)
    assert not rules.is_over("broken", end + 10 * minute, end, end + 5 * minute)
    assert not rules.is_over("on_air", end + 600 * minute, end, None)


def test_a_broadcast_of_more_than_twelve_hours_is_a_mistake():
    rules.check_times(AT, AT + timedelta(hours=12))
    for length in (timedelta(0), timedelta(hours=13)):
        with pytest.raises(RuleBroken):
            rules.check_times(AT, AT + length)


def test_what_comes_ten_minutes_early_is_no_rehearsal_any_more():
    assert pushing.is_rehearsal(AT, AT + timedelta(minutes=11))
    assert not pushing.is_rehearsal(AT, AT + timedelta(minutes=10))


def test_a_line_gives_way_after_eight_silent_seconds():
    assert not pushing.is_silent(AT, AT - timedelta(seconds=7))
    assert pushing.is_silent(AT, AT - timedelta(seconds=8))


def test_the_disk_keeps_a_reserve_for_the_database():
    assert pushing.may_record(100, 100)
    assert not pushing.may_record(99, 100)
    assert not pushing.may_send(pushing.LEAST_FREE - 1)


def test_every_refusal_has_words_for_the_host_and_for_the_encoder():
    assert set(pushing.REFUSALS) <= set(pushing.TOLD)
    for code, words in pushing.TOLD.values():
        assert code.startswith("NetStream.Publish.")
        assert words.isascii()
