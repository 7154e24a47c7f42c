"""Tables and limits of discussions and of the rectification ledger, without a database."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from groundwork.campaigns.rules import discussion as rules
from groundwork.campaigns.rules import rectify
from groundwork.campaigns.rules.discussion import Span

DAY = date(2026, 3, 2)

pytestmark = pytest.mark.once


def days(n: int) -> date:
    return DAY + timedelta(days=n)


def spans(*pairs: tuple[int, int]) -> list[Span]:
    return [
        Span(kind, days(first), days(last))
        for kind, (first, last) in zip(rules.KINDS, pairs, strict=False)
    ]


def test_a_campaign_and_a_word_move_only_along_their_tables():
    for state, verb in product(rules.STATES, rules.VERBS):
        if (state, verb) in rules.STEPS:
            assert rules.step(state, verb) == rules.STEPS[state, verb]
        else:
            with pytest.raises(rules.WrongCampaign):
                rules.step(state, verb)
    for word, tap in product(rules.WORD_STATES, rules.WORD_VERBS):
        if (word, tap) in rules.WORD_STEPS:
            assert rules.word_step(word, tap) == rules.WORD_STEPS[word, tap]
        else:
            with pytest.raises(rules.WrongWord):
                rules.word_step(word, tap)


def test_what_was_taken_back_never_comes_back_and_what_is_shown_is_not_rewritten_unseen():
    assert not [pair for pair in rules.WORD_STEPS if pair[0] == "withdrawn"]
    assert ("shown", "rewrite") not in rules.WORD_STEPS


def test_a_phase_is_before_open_and_after_by_its_days_both_inclusive():
    found = [rules.when(days(0), days(3), days(n)) for n in (-1, 0, 3, 4)]
    assert found == ["before", "open", "open", "after"]


def test_overlapping_phases_allow_together_and_none_allows_nothing():
    phases = [
        (span, rules.ALLOWS[span.kind]) for span in spans((0, 5), (4, 10), (9, 20))
    ]  # fmt: skip
    assert rules.allowed(phases, days(-1)) == frozenset()
    assert rules.allowed(phases, days(0)) == {"gather"}
    assert rules.allowed(phases, days(7)) == {"gather", "opinion", "suggestion", "practice"}
    assert rules.allowed(phases, days(9)) == set(rules.ACTS)
    assert rules.allowed(phases, days(21)) == frozenset()


def test_phases_begin_in_their_order_run_forward_and_stay_within_those_above():
    good = spans((0, 5), (4, 10), (9, 20))
    rules.check_spans(good)
    rules.check_spans(list(reversed(good)))  # in whatever order they are read
    for bad in (spans((5, 9), (4, 10), (9, 20)), spans((0, 5), (6, 5), (9, 20)),
                spans((0, 5), (4, 10), (9, 401))):  # fmt: skip
        with pytest.raises(rules.BadPhaseDays):
            rules.check_spans(bad)
    rules.check_spans(spans((1, 5), (4, 10), (9, 19)), good)
    for beyond in (spans((-1, 5), (4, 10), (9, 20)), spans((0, 5), (4, 10), (9, 21))):
        with pytest.raises(rules.BeyondUpper):
            rules.check_spans(beyond, good)


def test_words_are_neither_empty_nor_a_book_and_tasks_are_due_in_their_phase():
    assert rules.clean_words("  一二三四五 ") == "一二三四五"
    for text in ("一二三四", "长" * 2001):
        with pytest.raises(rules.FewWords):
            rules.clean_words(text)
    rules.check_due(days(3), days(0), days(3))
    with pytest.raises(rules.BadTaskDay):
        rules.check_due(days(4), days(0), days(3))


def test_nobody_checks_the_own_unit_or_what_one_answers_for():
    rectify.check_other_hands("00010002", "000100020001", is_owner=False)  # from above
    rectify.check_other_hands(None, "000100020001", is_owner=False)
    for unit, owner in (("000100020001", False), ("0001000200010001", False), ("0009", True)):
        with pytest.raises(rectify.OwnHands):
            rectify.check_other_hands(unit, "000100020001", is_owner=owner)


def test_only_what_is_said_to_be_done_is_confirmed_and_what_ended_may_come_back():
    for state in ("answered", "unit_done"):
        rectify.check_state(state, fixed=True)
        rectify.check_state(state, fixed=False)
    rectify.check_state("solved", fixed=False)
    for state, fixed in (("solved", True), ("handling", True), ("redo", False)):
        with pytest.raises(rectify.NothingToCheck):
            rectify.check_state(state, fixed=fixed)


def test_a_promise_is_of_a_day_to_come_and_a_look_of_a_day_that_was():
    rectify.check_due_day(days(1), DAY)
    for due in (DAY, days(401)):
        with pytest.raises(rectify.BadDueDay):
            rectify.check_due_day(due, DAY)
    rectify.check_day(days(1), DAY, days(2))
    for day in (days(-1), days(3)):
        with pytest.raises(rectify.BadCheckDay):
            rectify.check_day(day, DAY, days(2))


def test_what_is_not_put_right_is_due_on_the_day_promised_else_at_the_phases_end():
    assert rectify.due_again(days(5), days(9), days(4)) == days(5)
    assert rectify.due_again(days(5), days(9), days(5)) == days(9)
    assert rectify.due_again(days(5), None, days(5)) == days(5) + rectify.AGAIN
    assert rectify.due_again(days(5), days(9), days(90)) == days(90) + rectify.AGAIN
