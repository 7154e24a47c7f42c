"""Press who has a matter: remind it, put it under supervision."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.matters.actions import steps, telling
from groundwork.matters.models import Matter, State, Step
from groundwork.matters.policy import matter_for
from groundwork.matters.rules import handling as rules
from groundwork.matters.rules import states

PRESSED = (*states.AT_WORK, State.OUTSIDE)  # who has these can be reminded
WITH_STAFF = (State.ACCEPTED, *PRESSED)


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
