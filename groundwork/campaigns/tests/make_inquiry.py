"""Builders of the television inquiry for the tests: a season of the city, an evening in two days.

episode = an_episode(cast)                     # Thursday 20:30, by 应思齐 (editor)
item = a_question(cast, episode)               # of 海曙区教育局, kept back until then
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from groundwork.base.clock import ZONE
from groundwork.campaigns.actions import inquiry, inquiry_items, inquiry_jury
from groundwork.campaigns.models import Episode, EpisodeItem, Season
from groundwork.matters.actions.raising import Teller, Telling
from groundwork.matters.tests.make import the_category

AT = datetime(2026, 11, 24, 18, 20, tzinfo=ZONE)  # the cast's moment
HOUR = datetime(2026, 11, 26, 20, 30, tzinfo=ZONE)
WORDS = "学校门口的窨井盖翻了三个月，孩子绕到车道上走。"
TITLE, QUESTION = "翻了三个月的窨井盖", "校门口的窨井盖翻了三个月，什么时候能盖好？"
PROMISE = "三天内盖好，全区校门口的井盖月底前查一遍。"
WHY = "直播时段有调整。"


def days(n: float) -> datetime:
    """Give the moment so many days after the cast's."""
    return AT + timedelta(days=n)


def a_season(cast, title: str = "2026年秋季问政", at: datetime = AT) -> Season:
    """Begin a season of the city."""
    first = at.date()
    plan = inquiry.SeasonPlan(title, cast.places["city"], first, first + timedelta(days=120))
    return inquiry.plan_season(plan, by=cast.actor("editor"), at=at)


def an_episode(
    cast,
    season: Season | None = None,
    *,
    title: str = "校门口的路",
    place: str = "city",
    airs_at: datetime = HOUR,
    at: datetime = AT,
) -> Episode:
    """Plan an evening."""
    season = season or Season.objects.first() or a_season(cast, at=at)
    plan = inquiry.EpisodePlan(title, cast.places[place], airs_at)
    return inquiry.plan_episode(season.public_id, plan, by=cast.actor("editor"), at=at)


def a_question(
    cast,
    episode: Episode,
    *,
    body: str | None = "unit",
    words: str = WORDS,
    at: datetime = AT,
    place: str = "chenglang",
    title: str = TITLE,
    question: str = QUESTION,
    **more: Any,
) -> EpisodeItem:
    """Write a problem into the ledger and onto an evening."""
    telling = Telling(words, the_category("roads"), cast.places[place], "television", **more)
    plan = inquiry_items.ItemPlan(title, question, cast.bodies[body] if body else None)
    item, _receipt = inquiry_items.raise_question(
        episode.public_id, telling, Teller(name="栏目组"), plan, by=cast.actor("editor"), at=at
    )
    return item


def a_jury(cast, episode: Episode, *, at: datetime = AT) -> Episode:
    """Declare 童雅琴 the jury and open the vote."""
    accounts = [cast.accounts["juror"]]
    by = cast.actor("editor")
    inquiry_jury.declare_jurors(episode.public_id, accounts, by=by, at=at)
    return inquiry_jury.open_vote(episode.public_id, by=by, at=at)
