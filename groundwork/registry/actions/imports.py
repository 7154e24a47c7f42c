"""The spreadsheet road: upload → check → choose → confirm → undo.

A sheet is checked in the request: 28,000 rows take about two seconds, and a clerk who waits for
a task would wait longer. Confirming is one transaction: after a crash either everything of it
stands or nothing, and the batch says which.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from groundwork.base import attachments, clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Conflict
from groundwork.base.models import Lease
from groundwork.registry import policy
from groundwork.registry.actions import batch_steps, import_bodies, import_people
from groundwork.registry.models import Body, ImportBatch
from groundwork.registry.queries import batches
from groundwork.registry.queries.batches import Undo
from groundwork.registry.queries.checking import Checked, Chosen
from groundwork.registry.queries.sheets import Sheet, read_sheet
from groundwork.registry.rules import imports as rules
from groundwork.registry.rules.columns import COLUMNS

KIND = "registry.import"
State = ImportBatch.State


def upload_import(
    content: bytes,
    *,
    name: str,
    kind: policy.ImportKind,
    by: Actor,
    at: datetime | None = None,
) -> ImportBatch:
    """Check a file and keep it with its check. Raises the refusals of `rules.imports`.

    What is refused is not kept at all: it may hold ID numbers.
    """
    policy.check_may_import(by, kind)
    at = at or clock.now()
    batch_steps.check_size(content)
    sheet = read_sheet(content, COLUMNS[kind], kind=kind)
    with transaction.atomic():
        batch = batch_steps.keep_file(content, name=name, kind=kind, body=_scope(by), by=by, at=at)
        _check(batch, sheet, {}, by=by, at=at)
        trail.record(by, "upload", KIND, batch.public_id, [kind], at=at)
    return batch


def _scope(by: Actor) -> Body | None:
    """Find the body an actor keeps the directory for; None for a whole place."""
    paths = by.bodies(*policy.KEEPERS)
    return Body.objects.filter(path=paths[0]).first() if paths else None


def _check(batch: ImportBatch, sheet: Sheet, chosen: Chosen, *, by: Actor, at: datetime) -> None:
    checked = batches.check_sheet(
        sheet, kind=batch.kind, body=batch.body, by=by, day=_day(at), chosen=chosen
    )
    digest = batches.digest_of(checked.plan)
    batch_steps.keep_check(batch, sheet, checked, digest=digest, at=at)


def _day(at: datetime) -> date:
    return at.astimezone(clock.ZONE).date()


@transaction.atomic
def choose_for_import(
    batch: ImportBatch,
    choices: Mapping[tuple[int, str], str],
    *,
    by: Actor,
    at: datetime | None = None,
) -> ImportBatch:
    """Answer ambiguous names and check again. Keys are (row, column), values public ids."""
    at = at or clock.now()
    batch = policy.import_for(by, batch.public_id, "choose", lock=True)
    rules.check_step(batch.state, State.CHECKED)
    _check(
        batch,
        batches.sheet_of(batch),
        {**batch_steps.chosen_before(batch), **choices},
        by=by,
        at=at,
    )
    return batch


def recheck_import(batch: ImportBatch, *, by: Actor, at: datetime | None = None) -> ImportBatch:
    """Check a file again over the directory as it is now; choices made stay."""
    return choose_for_import(batch, {}, by=by, at=at)


def confirm_import(
    batch: ImportBatch, *, leaving_bad: bool = False, by: Actor, at: datetime | None = None
) -> ImportBatch:
    """Write all good rows in one transaction.

    Raises RowsLeft when rows are bad and the clerk did not say that they stay out, NothingToWrite,
    or ChangedMeanwhile when the directory changed after the check; then it has been checked again.
    """
    at = at or clock.now()
    try:
        with transaction.atomic():
            return _confirm(batch, leaving_bad=leaving_bad, by=by, at=at)
    except IntegrityError as error:  # a work number was given by hand at this very moment
        recheck_import(batch, by=by, at=at)
        raise rules.ChangedMeanwhile from error
    except Conflict:
        recheck_import(batch, by=by, at=at)
        raise


def _confirm(batch: ImportBatch, *, leaving_bad: bool, by: Actor, at: datetime) -> ImportBatch:
    _one_at_a_time()
    batch = policy.import_for(by, batch.public_id, "confirm", lock=True)
    rules.check_step(batch.state, State.CONFIRMED)
    totals = batch.totals
    batch_steps.check_left(batch, may_leave=leaving_bad and batch.kind != "places")
    if not totals["new"] + totals["changed"] + totals["closed"]:
        raise rules.NothingToWrite
    parsed = batches.parsed_of(batch)
    checked = batches.replan(batch, parsed, by=by, day=_day(at))
    if batches.digest_of(checked.plan) != parsed.digest:
        raise rules.ChangedMeanwhile
    batch_steps.keep_written(batch, _write(batch.kind, checked, by=by, at=at), at)
    said = sorted({key for _n, values in checked.rows[:1] for key in values})
    trail.record(by, "import", f"registry.{batch.kind}", batch.public_id, said, at=at)
    return batch


def _one_at_a_time() -> None:
    """Let two clerks' imports follow each other. SQLite's BEGIN IMMEDIATE has done so already."""
    if connection.vendor == "postgresql":
        Lease.objects.get_or_create(name=KIND)
        Lease.objects.select_for_update().get(name=KIND)


def _write(kind: str, checked: Checked, *, by: Actor, at: datetime) -> Undo:
    if kind == "people":
        return import_people.write_people(checked, by=by, day=_day(at), at=at)
    if kind == "bodies":
        return import_bodies.write_bodies(checked, by=by, at=at)
    return import_bodies.write_places(checked, day=_day(at), at=at)


@transaction.atomic
def undo_import(
    batch: ImportBatch, *, leaving_changed: bool = False, by: Actor, at: datetime | None = None
) -> ImportBatch:
    """Take an import back: what stood before stands again.

    Raises CannotUndo with the rows that changed or came into use since, unless the clerk says that
    these stay; UndoOver after 30 days.
    """
    at = at or clock.now()
    _one_at_a_time()
    batch = policy.import_for(by, batch.public_id, "undo", lock=True)
    undo = batch_steps.undo_of(batch, at)
    stuck = _stuck(batch.kind, undo)
    policy.check_keeps_units(by, _concerned(batch.kind, undo, stuck))
    if stuck and not leaving_changed:
        raise rules.CannotUndo(n=len(stuck), rows=_names_of(batch, stuck, by))
    if batch.kind == "people":
        import_people.undo_people(undo, stuck, day=_day(at), at=at)
    elif batch.kind == "bodies":
        import_bodies.undo_bodies(undo, stuck, at=at)
    else:
        import_bodies.undo_places(undo, stuck, at=at)
    batch_steps.keep_undone(batch, len(stuck), at)
    trail.record(by, "undo_import", f"registry.{batch.kind}", batch.public_id, at=at)
    return batch


def _stuck(kind: str, undo: Undo) -> set[int]:
    stuck_of = {
        "people": import_people.stuck_people,
        "bodies": import_bodies.stuck_bodies,
        "places": import_bodies.stuck_places,
    }
    return stuck_of[kind](undo)


def _concerned(kind: str, undo: Undo, stuck: set[int]) -> set[int]:
    """Collect the bodies an undo would touch; places are the city's office's alone."""
    concerned_of = {
        "people": import_people.units_concerned,
        "bodies": import_bodies.bodies_concerned,
    }
    return concerned_of[kind](undo, stuck) if kind in concerned_of else set()


def _names_of(batch: ImportBatch, pks: set[int], by: Actor) -> str:
    visible: dict[str, QuerySet[Any]] = {
        "people": policy.visible_people(by),
        "bodies": policy.visible_bodies(by),
        "places": policy.visible_places(by),
    }
    names = [str(row) for row in visible[batch.kind].filter(pk__in=sorted(pks)[:5])]
    return "、".join(names) + (" …" if len(pks) > 5 else "")


def import_file(
    content: bytes,
    *,
    name: str,
    kind: policy.ImportKind,
    leaving_bad: bool = False,
    by: Actor,
    at: datetime | None = None,
) -> ImportBatch:
    """Upload, check and confirm in one go, for the command line; nothing new is no error."""
    batch = upload_import(content, name=name, kind=kind, by=by, at=at)
    try:
        return confirm_import(batch, leaving_bad=leaving_bad, by=by, at=at)
    except rules.NothingToWrite:
        return batch


@transaction.atomic
def forget_old_imports(*, at: datetime | None = None) -> int:
    """Drop the rows and files of imports older than 30 days; the totals stay."""
    at = at or clock.now()
    old = ImportBatch.objects.filter(uploaded_at__lt=at - timedelta(days=rules.KEPT_DAYS)).exclude(
        attachment__file=""
    )
    old_ones = list(old.select_related("attachment")[:100])
    for batch in old_ones:
        batch.parsed = batch.undo = None
        batch.save(update_fields=["parsed", "undo"])
        batch.problems.all().delete()
        attachments.erase_content(batch.attachment)
    return len(old_ones)
