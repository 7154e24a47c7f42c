"""After a shift: the community confirms the hours; an absence is contested before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from groundwork.access.actions.notices import notify
from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, GroundworkError, RuleBroken
from groundwork.duty.actions import steps
from groundwork.duty.models import Post
from groundwork.duty.policy.posts import post_for
from groundwork.duty.rules import posts as rules


class NoWords(RuleBroken):
    """Refuse to contest or to decide without a word."""

    code = "duty.no_words"
    text = N_("请写一句说明。")


class StillToHear(RuleBroken):
    """Refuse to write an absence before the person could say something."""

    code = "duty.still_to_hear"
    text = N_("本人还可以申诉，到期或申诉以后才能认定缺岗。")


@transaction.atomic
def approve_post(post_id: str, text: str = "", *, by: Actor, at: datetime | None = None) -> Post:
    """Confirm that somebody stood a shift; nobody confirms their own. Twice is no error.

    Also of whom no scan and no lead wrote anything: the shift's own hours then count.
    """
    at = at or clock.now()
    post = post_for(by, post_id, "settle", lock=True)
    if post.state != "approved":
        rules.check_settled(post.state, post.shift.ends_at, at)
        seen = _by_word(post) if post.came_at is None else {}
        set_to = {"settled_at": at, "came_checked": True, **seen}
        steps.move(post, "approve", by=by, at=at, text=text, **set_to)
    return post


def _by_word(post: Post) -> dict[str, object]:
    """Give the times of somebody of whom only the community's word is known."""
    word, shift = str(Post.Way.WORD), post.shift
    came = {"came_at": shift.starts_at, "came_by": word}
    return came | {"went_at": shift.ends_at, "went_by": word}


def approve_posts(
    post_ids: Sequence[str], *, by: Actor, at: datetime | None = None
) -> list[GroundworkError | None]:
    """Confirm many, each by itself; give for each why not, or None."""
    answers: list[GroundworkError | None] = []
    for post_id in post_ids:
        try:
            approve_post(post_id, by=by, at=at)
            answers.append(None)
        except GroundworkError as error:
            answers.append(error)
    return answers


@transaction.atomic
def contest_absence(post_id: str, text: str, *, by: Actor, at: datetime | None = None) -> Post:
    """Say that one was there, or had said so. The community hears and decides.

    Also of a shift that is over and of which nobody wrote who came.
    """
    at = at or clock.now()
    post = post_for(by, post_id, "own", lock=True)
    _require_words(text)
    rules.check_settled(post.state, post.shift.ends_at, at)
    steps.move(post, "contest", by=by, at=at, text=text.strip()[:300])
    return post


@transaction.atomic
def excuse_post(post_id: str, text: str, *, by: Actor, at: datetime | None = None) -> Post:
    """Decide that it was no absence; also later, as a correction."""
    at = at or clock.now()
    post = post_for(by, post_id, "settle", lock=True)
    _require_words(text)
    steps.move(post, "excuse", by=by, at=at, text=text.strip()[:300], settled_at=at)
    _tell(post, "duty.excused", N_("%(day)s的班次已认定不算缺岗。"), by=by, at=at)
    return post


@transaction.atomic
def uphold_absence(post_id: str, text: str, *, by: Actor, at: datetime | None = None) -> Post:
    """Decide on an absence: after the person was heard, or has let the time for it pass."""
    at = at or clock.now()
    post = post_for(by, post_id, "settle", lock=True)
    _require_words(text)
    if post.state == "missed" and post.missed_at and at < post.missed_at + rules.TO_CONTEST:
        raise StillToHear
    steps.move(post, "uphold", by=by, at=at, text=text.strip()[:300], settled_at=at)
    _tell(post, "duty.absent", N_("%(day)s的班次已认定缺岗，理由见班次页。"), by=by, at=at)
    return post


def tell_missed(post: Post, *, by: Actor, at: datetime) -> None:
    """Tell somebody that they were not seen, and until when they can say otherwise."""
    _tell(
        post,
        "duty.missed",
        N_("%(day)s的班次记为未到岗。三天内可以申诉，申诉前不作认定。"),
        by=by,
        at=at,
    )


def _require_words(text: str) -> None:
    if not text.strip():
        raise NoWords


def _tell(post: Post, kind: str, text: str, *, by: Actor, at: datetime) -> None:
    notify(
        [post.person],
        kind=kind,
        key=f"{kind}:{post.public_id}",
        text=text,
        url=reverse("duty:post", args=[post.public_id]),
        params={"day": post.shift.day},
        by=by,
        at=at,
    )
