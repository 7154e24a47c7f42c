"""One plain sheet as xlsx: a bold head, frozen; texts stay texts, whatever they begin with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

import xlsxwriter


def plain_sheet(
    title: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str | int]],
    widths: Sequence[int],
) -> bytes:
    """Write the rows; row by row to disk, so that a long list needs no more memory."""
    out = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet("".join(c for c in title if c not in "[]:*?/\\'")[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        page.write_row(0, 0, heads, bold)
        for number, row in enumerate(rows, 1):
            page.write_row(number, 0, row)
        page.freeze_panes(1, 0)
        page.set_landscape()
        page.repeat_rows(0)
    return out.getvalue()
