"""The rules of the television inquiry, without a database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product

import pytest

from groundwork.base.clock import ZONE
from groundwork.campaigns.rules import inquiry as rules

HOUR = datetime(2026, 11, 26, 20, 30, tzinfo=ZONE)
WAYS = {
    ("planned", "open_vote"): "voting",
    ("voting", "close_vote"): "following",
    ("planned", "follow"): "following",
    ("following", "close"): "closed",
    ("closed", "reopen"): "following",
    ("planned", "call_off"): "called_off",
    ("voting", "call_off"): "called_off",
    ("following", "call_off"): "called_off",
}


@pytest.mark.parametrize(("state", "verb"), list(product(rules.STATES, rules.VERBS)))
def test_the_table_knows_these_ways_and_no_other(state, verb):
    wanted = WAYS.get((state, verb))
    assert rules.can(state, verb) == (wanted is not None)
    if wanted is None:
        with pytest.raises(rules.WrongState):
            rules.step(state, verb)
    else:
        assert rules.step(state, verb) == wanted


def test_every_state_is_reached_and_what_is_called_off_stays_so():
    reached = {"planned"}
    while fresh := {to for (at, _v), to in rules.STEPS.items() if at in reached} - reached:
        reached |= fresh
    assert reached == set(rules.STATES)
    assert not any(state == rules.OFF for state, _verb in rules.STEPS)


def test_an_evening_is_everybodys_from_its_hour_on_but_never_once_called_off():
    second = timedelta(seconds=1)
    assert not rules.is_aired("planned", HOUR, HOUR - second)
    assert rules.is_aired("planned", HOUR, HOUR)
    assert not rules.is_aired("called_off", HOUR, HOUR + second)
    rules.check_before(HOUR, HOUR - second)
    with pytest.raises(rules.Aired):
        rules.check_before(HOUR, HOUR)


def test_what_ended_well_is_looked_at_again_after_ninety_days():
    assert rules.relapse_on("solved", date(2026, 11, 1)) == date(2027, 1, 30)
    assert rules.relapse_on("unit_done", date(2026, 11, 1)) == date(2027, 1, 30)
    for state in ("withdrawn", "merged", "declined", "handling"):
        assert rules.relapse_on(state, date(2026, 11, 1)) is None
    rules.check_relapse(date(2027, 1, 30), date(2027, 1, 30))
    for due, today in ((date(2027, 1, 30), date(2027, 1, 29)), (None, date(2027, 1, 30))):
        with pytest.raises(rules.TooEarly):
            rules.check_relapse(due, today)


def test_nobody_of_the_unit_or_below_it_looks_at_its_work():
    rules.check_hands("00010003", ("00010002", "000100020001"))
    rules.check_hands(None, ("00010002",))  # without a unit: a citizen on the jury
    for own in ("00010002", "000100020009"):
        with pytest.raises(rules.OtherHands):
            rules.check_hands(own, ("00010002",))


@pytest.mark.parametrize(
    "url",
    [
        "http://tv.example.cn/1",
        "javascript:alert(1)",
        "https://",
        "https://a:b@tv.example.cn/",
        "https://tv.example.cn:8443/",
        "https://tv.example.cn/ 1",
        "https://[tv",
        "https://tv.example.cn/" + "1" * 500,
    ],
)
def test_a_link_is_plain_https(url):
    assert rules.check_link(" https://tv.example.cn/v/1 ") == "https://tv.example.cn/v/1"
    with pytest.raises(rules.BadLink):
        rules.check_link(url)


def test_words_have_a_length():
    assert rules.clean_words("  三天内盖好。 ") == "三天内盖好。"
    for text in ("好", "好" * 501):
        with pytest.raises(rules.BadWords):
            rules.clean_words(text)
