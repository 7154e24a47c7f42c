"""What of duty waits for somebody: a call, a shift to answer, a colleague who asks to swap."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.listing import Todo
from groundwork.duty.models import Post, Shift, Swap
from groundwork.duty.policy.posts import own_posts
from groundwork.duty.queries.supply import unanswered
from groundwork.duty.rules.posts import AHEAD

MOST = 5


def todo(by: Actor, at: datetime) -> list[Todo]:
    """List calls not yet answered, own shifts to say yes or no to, offers made to this person."""
    if by.person_id is None:
        return []
    calls = [
        Todo(
            title=_("%(title)s：什么时候能来？") % {"title": row.order.title},
            url=reverse("duty:supply", args=[row.order.public_id]),
            sub=_("点一下就行；不能参加不用说原因"),
            chip=_("待答复"),
            tone="due",
        )
        for row in unanswered(by, at)
    ]
    posts = own_posts(by).filter(
        state="planned", shift__called_off_at=None, shift__starts_at__gt=at
    )
    asked = Swap.objects.filter(
        asked=by.person_id,
        state=Swap.State.OPEN,
        post__state__in=AHEAD,
        post__shift__starts_at__gt=at,
    )
    near = posts.select_related("shift__gate", "shift__place").order_by("shift__starts_at", "pk")
    swaps = asked.select_related("post__shift__gate", "post__person").order_by("pk")
    return [*calls, *map(_post, near[:MOST]), *map(_swap, swaps[:MOST])]


def _start(shift: Shift) -> str:
    return f"{shift.starts_at.astimezone(clock.ZONE):%Y-%m-%d %H:%M}"


def _post(post: Post) -> Todo:
    shift = post.shift
    return Todo(
        title=_("能不能来：%(gate)s") % {"gate": f"{shift.place.name} {shift.gate.name}"},
        url=reverse("duty:post", args=[post.public_id]),
        sub=_start(shift),
        chip=_("待确认"),
        tone="due",
        due=shift.starts_at,
    )


def _swap(swap: Swap) -> Todo:
    shift = swap.post.shift
    return Todo(
        title=_("%(name)s想和您换班") % {"name": swap.post.person.name},
        url=reverse("duty:swaps"),
        sub=f"{_start(shift)} · {shift.gate.name}",
        chip=_("换班"),
        tone="due",
        due=shift.starts_at,
    )
