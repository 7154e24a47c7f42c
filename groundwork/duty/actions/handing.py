"""The note from shift to shift with both signatures, and stepping away for a while."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from groundwork.access.actions.notices import notify
from groundwork.base import trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, NotFound, RuleBroken
from groundwork.duty.models import Gate, HandOver, Pause, Post

KIND, PAUSE = "duty.hand_over", "duty.pause"
LONGEST_NOTE = 300


class NotHere(RuleBroken):
    """Refuse what only somebody who stands at the gate can do."""

    code = "duty.not_here"
    text = N_("请先签到，再交接或暂离。")


def give_over(
    post: Post, key: str, note: str, counted: int, *, by: Actor, seen: datetime
) -> HandOver:
    """Sign the note of a shift that ends. The same key is the same note."""
    if post.came_at is None:
        raise NotHere
    note = " ".join(note.split())[:LONGEST_NOTE]
    handed, made = HandOver.objects.get_or_create(
        client_key=key,
        defaults={
            "gate": post.shift.gate,
            "from_post": post,
            "note": note,
            "counted": counted,
            "given_at": seen,
        },
    )
    if made:
        trail.record(by, "give", KIND, handed.public_id, ["note"], at=seen)
    return handed


def take_over(key: str, post: Post, *, by: Actor, seen: datetime) -> HandOver:
    """Sign as the one who takes over; the first signature counts. `key` is that of the note."""
    handed = (
        HandOver.objects.select_for_update(of=("self",))
        .filter(client_key=key, gate=post.shift.gate)
        .first()
    )
    if handed is None:
        raise NotFound
    if post.came_at is None or handed.from_post_id == post.pk:
        raise NotHere
    if handed.taken_at is None:
        handed.to_post, handed.taken_at = post, seen
        handed.save(update_fields=["to_post", "taken_at"])
        trail.record(by, "take", KIND, handed.public_id, ["to_post"], at=seen)
    return handed


def pause(post: Post, *, by: Actor, seen: datetime, at: datetime) -> Pause:
    """Step away for a while; the nearest gate with two people is asked. No reason is kept."""
    if post.state != "standing":
        raise NotHere
    open_one = Pause.objects.filter(post=post, ended_at=None).first()
    if open_one is not None:
        return open_one
    if (told := Pause.objects.filter(post=post, began_at=seen).first()) is not None:
        return told  # sent again after coming back
    asked = _neighbour(post)
    made = Pause.objects.create(post=post, asked_gate=asked, began_at=seen)
    if asked is not None:
        helpers = [helper.person for helper in _standing(asked, at).select_related("person")[:4]]
        notify(
            helpers,
            kind="duty.cover",
            key=f"duty.cover:{made.public_id}",
            text=N_("邻近的%(gate)s有人要暂离一会儿，能否帮忙照看？"),
            params={"gate": post.shift.gate.name},
            by=by,
            at=at,
        )
    return made


def cover(pause_id: str, post: Post, *, by: Actor, seen: datetime) -> Pause:
    """Let somebody of the gate that was asked go and look after the other; the first who says so.

    Raises NotHere where nobody stands, NotFound where this gate was not asked.
    """
    if post.state != "standing":
        raise NotHere
    asked = Pause.objects.select_for_update(of=("self",)).filter(
        public_id=pause_id, asked_gate=post.shift.gate
    )
    found = asked.select_related("post__person", "post__shift__gate").first()
    if found is None:
        raise NotFound
    if found.covered_by_id is None:
        found.covered_by = post
        found.save(update_fields=["covered_by"])
        trail.record(by, "cover", PAUSE, found.public_id, ["covered_by"], at=seen)
    return found


def come_back(post: Post, *, by: Actor, seen: datetime) -> None:
    """End the pause; without one nothing happens."""
    Pause.objects.filter(post=post, ended_at=None).update(ended_at=seen)


def _neighbour(post: Post) -> Gate | None:
    """Find the nearest other gate where at least two stand: same community, then township."""
    shift = post.shift
    near = Gate.objects.filter(order=shift.order_id).exclude(pk=shift.gate_id)
    for place in ({"place": shift.place_id}, {"township": shift.township_id}):
        if None in place.values():
            continue
        for gate in near.filter(
            **place, shifts__starts_at__lt=shift.ends_at, shifts__ends_at__gt=shift.starts_at
        ).filter(shifts__present__gte=2)[:1]:
            return gate
    return None


def _standing(gate: Gate, at: datetime) -> QuerySet[Post]:
    return Post.objects.filter(
        shift__gate=gate, state="standing", shift__starts_at__lte=at, shift__ends_at__gte=at
    )
