"""Two hands on one evening at once: one outcome, and both are told (PostgreSQL, real threads)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from groundwork.base import clock
from groundwork.campaigns.actions import inquiry, inquiry_items, inquiry_jury
from groundwork.campaigns.models import EpisodeItem, JuryVote
from groundwork.campaigns.rules import inquiry as rules
from groundwork.campaigns.tests.make_inquiry import (
    AT,
    HOUR,
    QUESTION,
    TITLE,
    WHY,
    a_jury,
    a_question,
    an_episode,
    days,
)
from groundwork.matters.tests.make import at_state
from tests.cast import EVENING
from tests.hands import in_turn, need_row_locks

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db):
    """The cast, on a database where two connections can wait for each other."""
    need_row_locks()
    from tests.cast import build

    with clock.at(EVENING):
        yield build()


def test_a_tap_beside_the_count_is_in_it_or_its_juror_is_told(town):
    episode = an_episode(town)
    item = a_question(town, episode)
    a_jury(town, episode)
    key, editor, juror = episode.public_id, town.actor("editor"), town.actor("juror")

    def tapped() -> None:
        inquiry_jury.vote(item.public_id, True, by=juror)

    def counted() -> None:
        inquiry_jury.close_vote(key, by=editor)

    first, second = in_turn(episode, counted, tapped)
    assert first is None
    assert isinstance(second, rules.VoteOver)
    item.refresh_from_db()
    assert (item.jury_n, item.jury_satisfied) == (0, 0)
    other = an_episode(town, title="另一期", airs_at=days(9))
    asked = a_question(town, other, title="另一题", words="另一处井盖翻了。")
    a_jury(town, other)
    key, item = other.public_id, asked
    assert in_turn(other, tapped, counted) == [None, None]
    asked.refresh_from_db()
    assert (asked.jury_n, asked.jury_satisfied) == (1, 1)
    assert not JuryVote.objects.exists()


def test_of_two_who_count_the_second_is_told_that_it_is_done(town):
    episode = an_episode(town)
    item = a_question(town, episode)
    a_jury(town, episode)
    inquiry_jury.vote(item.public_id, True, by=town.actor("juror"), at=AT)

    def close() -> None:
        inquiry_jury.close_vote(episode.public_id, by=town.actor("editor"))

    first, second = in_turn(episode, close, close)
    assert first is None
    assert isinstance(second, rules.WrongState)
    item.refresh_from_db()
    assert (item.jury_n, item.jury_satisfied) == (1, 1)
    assert item.steps.filter(verb="voted").count() == 1


def test_a_matter_brought_on_twice_at_once_stands_there_once(town):
    episode, matter = an_episode(town), at_state(town, "handling")
    plan = inquiry_items.ItemPlan(TITLE, QUESTION, town.bodies["unit"])

    def put() -> None:
        inquiry_items.put_matter(episode.public_id, matter.receipt, plan, by=town.actor("editor"))

    first, second = in_turn(episode, put, put)
    assert first is None
    assert isinstance(second, rules.PutAlready)
    assert EpisodeItem.objects.count() == 1


def test_a_question_beside_a_moving_hour_waits_for_the_new_one(town):
    episode = an_episode(town)
    key, by, later = episode.public_id, town.actor("editor"), days(8)

    def move(hour: datetime) -> Callable[[], object]:
        return lambda: inquiry.move_hour(key, hour, WHY, by=by)

    def ask(words: str) -> Callable[[], object]:
        return lambda: a_question(town, episode, words=words)

    assert in_turn(episode, move(later), ask("校门口的井盖翻了。")) == [None, None]
    assert EpisodeItem.objects.get().matter.withheld_until == later
    assert in_turn(episode, ask("又一处井盖翻了。"), move(HOUR)) == [None, None]
    hours = EpisodeItem.objects.values_list("matter__withheld_until", flat=True)
    assert list(hours) == [HOUR, HOUR]
