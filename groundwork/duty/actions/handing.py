"""The note from shift to shift with both signatures, and stepping away for a while."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse

from groundwork.access.actions.notices import notify
from groundwork.base import trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, NotFound, RuleBroken
from groundwork.duty.models import Gate, HandOver, Pause, Post, Shift
from groundwork.duty.queries.keepers import keepers_of
from groundwork.registry.models import Person

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
        _tell_signed(handed, by=by, at=seen)
    return handed


def _tell_signed(handed: HandOver, *, by: Actor, at: datetime) -> None:
    """Tell both whose names were signed: the phone is the gate's, so each hears of it."""
    posts = Post.objects.select_related("person", "shift__gate__place")
    pair = posts.in_bulk([handed.from_post_id, handed.to_post_id])
    giver, taker = pair[handed.from_post_id], pair[handed.to_post_id or 0]
    gate = giver.shift.gate
    for post in (giver, taker):
        notify(
            [post.person],
            kind="duty.handed",
            key=f"duty.handed:{handed.public_id}",
            text=N_("%(gate)s交接班：%(giver)s交，%(taker)s接。如果您没有签，请告诉社区。"),
            url=reverse("duty:post", args=[post.public_id]),
            params={
                "gate": f"{gate.place.name}{gate.name}",
                "giver": giver.person.name,
                "taker": taker.person.name,
            },
            by=by,
            at=at,
        )


def pause(post: Post, *, by: Actor, seen: datetime, at: datetime) -> Pause:
    """Step away for a while; no reason is kept.

    A gate near by where two stand is asked; where there is none, who keeps the place is told.
    """
    if post.state != "standing":
        raise NotHere
    open_one = Pause.objects.filter(post=post, ended_at=None).first()
    if open_one is not None:
        return open_one
    if (told := Pause.objects.filter(post=post, began_at=seen).first()) is not None:
        return told  # sent again after coming back
    asked = _neighbour(post.shift, at)
    made = Pause.objects.create(post=post, asked_gate=asked, began_at=seen)
    gate = post.shift.gate
    if asked is not None:
        here = _standing(at).filter(shift__gate=asked).select_related("person").order_by("pk")
        helpers: list[Person | int] = [helper.person for helper in here[:4]]
        text = N_("邻近的%(gate)s有人要暂离一会儿，能否帮忙照看？")
    else:
        helpers = [*keepers_of(gate, at)]
        text = N_("%(gate)s有人要暂离一会儿，近处没有别的卡口能照看，请安排人过去。")
    notify(
        helpers,
        kind="duty.cover",
        key=f"duty.cover:{made.public_id}",
        text=text,
        url=reverse("duty:shift", args=[post.shift.public_id]),
        params={"gate": f"{gate.place.name}{gate.name}"},
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


def _neighbour(shift: Shift, at: datetime) -> Gate | None:
    """Find another gate where two stand now: in the same community, else the same township.

    Nobody who is away counts. Where several could, the one with the most people can best spare one.
    """
    others = _standing(at).filter(shift__order=shift.order_id).exclude(shift__gate=shift.gate_id)
    for column in ("place", "township"):
        near = getattr(shift, f"{column}_id")
        if near is None:
            continue
        gates = others.filter(**{f"shift__{column}": near}).values("shift__gate")
        counted = gates.annotate(n=Count("pk")).filter(n__gte=2).order_by("-n", "shift__gate")
        if (found := counted.values_list("shift__gate", flat=True).first()) is not None:
            return Gate.objects.get(pk=found)
    return None


def _standing(at: datetime) -> QuerySet[Post]:
    """Give who stands a shift that runs now, and has not stepped away."""
    away = Pause.objects.filter(post=OuterRef("pk"), ended_at=None)
    return Post.objects.filter(
        ~Exists(away),
        state="standing",
        shift__called_off_at=None,
        shift__starts_at__lte=at,
        shift__ends_at__gt=at,
    )
