"""What a person says of a post: I shall come, I cannot, I take an open one; and who fills a gap."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext

from groundwork.access.actions.notices import Message, notify, notify_many
from groundwork.base import changes, clock, outbox, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, Conflict, Forbidden, NotFound, RuleBroken
from groundwork.duty.actions import steps
from groundwork.duty.actions.counting import recount
from groundwork.duty.models import Post, PostStep, Shift, Swap, UnitPart
from groundwork.duty.policy.gates import shift_for
from groundwork.duty.policy.posts import Verb, post_for
from groundwork.duty.policy.runs import require_call
from groundwork.duty.queries.fitting import Fitting, open_slots
from groundwork.duty.queries.keepers import keepers_of
from groundwork.duty.rules.fits import NEVER
from groundwork.duty.rules.kinds import KINDS
from groundwork.duty.rules.posts import HOLDS, WrongState
from groundwork.registry.models import Person

FILL = "duty.fill"


class SlotGone(Conflict):
    """Tell that the slot was taken meanwhile, or is not one this person can stand."""

    code = "duty.slot_gone"
    text = N_("这个岗位刚刚有人接了，或者需要特定技能。请看看别的班次。")


class NotNow(RuleBroken):
    """Refuse a shift that somebody must not stand, whoever wishes it."""

    code = "duty.not_now"
    text = N_("不能排这个班：%(why)s")


WHY = {
    "there": N_("已经在这个班上。"),
    "busy": N_("同一时间已有别的班次。"),
    "held": N_("单位安排留岗。"),
    "office": N_("单位这天上班时间外出的人已到上限。"),
    "off": N_("班次已取消。"),
    "past": N_("班次已经开始。"),
    "rest": N_("前后两班之间休息不足 11 小时。"),
    "week": N_("本周班次已到本人设的上限。"),
    "unlisted": N_("没有被召集。"),
    "excused": N_("本人这次不参加。"),
    "unable": N_("本人没有填这个时段。"),
    "gave": N_("本人已把这个班让出。"),
    "far": N_("离得太远。"),
    "kind": N_("没有所需的技能。"),
}


def locked_post(public_id: str, verb: Verb, *, by: Actor) -> Post:
    """Fetch a post for an act with its shift locked first, as whoever fills and publishes does."""
    post = post_for(by, public_id, verb)
    Shift.objects.select_for_update().get(pk=post.shift_id)
    return post_for(by, public_id, verb, lock=True)


@transaction.atomic
def confirm_post(public_id: str, *, by: Actor, at: datetime | None = None) -> Post:
    """Say that one will come. Twice is no error."""
    at = at or clock.now()
    post = locked_post(public_id, "own", by=by)
    if post.state == "confirmed":
        return post
    _require_ahead(post, at)
    steps.move(post, "confirm", by=by, at=at, answered_at=at)
    return post


@transaction.atomic
def decline_post(public_id: str, *, by: Actor, at: datetime | None = None) -> Post:
    """Say that one cannot; no reason is asked for, and the slot is offered to who fits."""
    at = at or clock.now()
    post = locked_post(public_id, "own", by=by)
    if post.state == "declined":
        return post
    _require_ahead(post, at)
    refuse_post(post, by=by, at=at)
    return post


def refuse_post(post: Post, *, by: Actor, at: datetime, text: str = "") -> None:
    """Empty the slot of a locked post: what was on offer is withdrawn, and others are asked."""
    Swap.objects.filter(post=post, state=Swap.State.OPEN).update(
        state=Swap.State.WITHDRAWN, closed_at=at
    )
    steps.move(post, "decline", by=by, at=at, text=text, answered_at=at)
    payload = {"shift": post.shift.public_id, "kind": post.kind, "post": post.public_id}
    outbox.put(FILL, payload, key=f"{FILL}:{post.public_id}")


def _require_ahead(post: Post, at: datetime) -> None:
    require_call(post.shift.order, at)
    if post.shift.called_off_at is not None or post.shift.starts_at <= at:
        raise WrongState


@transaction.atomic
def sign_up(shift_id: str, kind: str = "", *, by: Actor, at: datetime | None = None) -> Post:
    """Take an open slot oneself. Short rest is allowed by choice, recorded, and told to the lead.

    Raises SlotGone, or NotNow where time, desk or office stand in the way.
    """
    at = at or clock.now()
    if by.person_id is None:
        raise Forbidden
    person = _locked_person(by.person_id)
    shift = shift_for(by, shift_id, lock=True)
    require_call(shift.order, at)
    known = Fitting(shift.order, [person.pk], [shift])
    found = [code for code in _hindrances(known, person.pk, shift, at) if code in NEVER]
    if found:
        raise NotNow(why=said(found[0]))
    left = open_slots(shift)
    fitting = [one for one in _by_need(left) if known.matches(person.pk, one)]
    if kind:
        fitting = [one for one in fitting if one == kind]
    if not fitting:
        raise SlotGone
    post = Post(shift=shift, person=person, kind=fitting[0], source=Post.Source.CHOSEN)
    post.state, post.answered_at, post.told_at = "confirmed", at, at
    post.short_rest = "rest" in known.hindrances(person.pk, shift)
    _save(post, "sign_up", by=by, at=at)
    if post.short_rest:
        _caution(post, by=by, at=at)
    return post


def _by_need(left: dict[str, int]) -> list[str]:
    """Put what few can do before what everybody can: a medic stands where one is missing."""
    order = ("medical", "dialect", "driver", "general", "lead")
    return sorted(left, key=order.index)


@transaction.atomic
def assign(
    shift_id: str, person_id: str, kind: str, *, by: Actor, at: datetime | None = None
) -> Post:
    """Give an open slot to somebody for whom every rule holds; by who keeps the place."""
    at = at or clock.now()
    shift_for(by, shift_id, "edit")
    found_person = Person.objects.only("pk").filter(public_id=person_id).first()
    if found_person is None:
        raise NotFound
    person = _locked_person(found_person.pk)
    shift = shift_for(by, shift_id, "edit", lock=True)
    require_call(shift.order, at)
    known = Fitting(shift.order, [person.pk], [shift])
    found = _hindrances(known, person.pk, shift, at)
    if kind not in KINDS or not known.matches(person.pk, kind):
        found.append("kind")
    if found:
        raise NotNow(why=said(found[0]))
    if kind not in open_slots(shift):
        raise SlotGone
    post = Post(shift=shift, person=person, kind=kind, source=Post.Source.FILL, told_at=at)
    _save(post, "assign", by=by, at=at)
    notify(
        [person],
        kind="duty.filled",
        key=f"duty.filled:{post.public_id}",
        text=N_("临时请您补一个班：%(gate)s，%(when)s。请看能不能来。"),
        url=reverse("duty:post", args=[post.public_id]),
        params=params_of(shift),
        by=by,
        at=at,
    )
    return post


def _locked_person(pk: int) -> Person:
    """Lock the person first, and what their office can spare: two taps become one after one."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=pk)
    list(UnitPart.objects.filter(unit=person.unit_id).order_by("pk").select_for_update())
    return person


def _hindrances(known: Fitting, person: int, shift: Shift, at: datetime) -> list[str]:
    past = ["past"] if shift.starts_at <= at else []
    return past + known.hindrances(person, shift)


def said(code: str) -> str:
    """Say in the reader's language what stands in the way."""
    return gettext(WHY[code])


def _save(post: Post, verb: str, *, by: Actor, at: datetime) -> None:
    """Write a post that somebody took or was given, with its first step."""
    post.save(force_insert=True)
    PostStep.objects.create(
        post=post, verb=verb, at=at, account_id=by.account_id, name=by.display_name
    )
    recount([post.shift_id])
    trail.record(by, verb, steps.KIND, post.public_id, ["shift", "person", "kind"], at=at)
    changes.record(steps.KIND, post.public_id, after=steps.dimensions(post), at=at)


def _caution(post: Post, *, by: Actor, at: datetime) -> None:
    """Tell the lead that somebody comes with less than eleven hours of rest, by own choice.

    Where nobody else leads the shift, who keeps the gate hears of it.
    """
    leads = Post.objects.filter(shift=post.shift, kind="lead", state__in=HOLDS)
    told: list[Person | int] = [
        lead.person for lead in leads.exclude(pk=post.pk).select_related("person")
    ]
    notify(
        told or [*keepers_of(post.shift.gate, at)],
        kind="duty.short_rest",
        key=f"duty.short_rest:{post.public_id}",
        text=N_("%(name)s自愿来 %(when)s 的班，与上一班间隔不到 11 小时，请留意照顾。"),
        url=reverse("duty:shift", args=[post.shift.public_id]),
        params={**params_of(post.shift), "name": post.person.name},
        by=by,
        at=at,
    )


def params_of(shift: Shift) -> dict[str, object]:
    """Give what a notice says of a shift."""
    return {"gate": shift.gate.name, "when": shift.starts_at, "place": shift.place.name}


# ---- in the worker -------------------------------------------------------------------------------
def remind_posts(*, by: Actor, at: datetime | None = None) -> int:
    """Remind people of a shift that begins within three hours, once."""
    at = at or clock.now()
    rows = Post.objects.filter(
        shift__starts_at__gt=at,
        shift__starts_at__lte=at + timedelta(hours=3),
        shift__called_off_at=None,
        state__in=("planned", "confirmed"),
        reminded_at=None,
    )
    posts = list(rows.select_related("shift__gate", "shift__place", "person").order_by("pk")[:5000])
    if not posts:
        return 0
    return _remind(posts, by, at)


@transaction.atomic
def _remind(posts: list[Post], by: Actor, at: datetime) -> int:
    told = [
        (
            post.person,
            Message(
                kind="duty.soon",
                key=f"duty.soon:{post.public_id}",
                text=N_("今天 %(when)s 在%(place)s%(gate)s值守。"),
                url=reverse("duty:post", args=[post.public_id]),
                params=params_of(post.shift),
            ),
        )
        for post in posts
    ]
    for start in range(0, len(posts), 900):
        part = Post.objects.filter(pk__in=[post.pk for post in posts[start : start + 900]])
        part.update(reminded_at=at)
    return notify_many(told, by=by, at=at)
