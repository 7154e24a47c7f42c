"""What a survey leaves as a file: answers by random keys, groups, codebook, what was written."""

from __future__ import annotations

import csv
import io
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from groundwork.base.errors import NotFound
from groundwork.voices.models import Answer, Signed, Survey, Text
from groundwork.voices.queries.surveys import shown_counts, split, text_of
from groundwork.voices.rules import disclosure
from groundwork.voices.rules import surveys as rules

Lines = list[list[str]]


def export_rows(survey: Survey) -> tuple[list[str], Lines]:
    """Give heads and rows of the closed answers, in the order of their random keys.

    Of an anonymous survey without groups and rare choices; of one by name with the names, as
    everybody who answered was told, for as long as they are kept. Raises NotFound before it is
    closed.
    """
    if survey.answered is None:
        raise NotFound
    questions = list(survey.questions.all())
    asked = [row.asked() for row in questions]
    answers = Answer.objects.filter(survey=survey).order_by("key")
    said = list(answers.values_list("said", flat=True))
    if survey.anonymous:
        said = disclosure.rows_that_leave(asked, said, shown_counts(survey, questions))
        asked = [one for one in asked if not one.groups]
    heads = [name.replace("/", "_") for name in rules.cells(asked)]
    rows = [[_cell(one, head) for head in heads] for one in said]
    if survey.anonymous:
        return heads, rows
    names = _names(survey)
    keys = answers.values_list("key", flat=True)
    return [_("姓名"), _("单位"), *heads], [
        [*names.get(key, ("", "")), *row] for key, row in zip(keys, rows, strict=True)
    ]


def _names(survey: Survey) -> dict[str, tuple[str, str]]:
    rows = Signed.objects.filter(answer__survey=survey).select_related("person__unit")
    return {row.answer_id: (row.person.name, str(row.person.unit or "")) for row in rows}


def group_rows(survey: Survey) -> Lines:
    """Give what each group said, as far as it is shown on the page: group, question, option, n."""
    found = [[_("分组"), _("题"), _("选项"), _("人数"), _("回答这题的")]]
    for row in survey.questions.filter(groups=True):
        for label, part in split(survey, row.key):
            group = f"{text_of(row)} · {label}"
            if part.hidden:
                found.append([group, "", "", _("人少，不显示"), ""])
            for result in part.results:
                for share in result.shares:
                    n = _("人少，不显示") if share.rate is None else str(share.rate.part)
                    whole = "" if result.n is None else str(result.n)
                    found.append([group, result.title, share.label, n, whole])
    return found


def _cell(said: dict[str, Any], head: str) -> str:
    key, _line, row = head.partition("_")
    value = said.get(key)
    if row:
        return str((value or {}).get(row, ""))
    return "|".join(value) if isinstance(value, list) else str(value or "")


def codebook(survey: Survey) -> Lines:
    """Say what every column and code of the file means, in both languages."""
    found = [[_("列"), _("代码"), _("中文"), "English"]]
    for row in survey.questions.all():
        for part in row.rows or [["", "", ""]]:
            column = f"{row.key}_{part[0]}" if part[0] else row.key
            zh, en = f"{row.text} {part[1]}".strip(), f"{row.text_en} {part[2]}".strip()
            found.append([column, "", zh, en])
            options = [[n, n, n] for n in rules.SCALE] if row.kind == "scale" else row.options
            found += [[column, key, zh, en] for key, zh, en in options]
    return found


def as_csv(rows: Lines) -> bytes:
    """Write rows as CSV that a spreadsheet opens in Chinese."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(survey: Survey) -> bytes:
    """Write answers, codebook and texts as a workbook; texts stand apart, in their own order."""
    heads, rows = export_rows(survey)
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        for title, lines in (
            (_("回答"), [heads, *rows]),
            (_("分组"), group_rows(survey)),
            (_("代码表"), codebook(survey)),
            (_("文字"), _written(survey)),
        ):
            sheet = book.add_worksheet(title)
            for n, line in enumerate(lines):
                sheet.write_row(n, 0, line)
            sheet.freeze_panes(1, 0)
    return out.getvalue()


def _written(survey: Survey) -> Lines:
    rows = Text.objects.filter(survey=survey).order_by("key").values_list("question__key", "text")
    return [[_("列"), _("文字")], *([key, text] for key, text in rows)]
