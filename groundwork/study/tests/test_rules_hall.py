"""What the hall shows when, and a question's way to the speaker: tables, no database."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product

import pytest

from groundwork.base.clock import ZONE
from groundwork.study.rules import hall as rules
from groundwork.study.rules.hall import Signal
from groundwork.study.rules.roll import Hours

STARTS = datetime(2026, 11, 24, 18, 15, tzinfo=ZONE)
ENDS = STARTS + timedelta(minutes=95)
MINUTE = timedelta(minutes=1)
HOURS = Hours("published", STARTS, ENDS, True)
EMBEDDED, OUTSIDE, UPLOAD = Signal("embedded", "waiting"), Signal("outside"), Signal("upload")


@pytest.mark.parametrize(
    ("signal", "at", "face"),
    [
        (Signal(), STARTS, "none"),
        (EMBEDDED, STARTS - MINUTE, "before"),
        (EMBEDDED, STARTS + MINUTE, "before"),  # nobody sends yet: it has not begun
        (EMBEDDED, ENDS + MINUTE, "ended"),
        (Signal("embedded", "on_air"), STARTS - MINUTE, "on_air"),
        (Signal("embedded", "on_air"), ENDS + 10 * MINUTE, "on_air"),  # the speaker talks on
        (Signal("embedded", "broken"), STARTS + MINUTE, "broken"),
        (Signal("embedded", "broken"), ENDS + 31 * MINUTE, "ended"),
        (Signal("embedded", "ended"), STARTS + MINUTE, "ended"),
        (Signal("embedded", "ended", replay=True), ENDS + MINUTE, "replay"),
        (OUTSIDE, STARTS - MINUTE, "outside"),
        (OUTSIDE, ENDS + 29 * MINUTE, "outside"),
        (OUTSIDE, ENDS + 31 * MINUTE, "ended"),
        (Signal("outside", "ended", replay=True), ENDS + MINUTE, "replay"),
        (UPLOAD, STARTS, "before"),
        (UPLOAD, ENDS + MINUTE, "recorded"),
        (Signal("upload", "waiting", replay=True), ENDS + MINUTE, "replay"),
    ],
)
def test_the_hall_has_one_face_at_a_time(signal, at, face):
    assert rules.face(HOURS, signal, at) == face


def test_a_cancelled_evening_shows_nothing_else():
    hours = Hours("cancelled", STARTS, ENDS, True)
    for state, replay in product(("waiting", "on_air", "ended"), (False, True)):
        assert rules.face(hours, Signal("embedded", state, replay), STARTS) == "cancelled"


def test_every_face_is_declared():
    sources, states = ("", "embedded", "upload", "outside"), ("", "waiting", "on_air", "broken")
    times = (STARTS - MINUTE, STARTS, ENDS + MINUTE, ENDS + 31 * MINUTE)
    seen = {
        rules.face(Hours(kept, STARTS, ENDS, True), Signal(source, state, replay), at)
        for kept, source, state, replay, at in product(
            ("published", "cancelled"), sources, states, (False, True), times
        )
    }
    assert seen == set(rules.FACES)


def test_every_pair_of_state_and_verb_is_listed_or_refused():
    for state, verb in product(rules.STATES, rules.VERBS):
        if (state, verb) in rules.STEPS:
            assert rules.step(state, verb) in rules.STATES
            assert verb in rules.verbs_in(state)
        else:
            with pytest.raises(rules.WrongStep):
                rules.step(state, verb)


def test_no_question_is_lost_and_none_is_answered_unseen():
    for state in rules.STATES:
        assert rules.verbs_in(state), state  # from everywhere there is a way on
    assert rules.STEPS.get(("waiting", "answer")) is None


@pytest.mark.parametrize("minutes", [-31, 96])
def test_questions_are_taken_from_the_doors_opening_to_the_end(minutes):
    with pytest.raises(rules.NoQuestionsNow):
        rules.check_question("怎么开始？", 0, HOURS, STARTS + minutes * MINUTE)
    for inside in (-30, 0, 95):
        rules.check_question("怎么开始？", 0, HOURS, STARTS + inside * MINUTE)


def test_a_question_has_a_length_and_a_moderator_has_limits():
    with pytest.raises(rules.QuestionTooShort):
        rules.check_question("啊", 0, HOURS, STARTS)
    with pytest.raises(rules.QuestionTooLong):
        rules.check_question("问" * 201, 0, HOURS, STARTS)
    with pytest.raises(rules.EnoughQuestions):
        rules.check_question("怎么开始？", rules.MOST_WAITING, HOURS, STARTS)
    rules.check_question("问" * 200, rules.MOST_WAITING - 1, HOURS, STARTS)


def test_the_speakers_screen_holds_a_dozen():
    rules.check_shortlist(rules.MOST_SHORTLISTED - 1)
    with pytest.raises(rules.ShortlistFull):
        rules.check_shortlist(rules.MOST_SHORTLISTED)
