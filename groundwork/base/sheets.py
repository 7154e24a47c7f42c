"""Workbooks as people use them: a frozen bold head, numbers that can be added, the city's own time.

Texts stay texts, whatever they begin with. A share is a number of per cent, beside which its
writer puts what it is made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from groundwork.base import clock
from groundwork.base.numbers import Rate, Share

Cell = str | int | float | date | datetime | Rate | Share | None
_FORMATS = {
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
    "whole": {"num_format": "#,##0"},
    "part": {"num_format": "#,##0.0##"},
    "share": {"num_format": "0.0%"},
    "near": {"num_format": "0.0000%"},  # 99.96% is never written as 100.0%
    "head": {"bold": True, "bottom": 1},
    "wrap": {"text_wrap": True, "valign": "top"},
}


@dataclass(frozen=True)
class Sheet:
    """One sheet: the rows under its heads, and how many characters wide each column is.

    `upright` says that the first column names what the second one says, row by row.
    """

    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()
    upright: bool = False


def write_book(sheets: Iterable[Sheet]) -> bytes:
    """Write the sheets; row by row to disk, so that a long list needs no more memory."""
    out = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        formats = {name: book.add_format(said) for name, said in _FORMATS.items()}
        for sheet in sheets:
            _write(book, sheet, formats)
    return out.getvalue()


def plain_sheet(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[int]
) -> bytes:
    """Write one sheet."""
    return write_book([Sheet(title, heads, rows, widths)])


def _write(book: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    page = book.add_worksheet("".join(c for c in sheet.title if c not in "[]:*?/\\'")[:31])
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    page.write_row(0, 0, sheet.heads, formats["head"])
    for number, row in enumerate(sheet.rows, 1):
        for column, cell in enumerate(row):
            name = formats["head"] if sheet.upright and not column else None
            text = formats["wrap"] if sheet.upright else None
            _write_cell(page, number, column, cell, formats, name or text)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.repeat_rows(0)


def _write_cell(
    page: Any, row: int, column: int, cell: Cell, formats: dict[str, Any], text: Any
) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, Rate | Share):
        if cell.percent is None:
            page.write_string(row, column, cell.shown, text)
            return
        share = cell.percent / 100
        near = round(share, 3) in (0, 1) and share not in (0, 1)
        page.write_number(row, column, share, formats["near" if near else "share"])
    elif isinstance(cell, datetime):
        local = cell.astimezone(clock.ZONE).replace(tzinfo=None)
        page.write_datetime(row, column, local, formats["moment"])
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, formats["day"])
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        kind = "whole" if float(cell).is_integer() else "part"
        page.write_number(row, column, cell, formats[kind])
    else:
        page.write_string(row, column, str(cell), text)
