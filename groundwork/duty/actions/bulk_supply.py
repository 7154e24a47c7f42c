"""Take many people's answers to a call at once: from a sheet of a unit, or the demo city's.

The rules are those of one answer; what differs: one trail row for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from groundwork.base import bulk, clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.duty.actions.supply import KIND, Answer, BadAnswer
from groundwork.duty.models import Volunteer
from groundwork.duty.policy.orders import order_for, require_open
from groundwork.duty.rules import times as rules
from groundwork.duty.rules.kinds import SKILLS


@dataclass(frozen=True)
class Said:
    """What one of those called up says; without an answer: that they cannot take part."""

    person: int
    at: datetime
    answer: Answer | None


@transaction.atomic
def answer_many(
    order_id: str, rows: Sequence[Said], *, by: Actor, at: datetime | None = None
) -> int:
    """Write what people who were called up say of their time; give how many.

    By the order's keepers. Raises Shut, BadTimes, BadAnswer; NotFound where somebody was not asked.
    """
    at = at or clock.now()
    order = order_for(by, order_id, "edit", lock=True)
    asked = dict(Volunteer.objects.filter(order=order).values_list("person_id", "pk"))
    for moment in {row.at for row in rows}:
        require_open(order, moment, "calls_up")
    checked: set[str] = set()
    given: list[tuple[object, ...]] = []
    excused: list[tuple[object, ...]] = []
    for row in rows:
        if row.person not in asked:
            raise NotFound
        if row.answer is None:
            excused.append((row.at, row.at, asked[row.person]))
            continue
        _check(row.answer, checked)
        skills = [skill for skill in SKILLS if skill in row.answer.skills]
        said = (dict(row.answer.times), row.answer.cap, skills)
        given.append((*said, row.at, None, asked[row.person]))
    bulk.update(Volunteer, ("times", "cap", "skills", "answered_at", "excused_at"), given)
    bulk.update(Volunteer, ("answered_at", "excused_at"), excused)
    fields = ["times", "cap", "skills", "excused_at"]
    trail.record(by, "answer_many", KIND, order.public_id, fields, at=at)
    return len(rows)


def _check(answer: Answer, checked: set[str]) -> None:
    """Hold one answer to the rules; times that are alike are looked at once."""
    times = repr(answer.times)
    if times not in checked:
        rules.check_times(answer.times)
        checked.add(times)
    if answer.cap not in rules.CAPS or set(answer.skills) - set(SKILLS):
        raise BadAnswer
