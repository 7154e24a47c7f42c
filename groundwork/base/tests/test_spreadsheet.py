"""A workbook is measured by how far its cells reach, before a reader lays a table over them."""

import io
import zipfile

import pytest
import xlsxwriter

from groundwork.base.attachments import Broken
from groundwork.base.spreadsheet import TooFar, measure_workbook

MAIN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = b"</sheetData></worksheet>"


def a_workbook(*cells: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        for row, column in cells:
            page.write(row, column, "x")
    return out.getvalue()


def with_parts(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def test_two_cells_far_apart_are_refused_and_an_ordinary_sheet_is_not():
    assert measure_workbook(a_workbook((0, 0), (99, 9)), most=1000) == 1000
    far = a_workbook((0, 0), (1_048_575, 16_383))
    assert len(far) < 10_000
    with pytest.raises(TooFar) as refused:
        measure_workbook(far, most=10_000_000)
    assert refused.value.params == {"rows": "1,048,576", "columns": "16,384"}


def test_cells_without_an_address_are_counted_on():
    rows = b'<row r="5"><c><v>1</v></c><c><v>1</v></c></row><row><c><v>1</v></c></row>'
    assert measure_workbook(with_parts(sheet=MAIN + rows + END), most=100) == 6 * 2


def test_borders_around_empty_cells_do_not_reach_far():
    rows = (
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    )
    assert measure_workbook(with_parts(sheet=MAIN + rows + END), most=100) == 1


def test_sheets_count_together_and_by_what_they_hold_whatever_they_are_called():
    rows = b'<row r="8"><c r="J8"><v>1</v></c></row>'
    parts = {"picture.png": MAIN + rows + END, "other": MAIN + rows + END}
    assert measure_workbook(with_parts(**parts), most=160) == 160
    with pytest.raises(TooFar):
        measure_workbook(with_parts(**parts), most=159)


@pytest.mark.parametrize(
    "rows",
    [b"<row", b'<row r="1x"/>', b'<row><c r="90B"><v>1</v></c></row>'],
    ids=["cut off", "no number", "no address"],
)
def test_what_is_no_sheet_is_broken(rows):
    with pytest.raises(Broken):
        measure_workbook(with_parts(sheet=MAIN + rows + END), most=100)


def test_no_document_type_and_no_other_format_goes_in():
    with pytest.raises(Broken):
        measure_workbook(with_parts(sheet=b"<!DOCTYPE worksheet>" + MAIN + END), most=100)
    with pytest.raises(Broken):
        measure_workbook(with_parts(mimetype=b"x"), most=100)
