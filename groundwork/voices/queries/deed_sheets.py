"""The spreadsheet of hours from elsewhere: every row checked, the template, one sheet's page."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter

from groundwork.base.actor import Actor
from groundwork.base.errors import RuleBroken
from groundwork.base.text import tight
from groundwork.registry.models import ImportBatch
from groundwork.registry.queries.batches import Preview, preview_of
from groundwork.registry.queries.checking import Checked, Planned, Values
from groundwork.registry.queries.imports import SaidProblem
from groundwork.registry.queries.sheets import TEMPLATE_PROPERTY, Sheet
from groundwork.registry.rules import cells
from groundwork.registry.rules import imports as import_rules
from groundwork.voices.models import Deed
from groundwork.voices.policy import deeds as policy
from groundwork.voices.rules import deed_sheet as rules

TITLES = {column.key: column.title for column in rules.COLUMNS}
CHUNK = 900
MOST_SHOWN = 30


class _Check:
    """Turn rows of cells into records that may be written."""

    def __init__(self, people: Mapping[str, tuple[int, str]], today: date) -> None:
        self.people, self.today, self.checked = people, today, Checked()
        self._seen: dict[str, int] = {}

    def row(self, n: int, said: Mapping[str, Any]) -> None:
        """Read one row; what cannot go in is said as problems."""
        before = len(self.checked.problems)
        person = self._read(n, "work_number", lambda: self._person(said["work_number"]))
        day = self._read(n, "day", lambda: self._day(said["day"]))
        what = self._read(n, "what", lambda: rules.what_of(said["what"]))
        lasted = self._read(n, "hours", lambda: rules.time_of(said["hours"]))
        if person is not None:
            self._read(n, "name", lambda: _check_name(person, said.get("name")))
        if len(self.checked.problems) > before:
            return
        number = cells.text_of(said.get("number"))
        key = rules.key_of(tight(cells.text_of(said["work_number"])), number, day, what, lasted)
        if key in self._seen:
            self.checked.add(n, "number", rules.RowTwice(row=self._seen[key]))
            return
        self._seen[key] = n
        values: Values = {
            "person_id": person[0],
            "day": day,
            "what": what,
            "where": cells.text_of(said.get("where"))[:120],
            "lasted": int(lasted.total_seconds() // 60),
            "key": key,
        }
        self.checked.rows.append((n, values))

    def _read(self, n: int, column: str, read: Any) -> Any:
        try:
            return read()
        except RuleBroken as error:
            self.checked.add(n, column, error)
            return None

    def _person(self, cell: object) -> tuple[int, str]:
        number = tight(cells.text_of(cell))
        if not number:
            raise cells.Missing
        if number not in self.people:
            raise rules.UnknownPerson(value=number[:40])
        return self.people[number]

    def _day(self, cell: object) -> str:
        day = cells.read_date(cell)
        if day is None:
            raise cells.Missing
        if day > self.today:
            raise rules.DayAhead
        return day.isoformat()


def _check_name(person: tuple[int, str], cell: object) -> None:
    said = tight(cells.text_of(cell))
    if said and said != tight(person[1]):
        raise rules.OtherName(name=person[1])


def check_sheet(sheet: Sheet, *, by: Actor, today: date) -> Checked:
    """Check every row and say whether its record is new or stands already."""
    rows = [(n, {key: row[i] for key, i in sheet.columns.items()}) for n, row in sheet.rows]
    numbers = {tight(cells.text_of(said["work_number"])) for _n, said in rows}
    check = _Check(_people(by, sorted(numbers)), today)
    for n, said in rows:
        check.checked.read += 1
        check.row(n, said)
    known = known_keys([values["key"] for _n, values in check.checked.rows])
    check.checked.plan = [
        Planned(n, "same" if values["key"] in known else "new") for n, values in check.checked.rows
    ]
    return check.checked


def _people(by: Actor, numbers: list[str]) -> dict[str, tuple[int, str]]:
    """Find the people of a sheet among those the clerk keeps."""
    found: dict[str, tuple[int, str]] = {}
    kept: Any = policy.kept_people(by)
    for start in range(0, len(numbers), CHUNK):
        rows = kept.filter(work_number__in=numbers[start : start + CHUNK])
        found |= {
            number: (pk, name) for number, pk, name in rows.values_list("work_number", "pk", "name")
        }
    return found


def known_keys(keys: list[str]) -> set[str]:
    """Give those of the keys whose records stand already."""
    found: set[str] = set()
    for start in range(0, len(keys), CHUNK):
        rows = Deed.objects.filter(key__in=keys[start : start + CHUNK])
        found.update(rows.values_list("key", flat=True))
    return found


def template() -> bytes:
    """Make the empty sheet: titles, comments, a sample row."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    book.set_custom_property(TEMPLATE_PROPERTY, f"{rules.BATCH}/1")
    sheet = book.add_worksheet("服务时长")
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


@dataclass(frozen=True)
class SheetPage:
    """One sheet that was brought in, as far as it has come."""

    batch: ImportBatch
    preview: Preview
    problems: list[SaidProblem]
    may_confirm: bool
    may_mark: bool
    may_undo: bool


def sheet_page(by: Actor, public_id: str) -> SheetPage:
    """Show one sheet. Raises NotFound."""
    batch = policy.sheet_for(by, public_id)
    preview = preview_of(batch) if batch.parsed else Preview([], 0, [], [])
    checked = batch.state == ImportBatch.State.CHECKED
    problems = [
        SaidProblem(
            p.row, TITLES.get(p.column, p.column), import_rules.problem_text(p.code), p.params
        )
        for p in preview.problems
    ]
    return SheetPage(
        batch=batch,
        preview=preview,
        problems=problems,
        may_confirm=checked and batch.totals.get("new", 0) > 0,
        may_mark=checked and batch.totals.get("bad", 0) > 0 and bool(batch.attachment.file),
        may_undo=batch.state == ImportBatch.State.CONFIRMED and bool(batch.undo),
    )


def own_sheets(by: Actor) -> list[ImportBatch]:
    """List one's own sheets, the newest first."""
    rows = policy.visible_sheets(by).select_related("attachment").order_by("-pk")
    return list(rows[:MOST_SHOWN])
