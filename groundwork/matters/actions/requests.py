"""What a lead asks for and the level that supervises decides: more time, or another lead."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.days import calendar
from groundwork.base.errors import Forbidden, NotFound
from groundwork.matters.actions import steps, telling
from groundwork.matters.actions.handling import give_back, insisted
from groundwork.matters.actions.settling import KIND, close_request
from groundwork.matters.models import Matter, Request, Step
from groundwork.matters.policy import matter_for
from groundwork.matters.queries import keepers
from groundwork.matters.queries.terms import next_due
from groundwork.matters.rules import deadlines, states
from groundwork.matters.rules import handling as rules
from groundwork.matters.rules.routing import belongs


@transaction.atomic
def ask_extension(
    public_id: str, until: date, reason: str, *, by: Actor, at: datetime | None = None
) -> Request:
    """Ask for more time, before the deadline. Raises TooLate, NoExtension, AskedAlready."""
    at = at or clock.now()
    matter = matter_for(by, public_id, "ask_extension", at=at, lock=True)
    _check_at_work(matter)
    if matter.due_at is None or matter.solve_by is None:
        raise states.WrongState
    rules.check_extension(calendar(), until, due_at=matter.due_at, solve_by=matter.solve_by, at=at)
    return _ask(matter, Request.Kind.EXTENSION, reason, until, by=by, at=at)


@transaction.atomic
def dispute_assignment(
    public_id: str, reason: str, *, by: Actor, at: datetime | None = None
) -> Request:
    """Say once more, to the operator, that a matter is not the lead's.

    Raises ReturnFirst while a plain return is open, DisputedBefore after one decision.
    """
    at = at or clock.now()
    matter = matter_for(by, public_id, "dispute", at=at, lock=True)
    _check_at_work(matter)
    if not insisted(matter):
        raise rules.ReturnFirst
    before = matter.requests.filter(kind=Request.Kind.DISPUTE, body=matter.lead)
    if before.exclude(state=Request.State.ASKED).exists():
        raise rules.DisputedBefore
    return _ask(matter, Request.Kind.DISPUTE, reason, None, by=by, at=at)


def _check_at_work(matter: Matter) -> None:
    if matter.state not in states.AT_WORK:
        raise states.WrongState


def _ask(
    matter: Matter, kind: str, reason: str, until: date | None, *, by: Actor, at: datetime
) -> Request:
    if matter.requests.filter(kind=kind, state=Request.State.ASKED).exists():
        raise rules.AskedAlready
    reason = rules.checked_reason(reason)
    assert matter.lead is not None
    request = Request.objects.create(
        matter=matter,
        kind=kind,
        body=matter.lead,
        reason=reason,
        until=until,
        asked_at=at,
        asked_by=by.account_id,
    )
    verb = "dispute" if kind == Request.Kind.DISPUTE else "ask_extension"
    data = {"request": request.public_id} | ({"until": until.isoformat()} if until else {})
    steps.append(
        matter,
        verb,
        by=by,
        at=at,
        text=reason,
        audience=Step.Audience.STAFF,
        body=matter.lead,
        data=data,
    )
    trail.record(by, "ask", KIND, request.public_id, ["kind", "until", "reason"], at=at)
    telling.tell_accounts(matter, verb, keepers.deciders_of(matter, at), by=by, at=at)
    return request


@transaction.atomic
def decide_request(
    request_public_id: str,
    granted: bool,
    decision: str,
    *,
    by: Actor,
    at: datetime | None = None,
) -> Request:
    """Decide a request, with words for the lead. Nobody decides what the own unit asks for.

    A granted extension moves the raiser's date, and the raiser is told; a granted dispute takes
    the matter back to the dispatcher. Raises AlreadyDecided, NoExtension where the day has passed.
    """
    at = at or clock.now()
    asked = Request.objects.filter(public_id=request_public_id).select_related("matter").first()
    if asked is None:
        raise NotFound
    matter = matter_for(by, asked.matter.public_id, "decide", at=at, lock=True)
    request = Request.objects.select_related("body").get(pk=asked.pk)
    if by.unit is not None and belongs(by.unit, request.body.path):
        raise Forbidden
    if request.state != Request.State.ASKED:
        raise rules.AlreadyDecided
    _check_at_work(matter)
    decision = rules.checked_reason(decision)
    state = Request.State.GRANTED if granted else Request.State.REFUSED
    close_request(request, state, decision, by=by, at=at)
    steps.append(
        matter,
        "grant" if granted else "deny",
        by=by,
        at=at,
        text=decision,
        audience=Step.Audience.STAFF,
        data={"request": request.public_id},
    )
    telling.tell_body(matter, "grant" if granted else "deny", request.body, by=by, at=at)
    if granted and request.kind == Request.Kind.EXTENSION:
        _extend(matter, request, by=by, at=at)
    elif granted:
        give_back(matter, "dispute", decision, by=by, at=at)
    return request


def _extend(matter: Matter, request: Request, *, by: Actor, at: datetime) -> None:
    """Move the raiser's date to the end of the office's day."""
    if request.until is None or matter.solve_by is None:
        raise states.WrongState
    solve_by = clock.local(request.until, deadlines.OFFICE_ENDS)
    if solve_by <= max(at, matter.solve_by):
        most = calendar().add(clock.day_of(at), deadlines.LONGEST_EXTENSION)
        raise rules.NoExtension(
            now=clock.day_of(max(at, matter.solve_by)).isoformat(), most=most.isoformat()
        )
    matter.solve_by = solve_by
    matter.due_at = next_due(matter)
    matter.save(update_fields=["solve_by", "due_at"])
    step = steps.append(
        matter,
        "extend",
        by=by,
        at=at,
        text=request.reason,
        body=request.body,
        audience=Step.Audience.RAISER,
        data={"until": request.until.isoformat()},
    )
    trail.record(by, "extend", steps.KIND, matter.public_id, ["solve_by", "due_at"], at=at)
    telling.tell_raisers(matter, step, by=by, at=at)
