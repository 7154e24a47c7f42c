"""An import as it lies in the database: its rows packed, its check, its pages."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from groundwork.base import attachments
from groundwork.base.actor import Actor
from groundwork.registry.models import Body, ImportBatch, ImportProblem
from groundwork.registry.queries.bodies_check import check_bodies, plan_bodies
from groundwork.registry.queries.checking import Checked, Chosen, Planned, Values
from groundwork.registry.queries.directory import BodyIndex
from groundwork.registry.queries.people_check import check_people, plan_people
from groundwork.registry.queries.places_check import check_places, plan_rows
from groundwork.registry.queries.sheets import Sheet, read_sheet
from groundwork.registry.rules.columns import COLUMNS


class Parsed(msgspec.Struct):
    """What was read and resolved: clean rows, their plan, a digest of the plan, the header."""

    rows: list[tuple[int, Values]]
    plan: list[tuple[int, str, int | None, Values]]
    digest: str
    header_row: int = 1
    columns: dict[str, int] = {}
    sheet: str = ""


class Undo(msgspec.Struct):
    """What an import did, so that it can be taken back."""

    created: dict[int, int] = {}  # pk → fingerprint of the row as written
    changed: list[tuple[int, Values, Values]] = []  # pk, before, after
    memberships: dict[str, Any] = {}


def pack(document: Parsed | Undo) -> bytes:
    """Pack a document for a column; level 1 is four times faster and a fifth larger than 6."""
    return zlib.compress(msgspec.json.encode(document), 1)


def parsed_of(batch: ImportBatch) -> Parsed:
    """Unpack what was read."""
    assert batch.parsed is not None
    return msgspec.json.decode(zlib.decompress(batch.parsed), type=Parsed)


def undo_of(batch: ImportBatch) -> Undo:
    """Unpack what was done."""
    assert batch.undo is not None
    return msgspec.json.decode(zlib.decompress(batch.undo), type=Undo)


def digest_of(plan: Sequence[Planned]) -> str:
    """Sum up a plan; the same rows over the same directory give the same digest."""
    body = msgspec.json.encode([(p.row, p.do, p.pk, sorted(p.before.items())) for p in plan])
    return hashlib.sha256(body).hexdigest()


def check_sheet(
    sheet: Sheet, *, kind: str, body: Body | None, by: Actor, day: date, chosen: Chosen
) -> Checked:
    """Check every row of a sheet of one kind."""
    within = body.path if body else ""
    if kind == "people":
        return check_people(sheet, by=by, within=within, day=day, chosen=chosen)
    if kind == "bodies":
        return check_bodies(sheet, by=by, within=within, chosen=chosen)
    return check_places(sheet)


def replan(batch: ImportBatch, parsed: Parsed, *, by: Actor, day: date) -> Checked:
    """Plan the clean rows again over the directory as it is now."""
    checked = Checked(rows=[(n, dict(values)) for n, values in parsed.rows])
    within = batch.body.path if batch.body else ""
    if batch.kind == "people":
        checked.plan = plan_people(checked, index=BodyIndex(by, within), day=day)
    elif batch.kind == "bodies":
        checked.plan = plan_bodies(checked, by=by, within=within)
    else:
        checked.plan = plan_rows(checked)
    return checked


def sheet_of(batch: ImportBatch) -> Sheet:
    """Read a batch's file again."""
    content = attachments.read(batch.attachment)
    return read_sheet(content, COLUMNS[batch.kind], kind=batch.kind)


@dataclass(frozen=True)
class ChoiceGroup:
    """All rows that wait for one answer to one ambiguous text."""

    key: str
    column: str
    text: str
    rows: list[int]
    choices: list[dict[str, str]]
    chosen: str


@dataclass(frozen=True)
class Preview:
    """What the page of a checked import shows."""

    problems: list[ImportProblem]
    more_problems: int
    by_reason: list[tuple[str, str, int]]  # code, column, rows
    groups: list[ChoiceGroup]
    changed: list[tuple[int, str, list[tuple[str, Any, Any]]]] = field(default_factory=list)
    new: list[tuple[int, Values]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)


SHOWN = 50


def preview_of(batch: ImportBatch) -> Preview:
    """Collect the rows that need a look: problems by reason, choices, first changes."""
    problems = list(batch.problems.all())
    errors = [p for p in problems if not p.choices]
    counted = Counter((p.code, p.column) for p in errors)
    parsed = parsed_of(batch)
    values = dict(parsed.rows)
    preview = Preview(
        problems=errors[:SHOWN],
        more_problems=max(0, len(errors) - SHOWN),
        by_reason=[(code, column, n) for (code, column), n in counted.most_common()],
        groups=_groups([p for p in problems if p.choices]),
    )
    for n, do, _pk, before in parsed.plan:
        if do == "changed" and len(preview.changed) < SHOWN:
            said = values[n]
            pairs = [(k, old, said.get(k)) for k, old in before.items()]
            preview.changed.append((n, str(said.get("name", "")), pairs))
        elif do == "new" and len(preview.new) < SHOWN:
            preview.new.append((n, values[n]))
        elif do == "closed":
            preview.closed.append(str(before["name"]))
    return preview


def _groups(problems: list[ImportProblem]) -> list[ChoiceGroup]:
    """Gather rows by column, text and the choices offered: one answer serves them all."""
    groups: dict[tuple[str, ...], ChoiceGroup] = {}
    for problem in problems:
        text = str(problem.params.get("value", ""))
        ids = [choice["id"] for choice in problem.choices]
        key = (problem.column, text, problem.chosen, *ids)
        if key not in groups:
            groups[key] = ChoiceGroup(
                f"{problem.row}:{problem.column}",
                problem.column,
                text,
                [],
                problem.choices,
                problem.chosen,
            )
        groups[key].rows.append(problem.row)
    return sorted(groups.values(), key=lambda group: (bool(group.chosen), group.rows[0]))
