"""Workbooks that leave the city, read back as an office's program reads them: no database."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest

from groundwork.base.numbers import Rate
from groundwork.base.sheets import Sheet, plain_sheet, write_book

pytestmark = pytest.mark.once


def test_numbers_are_numbers_moments_are_the_citys_and_texts_stay_texts():
    late = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
    rows = [["=1+1", 37168, 0.25, date(2026, 11, 24), late, Rate(300, 310), None]]
    book = openpyxl.load_workbook(io.BytesIO(plain_sheet("表", list("abcdefg"), rows, [40])))
    page = book["表"]
    cells = list(page[2])
    assert (cells[0].value, cells[0].data_type) == ("=1+1", "s")
    assert [cell.data_type for cell in cells[1:6]] == ["n", "n", "d", "d", "n"]
    assert (cells[1].value, cells[1].number_format) == (37168, "#,##0")
    assert f"{cells[3].value:%Y-%m-%d}" == "2026-11-24"
    assert f"{cells[4].value:%Y-%m-%d %H:%M}" == "2026-11-25 00:30", "the next day in the city"
    assert (round(cells[5].value, 4), cells[5].number_format) == (0.9677, "0.0%")
    assert cells[6].value is None
    assert (page.freeze_panes, page.column_dimensions["A"].width) == (
        "A2",
        pytest.approx(40, abs=1),
    )
    assert page["A1"].font.bold


def test_a_share_of_few_is_no_percentage_and_one_that_was_not_reached_is_not_rounded_up():
    rows = [[Rate(3, 4)], [Rate(99_990, 100_000)], [Rate(5, 5)]]
    page = openpyxl.load_workbook(io.BytesIO(write_book([Sheet("表", ["率"], rows)])))["表"]
    assert page["A2"].value == "3 / 4"
    assert (page["A3"].value, page["A3"].number_format) == (pytest.approx(0.9999), "0.0000%")
    assert (page["A4"].value, page["A4"].number_format) == (1, "0.0%")
