"""Whatever a clerk sends gets a clear answer, and bad rows come home in the clerk's own sheet."""

import io
import re
import zipfile

import openpyxl
import pytest
import xlsxwriter
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.base import attachments
from groundwork.base.actor import Role
from groundwork.base.errors import Forbidden
from groundwork.base.models import Attachment
from groundwork.registry import actions
from groundwork.registry.models import Body, ImportBatch, Person, Place
from groundwork.registry.queries import workbooks
from groundwork.registry.queries.sheets import read_sheet
from groundwork.registry.rules import imports as rules
from groundwork.registry.rules.columns import BODIES, PEOPLE
from groundwork.registry.tests.make import MOMENT, SYSTEM
from groundwork.registry.tests.sheets import HEADER, person, workbook

pytestmark = pytest.mark.django_db


def upload(content: bytes, kind="people", by=SYSTEM) -> ImportBatch:
    return actions.upload_import(content, name="名单.xlsx", kind=kind, by=by, at=MOMENT)


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def repacked(content: bytes, change: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        return zipped({name: change.get(name, old.read(name)) for name in old.namelist()})


WORD = zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
BOMB = zipped({"[Content_Types].xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 160_000_000})


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", rules.NotASheet),
        (b"name,work number\nA,1", rules.NotASheet),
        (b"<html><table></table></html>", rules.NotASheet),
        (WORD, rules.NotASheet),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, rules.OldFormat),
        (BOMB, rules.TooLarge),
        (zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x"}), attachments.Broken),
        (workbook([]), rules.EmptySheet),
        (workbook([HEADER]), rules.EmptySheet),
        (workbook([["随便", "写的"], ["没有", "表头"]]), rules.NoHeader),
    ],
    ids=["empty", "csv", "html", "docx", "xls", "bomb", "broken", "blank", "no rows", "no header"],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_with_its_reason(city, content, error):
    with pytest.raises(error):
        upload(content)
    assert not ImportBatch.objects.exists()


def test_a_million_rows_are_refused_before_they_are_read(city):
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(2, 70_000))
    content = workbook([HEADER, person()])
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        sheet = old.read("xl/worksheets/sheet1.xml")
    long = sheet.replace(b"</sheetData>", rows.replace(b'r="2"', b'r="3"') + b"</sheetData>")
    with pytest.raises(rules.TooManyRows) as refused:
        upload(repacked(content, {"xl/worksheets/sheet1.xml": long}))
    assert refused.value.params["most"] == rules.MOST_ROWS


@pytest.mark.once
def test_a_stray_cell_far_below_does_not_matter(city):
    content = workbook([HEADER, person()])
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        sheet = old.read("xl/worksheets/sheet1.xml")
    stray = b'<row r="1048576"><c r="C1048576"><v>1</v></c></row></sheetData>'
    far = repacked(content, {"xl/worksheets/sheet1.xml": sheet.replace(b"</sheetData>", stray)})
    assert upload(far).totals["new"] == 1


def test_a_column_of_id_numbers_is_refused_with_its_cells_and_nothing_is_kept(city):
    for cell in ("11010519491231002X", "身份证 11010519491231002x 号", 1.1010519491231e17):
        content = workbook([[*HEADER, "证件"], [*person(), cell]])
        with pytest.raises(rules.IdNumbersInside) as refused:
            upload(content)
        assert refused.value.params == {"n": 1, "where": "J2"}
    assert not Attachment.objects.exists()


def test_a_title_above_and_a_header_of_two_merged_rows_are_understood(city):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 0, 5, "市人社局人员名册")
    for i, title in enumerate(("姓名", "工号", "单位")):
        sheet.merge_range(1, i, 2, i, title)
    sheet.merge_range(1, 3, 1, 4, "组织关系")
    sheet.write_row(2, 3, ("党支部", "党员"))
    sheet.merge_range(1, 5, 2, 5, "手机")
    sheet.merge_range(3, 2, 4, 2, "市人社局")  # one unit written once for two people
    for n, name in enumerate(("张三", "李四")):
        row = 3 + n
        sheet.write_row(row, 0, (name, f"R{n}"))
        sheet.write_row(row, 3, ("第一党支部", "中共党员", 13805740001 + n))
    book.close()
    batch = upload(out.getvalue())
    assert batch.totals == {
        "rows": 2, "new": 2, "changed": 0, "same": 0, "closed": 0, "bad": 0, "choice": 0,
    }  # fmt: skip


def test_a_formula_counts_with_its_saved_value_and_is_never_evaluated(city):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, person())
    sheet.write_formula(1, 1, '="R"&9', None, "R9")
    sheet.write_row(2, 0, person("李四", "R2"))
    sheet.write_formula(2, 0, '=CONCAT("李","四")')  # saved without a value: 0
    book.close()
    batch = upload(out.getvalue())
    assert [(p.row, p.column) for p in batch.problems.all()] == [(3, "name")]
    actions.confirm_import(batch, leaving_bad=True, by=SYSTEM, at=MOMENT)
    assert Person.objects.get().work_number == "R9"


# ---- the template ---------------------------------------------------------------------------
def test_the_template_has_drop_downs_comments_a_sample_and_comes_back_empty(city):
    content = workbooks.template("people", by=city.actor(Role.CLERK, body="NB-RS"))
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    assert [str(cell.value).rstrip(" *") for cell in sheet[1]] == [c.title for c in PEOPLE]
    assert all(cell.comment for cell in sheet[1])
    assert book["选项"].sheet_state == "hidden"
    assert [cell.value for cell in book["选项"]["A"] if cell.value] == [
        "宁波市人力资源和社会保障局"
    ]
    assert len(sheet.data_validations.dataValidation) == 3
    with pytest.raises(rules.EmptySheet):  # the sample row is never read
        upload(content)
    with pytest.raises(Forbidden):
        workbooks.template("people", by=city.actor(Role.STAFF, body="NB-RS"))


def test_a_filled_template_goes_in_and_an_old_or_foreign_one_is_named(city):
    content = workbooks.template("people", by=SYSTEM)
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.worksheets[0].append(["张三", "R1", "市人社局"])
    out = io.BytesIO()
    book.save(out)
    assert upload(out.getvalue()).totals["new"] == 1
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        custom = old.read("docProps/custom.xml")
    assert b"people/1" in custom
    before = repacked(content, {"docProps/custom.xml": custom.replace(b"people/1", b"people/0")})
    with pytest.raises(rules.OldTemplate) as refused:
        upload(before)
    assert refused.value.params == {"version": 0, "current": 1}
    with pytest.raises(rules.WrongTemplate):
        upload(content, kind="bodies")


# ---- bad rows come home ---------------------------------------------------------------------
def test_bad_rows_come_back_as_the_clerks_own_sheet_red_with_reasons_and_go_in_again(city):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("我的名单")
    sheet.write(0, 0, "市人社局名册")
    sheet.write_row(1, 0, ["序号", *HEADER, "备注"])
    sheet.set_column(1, 1, 33)
    rows = [
        person(),
        person("=1+1", "R2", "没有这个局"),
        person("王五", "R3", "市人社局", "", "", "?"),
    ]
    for n, row in enumerate(rows):
        sheet.write_row(2 + n, 0, [n + 1, *row[:1]])
        sheet.write_row(2 + n, 2, [*row[1:], f"备注{n}"])
        sheet.write_string(2 + n, 1, row[0])
    book.close()
    batch = upload(out.getvalue())
    back = openpyxl.load_workbook(io.BytesIO(workbooks.marked_sheet(batch)))
    sheet = back.worksheets[0]
    assert back.sheetnames == ["需要改的行"]
    table = list(sheet.iter_rows(values_only=True))
    assert table[0][0] == "市人社局名册"
    assert [row[0] for row in table[2:]] == [2, 3]
    assert [row[10] for row in table[2:]] == ["备注1", "备注2"]
    assert "没有这个局" in str(table[2][11])
    assert sheet.cell(3, 4).fill.start_color.rgb == workbooks.RED
    assert sheet.cell(3, 2).data_type == "s"  # =1+1 is text, not a formula
    assert sheet.column_dimensions["B"].width == pytest.approx(33, abs=1)
    # The clerk mends the red cells in place and sends the sheet again.
    sheet.cell(3, 2, "李四")
    sheet.cell(3, 4, "市人社局")
    sheet.cell(4, 7, "在编")
    mended = io.BytesIO()
    back.save(mended)
    again = upload(mended.getvalue())
    assert (again.totals["new"], again.totals["bad"]) == (2, 0)


def test_exports_go_in_again_unchanged_and_write_text_as_text(city):
    city.person("张三", work_number="R1", office_id=city.bodies["NB-RS-01"].pk)
    actions.edit_body(city.bodies["NB-JT"], short_name="=cmd|' /C calc'!A0", by=SYSTEM, at=MOMENT)
    with translation.override("en"):
        content = workbooks.export_people(Person.objects.select_related("unit", "office"))
    assert upload(content).totals["same"] == 1
    content = workbooks.export_bodies(Body.objects.order_by("path"))
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert upload(content, kind="bodies").totals["same"] == Body.objects.count()
    content = workbooks.export_places(Place.objects.order_by("path"))
    assert upload(content, kind="places").totals["same"] == Place.objects.count()


cells = st.one_of(
    st.none(), st.booleans(), st.text(max_size=30),
    st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**12), 10**12),
)  # fmt: skip


@pytest.mark.once
@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(cells, min_size=9, max_size=9), min_size=1, max_size=6))
def test_no_cell_however_odd_brings_the_check_down(rows):
    header = [c.title for c in BODIES]
    clean = [[re.sub(r"[\x00-\x1f\ud800-\udfff]", "", c) if isinstance(c, str) else c for c in r]
             for r in rows]  # fmt: skip
    try:
        upload(workbook([header, *clean]), kind="bodies")
        upload(workbook([HEADER, *clean]))
    except (rules.EmptySheet, rules.IdNumbersInside):
        pass


def test_the_sheet_reader_serves_other_areas_too():
    sheet = read_sheet(workbook([["姓名", "工号", "单位"], ["张三", "R1", "局"]]), PEOPLE)
    assert sheet.rows == [(2, ["张三", "R1", "局"])]
