"""One hotline sheet as its page shows it, and the template it is made from."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

import xlsxwriter

from groundwork.base.actor import Actor
from groundwork.matters.policy import hotline as policy
from groundwork.matters.rules import hotline as rules
from groundwork.registry.models import ImportBatch
from groundwork.registry.queries.batches import Preview, preview_of
from groundwork.registry.queries.imports import SaidProblem
from groundwork.registry.queries.sheets import TEMPLATE_PROPERTY
from groundwork.registry.rules import imports as import_rules

TITLES = {column.key: column.title for column in rules.COLUMNS}


def template() -> bytes:
    """Make the template of the sheet that comes in: titles, comments, a sample row."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    book.set_custom_property(TEMPLATE_PROPERTY, f"{rules.IN}/1")
    sheet = book.add_worksheet("热线工单")
    need = book.add_format({"bold": True, "bg_color": "#E6EDF5", "border": 1})
    free = book.add_format({"bold": True, "bg_color": "#F3F1EA", "border": 1})
    quiet = book.add_format({"italic": True, "font_color": "#777777", "num_format": "@"})
    as_text = book.add_format({"num_format": "@"})
    for i, column in enumerate(rules.COLUMNS):
        title = f"{column.title} *" if column.required else column.title
        sheet.write_string(0, i, title, need if column.required else free)
        sheet.write_comment(0, i, column.help, {"x_scale": 1.6, "author": "地气"})
        sheet.set_column(i, i, column.width, as_text)
        sheet.write_string(1, i, column.sample, quiet)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


# ---- the way back -------------------------------------------------------------------------------


@dataclass(frozen=True)
class BatchPage:
    """One sheet that came in, with everything its state has to show."""

    batch: ImportBatch
    preview: Preview
    problems: list[SaidProblem]
    left: int
    may_confirm: bool
    may_undo: bool
    may_mark: bool


def batch_page(by: Actor, public_id: str, *, at: datetime) -> BatchPage:
    """Show one sheet. Raises NotFound."""
    batch = policy.batch_for(by, public_id, "view")
    preview = preview_of(batch) if batch.parsed else Preview([], 0, [], [])
    totals = batch.totals
    left = totals.get("bad", 0) + totals.get("choice", 0)
    checked = batch.state == ImportBatch.State.CHECKED
    over = timedelta(days=import_rules.KEPT_DAYS)
    fresh = batch.confirmed_at is None or at - batch.confirmed_at <= over
    return BatchPage(
        batch=batch,
        preview=preview,
        problems=_said(preview),
        left=left,
        may_confirm=checked and totals.get("new", 0) + totals.get("changed", 0) > 0,
        may_undo=batch.state == ImportBatch.State.CONFIRMED and batch.undo is not None and fresh,
        may_mark=checked and left > 0 and bool(batch.attachment.file),
    )


def _said(preview: Preview) -> list[SaidProblem]:
    return [
        SaidProblem(
            p.row, TITLES.get(p.column, p.column), import_rules.problem_text(p.code), p.params
        )
        for p in preview.problems
    ]
