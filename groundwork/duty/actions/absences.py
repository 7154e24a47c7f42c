"""Somebody rings up: they cannot come. Noted by who keeps the gate, answered at once.

No reason is asked for and none is kept. The person is told what was noted, the slot is offered
round, and the page that follows names who could stand instead.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from groundwork.access.actions.notices import notify
from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import N_
from groundwork.duty.actions.answering import locked_post, params_of, refuse_post
from groundwork.duty.models import Post
from groundwork.duty.policy.posts import visible_posts
from groundwork.duty.policy.runs import require_call
from groundwork.duty.rules.posts import AHEAD, WrongState

NOTED = N_("%(name)s替您记了：%(when)s %(gate)s的班来不了。不对的话请马上告诉带班或社区。")
ON_BEHALF = N_("来电话说来不了")


@transaction.atomic
def note_absence(
    post_id: str, until: date | None = None, *, by: Actor, at: datetime | None = None
) -> list[Post]:
    """Note that somebody cannot come to a shift, nor to others until a day; give the posts.

    By the shift's lead or who keeps its place; of the others only what the actor keeps as well.
    """
    at = at or clock.now()
    post = locked_post(post_id, "lead", by=by)
    require_call(post.shift.order, at)
    if post.state not in AHEAD or post.shift.starts_at <= at:
        raise WrongState
    found = [post, *_others(post, until, by, at)]
    for one in found:
        refuse_post(one, by=by, at=at, text=ON_BEHALF)
        _tell(one, by, at)
    return found


def _others(post: Post, until: date | None, by: Actor, at: datetime) -> list[Post]:
    """Lock the other posts of the person that begin before the end of a day."""
    if until is None:
        return []
    rows = visible_posts(by).filter(
        person=post.person_id,
        shift__order=post.shift.order_id,
        shift__called_off_at=None,
        shift__starts_at__gt=at,
        shift__day__lte=until,
        state__in=AHEAD,
    )
    keys = rows.exclude(pk=post.pk).order_by("shift_id").values_list("public_id", flat=True)
    return [locked_post(key, "lead", by=by) for key in list(keys)]


def _tell(post: Post, by: Actor, at: datetime) -> None:
    notify(
        [post.person],
        kind="duty.noted",
        key=f"duty.noted:{post.public_id}",
        text=NOTED,
        url=reverse("duty:post", args=[post.public_id]),
        params={**params_of(post.shift), "name": by.display_name},
        by=by,
        at=at,
    )
