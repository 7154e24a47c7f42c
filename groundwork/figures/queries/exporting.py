"""Figures and what they open onto, to take along: as a sheet, as lines, as plain data."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.numbers import Count, Median, Rate, Ratio, Share
from groundwork.base.sheets import Cell
from groundwork.figures.policy import figures_of
from groundwork.figures.queries.parts import by_district
from groundwork.figures.queries.records import grouped, opened_by
from groundwork.figures.queries.source import Line, Scope
from groundwork.figures.queries.sources import source_of
from groundwork.figures.queries.values import Value, by_period, rows_of, values_by_step, values_of
from groundwork.figures.rules.catalogue import Figure
from groundwork.figures.rules.kinds import Records
from groundwork.figures.rules.periods import Period, months_in
from groundwork.figures.rules.saying import shown
from groundwork.registry.models import Place

MOST_LINES = 20_000  # of one export: a sheet that an office's Excel still opens
LICENCE = "CC BY 4.0"
Table = Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Told:
    """One figure of a place and a period with its parts, in the order of months and of codes."""

    value: Value
    months: list[tuple[Period, int]]
    districts: list[tuple[Place, int]]


@dataclass(frozen=True)
class Parts:
    """One figure with all that each of its months and districts says, in the same order."""

    value: Value
    months: list[Value]
    districts: list[tuple[Place, Value]]


@dataclass(frozen=True)
class Taken:
    """The records behind a number that the reader may take along, the newest first.

    `withheld` are counted and not listed; `left` are readable and beyond MOST_LINES.
    """

    lines: list[Line]
    withheld: int
    left: int


def told(figure: Figure, scope: Scope, place: Place, period: Period, at: datetime) -> Told:
    """Count a figure with its months so far and, of a city, its districts."""
    value = values_of([figure], scope, period, at)[figure.key]
    opens = figure.kind.opens
    today = clock.day_of(at)
    months = [month for month in months_in(period) if month.first <= today]
    counted = by_period(opens, scope, months, at)
    return Told(
        value,
        list(zip(months, counted, strict=True)),
        [(there, said.n) for there, said in by_district(figure, scope, place, period, at)],
    )


def parts(figure: Figure, scope: Scope, place: Place, period: Period, at: datetime) -> Parts:
    """Count a figure whole, for each of its months so far and, of a city, for each district."""
    months = [month for month in months_in(period) if month.first <= clock.day_of(at)]
    return Parts(
        values_of([figure], scope, period, at)[figure.key],
        values_by_step([figure], scope, months, at).get(figure.key, []),
        by_district(figure, scope, place, period, at),
    )


def taken(
    figure: Figure, records: Records, scope: Scope, period: Period, at: datetime, by: Actor
) -> Taken:
    """Give the records behind a figure's number that one reader may take along."""
    if source_of(records).groups:
        rows = rows_of(records, scope, period, at)
        return Taken(grouped(rows, figure, records, period), 0, 0)
    found = opened_by(figure, records, scope, period, at, by)
    lines = found.lines(found.readable.order_by(*found.order)[:MOST_LINES].iterator(2000))
    n, seen = found.rows.order_by().count(), found.readable.order_by().count()
    return Taken(lines, n - seen, seen - len(lines))


def parts_of(value: Value) -> dict[str, Any]:
    """Give a value as plain data: its number, its parts, its definition and its cut-off."""
    number = value.number
    part = whole = quotient = None
    if isinstance(number, Rate):
        part, whole, quotient = number.part, number.whole, _rounded(number.percent)
    elif isinstance(number, Share):
        part, whole, quotient = number.yes, number.said, _rounded(number.percent)
    elif isinstance(number, Ratio):
        part, whole = number.number, number.per
        quotient = None if number.value is None else float(f"{number.value:.4g}")
    return {
        "key": value.figure.key,
        "kind": type(number).__name__.lower(),
        "edition": value.edition,
        "period": value.period.key,
        "first": value.period.first.isoformat(),
        "last": value.period.last.isoformat(),
        "cutoff": value.cutoff.astimezone(clock.ZONE).isoformat(timespec="seconds"),
        "shown": shown(number),
        "count": number.n if isinstance(number, Count) else None,
        "part": part,
        "whole": whole,
        "quotient": quotient,
        "asked": number.asked if isinstance(number, Share) else None,
        "median": _rounded(number.value) if isinstance(number, Median) else None,
        "records": value.n,
    }


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 2)


OPEN_HEADS = (
    "key", "edition", "place_code", "place", "first", "last", "cutoff", "count", "part", "whole",
    "quotient", "asked", "median", "records",
)  # fmt: skip


def open_rows(places: Iterable[Place], period: Period, at: datetime) -> list[dict[str, Any]]:
    """Count every figure that each of some places has, in their order; what anybody may read."""
    rows = []
    for place in places:
        figures = figures_of(place)
        found = values_of(figures, Scope("place", place.path), period, at)
        for figure in figures:
            said = {"place_code": place.code, "place": place.name}
            rows.append(parts_of(found[figure.key]) | said)
    return rows


def as_csv(rows: Table) -> bytes:
    """Write rows as CSV that a spreadsheet opens in Chinese; no cell begins a formula."""
    out = io.StringIO()
    csv.writer(out).writerows([[_harmless(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, date):
        return cell.isoformat()
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@") else cell
