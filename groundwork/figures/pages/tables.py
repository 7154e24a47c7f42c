"""Parts of a figure as tables: what a number is made of stands beside it, in the directory's order.

A share never stands alone: numerator and denominator are columns of their own, and under five there
is no percentage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from groundwork.base.chart import Chart, Mark
from groundwork.base.numbers import Count, Median, Number, Ratio, Share
from groundwork.figures.queries.parts import Part
from groundwork.figures.queries.sources import SOURCES
from groundwork.figures.queries.values import Value
from groundwork.figures.rules import saying
from groundwork.figures.rules.catalogue import Figure
from groundwork.figures.rules.kinds import MedianOf, PartOf, Per, ShareOf


@dataclass(frozen=True)
class Row:
    """One part: what it is called, where it opens, its numbers, how deep it is in its tree."""

    name: str
    url: str
    cells: list[str]
    depth: int = 0


@dataclass(frozen=True)
class Table:
    """A figure's parts. `note` says what must be known to add them up."""

    title: str
    heads: list[str]
    rows: list[Row]
    first: str = ""
    note: str = ""


def heads_of(figure: Figure) -> list[str]:
    """Name the columns in which a figure's number is taken apart."""
    kind = figure.kind
    if isinstance(kind, PartOf):
        return [_("分子"), _("分母"), _("占比")]
    if isinstance(kind, ShareOf):
        return [_("说“是”"), _("说了的"), _("问到的"), _("占比")]
    if isinstance(kind, Per):
        return [_("分子"), _("分母"), _("比值")]
    unit = _(figure.unit) if figure.unit else ""
    if isinstance(kind, MedianOf):
        return [_("记录数"), _("中位数（%(unit)s）") % {"unit": unit}]
    if kind.opens.sums:
        return [str(SOURCES[figure.source].measures[kind.opens.sums].name)]
    return [unit or _("记录数")]


def cells_of(number: Number) -> list[str]:
    """Write a number and what it is made of, a column each."""
    if isinstance(number, Count):
        return [saying.shown(number)]
    if isinstance(number, Median):
        return [f"{number.n:,}", number.shown]
    if isinstance(number, Ratio):
        return [f"{number.number:,}", f"{number.per:,}", number.shown]
    if isinstance(number, Share):
        parts: Sequence[int] = (number.yes, number.said, number.asked)
    else:
        parts = (number.part, number.whole)
    share = number.shown if number.percent is not None else _("不足 5")
    return [*(f"{n:,}" for n in parts), share]


def table_of(
    figure: Figure,
    title: str,
    rows: Iterable[tuple[str, str, Value, int]],
    *,
    first: str = "",
    note: str = "",
) -> Table:
    """Make a table of parts: name, address, value and depth of each, in the order they come in."""
    made = [Row(name, url, cells_of(value.number), depth) for name, url, value, depth in rows]
    return Table(title, heads_of(figure), made, first, note)


def bars_of(figure: Figure, parts: Iterable[tuple[Part, str]]) -> Chart | None:
    """Make bars of parts that are plain counts, each with its address; None of other numbers."""
    marks = []
    for part, url in parts:
        number = part.value.number
        if not isinstance(number, Count):
            return None
        marks.append(Mark(part.name, number.n, saying.shown(number), url=url))
    return Chart(heads_of(figure)[0], marks, kind="bars")
