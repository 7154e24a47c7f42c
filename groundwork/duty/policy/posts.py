"""Who may act on a post: the person on it, the shift's lead, the community, the order's keeper."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import sole
from groundwork.base.tree import NOWHERE, under
from groundwork.duty.models import Post, Shift
from groundwork.duty.policy.gates import KEEPERS, keeps_place
from groundwork.duty.policy.orders import Shut, is_open, keeps_order, was_open
from groundwork.duty.rules.posts import ROLL

Verb = Literal["view", "own", "lead", "settle", "plan"]
UNIT_READERS = (Role.UNIT_SECRETARY, Role.CLERK, Role.BRANCH_SECRETARY)


def visible_posts(by: Actor) -> QuerySet[Post]:
    """The own posts, those at the places one keeps, those of one's unit's people."""
    if by.system:
        return Post.objects.all()
    condition = under("shift__place__path", by.places(*KEEPERS))
    condition |= under("person__unit__path", by.bodies(*UNIT_READERS))
    condition |= Q(person=by.person_id) if by.person_id is not None else NOWHERE
    return Post.objects.filter(condition)


def own_posts(by: Actor) -> QuerySet[Post]:
    """Give the posts of the person who acts."""
    if by.person_id is None:
        return Post.objects.none()
    return Post.objects.filter(person=by.person_id)


def post_for(by: Actor, public_id: str, verb: Verb = "view", *, lock: bool = False) -> Post:
    """Fetch a post for an act. Raises NotFound out of scope, Forbidden where not allowed.

    "own" is for the person alone, "lead" for the shift's lead and the gate's keepers, "settle"
    for the keepers of the place (never of one's own post), "plan" for the order's keepers.
    """
    posts = Post.objects.select_related("shift__order__place", "shift__place", "shift__gate")
    posts = posts.select_related("person__unit")
    if lock:
        posts = posts.select_for_update(of=("self",))
    post = sole(posts.filter(public_id=public_id))
    if post is None or not (_leads(by, post) or visible_posts(by).filter(pk=post.pk).exists()):
        raise NotFound
    if _may(by, post, verb):
        return post
    raise Forbidden


def _may(by: Actor, post: Post, verb: Verb) -> bool:
    own = by.person_id is not None and post.person_id == by.person_id
    if verb == "view":
        return True
    if verb == "own":
        return own
    if verb == "lead":
        return keeps_place(by, post.shift.place.path) or _leads(by, post)
    if verb == "settle":
        return not own and keeps_place(by, post.shift.place.path)
    return keeps_order(by, post.shift.order)


def _leads(by: Actor, post: Post) -> bool:
    """Tell whether the actor stands the same shift as its lead."""
    if by.person_id is None:
        return False
    return Post.objects.filter(
        shift=post.shift_id,
        person=by.person_id,
        kind="lead",
        state__in=("planned", "confirmed", "standing"),
    ).exists()


def roll_open(shift: Shift, at: datetime) -> bool:
    """Tell whether a shift's roll can be written: under the order, and some hours after it.

    The order may end with its last shift; who came is still written up afterwards.
    """
    if is_open(shift.order, at, "checks_in"):
        return True
    return was_open(shift.order, shift.starts_at, "checks_in") and at < shift.ends_at + ROLL


def require_roll(shift: Shift, at: datetime) -> None:
    """Refuse to write a roll that is shut. Raises Shut."""
    if not roll_open(shift, at):
        raise Shut
