"""What of duty waits for somebody: a call not yet answered."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from groundwork.base.actor import Actor
from groundwork.base.listing import Todo
from groundwork.duty.queries.supply import unanswered


def todo(by: Actor, at: datetime) -> list[Todo]:
    """List the calls that wait for the actor's answer."""
    return [
        Todo(
            title=_("%(title)s：什么时候能来？") % {"title": row.order.title},
            url=reverse("duty:supply", args=[row.order.public_id]),
            sub=_("点一下就行；不能参加不用说原因"),
            chip=_("待答复"),
            tone="due",
        )
        for row in unanswered(by, at)
    ]
