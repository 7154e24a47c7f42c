"""What waits for somebody: rounds that ask, the contact point's day, areas without a round."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.listing import Todo
from groundwork.service.models import ContactPoint, HeldVisit, PatrolArea, Round
from groundwork.service.policy.visits import own_held
from groundwork.service.queries.points import standing_today, unpatrolled
from groundwork.service.queries.rounds import waiting


def todo(by: Actor, at: datetime) -> list[Todo]:
    """List what service waits for; a reminder to oneself, no mark that anybody else reads."""
    if by.account_id is None:
        return []
    lines = [_asked(found) for found in waiting(by, at)]
    if by.person_id is None:
        return lines
    today = clock.day_of(at)
    lines += [_held(held) for held in own_held(by)[:5]]
    lines += [_standing(point) for point in standing_today(by, today)]
    lines += [_unpatrolled(area) for area in unpatrolled(by, today)]
    return lines


def _asked(found: Round) -> Todo:
    return Todo(
        title=_("请您回复：%(title)s") % {"title": found.title},
        url=reverse("service:ask", args=[found.public_id]),
        sub=str(found.body),
        chip=_("征询"),
        tone="due",
        due=found.closes_at,
    )


def _held(held: HeldVisit) -> Todo:
    return Todo(
        title=_("%(name)s有一次巡查还差一点没记下") % {"name": held.area.name}
        if held.area
        else _("有一次走访还差一点没记下"),
        url=reverse("service:visit_held", args=[held.public_id]),
        chip=_("待补充"),
        tone="due",
    )


def _standing(point: ContactPoint) -> Todo:
    return Todo(
        title=_("今天驻点：%(name)s") % {"name": point.name},
        url=reverse("service:visit_new") + f"?where=point:{point.public_id}",
        sub=str(point.place),
        chip=_("驻点日"),
    )


def _unpatrolled(area: PatrolArea) -> Todo:
    return Todo(
        title=_("本月还没走过：%(name)s") % {"name": area.name},
        url=reverse("service:area", args=[area.public_id]),
        sub=str(area.body),
        chip=_("我的网格"),
    )
