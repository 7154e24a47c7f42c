"""Builders for the tests of discussions and of the rectification ledger."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from groundwork.campaigns.actions import discussion, rectify, talking
from groundwork.campaigns.models import Campaign, Contribution, Finding
from groundwork.campaigns.rules.discussion import Span
from groundwork.campaigns.tests.make import AT, TODAY, days
from groundwork.matters.models import Category

SPANS = (
    Span("mobilise", TODAY - timedelta(days=20), TODAY - timedelta(days=1)),
    Span("discuss", TODAY, TODAY + timedelta(days=10)),
    Span("rectify", TODAY + timedelta(days=5), TODAY + timedelta(days=60)),
)
SOON = days(6)  # in the phases of discussion and of rectification
ASKED = "我们怎样让群众少跑一趟？"
SAID = "把要跑的几个窗口并成一个。"
WISHED = "一楼大厅加一张矮桌，坐轮椅的人也好填表。"


def a_campaign(cast, body="party", who="city_operator", *, publish=True, spans=SPANS) -> Campaign:
    """Lead a discussion whose second phase begins today."""
    by = cast.actor(who)
    plan = discussion.CampaignPlan("守土尽责大讨论", cast.bodies[body], spans)
    made = discussion.start_campaign(plan, by=by, at=AT)
    if publish:
        discussion.move_campaign(made.public_id, "publish", by=by, at=AT)
    made.refresh_from_db()
    return made


def a_copy(cast, campaign: Campaign, *, publish=True) -> Campaign:
    """Copy it for 海曙区委."""
    by, body = cast.actor("district_operator"), cast.bodies["haishu_party"]
    made = discussion.copy_campaign(campaign.public_id, body, by=by, at=AT)
    if publish:
        discussion.move_campaign(made.public_id, "publish", by=by, at=AT)
    made.refresh_from_db()
    return made


def say(cast, campaign: Campaign, who="staff", *, at: datetime = AT, **more: Any) -> Contribution:
    """Make a suggestion, if nothing else is said."""
    word = talking.Word(**({"kind": "suggestion", "text": WISHED} | more))
    return talking.contribute(campaign.public_id, word, by=cast.actor(who), at=at)


def a_kind() -> Category:
    """Give the first kind of problem; tests with real transactions begin without any."""
    first = {"name": "责任落实", "audience": Category.Audience.STAFF}
    return Category.objects.get_or_create(code="check-responsibility", defaults=first)[0]


def find(
    cast, campaign: Campaign, who="unit_secretary", *, at: datetime = SOON, **more: Any
) -> Finding:
    """Let 海曙区教育局 find something with itself."""
    values: dict[str, Any] = {
        "body": cast.bodies["unit"],
        "category": a_kind(),
        "words": "家长的电话留言有三天没人回。",
        "evidence": "抽看留言登记，七条里有三条过了三天。",
        "measures": "留言当天回，值班表上写明谁回。",
        "owner": cast.people["staff"],
        "due_on": SOON.date() + timedelta(days=14),
    }
    plan = rectify.FindingPlan(**(values | more))
    return rectify.file_finding(campaign.public_id, plan, by=cast.actor(who), at=at)


def fix(cast, finding: Finding, who="staff", at: datetime = SOON) -> Finding:
    """Say that it is put right."""
    text = "值班表已经写明，十二月的留言都是当天回的。"
    return rectify.report_fixed(finding.public_id, text, by=cast.actor(who), at=at)


def look(cast, finding: Finding, found="fixed", who="district_operator", at: datetime = SOON):
    """Let somebody else go and look."""
    seen = rectify.Look(found, at.date(), "抽看了十二月的留言登记。")
    return rectify.check_finding(finding.public_id, seen, by=cast.actor(who), at=at)
