"""Builders of visits, points, areas and rounds for the tests of the area."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from groundwork.base.clock import ZONE
from groundwork.matters.models import Category
from groundwork.service.actions import areas, points, rounds, visits
from groundwork.service.models import ContactPoint, PatrolArea, Round, Visit
from groundwork.service.queries.suggesting import suggested

AT = datetime(2026, 11, 24, 18, 20, tzinfo=ZONE)  # the cast's moment
TODAY = AT.date()
LAMP = "北门的路灯坏了三天。"


def a_problem(words: str = LAMP, **more: Any) -> visits.Problem:
    """Make a problem under the category its words suggest."""
    return visits.Problem(words, more.pop("category", None) or suggested(words), **more)


def a_plan(cast, **more: Any) -> visits.VisitPlan:
    """Plan a visit to 澄浪社区 today."""
    values = {"service": "people", "day": TODAY, "place": cast.places["chenglang"]}
    if "host" in more or "contact_point" in more:
        del values["place"]
    return visits.VisitPlan(**(values | more))


def a_visit(cast, who: str = "staff", *words: str, **more: Any) -> Visit:
    """Record a visit of somebody with problems in these words."""
    problems = tuple(a_problem(one) for one in words)
    plan = a_plan(cast, problems=problems, **more)
    return visits.record_visit(plan, by=cast.actor(who), at=AT).visit


def a_point(cast, **more: Any) -> ContactPoint:
    """Set up 海曙区教育局's contact point at 澄浪社区, led by 单晓芸."""
    values = {
        "name": "澄浪联系点",
        "body": cast.bodies["unit"],
        "place": cast.places["chenglang"],
        "weekdays": (2, 4),
        "leader": cast.people["staff"],
    }
    return points.open_point(**(values | more), by=cast.actor("unit_secretary"), at=AT)


def an_area(cast, keeper: str = "staff") -> PatrolArea:
    """Lay out an area over two communities."""
    return areas.open_area(
        name="南门两社区",
        body=cast.bodies["unit"],
        places=[cast.places["chenglang"], cast.places["liujin"]],
        keeper=cast.people[keeper],
        by=cast.actor("unit_secretary"),
        at=AT,
    )


def a_round(cast, audience: str = "all", *, opened: bool = True, **more: Any) -> Round:
    """Let 海曙区教育局 ask; open now for two weeks unless told otherwise."""
    values: dict[str, Any] = {
        "title": "校门口怎么改",
        "body": cast.bodies["unit"],
        "place": cast.places["haishu"],
        "opens_at": AT - timedelta(hours=1),
        "closes_at": AT + timedelta(days=14),
        "questions": ("哪里最堵？", "还缺什么？"),
    }
    plan = rounds.RoundPlan(audience=audience, **(values | more))
    chief = cast.actor("unit_secretary")
    made = rounds.draft_round(plan, by=chief, at=AT)
    return rounds.open_round(made.public_id, by=chief, at=AT) if opened else made


def roads() -> Category:
    """Give the category of roads and lamps."""
    return Category.objects.get(code="roads")


def days_ago(n: int) -> date:
    """Give a day before the cast's."""
    return TODAY - timedelta(days=n)
