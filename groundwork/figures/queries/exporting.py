"""Figures and what they open onto, to take along: as a sheet, as lines, as plain data."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.base.numbers import Count, Median, Rate, Ratio, Share
from groundwork.base.rows import sole
from groundwork.base.sheets import Cell
from groundwork.figures.models import Edition
from groundwork.figures.policy import figures_of
from groundwork.figures.queries.parts import by_district
from groundwork.figures.queries.records import grouped, opened_by
from groundwork.figures.queries.source import Line, Scope
from groundwork.figures.queries.sources import source_of
from groundwork.figures.queries.values import Value, by_period, rows_of, values_by_step, values_of
from groundwork.figures.rules.catalogue import CATALOGUE, Figure
from groundwork.figures.rules.kinds import Records
from groundwork.figures.rules.periods import Period, month_of, months_in
from groundwork.figures.rules.saying import shown
from groundwork.registry.models import Place

MOST_LINES = 20_000  # of one export: a sheet that an office's Excel still opens
MOST_EDITIONS = 120  # ten years of months on one page
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


def open_table(rows: Sequence[dict[str, Any]]) -> Table:
    """Give the rows of the open data as a table with its heads."""
    return [OPEN_HEADS, *([row[head] for head in OPEN_HEADS] for row in rows)]


def digest_of(rows: Sequence[dict[str, Any]]) -> str:
    """Give what tells one set of numbers from another, whenever they were counted."""
    said = [{key: row[key] for key in OPEN_HEADS if key != "cutoff"} for row in rows]
    return hashlib.sha256(as_csv([list(row.values()) for row in said])).hexdigest()


def definitions() -> list[dict[str, Any]]:
    """Say of every figure what it counts, in both languages, and the number of that definition."""
    found = []
    for figure in CATALOGUE:
        with override("en"):
            english = {"title_en": _(figure.title), "definition_en": _(figure.definition)}
        said = {
            "key": figure.key,
            "edition": figure.edition,
            "title": figure.title,
            "definition": figure.definition,
            "unit": figure.unit,
            "counts": [str(records) for records in figure.records],
        }
        found.append(said | english)
    return found


@dataclass(frozen=True)
class Kept:
    """An edition of a month as the page lists it: what it defines otherwise than the one before."""

    edition: Edition
    month: Period
    changed: list[str]  # titles of figures with another definition, or that are new


def editions(place: Place) -> list[Kept]:
    """List the editions of a city, the newest first, with what each defines anew."""
    rows = list(Edition.objects.filter(place=place).defer("rows")[:MOST_EDITIONS])
    found = []
    for row, before in zip_longest(rows, rows[1:]):
        known = {one["key"]: one["edition"] for one in before.definitions} if before else None
        titles = [
            one["title"]
            for one in row.definitions
            if known is not None and known.get(one["key"]) != one["edition"]
        ]
        found.append(Kept(row, month_of(row.first), [_(title) for title in titles]))
    return found


def edition_for(public_id: str) -> Edition:
    """Fetch an edition; it is everybody's. Raises NotFound."""
    found = sole(Edition.objects.select_related("place").filter(public_id=public_id))
    if found is None:
        raise NotFound
    return found


def as_csv(rows: Table) -> bytes:
    """Write rows as CSV that a spreadsheet opens in Chinese; no cell begins a formula."""
    out = io.StringIO()
    csv.writer(out).writerows([[_harmless(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, date):
        return cell.isoformat()
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@") else cell
