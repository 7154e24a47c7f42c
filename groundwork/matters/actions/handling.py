"""The lead's acts: take up, say a first word, answer, return, note, hand over; the helpers' own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden
from groundwork.base.models import Attachment
from groundwork.base.tree import covers
from groundwork.matters.actions import steps, telling
from groundwork.matters.actions.answering import write_answer
from groundwork.matters.actions.batch import Batch, each
from groundwork.matters.actions.settling import settle_requests
from groundwork.matters.models import Matter, Raiser, Request, State, Step
from groundwork.matters.policy import HANDLERS, matter_for
from groundwork.matters.queries.keepers import handles_for
from groundwork.matters.queries.terms import next_due
from groundwork.matters.rules import handling as rules
from groundwork.matters.rules import states
from groundwork.registry.models import Person

GONE = (Person.Status.RETIRED, Person.Status.LEFT)


@transaction.atomic
def start_matter(
    public_id: str, handler: Person | None = None, *, by: Actor, at: datetime | None = None
) -> Matter:
    """Take a matter up; who does so handles it where nobody else is named."""
    at = at or clock.now()
    matter = matter_for(by, public_id, "start", at=at, lock=True)
    states.step(matter.state, "start")
    if handler is not None:
        check_of_the_lead(matter, handler, at)
    matter.handler = handler or oneself(matter, by) or matter.handler
    steps.move(matter, "start", by=by, at=at, fields=("handler",), body=matter.lead)
    if handler is not None:
        telling.tell_accounts(matter, "hand_over", [handler], by=by, at=at)
    return matter


def check_of_the_lead(matter: Matter, person: Person, at: datetime) -> None:
    """Refuse a handler who is not, or no longer, at the lead. Raises NotOfTheLead."""
    if not _fits(matter, person, at):
        raise rules.NotOfTheLead(person=person.name)


def _fits(matter: Matter, person: Person, at: datetime) -> bool:
    if matter.lead is None or person.status in GONE or person.merged_into_id is not None:
        return False
    return handles_for(person, matter.lead, at)


def oneself(matter: Matter, by: Actor) -> Person | None:
    """Give the acting person where they act for the lead itself, not from above it."""
    if by.person_id is None or matter.lead is None:
        return None
    if matter.lead.path not in by.bodies(*HANDLERS) and not covers([matter.lead.path], by.unit):
        return None
    return Person.objects.get(pk=by.person_id)


@transaction.atomic
def first_reply(public_id: str, text: str, *, by: Actor, at: datetime | None = None) -> Matter:
    """Say a word to the raisers before the answer: who looks after it, what happens next.

    The first one stops the clock of the reply; the solution is still owed.
    """
    at = at or clock.now()
    matter = matter_for(by, public_id, "answer", at=at, lock=True)
    if matter.state not in states.AT_WORK:
        raise states.WrongState
    text = rules.checked_text(text)
    if matter.replied_at is None:
        matter.replied_at = at
        matter.due_at = next_due(matter)
        matter.save(update_fields=["replied_at", "due_at"])
    audience = Step.Audience.RAISER
    step = steps.append(
        matter, "reply", by=by, at=at, text=text, audience=audience, body=matter.lead
    )
    trail.record(by, "reply", steps.KIND, matter.public_id, ["replied_at", "due_at"], at=at)
    telling.tell_raisers(matter, step, by=by, at=at)
    return matter


@transaction.atomic
def answer_matter(
    public_id: str,
    text: str,
    *,
    files: Sequence[Attachment] = (),
    by: Actor,
    at: datetime | None = None,
) -> Matter:
    """Answer a matter; whether it is solved its raisers say.

    Raises WrongState, NoText, GapsLeft.
    """
    at = at or clock.now()
    matter = matter_for(by, public_id, "answer", at=at, lock=True)
    states.step(matter.state, "answer")
    matter.handler = matter.handler or oneself(matter, by)
    return write_answer(matter, text, files=files, by=by, at=at)


def answer_matters_many(
    public_ids: Sequence[str], text: str, *, by: Actor, at: datetime | None = None
) -> Batch:
    """Answer many with the same words, each for itself."""
    return each(public_ids, lambda public_id: answer_matter(public_id, text, by=by, at=at))


@transaction.atomic
def return_matter(public_id: str, reason: str, *, by: Actor, at: datetime | None = None) -> Matter:
    """Return a matter to the dispatcher, once; the raiser's deadlines run on.

    Raises ReturnRefused where the dispatcher insisted after a return.
    """
    at = at or clock.now()
    matter = matter_for(by, public_id, "return", at=at, lock=True)
    states.step(matter.state, "return")
    if insisted(matter):
        raise rules.ReturnRefused
    give_back(matter, "return", rules.checked_reason(reason), by=by, at=at)
    settle_requests(matter, Request.State.REFUSED, "", by=by, at=at)
    return matter


def insisted(matter: Matter) -> bool:
    """Tell whether the lead has the matter although it returned it before."""
    given = matter.steps.filter(verb="assign").order_by("-id").first()
    return given is not None and bool(given.data.get("insisted"))


def give_back(matter: Matter, reason_verb: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Take a matter from its lead, back to the dispatcher, with the reason for the staff."""
    lead = matter.lead
    matter.lead, matter.handler = None, None
    matter.returned_count += 1
    steps.move(
        matter,
        "return",
        by=by,
        at=at,
        text=reason,
        audience=Step.Audience.STAFF,
        fields=("lead", "handler", "returned_count"),
        data={"by": reason_verb},
        body=lead,
    )
    telling.tell_dispatchers(matter, "return", by=by, at=at)


@transaction.atomic
def add_note(public_id: str, text: str, *, by: Actor, at: datetime | None = None) -> Step:
    """Leave a note for the staff; no raiser and no public reads it."""
    at = at or clock.now()
    matter = matter_for(by, public_id, "note", at=at, lock=True)
    text = rules.checked_text(text)
    step = steps.append(matter, "note", by=by, at=at, text=text, audience=Step.Audience.STAFF)
    trail.record(by, "note", steps.KIND, matter.public_id, ["text"], at=at)
    return step


@transaction.atomic
def contribute(public_id: str, text: str, *, by: Actor, at: datetime | None = None) -> Matter:
    """Give the lead what a helping body can say or do; the one answer stays the lead's."""
    at = at or clock.now()
    matter = matter_for(by, public_id, "contribute", at=at, lock=True)
    if matter.state not in states.AT_WORK:
        raise states.WrongState
    text = rules.checked_text(text)
    rows = matter.co_handlers.select_related("body").order_by("-body__path")
    mine = next((row for row in rows if covers(by.bodies(*HANDLERS), row.body.path)), None)
    if mine is None:  # the machine's own hand helps nobody
        raise Forbidden
    mine.contribution, mine.contributed_at = text, at
    mine.save(update_fields=["contribution", "contributed_at"])
    audience = Step.Audience.STAFF
    steps.append(matter, "contribute", by=by, at=at, text=text, audience=audience, body=mine.body)
    trail.record(by, "contribute", steps.KIND, matter.public_id, ["contribution"], at=at)
    telling.tell_lead(matter, "contribute", by=by, at=at)
    return matter


@transaction.atomic
def hand_over_matter(
    public_id: str, person: Person, *, by: Actor, at: datetime | None = None
) -> Matter:
    """Let another person of the lead handle a matter. Raises NotOfTheLead."""
    at = at or clock.now()
    matter = matter_for(by, public_id, "hand_over", at=at, lock=True)
    if matter.state not in (*states.AT_WORK, State.ANSWERED):
        raise states.WrongState
    check_of_the_lead(matter, person, at)
    _hand_over(matter, person, by=by, at=at)
    return matter


def _hand_over(matter: Matter, person: Person | None, *, by: Actor, at: datetime) -> None:
    matter.handler = person
    matter.save(update_fields=["handler"])
    steps.append(matter, "hand_over", by=by, at=at, audience=Step.Audience.STAFF, body=matter.lead)
    trail.record(by, "hand_over", steps.KIND, matter.public_id, ["handler"], at=at)
    if person is not None:
        telling.tell_accounts(matter, "hand_over", [person], by=by, at=at)


def move_handled(person: Person, to: Person | None, *, by: Actor, at: datetime) -> int:
    """Give everything open that a person handles to another, or back to the lead's queue.

    Policy: the registry decided who follows whom. Who is not at a matter's lead gets it not: it
    goes to that lead's queue, and its handlers are told.
    """
    open_ones = Matter.objects.filter(handler=person, closed_at=None).order_by("pk")
    locked = open_ones.select_for_update().values_list("pk", flat=True)
    keys = list(locked)
    matters = Matter.objects.filter(pk__in=keys).select_related(
        "lead", "category", "place", "concerns"
    )
    for matter in matters.order_by("pk"):
        fits = to is not None and _fits(matter, to, at)
        _hand_over(matter, to if fits else None, by=by, at=at)
        if not fits:
            telling.tell_body(matter, "left_open", matter.lead, by=by, at=at)
    return len(keys)


def move_raised(person: Person, into: Person) -> None:
    """Let what a duplicate record raised belong to the record that stays."""
    Raiser.objects.filter(person=person).update(person=into)
