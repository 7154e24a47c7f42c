"""What waits for somebody: a jury's taps, a promise's day, a look again after ninety days."""

from __future__ import annotations

from datetime import datetime, time

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from groundwork.base import clock
from groundwork.base.actor import Actor, Role
from groundwork.base.listing import Todo
from groundwork.campaigns.models import Episode, EpisodeItem, JuryVote
from groundwork.campaigns.policy import inquiry as policy
from groundwork.campaigns.rules import inquiry as rules
from groundwork.matters.policy import HANDLERS, bodies_under
from groundwork.matters.rules.states import CLOSED

MOST = 5


def todo(by: Actor, at: datetime) -> list[Todo]:
    """List what the programme waits for from the actor."""
    if by.account_id is None or by.system:
        return []
    lines = _to_judge(by) if by.has(Role.JUROR) else []
    if by.bodies(*HANDLERS):
        lines += _promised(by, at)
    if policy.may_edit(by):
        lines += _to_look(by, at)
    return lines


def _to_judge(by: Actor) -> list[Todo]:
    voted = JuryVote.objects.filter(item=OuterRef("pk"), juror__account=by.account_id)
    asked = EpisodeItem.objects.filter(~Exists(voted), episode=OuterRef("pk"), body__isnull=False)
    rows = Episode.objects.filter(
        Exists(asked), state=Episode.State.VOTING, jurors__account=by.account_id
    )
    return [
        Todo(
            title=_("请评议：%(title)s") % {"title": row.title},
            url=reverse("campaigns:inquiry_jury", args=[row.public_id]),
            chip=_("一题点一下"),
            tone="due",
        )
        for row in rows.order_by("airs_at", "id")[:MOST]
    ]


def _promised(by: Actor, at: datetime) -> list[Todo]:
    """List what the own unit promised on the air and is not solved, by day."""
    today = clock.day_of(at)
    rows = policy.visible_items(by, at).filter(
        body__in=bodies_under(by.bodies(*HANDLERS)), promise_on__lte=today + rules.SOON
    )
    rows = rows.exclude(matter__state__in=CLOSED).select_related("episode", "matter")
    return [
        Todo(
            title=_("节目里的承诺：%(title)s") % {"title": row.title},
            url=reverse("campaigns:inquiry_item", args=[row.public_id]),
            sub=row.promise[:40],
            chip=_("过了承诺的日子") if row.promise_on < today else _("到承诺的日子"),
            tone="late" if row.promise_on < today else "due",
            due=clock.local(row.promise_on, time(23, 59)),
        )
        for row in rows.order_by("promise_on", "id")[:MOST]
        if row.promise_on is not None
    ]


def _to_look(by: Actor, at: datetime) -> list[Todo]:
    today = clock.day_of(at)
    rows = EpisodeItem.objects.filter(
        relapse_on__lte=today + rules.SOON, episode__place__in=policy.edited_places(by)
    ).select_related("body")
    rows = rows.filter(policy.aired(at, "episode__"))
    return [
        Todo(
            title=_("九十天复查：%(title)s") % {"title": row.title},
            url=reverse("campaigns:inquiry_item", args=[row.public_id]),
            sub=str(row.body or ""),
            chip=_("待复查"),
            tone="due",
            due=clock.local(row.relapse_on, time(23, 59)),
        )
        for row in rows.order_by("relapse_on", "id")[:MOST]
        if row.relapse_on is not None
    ]
