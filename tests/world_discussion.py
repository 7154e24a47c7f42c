"""A discussion of 市委, copied by 海曙区委: what people said, what a unit found with itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from groundwork.base import clock
from groundwork.campaigns.actions import discussion, rectify, talking
from groundwork.campaigns.queries.rectify import problem_categories
from groundwork.campaigns.rules.discussion import Span

if TYPE_CHECKING:
    from tests.world import World

WORDS = {
    "opinion": talking.Word("opinion", "把要跑的几个窗口并成一个，先从开户登记做起。"),
    "suggestion": talking.Word("suggestion", "一楼大厅加一张矮桌，坐轮椅的人也好填表。"),
    "practice": talking.Word(
        "practice", "每周三晚上开门两小时，白天上班的人也办得成。", title="周三晚间窗口"
    ),
}
TUNE = b"ID3\x03\x00\x00\x00\x00\x00\x0a" + b"TPE1 Li Si" + b"\xff\xfb" + b"\0" * 400  # an MP3


def build(world: World) -> None:
    """Lead it, copy it, ask, answer, find, all on one evening in the middle of two phases."""
    cast, at = world.cast, world.at
    by, day = cast.actor("city_operator"), clock.day_of(at)
    spans = (
        Span("mobilise", day - timedelta(days=30), day - timedelta(days=11)),
        Span("discuss", day - timedelta(days=10), day + timedelta(days=10)),
        Span("rectify", day - timedelta(days=5), day + timedelta(days=60)),
    )
    plan = discussion.CampaignPlan("守土尽责大讨论", cast.bodies["party"], spans)
    made = discussion.start_campaign(plan, by=by, at=at)
    key = made.public_id
    asked = discussion.add_question(key, "我们怎样让群众少跑一趟？", by=by, at=at)
    task = discussion.add_task(
        key, "discuss", "开一次支部讨论会", day + timedelta(days=5), by=by, at=at
    )
    kind = problem_categories()[0]
    point = discussion.add_task(
        key, "rectify", "答应的事有没有人盯", day + timedelta(days=30), kind, by=by, at=at
    )
    discussion.move_campaign(key, "publish", by=by, at=at)
    world.things |= {
        "campaign": made,
        "talk:question": asked,
        "talk:task": task,
        "talk:point": point,
    }
    _said(world, key)
    _copied(world, key)


def _said(world: World, key: str) -> None:
    cast, at = world.cast, world.at
    own, chief, by = (cast.actor(who) for who in ("staff", "unit_secretary", "city_operator"))
    shown = talking.Word(
        **(vars(WORDS["opinion"]) | {"question": world["talk:question"].public_id})
    )
    also = {"body": cast.bodies["unit"], "recording": TUNE}
    practice = talking.Word(**(vars(WORDS["practice"]) | also))
    for name, word, who in (
        ("talk:word", shown, own),
        ("talk:word:practice", practice, chief),
        ("talk:word:waiting", WORDS["suggestion"], own),
    ):
        world.things[name] = talking.contribute(key, word, by=who, at=at)
    for name in ("talk:word", "talk:word:practice"):
        talking.settle_word(world[name].public_id, "show", by=by, at=at)
    evening = world["tonight"].public_id
    made = talking.add_gathering(key, "evening", evening, by=by, at=at)
    world.things["gathering"] = made
    discussion.report_task(
        key, world["talk:task"].public_id, cast.bodies["unit"], "周三开过了，实招是延时窗口。",
        by=chief, at=at,
    )  # fmt: skip


def _copied(world: World, key: str) -> None:
    cast, at = world.cast, world.at
    by, chief = cast.actor("district_operator"), cast.actor("unit_secretary")
    copy = discussion.copy_campaign(key, cast.bodies["haishu_party"], by=by, at=at)
    discussion.add_question(copy.public_id, "老小区里的事怎样接得更快？", by=by, at=at)
    discussion.move_campaign(copy.public_id, "publish", by=by, at=at)
    plan = rectify.FindingPlan(
        cast.bodies["unit"], problem_categories()[0], "家长的留言没人回。",
        "十一月抽看留言登记，七条里有三条过了三天。", "留言当天回，值班表上写明谁回。",
        cast.people["staff"], clock.day_of(at) + timedelta(days=14),
        point=world["talk:point"].public_id,
    )  # fmt: skip
    world.things |= {
        "campaign:copy": copy,
        "finding": rectify.file_finding(copy.public_id, plan, by=chief, at=at),
    }
