"""The steps of a sheet's road that are the same whatever its rows become.

The directory's imports go it, and areas above with rows of their own. Each is taken within the
caller's transaction, on a batch that policy gave locked.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from groundwork.base import attachments
from groundwork.base.actor import Actor
from groundwork.registry.models import Body, ImportBatch, ImportProblem
from groundwork.registry.queries import batches
from groundwork.registry.queries.batches import Parsed, Undo
from groundwork.registry.queries.checking import Checked, Chosen
from groundwork.registry.queries.sheets import Sheet
from groundwork.registry.rules import imports as rules

State = ImportBatch.State


def check_size(content: bytes) -> None:
    """Refuse a file before it is read. Raises TooBig."""
    if len(content) > rules.MOST_FILE:
        raise attachments.TooBig(
            megabytes=round(len(content) / 2**20, 1), most=rules.MOST_FILE // 2**20
        )


def keep_file(
    content: bytes, *, name: str, kind: str, body: Body | None = None, by: Actor, at: datetime
) -> ImportBatch:
    """Keep a file that could be read, as a batch still to be checked."""
    attachment = attachments.store(
        content,
        name=name,
        by=by,
        at=at,
        allowed=(attachments.XLSX, attachments.TEXT),
        most=rules.MOST_FILE,
    )
    batch = ImportBatch(
        kind=kind, attachment=attachment, account_id=by.account_id, body=body, uploaded_at=at
    )
    batch.save(force_insert=True)
    return batch


def keep_check(
    batch: ImportBatch, sheet: Sheet, checked: Checked, *, digest: str = "", at: datetime
) -> None:
    """Keep what a check found in place of the one before; `digest` is of the plan."""
    rules.check_step(batch.state, State.CHECKED)
    plan = [(p.row, p.do, p.pk, p.before) for p in checked.plan]
    parsed = Parsed(checked.rows, plan, digest, sheet.header_row, sheet.columns, sheet.title)
    batch.state, batch.checked_at, batch.totals = State.CHECKED, at, checked.totals()
    batch.parsed = batches.pack(parsed)
    batch.save(update_fields=["state", "checked_at", "totals", "parsed"])
    batch.problems.all().delete()
    ImportProblem.objects.bulk_create(
        (
            ImportProblem(
                batch=batch,
                row=p.row,
                column=p.column,
                code=p.code,
                params=p.params,
                choices=p.choices,
                chosen=p.chosen,
            )
            for p in checked.problems
        ),
        batch_size=500,
    )


def chosen_before(batch: ImportBatch) -> Chosen:
    """Give what the clerk chose so far: public ids by row and column."""
    rows = batch.problems.exclude(chosen="").values_list("row", "column", "chosen")
    return {(row, column): chosen for row, column, chosen in rows}


def check_left(batch: ImportBatch, *, may_leave: bool) -> None:
    """Refuse to write while rows are bad or undecided, unless they stay out. Raises RowsLeft."""
    left = batch.totals["bad"] + batch.totals["choice"]
    if left and not may_leave:
        raise rules.RowsLeft(bad=left)


def keep_written(batch: ImportBatch, undo: Undo, at: datetime) -> None:
    """Keep how to take back what was written."""
    batch.undo = batches.pack(undo)
    batch.state, batch.confirmed_at = State.CONFIRMED, at
    batch.save(update_fields=["undo", "totals", "state", "confirmed_at"])


def undo_of(batch: ImportBatch, at: datetime) -> Undo:
    """Give what is to be taken back. Raises UndoOver after 30 days."""
    rules.check_step(batch.state, State.UNDONE)
    if batch.undo is None or at - (batch.confirmed_at or at) > timedelta(days=rules.KEPT_DAYS):
        raise rules.UndoOver
    return batches.undo_of(batch)


def keep_undone(batch: ImportBatch, kept: int, at: datetime) -> None:
    """Keep that a batch was taken back but for `kept` rows."""
    batch.state, batch.undone_at = State.UNDONE, at
    batch.totals = {**batch.totals, "kept": kept}
    batch.save(update_fields=["state", "undone_at", "totals"])
