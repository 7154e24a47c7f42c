"""Ask for leave from an evening, take it back, grant or refuse it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from groundwork.access.actions import notices
from groundwork.access.models import Account
from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, NotFound
from groundwork.study.models import Absence, AbsenceCategory, Leave, RollEntry, RollSheet
from groundwork.study.policy import roll as policy
from groundwork.study.queries import roll as queries
from groundwork.study.queries.audience import expected_people
from groundwork.study.rules import roll as rules

KIND = "study.leave"
ANSWERS = {
    True: N_("《%(title)s》的请假已准。"),
    False: N_("《%(title)s》的请假没有获准。"),
}


@transaction.atomic
def ask_leave(evening_id: str, category: str, *, by: Actor, at: datetime | None = None) -> Leave:
    """Ask for leave, with a category and no free text; asking again replaces an open asking.

    Raises NotFound where one is not expected, LeaveOver after the end, LeaveDecided once granted
    or refused, AlreadyThere for somebody on the roll.
    """
    at = at or clock.now()
    if by.person_id is None:
        raise rules.NoPerson
    evening = policy.rolled_evening_for(by, evening_id)
    rules.check_leave(queries.hours_of(evening), at)
    expected = expected_people(evening).filter(pk=by.person_id).exists()
    if not expected or category not in AbsenceCategory.values:
        raise NotFound
    if RollEntry.objects.filter(evening=evening, person=by.person_id, withdrawn=False).exists():
        raise rules.AlreadyThere
    leave, made = Leave.objects.select_for_update().get_or_create(
        evening=evening, person_id=by.person_id, defaults={"category": category, "asked_at": at}
    )
    if not made:
        if leave.state in (Leave.State.GRANTED, Leave.State.REFUSED):
            raise rules.LeaveDecided
        leave.category, leave.state, leave.asked_at = category, Leave.State.ASKED, at
        leave.save(update_fields=["category", "state", "asked_at"])
    trail.record(by, "ask", KIND, leave.public_id, ["category", "state"], at=at)
    return leave


@transaction.atomic
def withdraw_leave(leave_id: str, *, by: Actor, at: datetime | None = None) -> Leave:
    """Take the own asking back while nobody has decided it."""
    at = at or clock.now()
    leave = policy.leave_for(by, leave_id, "withdraw", lock=True)
    if leave.state != Leave.State.ASKED:
        raise rules.LeaveDecided
    leave.state = Leave.State.WITHDRAWN
    leave.save(update_fields=["state"])
    trail.record(by, "withdraw", KIND, leave.public_id, ["state"], at=at)
    return leave


@transaction.atomic
def decide_leave(leave_id: str, *, granted: bool, by: Actor, at: datetime | None = None) -> Leave:
    """Grant or refuse leave, once; on a closed sheet the absence gets its category."""
    at = at or clock.now()
    leave = policy.leave_for(by, leave_id, "decide", lock=True)
    if leave.state != Leave.State.ASKED:
        raise rules.LeaveDecided
    leave.state = Leave.State.GRANTED if granted else Leave.State.REFUSED
    leave.decided_at, leave.decided_by = at, by.account_id
    leave.save(update_fields=["state", "decided_at", "decided_by"])
    if granted:
        sheets = RollSheet.objects.filter(evening=leave.evening_id)
        Absence.objects.filter(sheet__in=sheets, person=leave.person_id, category="").update(
            category=leave.category
        )
    trail.record(by, "decide", KIND, leave.public_id, ["state"], at=at)
    _tell(leave, granted, at)
    return leave


def _tell(leave: Leave, granted: bool, at: datetime) -> None:
    notices.notify(
        list(Account.objects.filter(person=leave.person_id, is_active=True)),
        kind="study.leave",
        key=f"study.leave:{leave.public_id}:{at:%Y%m%d%H%M%S}",
        text=ANSWERS[granted],
        params={"title": leave.evening.title},
        url=reverse("study:own_part", args=[leave.evening.public_id]),
        at=at,
    )
