"""After the shift: what waits for the community's word, and what a person's certificate says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor
from groundwork.base.tree import under
from groundwork.duty.models import Order, Post, Thanks
from groundwork.duty.policy.gates import KEEPERS
from groundwork.duty.policy.posts import own_posts
from groundwork.duty.policy.thanks import kept_thanks
from groundwork.duty.rules import posts as rules
from groundwork.duty.rules.posts import AHEAD, GOING, TO_CONTEST

MOST = 100


@dataclass(frozen=True)
class Waiting:
    """What the keepers of a place have to settle; `more` where the lists were cut."""

    stood: list[Post]
    unseen: list[Post]  # over, and nobody wrote whether they came
    missed: list[Post]
    contested: list[Post]
    thanks: list[Thanks]
    more: bool


def waiting(by: Actor, at: datetime) -> Waiting:
    """List posts and thanks that wait for the actor's word, the oldest first."""
    posts = _kept(by)
    stood = list(posts.filter(state="stood")[: MOST + 1])
    unseen = list(posts.filter(unseen_by(at))[: MOST + 1])
    missed = list(posts.filter(state="missed")[: MOST + 1])
    contested = list(posts.filter(state="contested")[: MOST + 1])
    thanks = list(kept_thanks(by).filter(shown_at=None).select_related("gate__place")[:MOST])
    for post in missed:
        post.heard = post.missed_at is None or at >= post.missed_at + TO_CONTEST  # type: ignore[attr-defined]
    more = any(len(rows) > MOST for rows in (stood, unseen, missed, contested))
    return Waiting(stood[:MOST], unseen[:MOST], missed[:MOST], contested[:MOST], thanks, more)


def unseen_by(at: datetime) -> Q:
    """Make a condition: a post of a shift that is over, long enough for a late scan to arrive."""
    return Q(state__in=AHEAD, shift__ends_at__lte=at - GOING, shift__called_off_at=None)


def unseen(post: Post, at: datetime) -> bool:
    """Tell whether a post's shift is over and nobody wrote whether they came."""
    return rules.unseen(post.state, post.shift.ends_at, at)


def _kept(by: Actor) -> QuerySet[Post]:
    """Posts at the places one keeps, but one's own."""
    posts = Post.objects.select_related("person__unit", "shift__gate__place", "shift__order")
    posts = posts.prefetch_related("steps").order_by("shift__starts_at", "id")
    if not by.system:
        posts = posts.filter(under("shift__place__path", by.places(*KEEPERS)))
    return posts.exclude(person=by.person_id) if by.person_id is not None else posts


@dataclass(frozen=True)
class Certificate:
    """A person's own shifts under an order, those the community confirmed, and their time."""

    order: Order
    posts: list[Post]
    time: timedelta
    thanks: list[Thanks]

    @property
    def hours(self) -> float:
        """The time of the confirmed shifts in hours, to the half hour."""
        return _half_hours(self.time)


def certificate(by: Actor, order: Order) -> Certificate:
    """Gather a person's own certificate; it is theirs and nobody else opens it."""
    posts = list(
        own_posts(by)
        .filter(shift__order=order, state="approved")
        .select_related("shift__gate__place")
        .order_by("shift__starts_at")
    )
    time = sum((post.shift.ends_at - post.shift.starts_at for post in posts), timedelta())
    thanks = Thanks.objects.filter(
        shift__in=[post.shift_id for post in posts], shown_at__isnull=False
    )
    return Certificate(order, posts, time, list(thanks.order_by("at")))


@dataclass(frozen=True)
class Stood:
    """A person's own confirmed shifts of all orders, and their time."""

    posts: list[Post]
    hours: float


def stood(by: Actor) -> Stood:
    """Gather one's own confirmed shifts, the latest first; nobody else opens this."""
    rows = own_posts(by).filter(state="approved").select_related("shift__gate__place")
    posts = list(rows.order_by("-shift__starts_at")[:1000])
    time = sum((post.shift.ends_at - post.shift.starts_at for post in posts), timedelta())
    return Stood(posts, _half_hours(time))


def _half_hours(time: timedelta) -> float:
    return round(time / timedelta(hours=1) * 2) / 2
