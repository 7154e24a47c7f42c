"""One of everything of the television inquiry, as of the world's moment.

`world["episode"]` was broadcast a hundred days ago: solved, promised, judged, owed a look again.
`world["episode:coming"]` is in two days: its jury votes, the questioned unit may read its problem.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from groundwork.base.actor import NOBODY
from groundwork.campaigns.actions import inquiry, inquiry_clips, inquiry_items, inquiry_jury
from groundwork.campaigns.models import Episode, EpisodeItem
from groundwork.campaigns.tests import make_inquiry as make
from groundwork.matters.actions.handling import answer_matter
from groundwork.matters.actions.raising import Receipt
from groundwork.matters.actions.verdict import Said, confirm_matter, rate_answer
from groundwork.matters.tests.make import CITY, receipt_at
from tests.world_ledger import category, picture

if TYPE_CHECKING:
    from tests.world import World

# What nobody else may read before the hour: looked for everywhere by tests/test_embargo.py.
EVENING, PROBLEM, ASKED = "庚子夜航船七一五", "辛丑闸门九三八", "壬寅水位六二四怎么还没有人管？"
CREW, CLIP, SUBTITLE = "癸卯河埠头五八三塌了半年。", "甲辰暗访二四七", "乙巳字幕三一九"
SECRETS = (EVENING, PROBLEM, ASKED, CREW, CLIP, SUBTITLE)
VTT = f"WEBVTT\n\n00:00.000 --> 00:02.000\n{SUBTITLE}\n"
FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64


def build(world: World) -> None:
    """Write a season with an evening that was and one that comes."""
    category("roads", "道路与市政设施")
    _aired(world)
    _coming(world)
    _after(world)


def _aired(world: World) -> None:
    """Broadcast a problem that was solved ten days after."""
    cast, by = world.cast, world.cast.actor("editor")
    hour = world.at - timedelta(days=100)
    before = hour - timedelta(days=3)
    season = make.a_season(cast, at=before)
    episode = make.an_episode(cast, season, airs_at=hour, at=before)
    plan = inquiry_items.ItemPlan(make.TITLE, make.QUESTION, cast.bodies["unit"])
    receipt = receipt_at(cast, "handling", at=before, category="roads", words=make.WORDS)
    number = receipt.matter.receipt
    item = inquiry_items.put_matter(episode.public_id, number, plan, by=by, at=before)
    make.a_jury(cast, episode, at=before)
    inquiry_jury.vote(item.public_id, True, by=cast.actor("juror"), at=hour)
    inquiry_jury.close_vote(episode.public_id, by=by, at=hour)
    said = inquiry_items.Promise(make.PROMISE, hour.date() + timedelta(days=3), "局长")
    inquiry_items.record_promise(item.public_id, said, by=by, at=hour)
    _solve(receipt, hour + timedelta(days=2))
    day = hour.date() + timedelta(days=3)
    look = inquiry_items.Look("revisit", "fine", day, "去看过，井盖已经换成新的。")
    then = hour + timedelta(days=4)
    inquiry_items.record_revisit(item.public_id, look, by=by, at=then)
    photo = inquiry_clips.ClipPlan("换好的井盖", "evidence", item, content=picture(), name="a.png")
    world.things["evidence"] = inquiry_clips.add_clip(episode.public_id, photo, by=by, at=then)
    world.things |= {"season": season, "episode": _fresh(episode), "item": item}


def _solve(receipt: Receipt, at: datetime) -> None:
    answer_matter(receipt.matter.public_id, "井盖已换新的。", by=CITY, at=at)
    confirm_matter(receipt.secret, by=NOBODY, at=at)
    rate_answer(receipt.secret, Said(satisfied=True), by=NOBODY, at=at)


def _coming(world: World) -> None:
    """Plan what nobody may read yet but its editor, its jury and the unit it was shown to."""
    cast, at, by = world.cast, world.at, world.cast.actor("editor")
    hour = at + timedelta(days=2)
    episode = make.an_episode(cast, world["season"], title=EVENING, airs_at=hour, at=at)
    item = make.a_question(cast, episode, words=CREW, title=PROBLEM, question=ASKED, at=at)
    spare = make.a_question(cast, episode, words="还没有定。", title="第二个问题", at=at)
    inquiry_items.show_item(item.public_id, by=by, at=at)
    film = inquiry_clips.ClipPlan(CLIP, "clip", item, content=FILM, name="a.mp4", subtitles=VTT)
    whole = inquiry_clips.ClipPlan("片头", url="https://tv.example.cn/v/1")
    world.things["clip"] = inquiry_clips.add_clip(episode.public_id, film, by=by, at=at)
    inquiry_clips.add_clip(episode.public_id, whole, by=by, at=at)
    make.a_jury(cast, episode, at=at)
    inquiry.link_episodes(episode.public_id, world["episode"].public_id, by=by, at=at)
    world.things |= {"episode:coming": _fresh(episode), "item:coming": item, "item:spare": spare}
    world.things["matter:coming"] = item.matter


def _fresh(episode: Episode) -> Episode:
    episode.refresh_from_db()
    return episode


def _after(world: World) -> None:
    """Leave one evening of the district in planning, as a form finds it."""
    hour = world.at + timedelta(days=9)
    episode = make.an_episode(
        world.cast, world["season"], title="区里的一期", place="haishu", airs_at=hour, at=world.at
    )
    world.things["episode:planned"] = episode
    item: EpisodeItem = make.a_question(world.cast, episode, title="区里的问题", at=world.at)
    world.things["item:planned"] = item
