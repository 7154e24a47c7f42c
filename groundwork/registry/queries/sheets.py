"""Read a clerk's workbook safely: measured before it is read, understood as it was meant.

Formulas are never evaluated: a cell counts with the value its program last saved in it, as the
clerk saw it; without one it is empty.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import python_calamine as calamine

from groundwork.base import attachments
from groundwork.base.spreadsheet import measure_workbook
from groundwork.registry.rules import imports as rules
from groundwork.registry.rules.columns import SAMPLE_MARK, TEMPLATE_VERSIONS, Column, Headers
from groundwork.registry.rules.people import looks_like_id_number

TEMPLATE_PROPERTY = "groundwork-template"
MOST_CELLS = rules.MOST_ROWS * rules.MOST_COLUMNS  # 32 bytes each once they are read
LISTS_SHEET = "选项"  # the template's hidden sheet
_PROPERTY = re.compile(rf'name="{TEMPLATE_PROPERTY}"[^>]*>\s*<vt:lpwstr>(\w+)/(\d+)<'.encode())
_CALAMINE_ERRORS = (
    calamine.CalamineError,
    calamine.PasswordError,
    calamine.XmlError,
    calamine.ZipError,
    ValueError,
    OSError,
)
Cells = list[Any]


@dataclass
class Sheet:
    """The rows of one sheet with their numbers in the clerk's file, the header understood."""

    title: str
    header_row: int
    columns: dict[str, int]
    rows: list[tuple[int, Cells]] = field(default_factory=list)


def read_sheet(
    content: bytes, columns: Sequence[Column], *, kind: str = "", csv_too: bool = False
) -> Sheet:
    """Read the first sheet with a known header. Raises the refusals of `rules.imports`."""
    if attachments.sniff(content) == attachments.OLD_OFFICE:
        raise rules.OldFormat
    if attachments.sniff(content) == attachments.TEXT and (kind == "places" or csv_too):
        rows = _csv_rows(content)
        _refuse_id_numbers(rows)
        return _understood("csv", rows, [], Headers(columns))
    if attachments.sniff(content) != attachments.XLSX:
        raise rules.NotASheet
    try:
        measure_workbook(content, MOST_CELLS)
    except attachments.Bomb as bomb:
        raise rules.TooLarge(most=rules.MOST_ROWS) from bomb
    _check_template(content, kind)
    return _from_workbook(content, Headers(columns))


def _check_template(content: bytes, kind: str) -> None:
    """Refuse another kind's template and one of another version; own sheets carry neither."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "docProps/custom.xml" not in archive.namelist():
            return
        found = _PROPERTY.search(archive.read("docProps/custom.xml"))
    if not found or not kind:
        return
    of, version = found.group(1).decode(), int(found.group(2))
    if of != kind:
        raise rules.WrongTemplate
    current = TEMPLATE_VERSIONS.get(kind, 1)  # an area's own kinds begin with 1
    if version != current:
        raise rules.OldTemplate(version=version, current=current)


def _from_workbook(content: bytes, headers: Headers) -> Sheet:
    try:
        workbook = calamine.load_workbook(io.BytesIO(content))
        names = [m.name for m in workbook.sheets_metadata if m.name != LISTS_SHEET]
        sheets = [workbook.get_sheet_by_name(name) for name in names]
        found: Sheet | None = None
        missing: rules.NoHeader | None = None
        for sheet in sheets:
            rows = _rows_of(sheet)
            _refuse_id_numbers(rows)
            if found is None and rows:
                try:
                    found = _understood(sheet.name, rows, _merged(sheet), headers)
                except rules.NoHeader as error:
                    missing = missing or error
    except _CALAMINE_ERRORS as error:
        raise attachments.Broken from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how pyo3 passes on a crash inside Rust
            raise
        raise attachments.Broken from error
    if found is None:
        raise missing or rules.EmptySheet()
    return found


def _rows_of(sheet: calamine.CalamineSheet) -> list[Cells]:
    if sheet.total_width > rules.MOST_COLUMNS or sheet.total_height > rules.MOST_ROWS:
        return _sparse_rows(sheet)
    rows: list[Cells] = sheet.to_python(skip_empty_area=False)
    return rows


def _sparse_rows(sheet: calamine.CalamineSheet) -> list[Cells]:
    """Read a sheet that reaches far: mostly a stray cell, sometimes a million real rows."""
    rows: list[Cells] = []
    filled = 0
    for row in sheet.iter_rows():
        cells = row[: rules.MOST_COLUMNS]
        if any(cell not in ("", None) for cell in cells):
            filled += 1
            if filled > rules.MOST_ROWS + rules.HEADER_WITHIN:
                raise rules.TooManyRows(rows=f"{sheet.total_height:,}", most=rules.MOST_ROWS)
            rows.append(cells)
        else:
            rows.append([])
    return rows


def _merged(sheet: calamine.CalamineSheet) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    return list(sheet.merged_cell_ranges or [])


def _csv_rows(content: bytes) -> list[Cells]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return [list(row) for row in csv.reader(io.StringIO(content.decode(encoding)))]
        except (UnicodeDecodeError, csv.Error):
            continue
    raise rules.NotASheet


def _refuse_id_numbers(rows: Iterable[Cells]) -> None:
    """Refuse the file before anything of it is kept. Raises IdNumbersInside."""
    places = []
    for n, cells in enumerate(rows, 1):
        for i, cell in enumerate(cells):
            # A number of 18 digits lost its last ones in Excel, but it was an ID number.
            odd = 1e17 <= cell < 1e18 if isinstance(cell, float) else len(str(cell)) >= 18
            if odd and (not isinstance(cell, str) or looks_like_id_number(cell)):
                places.append(f"{_letter(i)}{n}")
    if places:
        where = "、".join(places[:5]) + (" …" if len(places) > 5 else "")
        raise rules.IdNumbersInside(n=len(places), where=where)


def _letter(i: int) -> str:
    return (_letter(i // 26 - 1) if i >= 26 else "") + chr(65 + i % 26)


def _understood(
    title: str,
    rows: list[Cells],
    merged: list[tuple[tuple[int, int], tuple[int, int]]],
    headers: Headers,
) -> Sheet:
    _fill_merged(rows, merged)
    header, columns, first = _find_header(rows, headers)
    sheet = Sheet(title, header + 1, columns)
    sheet.rows = list(_data_rows(rows, first, columns))
    if not sheet.rows:
        raise rules.EmptySheet
    if len(sheet.rows) > rules.MOST_ROWS:
        raise rules.TooManyRows(rows=f"{len(sheet.rows):,}", most=rules.MOST_ROWS)
    return sheet


def _fill_merged(
    rows: list[Cells], merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    """Let every cell of a merged range hold what is written in its first."""
    for (top, left), (bottom, right) in merged:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        for row in rows[top : bottom + 1]:
            for i in range(left, min(right + 1, len(row))):
                row[i] = rows[top][left]


def _find_header(rows: list[Cells], headers: Headers) -> tuple[int, dict[str, int], int]:
    """Find the header and give its row, its columns and the first row after it.

    A header may have two rows: what the lower one names counts, the upper one fills the rest.
    """
    best: tuple[int, dict[str, int]] = (0, {})
    for i, row in enumerate(rows[: rules.HEADER_WITHIN]):
        columns = headers.places_in(row)
        if len(columns) > len(best[1]):
            best = (i, columns)
    top, columns = best
    first = top + 1
    below = headers.places_in(rows[first]) if first < len(rows) and columns else {}
    # A data row may hold a title's word (政治面貌: 中共党员), but not where a title is needed
    # (merged downwards, 姓名 stands in both rows), nor under a title that is none of ours.
    needed = {c.key for c in headers.columns if c.required}
    repeated = any(below.get(key) == columns.get(key) for key in needed & set(below))
    new = {k: i for k, i in below.items() if k not in columns and i not in columns.values()}
    if repeated or new:
        columns, first = {**columns, **new}, first + 1
    missing = headers.missing(columns)
    if missing:
        raise rules.NoHeader(titles="、".join(missing))
    return top, columns, first


def _data_rows(
    rows: list[Cells], first: int, columns: dict[str, int]
) -> Iterator[tuple[int, Cells]]:
    places = list(columns.values())
    width = max(places) + 1
    key = places[0]
    for n, cells in enumerate(rows[first:], first + 1):
        if len(cells) < width:
            cells = cells + [""] * (width - len(cells))
        if not any(cells[i] not in ("", None) for i in places):
            continue
        if isinstance(cells[key], str) and cells[key].lstrip().startswith(SAMPLE_MARK):
            continue
        yield n, cells
