"""Spreadsheets as a clerk would fill them in."""

from __future__ import annotations

import io
from collections.abc import Sequence

import openpyxl

HEADER = ("姓名", "工号", "单位", "处（科）室", "身份", "党员", "居住社区", "手机")
UNIT = "海曙区教育局"
# Two newcomers; the third has a unit that does not exist and a telephone number too short.
ROWS = (
    ("水丽娜", "NB0101", UNIT, "基教科", "在编", "否", "澄浪社区", "13805740101"),
    ("桂子涵", "ＮＢ０１０２", UNIT, "办公室", "在编", "是", "柳锦社区", "１３８０５７４０１０２"),
    ("计有功", "NB0103", "海曙区教肓局", "办公室", "在编", "否", "澄浪社区", "12"),
)


def people_sheet(rows: Sequence[Sequence[str]] = ROWS) -> bytes:
    """Make a sheet of people with a header of one's own."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "人员名单"
    sheet.append(list(HEADER))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
