"""A figure taken apart: by district, by body, by what its source may be split by.

A part is the same definition over fewer records, so that it is the value of a scope that is cut
further, and opens onto its own records. Parts stand in the order of their directory, never by how
large they are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Substr

from groundwork.base.listing import Listing, page_by_key
from groundwork.base.numbers import twice_middle
from groundwork.base.tree import STEP
from groundwork.figures.queries import counting, rollups
from groundwork.figures.queries.source import BODY, Scope, Source, Split
from groundwork.figures.queries.sources import SOURCES
from groundwork.figures.queries.values import Value, rows_of, value_of
from groundwork.figures.rules.catalogue import Figure
from groundwork.figures.rules.kinds import Per, Records
from groundwork.figures.rules.periods import Period
from groundwork.figures.rules.rolling import Series, series_in
from groundwork.registry.models import Body, Place

By = Callable[[Source], Combinable]


@dataclass(frozen=True)
class Part:
    """One part of a figure: its key, what it is called, its value."""

    key: Any
    name: str
    value: Value


@dataclass(frozen=True)
class BodyPart:
    """A unit's part of a figure, with all below it; how deep it stands in the tree."""

    body: Body
    value: Value

    @property
    def name(self) -> str:
        """What the unit is called."""
        return str(self.body)

    @property
    def depth(self) -> int:
        """Its level in the directory."""
        return len(self.body.path) // STEP


@dataclass
class Tally:
    """What was counted of some records, so that several may be put together and stay exact.

    How many there are adds up; different ones and measures are kept one by one until then.
    """

    added: Counter[str] = field(default_factory=Counter)
    named: dict[str, set[Any]] = field(default_factory=lambda: defaultdict(set))
    measured: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def take(self, other: Tally) -> None:
        """Put another one's counts to these."""
        self.added.update(other.added)
        for name, found in other.named.items():
            self.named[name] |= found
        for name, counts in other.measured.items():
            self.measured[name].update(counts)

    def sums(self, series: Iterable[Series]) -> dict[str, int]:
        """Give every sum by its name, 0 where there was nothing."""
        return {one.name: self._sum(one) for one in series}

    def _sum(self, one: Series) -> int:
        if one.middle:
            return twice_middle(self.measured[one.name])
        return len(self.named[one.name]) if one.of else self.added[one.name]


def tallies_of(
    figure: Figure, scope: Scope, period: Period, at: datetime, by: By
) -> dict[Any, Tally]:
    """Count a figure's records by a key: a statement for each source and time, one for each series
    that does not add up.
    """
    found: dict[Any, Tally] = defaultdict(Tally)
    asked: dict[tuple[str, str], list[Series]] = defaultdict(list)
    for one in series_in(figure.kind):
        asked[one.records.source, one.records.when].append(one)
    for (key, when), series in asked.items():
        source = SOURCES[key]
        rows = rows_of(Records(key, when), scope, period, at).order_by().annotate(part=by(source))
        _add_up(found, source, rows, [one for one in series if not one.of])
        for one in series:
            if one.of:
                _keep(found, source, rows.filter(source.meaning(one.records)), one)
    return found


def _add_up(
    found: dict[Any, Tally], source: Source, rows: QuerySet[Any], series: Sequence[Series]
) -> None:
    sums = {f"n{i}": counting.sum_of(one, source) for i, one in enumerate(series)}
    for part, *counts in rows.values_list("part").annotate(**sums):
        found[part].added.update(
            {one.name: n for one, n in zip(series, counts, strict=True)},
        )


def _keep(found: dict[Any, Tally], source: Source, rows: QuerySet[Any], one: Series) -> None:
    if one.middle:
        measured = rows.annotate(measured=source.measured(one.of)).exclude(measured=None)
        counted = measured.values_list("part", "measured").annotate(times=CountOf("pk"))
        read = source.reader(one.of)
        for part, value, times in counted:
            found[part].measured[one.name][read(value)] += times
        return
    for part, key in rows.values_list("part", source.named[one.of]).distinct():
        if key is not None:
            found[part].named[one.name].add(key)


# ---- by place -------------------------------------------------------------------------------
def by_district(
    figure: Figure, scope: Scope, city: Place, period: Period, at: datetime
) -> list[tuple[Place, Value]]:
    """Give a figure of each district of a city, in the order of their codes.

    From the kept sums where they answer. What lies in no district is the city's own, not listed.
    None of another place's, nor of a unit's.
    """
    if city.level != Place.Level.CITY or scope.path != city.path or scope.kind != "place":
        return []
    listed = list(Place.objects.get_children(city).order_by("code"))
    series, cutoff = series_in(figure.kind), None
    if all(rollups.covers(one, period) for one in series):
        cutoff = rollups.standing({one.records.source for one in series}, scope, at)
    if cutoff is None:
        length = 2 * Place.steplen
        tallies = tallies_of(
            figure, scope, period, at, lambda source: Substr(source.place, 1, length)
        )
        sums = {place.path: tallies.get(place.path, Tally()).sums(series) for place in listed}
    else:
        sums = rollups.by_place(series, [place.path for place in listed], period)
    return [
        (place, value_of(figure, sums[place.path], there, period, cutoff or at))
        for place in listed
        for there in [replace(scope, path=place.path)]
    ]


# ---- by what the sources have in common ---------------------------------------------------------
def splits_of(figure: Figure, *, inside: bool) -> dict[str, Split]:
    """Give by what a figure may be taken apart: by what all of its sources know.

    `inside`: for who is signed in, to whom the inner directories are known too.
    """
    sources = [SOURCES[records.source] for records in figure.records]
    return {
        name: split
        for name, split in sources[0].splits.items()
        if all(name in source.splits for source in sources) and (inside or not split.inside)
    }


def by_split(figure: Figure, name: str, scope: Scope, period: Period, at: datetime) -> list[Part]:
    """Give the parts of a figure by one of its splits, in the order of the directory."""
    tallies = tallies_of(figure, scope, period, at, lambda source: source.splits[name].by)
    series = series_in(figure.kind)
    split = SOURCES[figure.source].splits[name]
    return [
        Part(
            key,
            said,
            value_of(figure, tallies[key].sums(series), scope.cut(name, key), period, at),
        )
        for key, said in split.names()
        if key in tallies
    ]


# ---- by body --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Bodies:
    """A page of bodies with a figure of theirs, each with all below it; the cursor of the next."""

    parts: list[BodyPart]
    next: str


def bodies_at(place: Place, readable: QuerySet[Body], cursor: str | None) -> Listing[Body]:
    """Give a page of the units of a place whose figures a reader reads, in the directory's order.

    Of the city all, those that sit at no place too.
    """
    if place.level != Place.Level.CITY:
        readable = readable.filter(place__path__startswith=place.path)
    return page_by_key(readable.filter(valid_to=None), ["path"], cursor or "")


def elsewhere(
    figure: Figure, scope: Scope, period: Period, at: datetime, readable: Callable[[str], Q]
) -> int:
    """Count the records a figure is of that belong to no unit that the reader reads: of a rate
    those of the whole.
    """
    whole = figure.kind.opens if isinstance(figure.kind, Per) else figure.records[-1]
    rows = rows_of(whole, scope, period, at).order_by()
    lookup = SOURCES[whole.source].body.removesuffix("path")
    return rows.count() - rows.filter(readable(lookup)).count()


def by_body(
    figure: Figure,
    scope: Scope,
    period: Period,
    at: datetime,
    readable: QuerySet[Body],
    cursor: str = "",
) -> Bodies:
    """Give a figure of each body that has records, in the order of the directory.

    Of those the reader may read. A body's number holds those below it, as its own page does.
    """
    page = page_by_key(
        readable.filter(path__in=_paths(figure, scope, period, at)), ["path"], cursor
    )
    if not page.rows:
        return Bodies([], "")
    tallies = tallies_of(figure, scope, period, at, lambda source: F(source.body))
    series, parts = series_in(figure.kind), []
    for body in page.rows:
        mine = Tally()
        for path, tally in tallies.items():
            if path and path.startswith(body.path):
                mine.take(tally)
        value = value_of(figure, mine.sums(series), scope.cut(BODY, body.path), period, at)
        parts.append(BodyPart(body, value))
    return Bodies(parts, page.next)


def _paths(figure: Figure, scope: Scope, period: Period, at: datetime) -> set[str]:
    """Name the paths of all bodies that a figure's records speak of, and of those above them."""
    found: set[str] = set()
    for records in figure.records:
        column = SOURCES[records.source].body
        rows = rows_of(records, scope, period, at).order_by()
        for path in rows.values_list(column, flat=True).distinct():
            found |= {path[:end] for end in range(STEP, len(path or "") + 1, STEP)}
    return found
