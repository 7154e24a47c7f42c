"""What a lead asks for on a way walked in memory, who decides it, and what overtakes it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from groundwork.base import clock
from groundwork.matters.actions.bulk_rows import Act
from groundwork.matters.actions.settling import OVERTAKEN
from groundwork.matters.models import Request
from groundwork.matters.queries.terms import next_due
from groundwork.matters.rules import deadlines, handling, states

if TYPE_CHECKING:
    from groundwork.matters.actions.bulk_way import Way

EXTENSION, DISPUTE = Request.Kind.EXTENSION, Request.Kind.DISPUTE
ASKED, GRANTED, REFUSED = Request.State.ASKED, Request.State.GRANTED, Request.State.REFUSED


def check_at_work(way: Way) -> None:
    """Refuse what only whoever is at work on a matter can do. Raises WrongState."""
    if way.matter.state not in states.AT_WORK:
        raise states.WrongState


def insisted(way: Way) -> bool:
    """Tell whether the lead has the matter although it returned it before."""
    given = [step for step in way.steps if step[2] == "assign"]
    return bool(given) and bool(given[-1][-1].get("insisted"))


def ask(way: Way, act: Act) -> None:
    """Ask for more time, or dispute the assignment. Raises what the single actions raise."""
    check_at_work(way)
    kind = DISPUTE if act.verb == "dispute" else EXTENSION
    if kind == EXTENSION:
        _check_extension(way, act)
    else:
        _check_dispute(way)
    if _open(way, kind):
        raise handling.AskedAlready
    until = act.until if kind == EXTENSION else None
    assert way.matter.lead is not None
    request = Request(
        kind=kind,
        body=way.matter.lead,
        reason=act.text,
        until=until,
        asked_at=act.at,
        asked_by=way.by.account_id,
    )
    way.requests.append(request)
    way.data = {"request": request.public_id} | ({"until": until.isoformat()} if until else {})


def _check_extension(way: Way, act: Act) -> None:
    due_at, solve_by = way.matter.due_at, way.matter.solve_by
    if due_at is None or solve_by is None or act.until is None:
        raise states.WrongState
    handling.check_extension(
        way.known.calendar, act.until, due_at=due_at, solve_by=solve_by, at=act.at
    )


def _check_dispute(way: Way) -> None:
    if not insisted(way):
        raise handling.ReturnFirst
    before = [one for one in way.requests if one.kind == DISPUTE and one.state != ASKED]
    if any(one.body_id == way.matter.lead_id for one in before):
        raise handling.DisputedBefore


def _open(way: Way, kind: str) -> Request | None:
    waiting = (one for one in way.requests if one.kind == kind and one.state == ASKED)
    return next(waiting, None)


def decide(way: Way, act: Act) -> None:
    """Grant or deny the open request of a kind. Raises AlreadyDecided where there is none."""
    request = _open(way, act.asked)
    if request is None:
        raise handling.AlreadyDecided
    check_at_work(way)
    _close(way, request, GRANTED if act.verb == "grant" else REFUSED, act.text, act.at)
    way.data = {"request": request.public_id}


def _close(way: Way, request: Request, state: str, decision: str, at: datetime) -> None:
    request.state, request.decision = state, decision
    request.decided_at, request.decided_by = at, way.by.account_id


def follow(way: Way, act: Act) -> None:
    """Do what a grant means: move the raiser's date, or take the matter from the lead."""
    if act.verb != "grant":
        return
    if act.asked == DISPUTE:
        way.move(Act("return", act.at, act.text, label=act.label, asked=DISPUTE))
        return
    granted = [one for one in way.requests if one.kind == EXTENSION][-1]
    matter, until = way.matter, granted.until
    if until is None or matter.solve_by is None:
        raise states.WrongState
    solve_by = clock.local(until, deadlines.OFFICE_ENDS)
    if solve_by <= max(act.at, matter.solve_by):
        raise handling.TooLate
    matter.solve_by = solve_by
    matter.due_at = next_due(matter)
    way.data = {"until": until.isoformat()}
    extend = Act("extend", act.at, granted.reason, label=act.label)
    way.append("extend", matter.state, act.at, extend, granted.body)


def settle(way: Way, act: Act, was: str) -> None:
    """Close what was asked for where the matter went on without waiting for the decision."""
    given = act.verb == "hand_out" or (act.verb == "assign" and was in ("assigned", "handling"))
    ends = act.verb in ("assign", "hand_out", "answer", "merge")
    if not ends and not (act.verb == "return" and act.asked != DISPUTE):
        return
    for request in way.requests:
        if request.state == ASKED:
            taken = given and request.kind == DISPUTE
            _close(way, request, GRANTED if taken else REFUSED, gettext(OVERTAKEN), act.at)
