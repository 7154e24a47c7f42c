"""Two records of one person become one: so do their rolls, leave and corrections."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from groundwork.base import changes, clock, trail
from groundwork.base.actor import Actor
from groundwork.registry.models import Person
from groundwork.study.actions.roll import KIND, dimensions, follow
from groundwork.study.models import (
    Absence,
    Leave,
    RollConfirmation,
    RollCorrection,
    RollEntry,
    RollSheet,
)


@transaction.atomic
def move_rolls(duplicate: Person, *, into: Person, by: Actor, at: datetime | None = None) -> None:
    """Move what stands under a duplicate to the person who stays.

    On an evening where both are on the roll the second row confirms the first and is withdrawn,
    so that one person counts once; it is not deleted.
    """
    at = at or clock.now()
    entries = list(RollEntry.objects.filter(person=duplicate).select_related("evening"))
    kept = {e.evening_id: e for e in RollEntry.objects.filter(person=into)}
    rows = []
    for entry in entries:
        other = kept.get(entry.evening_id)
        seen = dimensions(entry.evening, entry.body_id)
        if other is None:
            RollEntry.objects.filter(pk=entry.pk).update(person=into)
            rows.append(changes.change(KIND, entry.public_id, before=seen, after=seen, at=at))
        elif not entry.withdrawn:
            _confirm(other, entry, by, at)
            rows.append(changes.change(KIND, entry.public_id, before=seen, at=at))
    changes.record_many(rows)
    for model in (Leave, RollCorrection):
        theirs = model._default_manager.filter(person=duplicate)
        if model is Leave:
            theirs = theirs.exclude(evening__in=Leave.objects.filter(person=into).values("evening"))
        theirs.update(person=into)
    mine = Absence.objects.filter(person=into).values("sheet")
    Absence.objects.filter(person=duplicate).exclude(sheet__in=mine).update(person=into)
    Absence.objects.filter(person=duplicate).delete()
    there = RollEntry.objects.filter(person=into, withdrawn=False).values("evening")
    for sheet in RollSheet.objects.filter(absences__person=into, evening__in=there):
        follow(sheet, [into.pk])
    if entries:
        trail.record(by, "move_rolls", "registry.person", into.public_id, ["entries"], at=at)


def _confirm(first: RollEntry, second: RollEntry, by: Actor, at: datetime) -> None:
    RollEntry.objects.filter(pk=second.pk).update(withdrawn=True)
    RollCorrection.objects.create(
        evening_id=second.evening_id, person_id=second.person_id, took_part=False,
        reason="合并重复人员", corrected_at=at, account_id=by.account_id,
    )  # fmt: skip
    if first.withdrawn:
        RollEntry.objects.filter(pk=first.pk).update(withdrawn=False)
    elif first.source != second.source:
        RollConfirmation.objects.get_or_create(
            entry=first, source=second.source, defaults={"recorded_at": second.recorded_at}
        )
