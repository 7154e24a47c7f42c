"""Workbooks that leave the city: templates, the clerk's own sheet with red cells, exports.

Text is always written as text: a name that begins with = + - or @ must not become a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.utils import translation

from groundwork.base import attachments
from groundwork.base.actor import Actor
from groundwork.registry import policy
from groundwork.registry.models import Body, ImportBatch, Person, Place
from groundwork.registry.queries.sheets import LISTS_SHEET, TEMPLATE_PROPERTY, read_sheet
from groundwork.registry.rules import bodies as body_rules
from groundwork.registry.rules.columns import COLUMNS, REASON_TITLE, TEMPLATE_VERSIONS, Column
from groundwork.registry.rules.imports import problem_text

if TYPE_CHECKING:
    # Read where a sheet goes back, not at the start of every command: it brings numpy along.
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

MOST_LISTED = 5000  # units in a drop-down
ROWS_WITH_LISTS = 30_000
RED = "FFF8D7DA"
KIND_TITLES = {"people": "人员名单", "bodies": "机构名单", "places": "地名目录"}


# ---- templates ------------------------------------------------------------------------------
def template(kind: policy.ImportKind, *, by: Actor) -> bytes:
    """Make the template of a kind: drop-downs, comments, a sample row, its version inside."""
    policy.check_may_import(by, kind)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    book.set_custom_property(TEMPLATE_PROPERTY, f"{kind}/{TEMPLATE_VERSIONS[kind]}")
    sheet = book.add_worksheet(KIND_TITLES[kind])
    need = book.add_format({"bold": True, "bg_color": "#E6EDF5", "border": 1, "text_wrap": True})
    free = book.add_format({"bold": True, "bg_color": "#F3F1EA", "border": 1, "text_wrap": True})
    quiet = book.add_format({"italic": True, "font_color": "#777777", "num_format": "@"})
    as_text = book.add_format({"num_format": "@"})  # leading zeros and long numbers stay
    for i, column in enumerate(COLUMNS[kind]):
        title = f"{column.title} *" if column.required else column.title
        sheet.write_string(0, i, title, need if column.required else free)
        sheet.write_comment(0, i, column.help, {"x_scale": 1.6, "author": "地气"})
        sheet.set_column(i, i, column.width, as_text)
        sheet.write_string(1, i, column.sample, quiet)
    sheet.freeze_panes(1, 0)
    _add_lists(book, sheet, kind, by)
    book.close()
    return out.getvalue()


def _add_lists(book: Any, sheet: Any, kind: str, by: Actor) -> None:
    """Put the answers of drop-downs on a hidden sheet and hang them on their columns."""
    hidden = book.add_worksheet(LISTS_SHEET)
    hidden.hide()
    keys = [column.key for column in COLUMNS[kind]]
    for n, (key, answers) in enumerate(_lists(kind, by).items()):
        if not answers:
            continue
        hidden.write_column(0, n, answers)
        place = keys.index(key)
        letter = chr(65 + n)
        source = f"='{LISTS_SHEET}'!${letter}$1:${letter}${len(answers)}"
        # A warning, not a stop: aliases and codes are understood too.
        sheet.data_validation(
            1,
            place,
            ROWS_WITH_LISTS,
            place,
            {"validate": "list", "source": source, "error_type": "warning"},
        )


def _lists(kind: str, by: Actor) -> dict[str, list[str]]:
    if kind == "people":
        units = policy.kept_bodies(by).filter(valid_to=None, kind__in=body_rules.UNIT_KINDS)
        names = list(units.order_by("path").values_list("name", flat=True)[:MOST_LISTED])
        statuses = ["在编", "编外聘用", "借调在此", "挂职在外", "退休", "调出"]
        return {"unit": names, "status": statuses, "party_member": ["是", "否"]}
    if kind == "bodies":
        kinds = [
            "单位",
            "党组织",
            "党支部",
            "处（科）室",
            "企业",
            "园区",
            "临时党支部",
            "党员工作室",
        ]
        return {"kind": kinds, "outside": ["是", "否"]}
    return {"level": ["市", "区县（市）", "乡镇（街道）", "社区（村）"]}


# ---- the clerk's own sheet goes back --------------------------------------------------------
def marked_sheet(batch: ImportBatch, columns: Sequence[Column] = ()) -> bytes:
    """Give the clerk's own sheet with only the rows that cannot go in: red cells, a reason each.

    Formulas are written as the value their program last saved: rows above are gone, and nothing of
    a stranger's formula should run again.
    """
    import openpyxl
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    content = attachments.read(batch.attachment)
    columns = columns or COLUMNS[batch.kind]
    if batch.attachment.media_type != attachments.XLSX:
        return _marked_csv(batch, content, columns)
    sheet = read_sheet(content, columns, kind=batch.kind)
    values = dict(sheet.rows)
    book = openpyxl.load_workbook(io.BytesIO(content))
    source = book[sheet.title]
    target = book.create_sheet("需要改的行", book.index(source))
    width = source.max_column
    first = min(values)
    for n in range(1, first):
        _copy_row(source, n, target, n, width)
    target.cell(sheet.header_row, width + 1, REASON_TITLE).font = Font(bold=True)
    by_row = _reasons(batch)
    for line, (n, reasons) in enumerate(by_row.items(), first):
        _copy_row(source, n, target, line, width, values.get(n))
        _mark(target, line, width + 1, reasons, sheet.columns)
    for letter, dimension in source.column_dimensions.items():
        target.column_dimensions[letter].width = dimension.width
    target.column_dimensions[get_column_letter(width + 1)].width = 60
    book.remove(source)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


Reasons = dict[int, list[tuple[str, str]]]


def _reasons(batch: ImportBatch) -> Reasons:
    """Collect the sentences by row: (column, sentence)."""
    by_row: Reasons = {}
    for problem in batch.problems.filter(chosen="").order_by("row", "id"):
        text = problem_text(problem.code)
        said = text % problem.params if problem.params else text
        if problem.choices:
            said += " " + "；".join(choice["label"] for choice in problem.choices)
        by_row.setdefault(problem.row, []).append((problem.column, said))
    return by_row


def _copy_row(
    source: Worksheet, n: int, target: Worksheet, line: int, width: int, values: Any = None
) -> None:
    for i in range(1, width + 1):
        old: Any = source.cell(n, i)
        new: Any = target.cell(line, i)
        value = values[i - 1] if values is not None and i <= len(values) else None
        if values is None:
            value = old.value
        _write_plain(new, value)
        if old.has_style:
            new._style = copy(old._style)


def _write_plain(cell: Cell | Any, value: Any) -> None:
    cell.value = value if value != "" else None
    if isinstance(value, str) and value:
        cell.data_type = "s"  # never a formula


def _mark(
    target: Worksheet, line: int, reason_at: int, reasons: list[tuple[str, str]], columns: Any
) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill

    for column, said in reasons:
        if column in columns:
            cell = target.cell(line, columns[column] + 1)
            cell.fill = PatternFill("solid", start_color=RED)
            cell.comment = Comment(said, "地气")
    cell = target.cell(line, reason_at)
    _write_plain(cell, "；".join(said for _column, said in reasons))
    cell.font = Font(color="FFB42318")
    cell.alignment = Alignment(wrap_text=True)


def _marked_csv(batch: ImportBatch, content: bytes, columns: Sequence[Column]) -> bytes:
    sheet = read_sheet(content, columns, kind=batch.kind, csv_too=True)
    reasons = _reasons(batch)
    keys = list(sheet.columns)
    rows = [
        [str(cells[sheet.columns[k]]) for k in keys] + ["；".join(s for _c, s in reasons[n])]
        for n, cells in sheet.rows
        if n in reasons
    ]
    titles = {column.key: column.title for column in columns}
    return book_of("需要改的行", [*(titles[k] for k in keys), REASON_TITLE], rows)


# ---- exports --------------------------------------------------------------------------------
def export_people(people: Iterable[Person], *, with_phones: bool = False) -> bytes:
    """Write people as a sheet that may be imported again; phones only where asked for."""
    statuses = _in_chinese(Person.Status.choices)
    rows = [
        [
            p.name,
            p.work_number,
            p.unit.name,
            p.office.name if p.office else "",
            p.branch.name if p.branch else "",
            statuses[p.status],
            "是" if p.party_member else "否",
            p.home_community.name if p.home_community else "",
            p.phone if with_phones else "",
            "",
            p.sort_key,
        ]
        for p in people
    ]
    return book_of(KIND_TITLES["people"], _titles(COLUMNS["people"]), rows)


def export_bodies(bodies: Iterable[Body]) -> bytes:
    """Write bodies in directory order as a sheet that may be imported again."""
    kinds = _in_chinese(Body.Kind.choices)
    code_at: dict[str, str] = {}
    rows = []
    for body in bodies:
        code_at[body.path] = body.code
        rows.append(
            [
                body.code,
                body.name,
                body.short_name,
                kinds[body.kind],
                code_at.get(body.path[: -Body.steplen], ""),
                body.place.code if body.place else "",
                "、".join(body.aliases),
                "是" if body.outside else "否",
            ]
        )
    return book_of(KIND_TITLES["bodies"], _titles(COLUMNS["bodies"]), rows)


def export_places(places: Iterable[Place]) -> bytes:
    """Write the open places of the official levels as a directory sheet."""
    code_at: dict[str, str] = {}
    rows = []
    for place in places:
        code_at[place.path] = place.code
        parent = code_at.get(place.path[: -Place.steplen], "")
        rows.append([place.code, place.name, place.level, parent])
    return book_of(KIND_TITLES["places"], _titles(COLUMNS["places"]), rows)


def _in_chinese(choices: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Name choices as sheets name them, whatever language the reader's pages have."""
    with translation.override("zh-hans"):
        return {value: str(label) for value, label in choices}


def _titles(columns: Sequence[Column]) -> list[str]:
    return [column.title for column in columns]


def book_of(
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    widths: Mapping[int, int] | None = None,
) -> bytes:
    """Write rows of text as a workbook; nothing in it is a formula. `widths` of some columns."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True})
    as_text = book.add_format({"num_format": "@"})
    for i, name in enumerate(header):
        sheet.write_string(0, i, name, bold)
    sheet.set_column(0, len(header) - 1, 18, as_text)
    for i, width in (widths or {}).items():
        sheet.set_column(i, i, width, as_text)
    for n, row in enumerate(rows, 1):
        for i, value in enumerate(row):
            if value:
                sheet.write_string(n, i, value)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def may_mark(batch: ImportBatch) -> bool:
    """Tell whether there is anything to send back."""
    return bool(batch.attachment.file) and batch.problems.filter(chosen="").exists()
