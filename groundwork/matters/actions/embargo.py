"""Keep a matter back until its hour, move the hour, lift it; write down what a crew brings."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.days import calendar
from groundwork.matters.actions import steps
from groundwork.matters.actions.raising import (
    Receipt,
    Teller,
    Telling,
    raise_matter,
)
from groundwork.matters.models import Matter, State, Step
from groundwork.matters.policy.embargo import check_withholds, embargo_for
from groundwork.matters.queries.terms import accept_by, next_due
from groundwork.matters.rules import deadlines, embargo, states
from groundwork.matters.rules.handling import checked_reason


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
    return matter


@transaction.atomic
def lift_embargo(public_id: str, reason: str, *, by: Actor, at: datetime | None = None) -> Matter:
    """Let a matter be seen from now on. Raises NotKeptBack where its hour has come."""
    at = at or clock.now()
    matter = embargo_for(by, public_id, at=at, lock=True)
    if matter.withheld_until is None or matter.withheld_until <= at:
        raise embargo.NotKeptBack
    _set_hour(matter, None, "release", reason, by=by, at=at)
    return matter


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
