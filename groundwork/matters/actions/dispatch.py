"""The dispatcher's acts: accept or decline, assign, hand out, press, put right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from groundwork.base import changes, clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, RuleBroken
from groundwork.matters.actions import steps, telling
from groundwork.matters.actions.answering import write_answer
from groundwork.matters.actions.batch import Batch, each
from groundwork.matters.actions.classifying import apply_classes, check_lead_not_named
from groundwork.matters.actions.settling import settle_requests
from groundwork.matters.actions.wording import index_words
from groundwork.matters.models import Category, CoHandler, Matter, Request, State, Step
from groundwork.matters.policy import matter_for
from groundwork.matters.queries.terms import promise
from groundwork.matters.rules import handling as rules
from groundwork.matters.rules import states
from groundwork.matters.rules.routing import named_in_complaint
from groundwork.registry.models import Body, Place

LEADS = (Body.Kind.UNIT, Body.Kind.PARTY, Body.Kind.OFFICE, Body.Kind.PARK)
PRESSED = (*states.AT_WORK, State.OUTSIDE)  # who has these can be reminded
WITH_STAFF = (State.ACCEPTED, *PRESSED)


class NotOutside(RuleBroken):
    """Refuse to hand out to a body of the city itself."""

    code = "matters.not_outside"
    text = N_("%(body)s是本市单位，请用“派单”。")


@transaction.atomic
def accept_matter(
    public_id: str,
    *,
    public_text: str = "",
    category: Category | None = None,
    urgency: str = "",
    kind: str = "",
    concerns: Body | None = None,
    place: Place | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Matter:
    """Accept a matter, put right what its raiser chose, and make the promise that begins now.

    `public_text` is what the board shows; with "" it is counted there and not shown.
    """
    at = at or clock.now()
    matter = matter_for(by, public_id, "accept", at=at, lock=True)
    states.step(matter.state, "accept")
    fields = apply_classes(
        matter,
        category=category,
        urgency=urgency,
        kind=kind,
        concerns=concerns,
        place=place,
        public_text=public_text,
    )
    until = promise(matter.category, matter.urgency, at)
    promised = matter.solve_by  # the hotline may have set an earlier one
    solve_by = min(promised, until.solve_by) if promised else until.solve_by
    matter.accepted_at, matter.reply_by, matter.solve_by = at, until.reply_by, solve_by
    matter.escalation = 0
    fields |= {"accepted_at", "reply_by", "solve_by", "escalation"}
    step = steps.move(matter, "accept", by=by, at=at, fields=sorted(fields))
    index_words(matter)
    telling.tell_raisers(matter, step, by=by, at=at)
    return matter


def accept_matters_many(
    public_ids: Sequence[str],
    *,
    category: Category | None = None,
    urgency: str = "",
    kind: str = "",
    by: Actor,
    at: datetime | None = None,
) -> Batch:
    """Accept many, each for itself. None is shown on the board: nobody has worded it for it."""
    return each(
        public_ids,
        lambda public_id: accept_matter(
            public_id, category=category, urgency=urgency, kind=kind, by=by, at=at
        ),
    )


@transaction.atomic
def decline_matter(public_id: str, reason: str, *, by: Actor, at: datetime | None = None) -> Matter:
    """Decline a matter with a reason its raiser reads. Raises NoText."""
    at = at or clock.now()
    matter = matter_for(by, public_id, "decline", at=at, lock=True)
    states.step(matter.state, "decline")
    reason = rules.checked_reason(reason)
    audience = Step.Audience.RAISER
    step = steps.move(matter, "decline", by=by, at=at, text=reason, audience=audience)
    telling.tell_raisers(matter, step, by=by, at=at)
    return matter


@transaction.atomic
def assign_matter(
    public_id: str,
    lead: Body,
    *,
    co: Sequence[Body] = (),
    note: str = "",
    insist: bool = False,
    by: Actor,
    at: datetime | None = None,
) -> Matter:
    """Assign a matter to a lead and those who help; the raiser's deadlines stay as they are.

    `insist`: take it from the lead it is with, or send it back to who returned it, which then may
    not return it once more. Raises WrongState, NamedInComplaint, NotALead, AlreadyAssigned,
    ReturnedBefore.
    """
    at = at or clock.now()
    matter = matter_for(by, public_id, "assign", at=at, lock=True)
    states.step(matter.state, "assign")
    helpers = [body for body in dict.fromkeys(co) if body != lead]
    for body in (lead, *helpers):
        _check_takes(matter, body, at)
    was = matter.lead if matter.state in ("assigned", "handling") else None
    if was is not None and (was == lead or not insist):
        raise rules.AlreadyAssigned(body=str(was))
    returned = _returned(matter, lead)
    if returned and not insist:
        raise rules.ReturnedBefore(body=str(lead))
    _give(matter, lead, at)
    step = steps.move(
        matter,
        "assign",
        by=by,
        at=at,
        fields=("lead", "handler", "assigned_at", "escalation"),
        data={"lead": lead.public_id, "insisted": returned},
        body=lead,
    )
    if note.strip():
        _note(matter, note, by=by, at=at)
    _set_helpers(matter, helpers, by=by, at=at)
    if was is not None:
        settle_requests(matter, Request.State.GRANTED, "dispute", by=by, at=at)
        telling.tell_body(matter, "taken", was, by=by, at=at)
    settle_requests(matter, Request.State.REFUSED, "", by=by, at=at)
    telling.tell_body(matter, "assign", lead, by=by, at=at)
    telling.tell_raisers(matter, step, by=by, at=at)
    return matter


def assign_matters_many(
    public_ids: Sequence[str],
    lead: Body,
    *,
    co: Sequence[Body] = (),
    note: str = "",
    insist: bool = False,
    by: Actor,
    at: datetime | None = None,
) -> Batch:
    """Assign many to one lead, each for itself."""
    return each(
        public_ids,
        lambda public_id: assign_matter(
            public_id, lead, co=co, note=note, insist=insist, by=by, at=at
        ),
    )


def _check_takes(matter: Matter, body: Body, at: datetime) -> None:
    gone = body.valid_to is not None and body.valid_to < clock.day_of(at)
    if body.outside or gone or body.kind not in LEADS:
        raise rules.NotALead(body=str(body))
    _check_not_named(matter, body)


def _check_not_named(matter: Matter, body: Body) -> None:
    if matter.concerns is not None and named_in_complaint(body.path, matter.concerns.path):
        raise rules.NamedInComplaint(body=str(matter.concerns))


def _returned(matter: Matter, lead: Body) -> bool:
    return matter.steps.filter(verb="return", body=lead).exists()


def _give(matter: Matter, lead: Body, at: datetime) -> None:
    matter.lead, matter.handler, matter.assigned_at, matter.escalation = lead, None, at, 0


def _note(matter: Matter, note: str, *, by: Actor, at: datetime) -> None:
    text = rules.checked_reason(note)
    steps.append(matter, "note", by=by, at=at, text=text, audience=Step.Audience.STAFF)


def _set_helpers(matter: Matter, helpers: Sequence[Body], *, by: Actor, at: datetime) -> None:
    """Let exactly these help; what somebody contributed already stays."""
    rows = matter.co_handlers
    rows.exclude(body__in=helpers).filter(contributed_at=None).delete()
    known = set(rows.values_list("body_id", flat=True))
    for body in helpers:
        if body.pk not in known:
            CoHandler.objects.create(matter=matter, body=body, asked_at=at)
            steps.append(matter, "co_handle", by=by, at=at, body=body)
            telling.tell_body(matter, "co_handle", body, by=by, at=at)


@transaction.atomic
def hand_out_matter(
    public_id: str, body: Body, note: str, *, by: Actor, at: datetime | None = None
) -> Matter:
    """Hand a matter to a body outside the city's own tree; its answer is recorded here."""
    at = at or clock.now()
    matter = matter_for(by, public_id, "hand_out", at=at, lock=True)
    states.step(matter.state, "hand_out")
    if not body.outside:
        raise NotOutside(body=str(body))
    _check_not_named(matter, body)
    was = matter.lead
    _give(matter, body, at)
    step = steps.move(
        matter,
        "hand_out",
        by=by,
        at=at,
        fields=("lead", "handler", "assigned_at", "escalation"),
        data={"lead": body.public_id},
        body=body,
    )
    if note.strip():
        _note(matter, note, by=by, at=at)
    _set_helpers(matter, (), by=by, at=at)
    settle_requests(matter, Request.State.GRANTED, "dispute", by=by, at=at)
    settle_requests(matter, Request.State.REFUSED, "", by=by, at=at)
    telling.tell_body(matter, "taken", was, by=by, at=at)
    telling.tell_raisers(matter, step, by=by, at=at)
    return matter


@transaction.atomic
def take_back_matter(public_id: str, note: str, *, by: Actor, at: datetime | None = None) -> Matter:
    """Take a matter back from a body outside that gave no answer; it is to be assigned anew."""
    at = at or clock.now()
    matter = matter_for(by, public_id, "take_back", at=at, lock=True)
    states.step(matter.state, "take_back")
    note, outside = rules.checked_reason(note), matter.lead
    matter.lead = None
    steps.move(matter, "take_back", by=by, at=at, fields=("lead",), body=outside)
    _note(matter, note, by=by, at=at)
    return matter


@transaction.atomic
def record_outside_answer(
    public_id: str, text: str, *, by: Actor, at: datetime | None = None
) -> Matter:
    """Record what a body outside answered, in its name."""
    at = at or clock.now()
    matter = matter_for(by, public_id, "take_back", at=at, lock=True)
    if matter.state != State.OUTSIDE:
        raise states.WrongState
    return write_answer(matter, text, by=by, at=at)


@transaction.atomic
def remind_matter(public_id: str, words: str, *, by: Actor, at: datetime | None = None) -> Matter:
    """Press the lead; the words are for it, that it was pressed the raiser may know."""
    at = at or clock.now()
    matter = matter_for(by, public_id, "remind", at=at, lock=True)
    if matter.state not in PRESSED:
        raise states.WrongState
    matter.reminded_at = at
    matter.save(update_fields=["reminded_at"])
    _press(matter, "remind", words, by=by, at=at)
    trail.record(by, "remind", steps.KIND, matter.public_id, ["reminded_at"], at=at)
    telling.tell_lead(matter, "remind", by=by, at=at)
    return matter


def _press(matter: Matter, verb: str, words: str, *, by: Actor, at: datetime) -> None:
    """Let the raiser see that somebody presses; what was said is for the lead."""
    text = rules.checked_reason(words)
    steps.append(matter, verb, by=by, at=at, audience=Step.Audience.RAISER)
    steps.append(matter, "note", by=by, at=at, text=text, audience=Step.Audience.STAFF)


@transaction.atomic
def supervise_matter(
    public_id: str, words: str, *, by: Actor, at: datetime | None = None
) -> Matter:
    """Put a matter under supervision: its lead's secretary is told, and the page says so."""
    return _supervise(public_id, words, on=True, by=by, at=at or clock.now())


@transaction.atomic
def end_supervision(public_id: str, words: str, *, by: Actor, at: datetime | None = None) -> Matter:
    """Take a matter off supervision."""
    return _supervise(public_id, words, on=False, by=by, at=at or clock.now())


def _supervise(public_id: str, words: str, *, on: bool, by: Actor, at: datetime) -> Matter:
    matter = matter_for(by, public_id, "supervise", at=at, lock=True)
    if matter.state not in WITH_STAFF or matter.supervised == on:
        raise states.WrongState
    matter.supervised = on
    matter.save(update_fields=["supervised"])
    verb = "supervise" if on else "unsupervise"
    _press(matter, verb, words, by=by, at=at)
    trail.record(by, verb, steps.KIND, matter.public_id, ["supervised"], at=at)
    if on:
        telling.tell_lead(matter, "supervise", by=by, at=at)
        telling.tell_leaders(matter, "supervise", by=by, at=at)
    return matter


@transaction.atomic
def classify_matter(
    public_id: str,
    *,
    category: Category | None = None,
    urgency: str = "",
    kind: str = "",
    concerns: Body | None = None,
    place: Place | None = None,
    public_text: str | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Matter:
    """Put right what a matter is about, how urgent, where, or what the board shows.

    The promise follows the category and urgency from the acceptance on; what was extended stays.
    Raises NamedInComplaint where it would turn into a complaint of who handles it.
    """
    at = at or clock.now()
    matter = matter_for(by, public_id, "classify", at=at, lock=True)
    if matter.state in ("withdrawn", "merged") or matter.erased_at is not None:
        raise states.WrongState
    before = steps.dimensions(matter)
    fields = apply_classes(
        matter,
        category=category,
        urgency=urgency,
        kind=kind,
        concerns=concerns,
        place=place,
        public_text=public_text,
        promised=True,
    )
    check_lead_not_named(matter)
    if not fields:
        return matter
    matter.save(update_fields=sorted(fields))
    verb = "publish" if fields == {"public_text"} else "classify"
    steps.append(
        matter, verb, by=by, at=at, audience=Step.Audience.STAFF, data={"fields": sorted(fields)}
    )
    changes.record(
        steps.KIND, matter.public_id, before=before, after=steps.dimensions(matter), at=at
    )
    trail.record(by, verb, steps.KIND, matter.public_id, sorted(fields), at=at)
    index_words(matter)
    return matter
