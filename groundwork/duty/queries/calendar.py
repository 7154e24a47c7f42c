"""A person's shifts as entries of the personal calendar, which the desk composes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext as _

from groundwork.base.actor import Actor
from groundwork.duty.models import Post
from groundwork.duty.policy.posts import own_posts

LOOKS_BACK = timedelta(days=90)
OVER = ("declined", "swapped", "released")


@dataclass(frozen=True)
class Entry:
    """One shift in a calendar; `url` is a path of this city."""

    uid: str
    sequence: int  # grows with every step of the post, so that readers follow
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    title: str
    place: str
    words: tuple[str, ...]
    url: str


def entries(by: Actor, at: datetime) -> list[Entry]:
    """List the shifts of the last ninety days and those ahead; what was taken back is cancelled."""
    rows = (
        own_posts(by)
        .filter(shift__starts_at__gte=at - LOOKS_BACK)
        .select_related("shift__gate", "shift__place", "shift__order")
        .annotate(n=Count("steps"), last=Max("steps__at"))
        .order_by("shift__starts_at", "pk")
    )
    return [_entry(post) for post in rows]


def _entry(post: Post) -> Entry:
    shift = post.shift
    answered: datetime | None = getattr(post, "last", None)
    told = post.told_at or shift.order.created_at
    return Entry(
        uid=post.public_id,
        sequence=getattr(post, "n", 0) + (shift.called_off_at is not None),
        changed_at=max(filter(None, (answered, told, shift.called_off_at))),
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        cancelled=post.state in OVER or shift.called_off_at is not None,
        title=_("值守：%(gate)s") % {"gate": shift.gate.name},
        place=" ".join(
            part for part in (shift.place.name, shift.gate.name, shift.gate.spot) if part
        ),
        words=(shift.order.title, str(post.get_kind_display())),
        url=reverse("duty:post", args=[post.public_id]),
    )
