"""Close sheets, say why people were absent, remind units whose roll is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from groundwork.access.actions import notices
from groundwork.access.models import Grant
from groundwork.base import bulk, changes, clock, trail
from groundwork.base.actor import Actor, Role
from groundwork.base.errors import N_, Forbidden, NotFound
from groundwork.registry.models import Person
from groundwork.study.models import (
    Absence,
    AbsenceCategory,
    Evening,
    Leave,
    RollEntry,
    RollSheet,
)
from groundwork.study.policy import roll as policy
from groundwork.study.queries import roll as queries
from groundwork.study.queries.audience import expected_people, expected_then
from groundwork.study.rules import roll as rules

KIND = "study.sheet"
TEXT = N_("《%(title)s》的名册还没有封存，请核对后封存。")


@transaction.atomic
def close_sheet(
    sheet_id: str,
    categories: Mapping[str, str] | None = None,
    *,
    by: Actor,
    at: datetime | None = None,
) -> RollSheet:
    """Close a sheet: expected and took part as they are now, a row for each absence.

    `categories` name why, by a person's public id; granted leave says so itself. Raises
    CloseTooEarly before the end, SheetClosed the second time.
    """
    at = at or clock.now()
    sheet = policy.sheet_for(by, sheet_id, "close", lock=True)
    if sheet.closed_at is not None:
        raise rules.SheetClosed
    given = {k: v for k, v in (categories or {}).items() if v in AbsenceCategory.values}
    people = Person.objects.filter(public_id__in=given).values_list("pk", "public_id")
    _close(sheet.evening, [sheet], {pk: given[pid] for pk, pid in people}, by=by, at=at)
    trail.record(by, "close", KIND, sheet.public_id, ["closed_at", "expected", "took_part"], at=at)
    return sheet


@transaction.atomic
def close_sheets_many(
    evening: Evening,
    categories: Mapping[int, str],
    *,
    bodies: Sequence[int] | None = None,
    by: Actor,
    at: datetime | None = None,
) -> int:
    """Close all open sheets of an evening, or those of some units; return how many.

    For the demo city and tests; the same rules as one by one, `categories` by a person's key.
    """
    at = at or clock.now()
    if not by.system:
        raise Forbidden
    sheets = RollSheet.objects.select_for_update().filter(evening=evening, closed_at=None)
    if bodies is not None:
        sheets = sheets.filter(body__in=bodies)
    found = list(sheets.order_by("pk"))
    _close(evening, found, categories, by=by, at=at)
    trail.record(by, "close_many", "study.evening", evening.public_id, ["sheets"], at=at)
    return len(found)


def _close(
    evening: Evening,
    sheets: Sequence[RollSheet],
    categories: Mapping[int, str],
    *,
    by: Actor,
    at: datetime,
) -> None:
    rules.check_closing(queries.hours_of(evening), at)
    expected = expected_then(evening, sheets[0].body if len(sheets) == 1 else None)
    came = set(
        RollEntry.objects.filter(evening=evening, withdrawn=False).values_list("person", flat=True)
    )
    leaves = Leave.objects.filter(evening=evening, state=Leave.State.GRANTED)
    why = {**dict(leaves.values_list("person", "category")), **categories}
    for sheet in sheets:
        sheet.closed_at, sheet.closed_by = at, by.account_id
        sheet.expected = len(expected.get(sheet.body_id, ()))
        sheet.took_part = sum(pk in came for pk in expected.get(sheet.body_id, ()))
    RollSheet.objects.bulk_update(
        sheets, ["closed_at", "closed_by", "expected", "took_part"], batch_size=200
    )
    bulk.insert(
        Absence,
        ("sheet", "person", "category"),
        (
            (sheet.pk, pk, why.get(pk, ""))
            for sheet in sheets
            for pk in expected.get(sheet.body_id, ())
            if pk not in came
        ),
    )
    changes.record_many(
        changes.change(KIND, s.public_id, after=dimensions(evening, s), at=at) for s in sheets
    )


def dimensions(evening: Evening, sheet: RollSheet) -> changes.Dimensions:
    """Give what the figures count a sheet by."""
    day = evening.starts_at.astimezone(clock.ZONE).date()
    return {"day": day.isoformat(), "evening": evening.public_id, "body": sheet.body_id}


@transaction.atomic
def set_absence(
    sheet_id: str, person_id: str, category: str, *, by: Actor, at: datetime | None = None
) -> None:
    """Say or change why somebody was absent, on a closed sheet."""
    at = at or clock.now()
    sheet = policy.sheet_for(by, sheet_id, "correct", lock=True)
    absence = (
        Absence.objects.filter(sheet=sheet, person__public_id=person_id)
        .filter(person__in=queries.people_of(sheet, by).order_by().values("pk"))
        .first()
    )
    if absence is None or category not in AbsenceCategory.values:
        raise NotFound
    absence.category = category
    absence.save(update_fields=["category"])
    trail.record(by, "set_absence", KIND, sheet.public_id, ["category"], at=at)
    changes.record(KIND, sheet.public_id, after=dimensions(sheet.evening, sheet), at=at)


@transaction.atomic
def open_sheet(evening_id: str, *, by: Actor, at: datetime | None = None) -> list[RollSheet]:
    """Lay the missing sheets of the actor's own units: people came after the publishing."""
    at = at or clock.now()
    evening = policy.rolled_evening_for(by, evening_id)
    rules.check_held(queries.hours_of(evening))
    units = expected_people(evening).values("unit")
    missing = list(
        policy.tickable_units(by)
        .filter(pk__in=units)
        .exclude(sheets__evening=evening)
        .order_by("path")[:200]
    )
    sheets = [RollSheet(evening=evening, body=unit) for unit in missing]
    RollSheet.objects.bulk_create(sheets, ignore_conflicts=True)
    for sheet in sheets:
        trail.record(by, "open", KIND, sheet.public_id, at=at)
    changes.record_many(
        changes.change(KIND, s.public_id, after=dimensions(evening, s), at=at) for s in sheets
    )
    return sheets


@transaction.atomic
def remind_open_sheets(
    sheets: Iterable[int] | None = None, *, by: Actor, at: datetime | None = None
) -> int:
    """Remind every unit in scope whose evening is over and whose roll is open, in one tap.

    Returns how many units were reminded; who was reminded within the hour is left in peace.
    """
    at = at or clock.now()
    if not policy.may_remind(by):
        raise Forbidden
    waiting = queries.open_sheets(by, at).filter(
        Q(reminded_at=None) | Q(reminded_at__lte=at - rules.REMIND_EVERY)
    )
    if sheets is not None:
        waiting = waiting.filter(pk__in=list(sheets))
    found = list(waiting.select_for_update(of=("self",)).select_related("evening", "body"))
    keepers = _keepers({sheet.body_id for sheet in found}, at)
    notices.notify_many(
        [(account, _reminder(sheet, at)) for sheet in found for account in keepers[sheet.body_id]],
        by=by,
        at=at,
    )
    RollSheet.objects.filter(pk__in=[sheet.pk for sheet in found]).update(reminded_at=at)
    if found:
        trail.record(by, "remind", KIND, str(len(found)), ["reminded_at"], at=at)
    return len(found)


def _reminder(sheet: RollSheet, at: datetime) -> notices.Message:
    hour = f"{at.astimezone(clock.ZONE):%Y%m%d%H}"
    return notices.Message(
        kind="study.remind",
        key=f"study.remind:{sheet.public_id}:{hour}",
        text=TEXT,
        url=reverse("study:sheet", args=[sheet.public_id]),
        params={"title": sheet.evening.title},
    )


def _keepers(units: set[int], at: datetime) -> dict[int, list[int]]:
    """Find the unit secretaries of units, by the unit's primary key."""
    today = at.astimezone(clock.ZONE).date()
    grants = Grant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=today),
        valid_from__lte=today,
        role=Role.UNIT_SECRETARY,
        body__in=units,
        account__is_active=True,
    )
    found: dict[int, list[int]] = {unit: [] for unit in units}
    for unit, account in grants.values_list("body", "account"):
        found[unit].append(account)
    return found
