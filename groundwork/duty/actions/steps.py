"""Move a post by one line of the table: write, append, count again, trail, change log."""

from __future__ import annotations

from datetime import datetime

from groundwork.base import changes, trail
from groundwork.base.actor import Actor
from groundwork.duty.actions.counting import recount
from groundwork.duty.models import Post, PostStep
from groundwork.duty.rules.posts import Verb, step

KIND = "duty.post"


def dimensions(post: Post) -> dict[str, str | int | None]:
    """Give what figures count a post by; no person."""
    shift = post.shift
    return {
        "day": shift.day.isoformat(),
        "order": shift.order_id,
        "place": shift.place_id,
        "unit": post.person.unit_id,
        "kind": post.kind,
        "state": post.state,
    }


def move(
    post: Post, verb: Verb, *, by: Actor, at: datetime, text: str = "", **fields: object
) -> None:
    """Take one step of a locked post. `fields` are written with it. Raises WrongState."""
    before = dimensions(post)
    post.state = step(post.state, verb)
    for name, value in fields.items():
        setattr(post, name, value)
    post.save(update_fields=["state", *fields])
    PostStep.objects.create(
        post=post, verb=verb, at=at, account_id=by.account_id, name=by.display_name, text=text
    )
    recount([post.shift_id])
    trail.record(by, verb, KIND, post.public_id, ["state", *fields], at=at)
    changes.record(KIND, post.public_id, before=before, after=dimensions(post), at=at)
