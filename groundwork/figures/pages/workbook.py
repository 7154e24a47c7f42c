"""A figure as a workbook: what it is and how it is counted, its parts, its records."""

from __future__ import annotations

from django.utils.translation import gettext as _

from groundwork.base.numbers import Count, Median, Number, Rate, Ratio, Share
from groundwork.base.sheets import Cell, Sheet
from groundwork.figures.pages.asked import Asked, cuts_of, named, say_records
from groundwork.figures.pages.periods import name_of
from groundwork.figures.queries.exporting import Parts, Taken
from groundwork.figures.queries.sources import SOURCES
from groundwork.figures.queries.values import Value
from groundwork.figures.rules.catalogue import Figure
from groundwork.figures.rules.kinds import Records

Row = list[Cell]


def value_sheet(value: Value, asked: Asked) -> Sheet:
    """Say what the number is, of where and when, up to which moment, and how it is counted."""
    figure, period = value.figure, asked.period
    number, part, whole = _cells(value.number)
    rows: list[Row] = [[_("单位") if asked.body else _("地方"), asked.name]]
    rows += [[split, called] for split, called, _url in cuts_of(asked, figure)]
    rows += [
        [_("时段"), name_of(period)],
        [_("第一天"), period.first],
        [_("最后一天"), period.last],
        [_("截至（北京时间）"), value.cutoff],
        [_("数值"), number],
    ]
    if figure.unit:
        rows.append([_("计量单位"), _(figure.unit)])
    if whole is not None:
        rows += [[_("分子"), part], [_("分母"), whole]]
    if isinstance(value.number, Share):
        rows += [[_("问到的人"), value.number.asked], [_("答复率"), value.number.reply]]
    rows.append([_("怎么数的"), _(figure.definition)])
    rows += [[_("记录"), say_records(records)] for records in figure.records]
    rows.append([_("定义编号"), value.edition])
    return Sheet(_("数据"), [_("数据"), _(figure.title)], rows, (20, 70), upright=True)


def parts_sheet(figure: Figure, parts: Parts) -> Sheet:
    """Lay out its months and its districts, each with what it is made of."""
    heads = [_("名称"), _("代码或首日"), _head(figure), _("分子"), _("分母"), _("记录数")]
    rows: list[Row] = [
        [name_of(one.period), one.period.first, *_cells(one.number), one.n] for one in parts.months
    ]
    rows += [[place.name, place.code, *_cells(one.number), one.n] for place, one in parts.districts]
    if not any(row[4] is not None for row in rows):  # a count is made of nothing else
        heads, rows = [*heads[:3], heads[5]], [[*row[:3], row[5]] for row in rows]
    return Sheet(_("逐月和区县"), heads, rows, (24, 14, 16, 12, 12, 12))


def records_sheet(figure: Figure, opened: Records, taken: Taken) -> Sheet:
    """List its records, those that stay closed or are too many counted below."""
    grouped = bool(SOURCES[opened.source].groups)
    rows: list[Row] = [
        [line.title, line.sub, line.n if grouped else line.day, line.amount]
        for line in named(taken.lines, opened)
    ]
    heads = [_("记录"), _("说明"), _("份数") if grouped else _("日期"), _head(figure)]
    if all(line.amount is None for line in taken.lines):  # each counts as one
        heads, rows = heads[:-1], [row[:-1] for row in rows]
    if taken.withheld:
        rows.append([_("另有 %(n)s 条不在您可以打开的范围，只计数。") % {"n": taken.withheld}])
    if taken.left:
        rows.append([_("另有 %(n)s 条没有列出：一张表最多两万条。") % {"n": taken.left}])
    return Sheet(_("记录"), heads, rows, (44, 40, 14, 16))


def _head(figure: Figure) -> str:
    return _("数值") + (f"（{_(figure.unit)}）" if figure.unit else "")


def _cells(number: Number) -> tuple[Cell, int | None, int | None]:
    """Give the number as a cell, with its part and its whole where it has them."""
    match number:
        case Rate():
            return number, number.part, number.whole
        case Share():
            return number, number.yes, number.said
        case Ratio():
            value = number.value
            return (None if value is None else float(f"{value:.4g}")), number.number, number.per
        case Median():
            return (None if number.value is None else round(number.value, 1)), None, None
        case Count():
            return number.n, None, None
