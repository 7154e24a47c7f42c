"""What waits for planners: drafts to publish, evenings without a place, rolls that are in."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from groundwork.base.actor import Actor
from groundwork.base.listing import Todo
from groundwork.study.models import Evening, RollSheet
from groundwork.study.policy.evening import is_planner, planned_evenings, plans_anywhere

State = Evening.State
SOON = timedelta(days=14)
CLOSE = timedelta(days=2)
LONG_AGO = timedelta(days=60)
MOST = 10


def todo(by: Actor, at: datetime) -> list[Todo]:
    """List what the actor's planning waits for, the next evening first."""
    if not is_planner(by) or by.system:
        return []
    own = planned_evenings(by)
    if plans_anywhere(by):
        own = own.filter(parent=None)  # units look after their own
    return [*_drafts(own, at), *_placeless(own, at), *_closable(own, at)]


def _drafts(own: QuerySet[Evening], at: datetime) -> list[Todo]:
    rows = own.filter(state=State.DRAFT, starts_at__gt=at, starts_at__lte=at + SOON)
    return _lines(rows, _("发布夜学：%(title)s"), "evening_publish", _("草稿"), at)


def _placeless(own: QuerySet[Evening], at: datetime) -> list[Todo]:
    rows = own.filter(
        state=State.PUBLISHED, starts_at__gt=at, starts_at__lte=at + SOON, broadcast="", rooms=None
    )
    return _lines(rows, _("安排会场或直播：%(title)s"), "evening", _("没有会场"), at)


def _closable(own: QuerySet[Evening], at: datetime) -> list[Todo]:
    waiting = RollSheet.objects.filter(evening=OuterRef("pk"), closed_at=None)
    rows = own.filter(~Exists(waiting), state=State.HELD, starts_at__gt=at - LONG_AGO)
    return _lines(rows, _("封存夜学：%(title)s"), "evening", _("名册已齐"), at)


def _lines(
    rows: QuerySet[Evening], sentence: str, page: str, chip: str, at: datetime
) -> list[Todo]:
    return [
        Todo(
            title=sentence % {"title": evening.title},
            url=reverse(f"study:{page}", args=[evening.public_id]),
            sub=str(evening.host),
            chip=chip,
            tone="late" if at < evening.starts_at <= at + CLOSE else "due",
            due=evening.starts_at if evening.starts_at > at else None,
        )
        for evening in rows.select_related("host").order_by("starts_at", "id")[:MOST]
    ]
