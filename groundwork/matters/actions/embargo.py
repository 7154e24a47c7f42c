"""Keep a matter back until its hour, move the hour, lift it; write down what a crew brings.

Who was at work on it is told twice: that it is out of sight and until when, and that it is back.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor, system
from groundwork.base.days import calendar
from groundwork.matters.actions import steps, telling
from groundwork.matters.actions.raising import (
    Receipt,
    Teller,
    Telling,
    raise_matter,
)
from groundwork.matters.models import Matter, State, Step
from groundwork.matters.policy import locked
from groundwork.matters.policy.embargo import check_withholds, embargo_for
from groundwork.matters.queries.embargo import hours_come
from groundwork.matters.queries.terms import accept_by, next_due
from groundwork.matters.rules import deadlines, embargo, states
from groundwork.matters.rules.handling import checked_reason

WORKER = system("worker")


@transaction.atomic
def raise_withheld(
    telling: Telling, teller: Teller, reason: str, *, by: Actor, at: datetime | None = None
) -> Receipt:
    """Write down a matter that is nowhere before `telling.withheld_until`.

    Raises Forbidden at other places, HourPast, HourTooFar.
    """
    at = at or clock.now()
    check_withholds(by, telling.place)
    assert telling.withheld_until is not None
    embargo.check_hour(telling.withheld_until, at)
    receipt = raise_matter(telling, teller, by=by, at=at)
    if not receipt.again:
        _tell(receipt.matter, "withhold", reason, ["withheld_until"], by=by, at=at)
    return receipt


@transaction.atomic
def withhold_matter(
    public_id: str, until: datetime, reason: str, *, by: Actor, at: datetime | None = None
) -> Matter:
    """Keep a matter back until an hour, or move the hour; what was merged into it goes along.

    What nobody can work on runs no clock: the office's deadlines move by the working days between.
    Raises WrongState where it has ended, HourPast, HourTooFar.
    """
    at = at or clock.now()
    matter = embargo_for(by, public_id, at=at, lock=True)
    if matter.state in states.CLOSED:
        raise states.WrongState
    embargo.check_hour(until, at)
    _set_hour(matter, until, "withhold", reason, by=by, at=at)
    telling.tell_kept_back(matter, by=by, at=at)
    return matter


@transaction.atomic
def lift_embargo(public_id: str, reason: str, *, by: Actor, at: datetime | None = None) -> Matter:
    """Let a matter be seen from now on. Raises NotKeptBack where its hour has come."""
    at = at or clock.now()
    matter = embargo_for(by, public_id, at=at, lock=True)
    if matter.withheld_until is None or matter.withheld_until <= at:
        raise embargo.NotKeptBack
    _set_hour(matter, None, "release", reason, by=by, at=at)
    telling.tell_back(matter, by=by, at=at)
    return matter


@transaction.atomic
def follow_broadcast(
    pk: int, until: datetime | None, reason: str, *, by: Actor, at: datetime
) -> Matter:
    """Let a matter that waits go with the hour of its programme; None lets it be seen now.

    The right to it is the programme's. What nobody keeps back stays as it is, and one that ended
    meanwhile goes along: its words are in the programme still. Raises HourPast, HourTooFar.
    """
    matter = locked(pk)
    waits = matter.withheld_until is not None and matter.withheld_until > at
    if not waits or matter.withheld_until == until:
        return matter
    if until is not None:
        embargo.check_hour(until, at)
    _set_hour(matter, until, "withhold" if until else "release", reason, by=by, at=at)
    tell = telling.tell_kept_back if until else telling.tell_back
    tell(matter, by=by, at=at)
    return matter


def open_hours(at: datetime | None = None, *, by: Actor = WORKER) -> int:
    """Tell those at work on a matter that its hour has come; count the matters.

    Nothing has to be opened: what is withheld is seen from its hour on by itself. Only what was
    kept back by somebody since it is at work is told of, once.
    """
    at = at or clock.now()
    return sum(_open(pk, by=by, at=at) for pk in hours_come(at))


@transaction.atomic
def _open(pk: int, *, by: Actor, at: datetime) -> bool:
    matter = locked(pk)
    if pk not in hours_come(at, pk):
        return False  # moved or lifted since
    audience = Step.Audience.STAFF
    steps.append(matter, "hour", by=by, at=at, audience=audience)
    trail.record(by, "hour", steps.KIND, matter.public_id, at=at)
    telling.tell_back(matter, by=by, at=at)
    return True


def _set_hour(
    matter: Matter, until: datetime | None, verb: str, reason: str, *, by: Actor, at: datetime
) -> None:
    reason = checked_reason(reason)
    was, matter.withheld_until = matter.withheld_until, until
    days = calendar()
    today = clock.day_of(at)
    dead = days.between(today, clock.day_of(until)) if until else 0
    dead -= days.between(today, clock.day_of(was)) if was and was > at else 0
    if matter.state == State.RAISED:
        matter.accept_by = accept_by(matter, at)
    for name in ("reply_by", "solve_by"):
        due_at = getattr(matter, name)
        if due_at is not None:
            setattr(matter, name, deadlines.moved(days, due_at, dead))
    matter.due_at = next_due(matter)
    fields = ["withheld_until", "accept_by", "reply_by", "solve_by", "due_at"]
    matter.save(update_fields=fields)
    Matter.objects.filter(merged_into=matter).update(withheld_until=until)
    steps.note(matter, at=at)  # the same, but from another hour on
    _tell(matter, verb, reason, fields, by=by, at=at)


def _tell(
    matter: Matter, verb: str, reason: str, fields: list[str], *, by: Actor, at: datetime
) -> None:
    """Leave the step for the staff and the row in the trail."""
    until = matter.withheld_until
    steps.append(
        matter,
        verb,
        by=by,
        at=at,
        text=checked_reason(reason),
        audience=Step.Audience.STAFF,
        data={"until": until.isoformat()} if until else {},
    )
    trail.record(by, verb, steps.KIND, matter.public_id, fields, at=at)
