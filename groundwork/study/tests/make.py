"""Builders of evenings for the tests of the area."""

from __future__ import annotations

from datetime import datetime, timedelta

from groundwork.base.actor import Actor, system
from groundwork.base.clock import ZONE
from groundwork.registry.models import Body
from groundwork.study.actions.evening import create_evening
from groundwork.study.actions.plan import EveningPlan
from groundwork.study.actions.publishing import publish_evening
from groundwork.study.models import Evening

NEXT = datetime(2026, 12, 1, 18, 15, tzinfo=ZONE)  # the Tuesday after the cast's
MADE = datetime(2026, 11, 20, 9, 0, tzinfo=ZONE)
CITY = system("tests")


def a_plan(host: Body, *audience: Body, **changes: object) -> EveningPlan:
    """Plan an evening next Tuesday for the host's own part of the tree."""
    starts = changes.pop("starts_at", NEXT)
    minutes = changes.pop("minutes", 95)
    assert isinstance(starts, datetime)
    assert isinstance(minutes, int)
    values: dict[str, object] = {
        "title": "学习新发展理念",
        "theme": "political",
        "form": "systematic",
        "led_by": "central_group",
    }
    return EveningPlan(
        host=host,
        audience=audience or (host,),
        starts_at=starts,
        ends_at=starts + timedelta(minutes=minutes),
        **(values | changes),  # type: ignore[arg-type]
    )


def a_draft(host: Body, *audience: Body, by: Actor = CITY, **changes: object) -> Evening:
    """Write a draft."""
    return create_evening(a_plan(host, *audience, **changes), by=by, at=MADE)


def an_evening(host: Body, *audience: Body, by: Actor = CITY, **changes: object) -> Evening:
    """Publish an evening, as of the Friday before the cast's Tuesday."""
    draft = a_draft(host, *audience, by=by, **changes)
    return publish_evening(draft.public_id, by=by, at=MADE)
