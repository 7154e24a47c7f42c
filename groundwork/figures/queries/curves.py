"""Figures as charts: one step after another, or by category in the order of the directory.

Districts and units are never drawn beside each other: whoever sees lengths sees a ranking. They
stand in tables, in the order of their codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from groundwork.base import clock
from groundwork.base.chart import Chart, Mark
from groundwork.base.numbers import Count, Number, Rate, Share
from groundwork.figures.queries.source import Scope
from groundwork.figures.queries.values import values_by_step
from groundwork.figures.rules import saying
from groundwork.figures.rules.catalogue import Figure
from groundwork.figures.rules.periods import Period, read
from groundwork.figures.rules.steps import steps_in

Label = Callable[[Period], tuple[str, str]]  # a step as it stands under the curve, and in full
Say = Callable[[str], str]  # a msgid in the reader's language
Point = tuple[Period, Number]
Plain = list[list[Any]]  # points as plain data: [key of the period, number]


def curves_of(
    figures: Sequence[Figure], scope: Scope, period: Period, at: datetime, label: Label, say: Say
) -> dict[str, Chart]:
    """Make the curve of each figure over a period, by key; those that have none are left out."""
    steps = steps_in(period, clock.day_of(at))
    if len(steps) < 2:
        return {}
    found = values_by_step(figures, scope, steps, at)
    return {
        figure.key: chart_of(
            say(figure.title), [(value.period, value.number) for value in found[figure.key]], label
        )
        for figure in figures
        if figure.key in found
    }


def chart_of(title: str, points: Iterable[Point], label: Label) -> Chart:
    """Make a curve of one figure's numbers, in the order they are given in."""
    marks, share = [], False
    for period, number in points:
        short, name = label(period)
        share = isinstance(number, Rate | Share)
        if isinstance(number, Count):
            high: float | None = number.n
        else:
            high = number.percent if isinstance(number, Rate | Share) else number.value
        marks.append(Mark(short, high, saying.whole(number), name))
    return Chart(title, marks, most=100 if share else None)


def plain_curve(figure: Figure, scope: Scope, period: Period, at: datetime) -> Plain:
    """Count a figure's curve from the records, as plain data that can be kept and compared.

    Empty where there is none: of one step only, or of what cannot be counted step by step.
    """
    steps = steps_in(period, clock.day_of(at))
    if len(steps) < 2:
        return []
    found = values_by_step([figure], scope, steps, at, counted=True)
    return [[v.period.key, saying.plain(v.number)] for v in found.get(figure.key, [])]


def read_curve(curve: Plain) -> list[Point]:
    """Read a curve that was kept as plain data."""
    return [(read(key), saying.read(number)) for key, number in curve]
