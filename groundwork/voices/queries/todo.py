"""What waits for somebody in this area."""

from __future__ import annotations

from datetime import datetime, time

from django.urls import reverse
from django.utils.translation import gettext as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.listing import Todo
from groundwork.voices.models import Mark, Registration, Taking
from groundwork.voices.policy import home as policy
from groundwork.voices.policy import marks as marks_policy
from groundwork.voices.queries.surveys import waiting

MOST = 5


def todo(by: Actor, at: datetime) -> list[Todo]:
    """List marks to be read, decided; people and hours a community has to confirm."""
    if by.account_id is None:
        return []
    lines = [
        _told(mark) if mark.person_id == by.person_id else _to_decide(mark)
        for mark in marks_policy.waiting(by)
        .select_related("place")
        .order_by("reply_by", "id")[: 2 * MOST]
    ]
    lines += waiting(by, at)
    return [*lines, *_at_community(by, at)] if policy.keeps_any(by) else lines


def _told(mark: Mark) -> Todo:
    return Todo(
        title=_("%(place)s写了一条关于您的评议，请先看") % {"place": mark.place},
        url=reverse("voices:mark", args=[mark.public_id]),
        sub=str(mark.get_kind_display()),
        chip=_("可以说明"),
        tone="due",
        due=clock.local(mark.reply_by, time(23, 59)),
    )


def _to_decide(mark: Mark) -> Todo:
    return Todo(
        title=_("%(place)s的一条评议等您认定") % {"place": mark.place},
        url=reverse("voices:mark", args=[mark.public_id]),
        sub=str(mark.get_state_display()),
        chip=_("待认定"),
        tone="due",
    )


def _at_community(by: Actor, at: datetime) -> list[Todo]:
    lines: list[Todo] = []
    url = reverse("voices:community")
    asks = Registration.objects.filter(policy.at_kept(by), state="asked")
    for row in asks.select_related("person", "place").order_by("id")[:MOST]:
        name = {"name": row.person.name, "place": row.place}
        title = _("%(name)s向%(place)s报到") % name
        lines.append(Todo(title=title, url=f"{url}#asks", chip=_("待确认"), tone="due"))
    done = Taking.objects.filter(
        policy.at_kept(by, "call__place__path"), state="taken", call__ends_at__lte=at
    )
    if done.exists():
        lines.append(
            Todo(title=_("有人做完了社区的事，请确认时数"), url=f"{url}#done", chip=_("待确认"))
        )
    return lines
