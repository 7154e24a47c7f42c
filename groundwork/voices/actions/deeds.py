"""Bring in hours that another system recorded: check a sheet, then write its good rows, once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.registry.actions import batch_steps
from groundwork.registry.models import ImportBatch
from groundwork.registry.queries import batches
from groundwork.registry.queries.batches import Undo
from groundwork.registry.queries.checking import Values
from groundwork.registry.queries.sheets import read_sheet
from groundwork.registry.rules import imports as import_rules
from groundwork.voices.models import Deed
from groundwork.voices.policy import deeds as policy
from groundwork.voices.queries import deed_sheets as queries
from groundwork.voices.rules import deed_sheet as rules

KIND = "voices.deeds"
State = ImportBatch.State


def upload_deeds(
    content: bytes, *, name: str, by: Actor, at: datetime | None = None
) -> ImportBatch:
    """Check a sheet of hours and keep it with its check.

    Raises the refusals of `registry.rules.imports`; what is refused is not kept at all.
    """
    at = at or clock.now()
    policy.check_may_import(by)
    batch_steps.check_size(content)
    sheet = read_sheet(content, rules.COLUMNS, kind=rules.BATCH, csv_too=True)
    checked = queries.check_sheet(sheet, by=by, today=clock.day_of(at))
    with transaction.atomic():
        batch = batch_steps.keep_file(content, name=name, kind=rules.BATCH, by=by, at=at)
        batch_steps.keep_check(batch, sheet, checked, at=at)
        trail.record(by, "upload", KIND, batch.public_id, at=at)
    return batch


@transaction.atomic
def confirm_deeds(
    public_id: str, *, leaving_bad: bool = False, by: Actor, at: datetime | None = None
) -> int:
    """Write every good row that is not there yet; give how many. Raises RowsLeft."""
    at = at or clock.now()
    batch = policy.sheet_for(by, public_id, lock=True)
    import_rules.check_step(batch.state, State.CONFIRMED)
    batch_steps.check_left(batch, may_leave=leaving_bad)
    rows = [values for _n, values in batches.parsed_of(batch).rows]
    if not rows:
        raise import_rules.NothingToWrite
    kept = set(
        policy.kept_people(by)
        .filter(pk__in={row["person_id"] for row in rows})
        .values_list("pk", flat=True)
    )
    if {row["person_id"] for row in rows} - kept:  # the role or a unit changed since the check
        raise import_rules.ChangedMeanwhile
    known = queries.known_keys([row["key"] for row in rows])
    new = [row for row in rows if row["key"] not in known]
    Deed.objects.bulk_create(
        [_deed(row, at) for row in new],
        batch_size=1000,
        ignore_conflicts=True,  # the same sheet in other hands at the same moment
    )
    written = Deed.objects.filter(key__in=[row["key"] for row in new], brought_at=at)
    undo = Undo(created=dict.fromkeys(written.values_list("pk", flat=True), 0))
    batch.totals = {**batch.totals, "new": len(undo.created), "same": len(rows) - len(undo.created)}
    batch_steps.keep_written(batch, undo, at)
    trail.record(by, "import", KIND, batch.public_id, at=at)
    return len(undo.created)


def _deed(row: Values, at: datetime) -> Deed:
    return Deed(
        person_id=row["person_id"],
        day=date.fromisoformat(row["day"]),
        what=row["what"],
        where=row["where"],
        lasted=timedelta(minutes=row["lasted"]),
        key=row["key"],
        brought_at=at,
    )


@transaction.atomic
def undo_deeds(public_id: str, *, by: Actor, at: datetime | None = None) -> int:
    """Take back what a sheet wrote; give how many records went. Raises UndoOver after 30 days."""
    at = at or clock.now()
    batch = policy.sheet_for(by, public_id, lock=True)
    undo = batch_steps.undo_of(batch, at)
    gone, _by_table = Deed.objects.filter(pk__in=list(undo.created)).delete()
    batch_steps.keep_undone(batch, 0, at)
    trail.record(by, "undo", KIND, batch.public_id, at=at)
    return gone
