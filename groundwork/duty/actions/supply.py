"""Call people up, take what they say of their time, and what their units can spare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from groundwork.access.actions import notices
from groundwork.base import bulk, clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, Forbidden, NotFound, RuleBroken
from groundwork.base.ids import public_id
from groundwork.duty.actions.order_steps import append
from groundwork.duty.models import Order, UnitPart, Volunteer
from groundwork.duty.policy import supply as policy
from groundwork.duty.policy.orders import order_for, require_open
from groundwork.duty.rules import times as rules
from groundwork.duty.rules.kinds import SKILLS
from groundwork.registry.models import Person
from groundwork.registry.rules.bodies import PARTY, UNIT

KIND = "duty.call"
PART = "duty.part"
ASKED = N_("%(title)s：请说一下您什么时候能来。不能参加也可以，不用说原因。")
GONE = (Person.Status.RETIRED, Person.Status.LEFT, Person.Status.SECONDED)
WRITTEN = 1000
CAP = 3  # shifts a week, until somebody says otherwise


class BadAnswer(RuleBroken):
    """Refuse a cap or skills that nobody can have."""

    code = "duty.bad_answer"
    text = N_("次数或特长不对，请重新选择。")


class NobodyToAsk(RuleBroken):
    """Say that everybody has been asked."""

    code = "duty.nobody_to_ask"
    text = N_("范围内的人都已经召集过了。")


@dataclass(frozen=True)
class Answer:
    """What somebody says of their own time."""

    times: Mapping[str, Any] = field(default_factory=dict)
    cap: int = CAP
    skills: Sequence[str] = ()


def to_ask(order: Order) -> QuerySet[Person]:
    """Give the staff of the units in an order's place who have not been asked."""
    people = Person.objects.filter(
        merged_into=None,
        unit__kind__in=(UNIT, PARTY),
        unit__valid_to=None,
        unit__place__path__startswith=order.place.path,
    )
    asked = Volunteer.objects.filter(order=order).values("person")
    return people.exclude(status__in=GONE).exclude(pk__in=asked)


@transaction.atomic
def call_up(order_id: str, *, by: Actor, at: datetime | None = None) -> int:
    """Ask the staff of every unit in the order's place, each once; give how many.

    Asking again later reaches only who came to the units since. Raises NobodyToAsk.
    """
    at = at or clock.now()
    order = order_for(by, order_id, "edit", lock=True)
    require_open(order, at, "calls_up")
    people = list(to_ask(order).order_by("pk").only("pk", "unit_id"))
    if not people:
        raise NobodyToAsk
    bulk.insert(
        Volunteer,
        ("public_id", "order", "person", "unit", "times", "cap", "skills", "asked_at"),
        ((public_id(), order.pk, person.pk, person.unit_id, {}, CAP, [], at) for person in people),
    )
    units = {person.unit_id for person in people}
    UnitPart.objects.bulk_create(
        (UnitPart(order=order, unit_id=unit) for unit in units),
        batch_size=WRITTEN,
        ignore_conflicts=True,
    )
    append(order, "call", by=by, at=at, data={"asked": len(people)}, fields=["volunteers"])
    notices.notify(
        people,
        kind="duty.call",
        key=f"duty.call:{order.public_id}",
        text=ASKED,
        params={"title": order.title},
        url=reverse("duty:supply", args=[order.public_id]),
        at=at,
    )
    return len(people)


@transaction.atomic
def answer_call(
    order_id: str, answer: Answer, *, by: Actor, at: datetime | None = None
) -> Volunteer:
    """Say when one can, how often, what for; asked or not, and again at any time."""
    at = at or clock.now()
    volunteer = _own(order_id, by, at)
    rules.check_times(answer.times)
    if answer.cap not in rules.CAPS or set(answer.skills) - set(SKILLS):
        raise BadAnswer
    volunteer.times = dict(answer.times)
    volunteer.cap = answer.cap
    volunteer.skills = [skill for skill in SKILLS if skill in answer.skills]
    volunteer.answered_at, volunteer.excused_at = at, None
    _save(volunteer, "answer", ["times", "cap", "skills", "excused_at"], by, at)
    return volunteer


@transaction.atomic
def excuse_self(order_id: str, *, by: Actor, at: datetime | None = None) -> Volunteer:
    """Say that one cannot take part; no reason is asked for and none is kept."""
    at = at or clock.now()
    volunteer = _own(order_id, by, at)
    volunteer.answered_at = volunteer.excused_at = at
    _save(volunteer, "excuse", ["excused_at"], by, at)
    return volunteer


def _own(order_id: str, by: Actor, at: datetime) -> Volunteer:
    """Fetch, or begin, the actor's own row under an order that calls people up now."""
    order = order_for(by, order_id)
    if not policy.may_offer(by):
        raise Forbidden
    require_open(order, at, "calls_up")
    own = policy.own_calls(by).filter(order=order)
    found = own.select_for_update(of=("self",)).first()
    if found is not None:
        return found
    person = Person.objects.get(pk=by.person_id or 0)
    UnitPart.objects.get_or_create(order=order, unit_id=person.unit_id)
    return Volunteer(order=order, person=person, unit_id=person.unit_id, asked_at=at)


def _save(volunteer: Volunteer, verb: str, fields: Sequence[str], by: Actor, at: datetime) -> None:
    if volunteer.pk is None:
        volunteer.save(force_insert=True)
    else:
        volunteer.save(update_fields=[*fields, "answered_at"])
    trail.record(by, verb, KIND, volunteer.public_id, fields, at=at)


# ---- the unit -----------------------------------------------------------------------------------
@transaction.atomic
def keep_in_office(
    order_id: str, unit_id: str, stay: int, *, by: Actor, at: datetime | None = None
) -> UnitPart:
    """Say how many of a unit must be in the office of a working day."""
    at = at or clock.now()
    part = policy.part_for(by, order_id, unit_id, "edit", lock=True)
    require_open(part.order, at, "calls_up")
    part.stay, part.account_id = stay, by.account_id
    part.save(update_fields=["stay", "account_id"])
    trail.record(by, "stay", PART, f"{order_id}/{unit_id}", ["stay"], at=at)
    return part


@transaction.atomic
def hold_person(
    order_id: str, volunteer_id: str, held: bool, *, by: Actor, at: datetime | None = None
) -> Volunteer:
    """Keep somebody at the desk, or let them go; shifts they have already stay theirs."""
    at = at or clock.now()
    volunteer = (
        Volunteer.objects.select_for_update(of=("self",))
        .select_related("unit", "order")
        .filter(public_id=volunteer_id, order__public_id=order_id)
        .first()
    )
    if volunteer is None:
        raise NotFound
    policy.part_for(by, order_id, volunteer.unit.public_id, "edit")
    require_open(volunteer.order, at, "calls_up")
    volunteer.held_at = (volunteer.held_at or at) if held else None
    volunteer.save(update_fields=["held_at"])
    trail.record(by, "hold" if held else "let_go", KIND, volunteer.public_id, ["held_at"], at=at)
    return volunteer


@transaction.atomic
def release_unit(order_id: str, unit_id: str, *, by: Actor, at: datetime | None = None) -> UnitPart:
    """Let everybody of a unit go at once; nobody is held any more."""
    at = at or clock.now()
    part = policy.part_for(by, order_id, unit_id, "edit", lock=True)
    require_open(part.order, at, "calls_up")
    Volunteer.objects.filter(order=part.order_id, unit=part.unit_id).update(held_at=None)
    part.released_at, part.account_id = at, by.account_id
    part.save(update_fields=["released_at", "account_id"])
    trail.record(by, "release", PART, f"{order_id}/{unit_id}", ["released_at"], at=at)
    return part
