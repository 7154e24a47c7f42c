"""What waits for whoever checks documents: those another hand has sent to be checked."""

from __future__ import annotations

from datetime import datetime

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from groundwork.base.actor import Actor
from groundwork.base.listing import Todo
from groundwork.base.tree import under
from groundwork.figures import policy
from groundwork.figures.models import Briefing, BriefingStep

MOST = 5


def todo(by: Actor, at: datetime) -> list[Todo]:
    """List the documents that the actor may publish or send back, the longest waiting first."""
    places = by.places(*policy.CHECKERS)
    if not places:
        return []
    sent = BriefingStep.objects.filter(briefing=OuterRef("pk"), verb="send").order_by("-pk")
    rows = (
        Briefing.objects.filter(under("place__path", places), state=Briefing.State.CHECKING)
        .annotate(sender=Subquery(sent.values("account_id")[:1]))
        .exclude(Q(sender=by.account_id))
        .select_related("place")
    )
    return [
        Todo(
            title=_("核对并发布：%(title)s") % {"title": row.title},
            url=reverse("figures:briefing", args=[row.public_id]),
            sub=f"{row.get_kind_display()} · {row.place}",
            chip=row.get_state_display(),
            tone="due",
        )
        for row in rows.order_by("made_at", "pk")[:MOST]
    ]
