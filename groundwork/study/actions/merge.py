"""Two records of one person become one: so do their rolls, leave and corrections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from groundwork.base import changes, clock, trail
from groundwork.base.actor import Actor
from groundwork.registry.models import Person
from groundwork.study.actions.roll import KIND, dimensions
from groundwork.study.actions.sheet import KIND as SHEET
from groundwork.study.actions.sheet import dimensions as sheet_dimensions
from groundwork.study.models import (
    Absence,
    Leave,
    RollConfirmation,
    RollCorrection,
    RollEntry,
    RollSheet,
)

REASON = "合并重复人员"


@transaction.atomic
def move_rolls(duplicate: Person, *, into: Person, by: Actor, at: datetime | None = None) -> None:
    """Move what stands under a duplicate to the person who stays.

    On an evening where both have a row the second confirms the first and is withdrawn, so that
    one person counts once; it is not deleted. Its corrections stay with it, the others go along:
    past cut-offs read what stood then. Totals of closed sheets follow.
    """
    at = at or clock.now()
    both = (duplicate.pk, into.pk)
    stood = _standing(both)
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
            back = dimensions(entry.evening, other.body_id) if other.withdrawn else None
            _confirm(other, entry, by, at)
            rows.append(changes.change(KIND, entry.public_id, before=seen, after=back, at=at))
    changes.record_many(rows)
    theirs = RollCorrection.objects.filter(person=duplicate)
    theirs.exclude(evening__in=kept).update(person=into)
    leaves = Leave.objects.filter(person=into).values("evening")
    Leave.objects.filter(person=duplicate).exclude(evening__in=leaves).update(person=into)
    _move_absences(duplicate, into)
    _follow(stood, _standing(both), at)
    if entries:
        trail.record(by, "move_rolls", "registry.person", into.public_id, ["entries"], at=at)


def _confirm(first: RollEntry, second: RollEntry, by: Actor, at: datetime) -> None:
    RollEntry.objects.filter(pk=second.pk).update(withdrawn=True)
    _correct(second, False, by, at)
    if first.withdrawn:
        RollEntry.objects.filter(pk=first.pk).update(withdrawn=False)
        _correct(first, True, by, at)
    elif first.source != second.source:
        RollConfirmation.objects.get_or_create(
            entry=first, source=second.source, defaults={"recorded_at": second.recorded_at}
        )


def _correct(entry: RollEntry, took_part: bool, by: Actor, at: datetime) -> None:
    RollCorrection.objects.create(
        evening_id=entry.evening_id, person_id=entry.person_id, took_part=took_part,
        reason=REASON, corrected_at=at, account_id=by.account_id,
    )  # fmt: skip


def _move_absences(duplicate: Person, into: Person) -> None:
    """Let absences go along; who is on the roll of an evening was not absent from it."""
    mine = Absence.objects.filter(person=into).values("sheet")
    Absence.objects.filter(person=duplicate).exclude(sheet__in=mine).update(person=into)
    Absence.objects.filter(person=duplicate).delete()
    there = RollEntry.objects.filter(person=into, withdrawn=False).values("evening")
    Absence.objects.filter(person=into, sheet__evening__in=there).delete()


Totals = dict[int, tuple[int, int]]  # sheet: expected, took part


def _standing(people: Sequence[int]) -> Totals:
    """Count how these people stand in the totals of closed sheets."""
    here = RollSheet.objects.filter(
        closed_at__isnull=False,
        evening__entries__person__in=people,
        evening__entries__body=F("body"),
        evening__entries__withdrawn=False,
    )
    present = Counter(here.values_list("pk", flat=True))
    absent = Counter(Absence.objects.filter(person__in=people).values_list("sheet", flat=True))
    return {pk: (present[pk] + absent[pk], present[pk]) for pk in present | absent}


def _follow(before: Totals, after: Totals, at: datetime) -> None:
    sheets = RollSheet.objects.select_for_update(of=("self",)).select_related("evening")
    rows = []
    for sheet in sheets.filter(pk__in=before.keys() | after.keys()):
        was, now = before.get(sheet.pk, (0, 0)), after.get(sheet.pk, (0, 0))
        sheet.expected = max(0, (sheet.expected or 0) + now[0] - was[0])
        sheet.took_part = max(0, (sheet.took_part or 0) + now[1] - was[1])
        sheet.save(update_fields=["expected", "took_part"])
        seen = sheet_dimensions(sheet.evening, sheet)
        rows.append(changes.change(SHEET, sheet.public_id, before=seen, after=seen, at=at))
    changes.record_many(rows)
