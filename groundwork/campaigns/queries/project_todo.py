"""What waits for whoever was sent: the next milestone of each project."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from groundwork.base.actor import Actor
from groundwork.base.clock import day_of
from groundwork.base.listing import Todo
from groundwork.campaigns.models import Milestone

AHEAD, MOST = timedelta(days=90), 3


def todo(by: Actor, at: datetime) -> list[Todo]:
    """List the open milestones of the coming months where one is, late ones first."""
    if by.person_id is None:
        return []
    today = day_of(at)
    rows = Milestone.objects.filter(
        state="open",
        due_on__lte=today + AHEAD,
        project__state="running",
        project__postings__person=by.person_id,
        project__postings__last_day=None,
    ).select_related("project")
    return [
        Todo(
            title=f"{row.project.name}：{row.what}",
            url=reverse("campaigns:project", args=[row.project.public_id]),
            chip=_("过了日子") if row.due_on < today else _("节点"),
            tone="late" if row.due_on < today else "",
        )
        for row in rows.order_by("due_on", "id")[:MOST]
    ]
