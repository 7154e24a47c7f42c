"""Draft, open, close and report rounds of consultation; copy one for the next month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from groundwork.access.actions import notices
from groundwork.access.models import Account, Grant
from groundwork.base import clock, trail
from groundwork.base.actor import Actor, Role
from groundwork.base.errors import N_, Forbidden
from groundwork.registry.models import Body, Person, Place
from groundwork.service.models import Round, RoundInvite, RoundQuestion
from groundwork.service.policy import rounds as policy
from groundwork.service.rules import rounds as rules

KIND = "service.round"
State, Audience = Round.State, Round.Audience
CLOCK = Actor(system="service.clock")
ASKED = N_("%(body)s请您回复：%(title)s")


@dataclass(frozen=True)
class RoundPlan:
    """What a round asks, of whom, from when to when."""

    title: str
    body: Body
    place: Place
    audience: str
    opens_at: datetime
    closes_at: datetime
    questions: tuple[str, ...]
    why: str = ""
    people: tuple[Person, ...] = ()
    enterprises: tuple[Body, ...] = ()


@transaction.atomic
def draft_round(plan: RoundPlan, *, by: Actor, at: datetime | None = None) -> Round:
    """Draft a round; nobody is asked yet."""
    at = at or clock.now()
    if not policy.may_keep_round(by, plan.body):
        raise Forbidden
    rules.check_times(plan.opens_at, plan.closes_at, at)
    made = Round.objects.create(
        title=plan.title,
        body=plan.body,
        place=plan.place,
        audience=plan.audience,
        why=plan.why,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
    )
    _ask(made, plan)
    trail.record(by, "draft", KIND, made.public_id, at=at)
    return made


def _ask(made: Round, plan: RoundPlan) -> None:
    made.questions.all().delete()
    made.invites.all().delete()
    RoundQuestion.objects.bulk_create(
        RoundQuestion(round=made, order=order, text=text)
        for order, text in enumerate(plan.questions[: rules.MOST_QUESTIONS], 1)
    )
    if plan.audience == Audience.NAMED:
        RoundInvite.objects.bulk_create(
            [
                *(RoundInvite(round=made, person=person) for person in dict.fromkeys(plan.people)),
                *(RoundInvite(round=made, body=body) for body in dict.fromkeys(plan.enterprises)),
            ]
        )


@transaction.atomic
def edit_round(round_id: str, plan: RoundPlan, *, by: Actor, at: datetime | None = None) -> Round:
    """Change a draft. The unit that asks stays."""
    at = at or clock.now()
    found = policy.round_for(by, round_id, "edit", lock=True)
    rules.step(found.state, "edit")
    rules.check_times(plan.opens_at, plan.closes_at, at)
    fields = ("title", "place", "audience", "why", "opens_at", "closes_at")
    for name in fields:
        setattr(found, name, getattr(plan, name))
    found.save(update_fields=list(fields))
    _ask(found, plan)
    trail.record(by, "edit", KIND, found.public_id, list(fields), at=at)
    return found


@transaction.atomic
def open_round(round_id: str, *, by: Actor, at: datetime | None = None) -> Round:
    """Let a round begin at its set time; where that is now, those asked are told at once."""
    at = at or clock.now()
    found = policy.round_for(by, round_id, "open", lock=True)
    rules.check_times(found.opens_at, found.closes_at, at)
    if not found.questions.exists():
        raise rules.NoQuestions
    if found.audience == Audience.NAMED and not found.invites.exists():
        raise rules.NobodyAsked
    _move(found, "open", by, at)
    if found.opens_at <= at:
        _tell(found, at)
    return found


def _move(found: Round, verb: rules.Verb, by: Actor, at: datetime, *fields: str) -> None:
    found.state = rules.step(found.state, verb)
    names = ["state", *fields]
    found.save(update_fields=names)
    trail.record(by, verb, KIND, found.public_id, names, at=at)


@transaction.atomic
def close_round(round_id: str, *, by: Actor, at: datetime | None = None) -> Round:
    """End a round now, before its set time."""
    at = at or clock.now()
    found = policy.round_for(by, round_id, "close", lock=True)
    _move(found, "close", by, at)
    return found


@transaction.atomic
def report_round(round_id: str, outcome: str, *, by: Actor, at: datetime | None = None) -> Round:
    """Publish what came of a round, in the unit's own words beside the counts and matters."""
    at = at or clock.now()
    found = policy.round_for(by, round_id, "report", lock=True)
    found.outcome, found.reported_at = outcome.strip(), at
    _move(found, "report", by, at, "outcome", "reported_at")
    return found


@transaction.atomic
def copy_round(round_id: str, *, by: Actor, at: datetime | None = None) -> Round:
    """Draft the same round once more, a month later; a time gone by moves on to one that is not."""
    at = at or clock.now()
    found = policy.round_for(by, round_id, "copy")
    opens_at, length = found.opens_at.astimezone(clock.ZONE), found.closes_at - found.opens_at
    opens_at = rules.next_month(opens_at)
    while opens_at + length <= at:
        opens_at = rules.next_month(opens_at)
    return draft_round(plan_again(found, opens_at, opens_at + length), by=by, at=at)


def plan_again(found: Round, opens_at: datetime, closes_at: datetime) -> RoundPlan:
    """Plan to ask the same of the same once more."""
    invites = list(found.invites.select_related("person", "body").order_by("id"))
    return RoundPlan(
        title=found.title,
        body=found.body,
        place=found.place,
        audience=found.audience,
        opens_at=opens_at,
        closes_at=closes_at,
        questions=tuple(found.questions.values_list("text", flat=True)),
        why=found.why,
        people=tuple(row.person for row in invites if row.person),
        enterprises=tuple(row.body for row in invites if row.body),
    )


@transaction.atomic
def run_rounds(*, at: datetime | None = None) -> tuple[int, int]:
    """Tell those asked by rounds that have begun, close those over; give how many of each."""
    at = at or clock.now()
    rounds = Round.objects.select_for_update(of=("self",)).filter(state=State.OPEN)
    begun = list(rounds.filter(opens_at__lte=at, told_at=None).select_related("body"))
    for found in begun:
        _tell(found, at)
    over = list(rounds.filter(closes_at__lte=at))
    for found in over:
        _move(found, "close", CLOCK, at)
    return len(begun), len(over)


def _tell(found: Round, at: datetime) -> None:
    """Send those asked by name their notice, once."""
    found.told_at = at
    found.save(update_fields=["told_at"])
    accounts = _accounts(found, at) if found.audience != Audience.ALL else []
    notices.notify(
        accounts,
        kind="service.round",
        key=f"service.round:{found.public_id}",
        text=ASKED,
        params={"body": str(found.body), "title": found.title},
        url=reverse("service:ask", args=[found.public_id]),
        at=at,
    )


def _accounts(found: Round, at: datetime) -> list[Account]:
    today = clock.day_of(at)
    grants = Grant.objects.filter(role=Role.ENTERPRISE, valid_from__lte=today).exclude(
        valid_to__lt=today
    )
    if found.audience == Audience.ENTERPRISES:
        grants = grants.filter(body__place__path__startswith=found.place.path)
        people: Iterable[int] = ()
    else:
        grants = grants.filter(body__in=found.invites.values("body"))
        people = found.invites.exclude(person=None).values_list("person", flat=True)
    named = Account.objects.filter(is_active=True)
    return [
        *named.filter(person__in=people),
        *named.filter(pk__in=grants.values("account")),
    ]
