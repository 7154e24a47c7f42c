"""Take many posts back at once: a closed gate, an order that ends. Each is told once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from groundwork.access.actions import notices
from groundwork.base import changes, clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_
from groundwork.base.models import Change
from groundwork.duty.actions.counting import recount
from groundwork.duty.actions.steps import KIND, dimensions
from groundwork.duty.models import Post, PostStep, Shift, Swap
from groundwork.duty.rules.posts import AHEAD, step
from groundwork.registry.models import Person

CHUNK = 500
CALLED_OFF = N_("%(gate)s %(time)s 的班次取消了，不用来。%(why)s")
ORDER_OVER = N_("%(gate)s %(time)s 的班次取消了：启动令已结束。")


def release_many(
    which: Q, why: str = "", *, text: str = CALLED_OFF, by: Actor, at: datetime
) -> int:
    """Release every post ahead that meets `which`; the same table, steps and counts as one post.

    Each is told `text`. The caller holds the transaction.
    """
    found = Post.objects.filter(which, state__in=AHEAD).order_by("pk")
    posts = list(
        found.select_for_update(of=("self",)).select_related(
            "shift__gate", "shift__order", "person"
        )
    )
    for start in range(0, len(posts), CHUNK):
        _release(posts[start : start + CHUNK], why, by, at)
    if posts:
        recount({post.shift_id for post in posts})
        trail.record(by, "release_many", KIND, str(len(posts)), ["state"], at=at)
    _tell(posts, text, why, at)
    return len(posts)


def _release(posts: Sequence[Post], why: str, by: Actor, at: datetime) -> None:
    before = [dimensions(post) for post in posts]
    for post in posts:
        post.state = step(post.state, "release")
    keys = [post.pk for post in posts]
    Post.objects.filter(pk__in=keys).update(state=posts[0].state)
    PostStep.objects.bulk_create(
        PostStep(
            post=post,
            verb="release",
            at=at,
            account_id=by.account_id,
            name=by.display_name,
            text=why[:300],
        )
        for post in posts
    )
    Swap.objects.filter(post__in=keys, state=Swap.State.OPEN).update(
        state=Swap.State.LAPSED, closed_at=at
    )
    changes.record_many(
        Change(at=at, kind=KIND, object_id=post.public_id, before=was, after=dimensions(post))
        for post, was in zip(posts, before, strict=True)
    )


def _tell(posts: Sequence[Post], text: str, why: str, at: datetime) -> None:
    messages: dict[int, notices.Message] = {}
    told: list[tuple[Person, notices.Message]] = []
    for post in posts:
        if post.shift.ends_at <= at:
            continue
        if post.shift_id not in messages:
            messages[post.shift_id] = _message(post.shift, text, why)
        told.append((post.person, messages[post.shift_id]))
    notices.notify_many(told, at=at)


def _message(shift: Shift, text: str, why: str) -> notices.Message:
    start = shift.starts_at.astimezone(clock.ZONE)
    return notices.Message(
        kind="duty.called_off",
        key=f"duty.called_off:{shift.public_id}:{start:%m%d%H%M}",
        text=text,
        params={"gate": shift.gate.name, "time": start, "why": why[:120]},
        url=reverse("duty:mine"),
    )
