"""Workbooks as clerks make them, for the tests of the spreadsheet road."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

HEADER = ["姓名", "工号", "单位", "处（科）室", "党支部", "身份", "党员", "居住社区", "手机"]


def workbook(rows: list[list[Any]], *, formats: dict[tuple[int, int], Any] | None = None) -> bytes:
    """Make an xlsx whose first sheet holds these rows, written as they are."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("名单")
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            sheet.write(r, c, cell)
    book.close()
    return out.getvalue()


def people(*rows: list[Any], header: list[str] = HEADER) -> bytes:
    """Make a sheet of people with the usual header."""
    return workbook([header, *rows])


def person(
    name: str = "张三", number: Any = "R1001", unit: str = "市人社局", *more: Any
) -> list[Any]:
    """Make a row of the usual header."""
    rest = ["办公室", "第一党支部", "在编", "是", "澄浪社区", "13805740001"]
    return [name, number, unit, *more, *rest[len(more) :]]
