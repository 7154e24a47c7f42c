"""Plan, change and end evenings. Publishing has a file of its own."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from groundwork.base import changes, clock, search, text, trail
from groundwork.base.actor import Actor
from groundwork.base.days import calendar
from groundwork.base.errors import Forbidden
from groundwork.registry.models import Body
from groundwork.study.actions import publishing
from groundwork.study.actions.broadcast import follow_evening
from groundwork.study.actions.plan import COLUMNS, EveningPlan, check_plan, plan_of, speakers_of
from groundwork.study.models import Evening, EveningSpeaker, Room
from groundwork.study.policy.evening import (
    evening_for,
    is_planner,
    plans_for,
    room_body_for,
)
from groundwork.study.rules import evening as rules

KIND = "study.evening"
LINKS = {"audience": "body_id", "materials": "material_id", "priorities": "priority_id"}


def create_evening(plan: EveningPlan, *, by: Actor, at: datetime | None = None) -> Evening:
    """Write a draft. Raises Forbidden outside the planner's scope, RuleBroken for odd times."""
    return create_evenings([plan], by=by, at=at)[0]


@transaction.atomic
def create_evenings(
    plans: Sequence[EveningPlan], *, by: Actor, at: datetime | None = None
) -> list[Evening]:
    """Write drafts in a dozen statements whatever their number."""
    at = at or clock.now()
    if not is_planner(by):
        raise Forbidden
    plans = [plan.tidied() for plan in plans]
    for plan in plans:
        check_plan(plan, by)
    evenings = Evening.objects.bulk_create(
        [Evening(**{n: getattr(plan, n) for n in COLUMNS}, changed_at=at) for plan in plans],
        batch_size=500,
    )
    _link(list(zip(evenings, plans, strict=True)))
    search.index_many(KIND, [(e.pk, _words(plan)) for e, plan in zip(evenings, plans, strict=True)])
    for evening in evenings:
        trail.record(by, "create", KIND, evening.public_id, at=at)
    return evenings


def _words(plan: EveningPlan) -> list[str]:
    """Give the words by which an evening is found."""
    speakers = [word for speaker in plan.speakers for word in (speaker.name, speaker.subject)]
    return [plan.title, plan.topic.name if plan.topic else "", *speakers]


def _link(pairs: list[tuple[Evening, EveningPlan]]) -> None:
    """Write what hangs on fresh evenings: audience, materials, priorities, speakers, rooms."""
    for name, column in LINKS.items():
        through = getattr(Evening, name).through
        through.objects.bulk_create(
            [
                through(evening_id=evening.pk, **{column: row.pk})
                for evening, plan in pairs
                for row in dict.fromkeys(getattr(plan, name))
            ],
            batch_size=2000,
        )
    EveningSpeaker.objects.bulk_create(
        [row for evening, plan in pairs for row in speakers_of(evening, plan)], batch_size=2000
    )
    Room.objects.bulk_create(
        [
            Room(evening=evening, body=body, name=text.line(name), capacity=n, secret=_secret())
            for evening, plan in pairs
            for body, name, n in plan.rooms
        ],
        batch_size=2000,
    )


def _secret() -> str:
    return secrets.token_hex(32)


@transaction.atomic
def edit_evening(
    public_id: str, plan: EveningPlan, *, by: Actor, at: datetime | None = None
) -> Evening:
    """Rewrite an evening; a published one keeps its times, which only a move changes.

    Rooms are left alone. A published evening's new audience is held to every rule of publishing.
    """
    at = at or clock.now()
    evening = evening_for(by, public_id, "edit", lock=True)
    rules.step(evening.state, "edit")
    published = evening.state == Evening.State.PUBLISHED
    if published:
        plan = replace(plan, starts_at=evening.starts_at, ends_at=evening.ends_at)
    plan = plan.tidied()
    check_plan(plan, by)
    before, left = publishing.dimensions(evening), evening.parent
    changed = [n for n in COLUMNS if getattr(evening, n) != getattr(plan, n)]
    for name in changed:
        setattr(evening, name, getattr(plan, name))
    evening.changed_at = at
    evening.sequence += published
    evening.save(update_fields=[*changed, "changed_at", "sequence"])
    evening.audience.set(plan.audience)
    evening.materials.set(plan.materials)
    evening.priorities.set(plan.priorities)
    evening.speakers.all().delete()
    EveningSpeaker.objects.bulk_create(speakers_of(evening, plan))
    search.index(KIND, evening.pk, _words(plan))
    if published:
        publishing.check_and_lay([evening], also=[left] if left else [])
        changes.record(KIND, public_id, before=before, after=publishing.dimensions(evening), at=at)
        follow_evening(evening, by=by, at=at)
    trail.record(by, "edit", KIND, public_id, changed, at=at)
    return evening


def copy_evening(
    public_id: str, *, host: Body | None = None, by: Actor, at: datetime | None = None
) -> Evening:
    """Draft the next evening after the model of one: same length and hour, the next default day.

    Materials and speakers are not copied: they were that night's. Another body's evening is
    copied for the actor's own `host`, with that body as its audience.
    """
    at = at or clock.now()
    model = evening_for(by, public_id, "copy")
    plan = plan_of(model)
    if not plans_for(by, model.host):
        if host is None:
            raise Forbidden
        rooms = tuple((host, name, n) for body, name, n in plan.rooms if body == host)
        plan = replace(plan, host=host, audience=(host,), programme=None, rooms=rooms)
    starts = next_start(max(at, model.starts_at), model.starts_at)
    plan = replace(
        plan,
        starts_at=starts,
        ends_at=starts + (model.ends_at - model.starts_at),
        parent=None,
        materials=(),
        speakers=(),
    )
    return create_evening(plan, by=by, at=at)


def next_start(after: datetime, like: datetime) -> datetime:
    """Give the next default day after `after`, at the hour of `like`."""
    day = after.astimezone(clock.ZONE).date() + timedelta(days=1)
    days = rules.default_days(day, day + timedelta(days=35), calendar())
    found = next((d.day for d in days if d.day), day + timedelta(days=7))
    return clock.local(found, like.astimezone(clock.ZONE).time())


@transaction.atomic
def move_evening(
    public_id: str,
    *,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    by: Actor,
    at: datetime | None = None,
) -> Evening:
    """Move a published evening; calendars follow and everybody expected is told."""
    at = at or clock.now()
    evening = evening_for(by, public_id, "move", lock=True)
    evening.state = rules.step(evening.state, "move")
    rules.check_move(evening.starts_at, at)
    if evening.entries.filter(withdrawn=False).exists():
        raise rules.SomebodyIsThere
    rules.check_times(starts_at, ends_at)
    rules.check_future(starts_at, at)
    before = publishing.dimensions(evening)
    evening.moved_from = evening.moved_from or evening.starts_at
    evening.starts_at, evening.ends_at = starts_at, ends_at
    fields = ["starts_at", "ends_at", "moved_from"]
    _told(evening, reason, fields, at)
    publishing.check_and_lay([evening])
    changes.record(KIND, public_id, before=before, after=publishing.dimensions(evening), at=at)
    trail.record(by, "move", KIND, public_id, fields, at=at)
    follow_evening(evening, by=by, at=at)
    publishing.tell(evening, "moved")
    return evening


@transaction.atomic
def cancel_evening(
    public_id: str, *, reason: str, by: Actor, at: datetime | None = None
) -> Evening:
    """Cancel an evening; its people are expected again at the evening it stood under."""
    at = at or clock.now()
    evening = evening_for(by, public_id, "cancel", lock=True)
    rules.step(evening.state, "cancel")
    announced = evening.state == Evening.State.PUBLISHED
    if announced:
        rules.check_cancel(evening.ends_at, at)
    before = publishing.dimensions(evening)
    evening.state = Evening.State.CANCELLED
    _told(evening, reason, ["state"], at)
    evening.own_evenings.filter(state=Evening.State.DRAFT).update(parent=None)
    if announced:
        publishing.check_and_lay_parent(evening)
        changes.record(KIND, public_id, before=before, after=None, at=at)
        publishing.tell(evening, "cancelled")
        follow_evening(evening, by=by, at=at)
    trail.record(by, "cancel", KIND, public_id, ["state", "change_reason"], at=at)
    return evening


def _told(evening: Evening, reason: str, fields: list[str], at: datetime) -> None:
    evening.change_reason = text.line(reason)[:200]
    evening.changed_at = at
    evening.sequence += 1
    evening.save(update_fields=[*fields, "change_reason", "changed_at", "sequence"])


@transaction.atomic
def hold_past_evenings(*, by: Actor, at: datetime | None = None) -> int:
    """Call held every published evening whose end has passed; return how many. For the worker."""
    at = at or clock.now()
    if not by.system:
        raise Forbidden
    due = list(
        Evening.objects.select_for_update()
        .filter(state=Evening.State.PUBLISHED, ends_at__lte=at)
        .order_by("id")
    )
    for evening in due:
        rules.check_over(evening.ends_at, at)
        before = publishing.dimensions(evening)
        evening.state = rules.step(evening.state, "hold")
        evening.save(update_fields=["state"])
        changes.record(
            KIND, evening.public_id, before=before, after=publishing.dimensions(evening), at=at
        )
        trail.record(by, "hold", KIND, evening.public_id, ["state"], at=at)
    return len(due)


@transaction.atomic
def close_evening(public_id: str, *, by: Actor, at: datetime | None = None) -> Evening:
    """Close an evening once its rolls are in. Raises SheetsOpen while some are awaited."""
    at = at or clock.now()
    evening = evening_for(by, public_id, "close", lock=True)
    after = rules.step(evening.state, "close")
    waiting = evening.sheets.filter(closed_at=None).count()
    ended = evening.ends_at.astimezone(clock.ZONE).date()
    rules.check_close(waiting, ended, at.astimezone(clock.ZONE).date(), calendar())
    before = publishing.dimensions(evening)
    evening.state = after
    evening.save(update_fields=["state"])
    changes.record(KIND, public_id, before=before, after=publishing.dimensions(evening), at=at)
    trail.record(by, "close", KIND, public_id, ["state"], at=at)
    return evening


@transaction.atomic
def add_room(
    evening_id: str,
    *,
    body_id: str,
    name: str,
    capacity: int | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Room:
    """Give a body a room at an evening; a unit does so for itself, the host for anybody."""
    evening = evening_for(by, evening_id, lock=True)
    body = room_body_for(by, evening, body_id)
    if evening.state not in (Evening.State.DRAFT, Evening.State.PUBLISHED):
        raise rules.WrongState
    if not plans_for(by, evening.host):
        rules.check_invited(body.path, evening.audience.values_list("path", flat=True))
    name = text.line(name)
    if evening.rooms.filter(body=body, name=name).exists():
        raise rules.RoomTwice(name=name)
    room = Room.objects.create(
        evening=evening, body=body, name=name, capacity=capacity, secret=_secret()
    )
    trail.record(by, "add_room", KIND, evening_id, ["rooms"], at=at)
    return room


@transaction.atomic
def remove_room(evening_id: str, room_id: str, *, by: Actor, at: datetime | None = None) -> None:
    """Take a room back, unless somebody has signed in there."""
    evening = evening_for(by, evening_id, lock=True)
    room = evening.rooms.select_related("body").filter(public_id=room_id).first()
    if room is None:
        raise rules.RoomGone
    room_body_for(by, evening, room.body.public_id)
    if evening.entries.filter(room=room).exists():
        raise rules.RoomInUse
    room.delete()
    trail.record(by, "remove_room", KIND, evening_id, ["rooms"], at=at)
