"""The spreadsheet of needs: every row checked, the template, a day's needs as the same sheet."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import xlsxwriter

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import RuleBroken
from groundwork.base.text import tight
from groundwork.base.tree import under
from groundwork.duty.models import Order, Shift
from groundwork.duty.policy.gates import KEEPERS, kept_gates
from groundwork.duty.policy.sheets import sheet_for
from groundwork.duty.rules import need_sheet as rules
from groundwork.duty.rules.kinds import KINDS
from groundwork.duty.rules.needs import span_on
from groundwork.registry.models import ImportBatch, Place
from groundwork.registry.queries.batches import Preview, preview_of
from groundwork.registry.queries.checking import Checked, Memo, Planned, Values
from groundwork.registry.queries.imports import SaidProblem
from groundwork.registry.queries.sheets import TEMPLATE_PROPERTY, Sheet
from groundwork.registry.queries.workbooks import book_of
from groundwork.registry.rules import cells
from groundwork.registry.rules import imports as import_rules

TITLES = {column.key: column.title for column in rules.COLUMNS}
MOST_NAMED = 5


class _Check:
    """Turn rows of cells into shifts that may be asked for."""

    def __init__(self, by: Actor, order: Order, now: datetime) -> None:
        self.order, self.now, self.checked = order, now, Checked()
        rows = Place.objects.filter(valid_to=None, path__startswith=order.place.path)
        if not by.system:
            rows = rows.filter(under("path", by.places(*KEEPERS)))
        self._named: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for pk, name, code, aliases in rows.values_list("pk", "name", "code", "aliases"):
            for word in {tight(name), code, *map(tight, aliases)}:
                self._named[word].append((pk, code))
        self._place, self._day = Memo(self._find_place), Memo(_day_of)
        self._hour = Memo(rules.hour_of)
        self._seen: dict[tuple[Any, ...], int] = {}

    def row(self, n: int, said: Mapping[str, Any]) -> Values | None:
        """Read one row; None where something of it cannot go in, said as problems."""
        before = len(self.checked.problems)
        place = self._read(n, "place", lambda: self._place(cells.text_of(said["place"])))
        gate = self._read(n, "gate", lambda: rules.gate_of(said["gate"]))
        day = self._read(n, "day", lambda: self._day(said["day"]))
        start, end = (
            self._read(n, key, lambda key=key: self._hour(said[key])) for key in ("start", "end")
        )
        numbers = {
            kind: self._read(n, kind, lambda kind=kind: rules.number_of(said.get(kind)))
            for kind in KINDS
        }
        if len(self.checked.problems) > before:
            return None
        needs = self._read(n, "general", lambda: rules.needs_in(numbers))
        span = self._read(n, "start", lambda: self._span(day, start, end))
        if needs is None or span is None:
            return None
        key = (place, gate, *span)
        if key in self._seen:
            self.checked.add(n, "day", rules.RowTwice(row=self._seen[key]))
            return None
        self._seen[key] = n
        return {
            "place_id": place,
            "gate": gate,
            "spot": cells.text_of(said.get("spot"))[:120],
            "starts_at": span[0].isoformat(),
            "ends_at": span[1].isoformat(),
            "needs": needs,
        }

    def _read(self, n: int, column: str, read: Any) -> Any:
        try:
            return read()
        except RuleBroken as error:
            self.checked.add(n, column, error)
            return None

    def _find_place(self, text: str) -> int:
        if not text:
            raise cells.Missing
        found = self._named.get(tight(text), [])
        if not found:
            raise rules.UnknownPlace(value=text[:40])
        if len(found) > 1:
            codes = "、".join(code for _pk, code in found[:MOST_NAMED])
            raise rules.SeveralPlaces(value=text[:40], n=len(found), codes=codes)
        return found[0][0]

    def _span(self, day: date, start: str, end: str) -> tuple[datetime, datetime]:
        span = span_on(day, start, end, clock.ZONE)
        inside = self.order.starts_at <= span[0] < span[1] <= self.order.ends_at
        if not inside or span[1] <= self.now:
            raise rules.OutsideOrder
        return span


def _day_of(cell: object) -> date:
    day = cells.read_date(cell)
    if day is None:
        raise cells.Missing
    return day


def check_sheet(sheet: Sheet, order: Order, *, by: Actor, now: datetime) -> Checked:
    """Check every row and say whether its shift is new, asks for other numbers, or stands so."""
    check = _Check(by, order, now)
    for n, cells_of_row in sheet.rows:
        check.checked.read += 1
        said = {key: cells_of_row[i] for key, i in sheet.columns.items()}
        values = check.row(n, said)
        if values is not None:
            check.checked.rows.append((n, values))
    check.checked.plan = list(_planned(order, check.checked.rows))
    return check.checked


def _planned(order: Order, rows: list[tuple[int, Values]]) -> Iterator[Planned]:
    standing = standing_shifts(order)
    needs = _needs_of(order)
    for n, values in rows:
        pk = standing.get(key_of(values))
        if pk is None:
            yield Planned(n, "new")
        elif needs.get(pk, {}) == values["needs"]:
            yield Planned(n, "same", pk)
        else:
            yield Planned(n, "changed", pk)


Key = tuple[int, str, datetime, datetime]


def key_of(values: Values) -> Key:
    """Name the shift that a row means."""
    start, end = (datetime.fromisoformat(values[key]) for key in ("starts_at", "ends_at"))
    return values["place_id"], values["gate"], start, end


def standing_shifts(order: Order) -> dict[Key, int]:
    """Give the shifts of an order by place, gate and hours."""
    rows = Shift.objects.filter(order=order).values_list(
        "place", "gate__name", "starts_at", "ends_at", "pk"
    )
    return {(place, gate, start, end): pk for place, gate, start, end, pk in rows}


def _needs_of(order: Order) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Shift.objects.filter(order=order, needs__isnull=False)
    for pk, kind, count in rows.values_list("pk", "needs__kind", "needs__count"):
        found[pk][kind] = count
    return found


# ---- sheets that leave ----------------------------------------------------------------------
def template() -> bytes:
    """Make the empty sheet: titles, comments, a sample row."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    book.set_custom_property(TEMPLATE_PROPERTY, f"{rules.BATCH}/1")
    sheet = book.add_worksheet("卡口需求")
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


def export(by: Actor, order: Order, first: date, last: date) -> bytes:
    """Write the needs of some days at the gates one keeps, as a sheet to be brought in again."""
    shifts = Shift.objects.filter(
        order=order,
        gate__in=kept_gates(by, order),
        called_off_at=None,
        starts_at__gte=clock.local(first, time()),
        starts_at__lt=clock.local(last + timedelta(days=1), time()),
    ).select_related("gate", "place")
    numbers = _needs_of(order)
    rows = []
    for shift in shifts.order_by("place__path", "gate", "starts_at"):
        start, end = (m.astimezone(clock.ZONE) for m in (shift.starts_at, shift.ends_at))
        counts = [str(numbers[shift.pk].get(kind, "")) for kind in KINDS]
        where = [shift.place.code, shift.gate.name, shift.gate.spot]
        rows.append([*where, f"{start:%Y-%m-%d}", f"{start:%H:%M}", f"{end:%H:%M}", *counts])
    return book_of("卡口需求", [column.title for column in rules.COLUMNS], rows)


# ---- the page of one sheet -----------------------------------------------------------------
@dataclass(frozen=True)
class SheetPage:
    """One sheet that was brought in, as far as it has come."""

    batch: ImportBatch
    order: Order
    preview: Preview
    problems: list[SaidProblem]
    left: int
    may_confirm: bool
    may_mark: bool


def sheet_page(by: Actor, public_id: str) -> SheetPage:
    """Show one sheet. Raises NotFound."""
    batch, order = sheet_for(by, public_id)
    preview = preview_of(batch) if batch.parsed else Preview([], 0, [], [])
    totals = batch.totals
    checked = batch.state == ImportBatch.State.CHECKED
    problems = [
        SaidProblem(
            p.row, TITLES.get(p.column, p.column), import_rules.problem_text(p.code), p.params
        )
        for p in preview.problems
    ]
    return SheetPage(
        batch=batch,
        order=order,
        preview=preview,
        problems=problems,
        left=totals.get("bad", 0),
        may_confirm=checked and bool(totals.get("new", 0) + totals.get("changed", 0)),
        may_mark=checked and totals.get("bad", 0) > 0 and bool(batch.attachment.file),
    )
