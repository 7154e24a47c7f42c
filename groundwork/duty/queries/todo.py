"""What of duty waits for somebody: a call, a shift to answer, a colleague who asks to swap."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.listing import Todo
from groundwork.duty.models import Post, Shift, Swap, UnitPart
from groundwork.duty.policy.posts import own_posts
from groundwork.duty.queries import keeping
from groundwork.duty.queries.supply import unanswered, units_to_answer
from groundwork.duty.rules.posts import AHEAD, TO_CONTEST

MOST = 5


def todo(by: Actor, at: datetime) -> list[Todo]:
    """List calls not yet answered, own shifts to say yes or no to, offers made to this person.

    And what waits for a unit, or for who keeps a gate.
    """
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
    to_answer = Q(state="planned", shift__called_off_at=None, shift__starts_at__gt=at)
    posts = own_posts(by).filter(to_answer | Q(state="missed"))
    asked = Swap.objects.filter(
        asked=by.person_id,
        state=Swap.State.OPEN,
        post__state__in=AHEAD,
        post__shift__starts_at__gt=at,
    )
    posts = posts.select_related("shift__gate", "shift__place").order_by("shift__starts_at", "pk")
    near = list(posts[: 2 * MOST])
    swaps = asked.select_related("post__shift__gate", "post__person").order_by("pk")
    return [
        *keeping.todo(by, at),
        *calls,
        *map(_unit, units_to_answer(by, at)),
        *(_missed(post) for post in near if post.state == "missed"),
        *[_post(post) for post in near if post.state == "planned"][:MOST],
        *map(_swap, swaps[:MOST]),
    ]


def _unit(part: UnitPart) -> Todo:
    return Todo(
        title=_("%(title)s：本单位留几个人，放谁去") % {"title": part.order.title},
        url=reverse("duty:unit", args=[part.order.public_id, part.unit.public_id]),
        sub=str(part.unit),
        chip=_("待答复"),
        tone="due",
    )


def _missed(post: Post) -> Todo:
    return Todo(
        title=_("记为没见到，请说明：%(gate)s") % {"gate": post.shift.gate.name},
        url=reverse("duty:contest", args=[post.public_id]),
        sub=_start(post.shift),
        chip=_("可以申诉"),
        tone="late",
        due=post.missed_at + TO_CONTEST if post.missed_at else None,
    )


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
