"""The dispatcher's acts: accept or decline, assign, hand out, put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, TypedDict, Unpack

from django.db import transaction

from groundwork.base import clock, trail
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
from groundwork.matters.queries.choices import LEAD_KINDS
from groundwork.matters.queries.terms import promise
from groundwork.matters.rules import handling as rules
from groundwork.matters.rules import states
from groundwork.matters.rules.routing import named_in_complaint
from groundwork.registry.models import Body, Place, Priority


class NotOutside(RuleBroken):
    """Refuse to hand out to a body of the city itself."""

    code = "matters.not_outside"
    text = N_("%(body)s是本市单位，请用“派单”。")


class Sorting(TypedDict, total=False):
    """What a dispatcher puts right at acceptance, and how the board words it."""

    public_text: str
    category: Category | None
    urgency: str
    kind: str
    concerns: Body | None
    place: Place | None
    priority: Priority | Literal[""] | None


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
    priority: Priority | Literal[""] | None = "",
    by: Actor,
    at: datetime | None = None,
) -> Matter:
    """Accept a matter, put right what its raiser chose, and make the promise that begins now.

    `public_text` is what the board shows; with "" it is counted there and not shown. `priority`:
    the central task it serves, None for none of them, "" leaves it.
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
        priority=priority,
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


@transaction.atomic
def accept_and_assign(
    public_id: str,
    lead: Body,
    *,
    co: Sequence[Body] = (),
    note: str = "",
    by: Actor,
    at: datetime | None = None,
    **sorting: Unpack[Sorting],
) -> Matter:
    """Accept a matter and give it to a lead as one act: where the lead is refused, so is both."""
    at = at or clock.now()
    accept_matter(public_id, by=by, at=at, **sorting)
    return assign_matter(public_id, lead, co=co, note=note, by=by, at=at)


def accept_matters_many(
    public_ids: Sequence[str],
    *,
    wordings: Mapping[str, str] | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Batch:
    """Accept many, each for itself. The board shows those with a wording, by public id."""
    words = wordings or {}
    return each(
        public_ids,
        lambda public_id: accept_matter(
            public_id, public_text=words.get(public_id, ""), by=by, at=at
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
    seen: str | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Matter:
    """Assign a matter to a lead and those who help; the raiser's deadlines stay as they are.

    `seen`: the public id of the lead it was with when the dispatcher looked, "" for none; it is
    taken from that one and from no other. `insist`: send it back to who returned it, which then
    may not return it once more; where nobody looked (`seen` is None), also take it from whoever
    has it. Raises WrongState, NamedInComplaint, NotALead, AlreadyAssigned, LeadGone,
    ReturnedBefore.
    """
    at = at or clock.now()
    matter = matter_for(by, public_id, "assign", at=at, lock=True)
    states.step(matter.state, "assign")
    helpers = [body for body in dict.fromkeys(co) if body != lead]
    for body in (lead, *helpers):
        _check_takes(matter, body, at)
    was = _check_seen(matter, lead, seen, insist=insist)
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
    leads: Mapping[str, Body],
    *,
    co: Sequence[Body] = (),
    note: str = "",
    fresh: Mapping[str, str] | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Batch:
    """Assign many, each for itself to the lead that stands by its public id; `fresh` are accepted
    in the same act, each with its wording for the board.
    """
    words = fresh or {}

    def act(public_id: str) -> None:
        lead = leads[public_id]
        if public_id not in words:
            assign_matter(public_id, lead, co=co, note=note, by=by, at=at)
            return
        text = words[public_id]
        accept_and_assign(public_id, lead, co=co, note=note, public_text=text, by=by, at=at)

    return each(list(leads), act)


def _check_seen(matter: Matter, lead: Body, seen: str | None, *, insist: bool) -> Body | None:
    """Give the lead it is taken from; refuse one that the dispatcher did not see."""
    now = matter.lead
    was = now if matter.state in ("assigned", "handling") else None
    if seen is not None and seen != (now.public_id if now else ""):
        if now is None:
            raise rules.LeadGone
        raise rules.AlreadyAssigned(body=str(now))
    if was is not None and (was == lead or (seen is None and not insist)):
        raise rules.AlreadyAssigned(body=str(was))
    return was


def _check_takes(matter: Matter, body: Body, at: datetime) -> None:
    gone = body.valid_to is not None and body.valid_to < clock.day_of(at)
    if body.outside or gone or body.kind not in LEAD_KINDS:
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
def classify_matter(
    public_id: str,
    *,
    category: Category | None = None,
    urgency: str = "",
    kind: str = "",
    concerns: Body | None = None,
    place: Place | None = None,
    public_text: str | None = None,
    priority: Priority | Literal[""] | None = "",
    by: Actor,
    at: datetime | None = None,
) -> Matter:
    """Put right what a matter is about, how urgent, where, what it serves, what the board shows.

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
        priority=priority,
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
    steps.note(matter, before=before, at=at)
    trail.record(by, verb, steps.KIND, matter.public_id, sorted(fields), at=at)
    index_words(matter)
    return matter
