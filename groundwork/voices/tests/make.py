"""Builders for the tests of the area."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from groundwork.base.clock import ZONE
from groundwork.voices.actions import calls, drives, marks
from groundwork.voices.models import Call, Drive, Mark

AT = datetime(2026, 11, 24, 18, 20, tzinfo=ZONE)  # the cast's moment
TODAY = AT.date()
BRICK = "说好周六来值守，没有来，也没有打电话，门口空了两个钟头。"
REPLY = "那天临时接到防汛通知，在河边值守到晚上，来不及说。"
REASON = "查了值班记录，情况属实，已当面谈过。"


def days(n: float) -> datetime:
    """Give the moment so many days after the cast's."""
    return AT + timedelta(days=n)


def a_call(cast, *, at: datetime = AT, **more: Any) -> Call:
    """Let 澄浪社区 call for two hours in three days."""
    values: dict[str, Any] = {
        "place": cast.places["chenglang"],
        "kind": "hour",
        "title": "周六清洁家园",
        "meet": "社区服务大厅",
        "starts_at": at + timedelta(days=3),
        "ends_at": at + timedelta(days=3, hours=2),
        "wanted": 2,
    }
    plan = calls.CallPlan(**(values | more))
    return calls.post_call(plan, by=cast.actor("community_secretary"), at=at)


def a_mark(cast, kind: str = "brick", who: str = "staff", *, at: datetime = AT) -> Mark:
    """Let 澄浪社区's secretary write about 单晓芸."""
    happened = marks.Happened(at.date() - timedelta(days=2), "周六清洁家园")
    return marks.write_mark(
        kind,
        cast.people[who],
        cast.places["chenglang"],
        happened,
        BRICK,
        by=cast.actor("community_secretary"),
        at=at,
    )


def a_drive(cast, **more: Any) -> Drive:
    """Let 澄浪社区 open a drive for three weeks."""
    values: dict[str, Any] = {
        "place": cast.places["chenglang"],
        "title": "垃圾分类",
        "statement": "我家分好类再投放。",
        "authority": "市生活垃圾分类管理条例",
        "first_day": TODAY,
        "last_day": TODAY + timedelta(days=20),
    }
    plan = drives.DrivePlan(**(values | more))
    return drives.open_drive(plan, by=cast.actor("community_secretary"), at=AT)
