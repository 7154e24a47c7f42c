"""What figures say of a scope and a period, counted from the records at a cut-off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import Q, QuerySet
from django.db.models.functions import Substr

from groundwork.base.numbers import Count, Rate, Ratio
from groundwork.figures.queries.source import Scope, Source
from groundwork.figures.queries.sources import SOURCES, source_of
from groundwork.figures.rules.catalogue import Figure
from groundwork.figures.rules.kinds import Counted, Distinct, PartOf, Records
from groundwork.figures.rules.periods import Period
from groundwork.registry.models import Place


@dataclass(frozen=True)
class Value:
    """One figure's number with all that it takes to read it: definition, n, period, cut-off."""

    figure: Figure
    scope: Scope
    period: Period
    cutoff: datetime
    number: Count | Rate | Ratio
    n: int  # the records it opens onto
    edition: str

    def comparable(self, other: Value) -> bool:
        """Tell whether two numbers may stand beside each other: one definition, one scope."""
        mine = (self.figure.key, self.edition, self.scope)
        return mine == (other.figure.key, other.edition, other.scope)


def rows_of(records: Records, scope: Scope, period: Period, at: datetime) -> QuerySet[Any]:
    """Give the records behind a number: the one set for what it says and what it opens onto."""
    source = source_of(records)
    when = source.times[records.when].inside(period)
    return source.rows(at).filter(source.meaning(records), scope.on(source), when)


def values_of(
    figures: Sequence[Figure], scope: Scope, period: Period, at: datetime
) -> dict[str, Value]:
    """Count figures by key, in one statement for each source and time that they speak of."""
    sums: dict[tuple[str, str], dict[str, Any]] = {}
    for figure in figures:
        for records in figure.records:
            wanted = sums.setdefault((records.source, records.when), {})
            source = SOURCES[records.source]
            wanted[_name(records)] = CountOf("pk", filter=source.meaning(records) or None)
        if isinstance(figure.kind, Distinct):
            wanted[_name(figure.kind)] = _different(figure.kind, source)
    counted: dict[str, int] = {}
    for (key, when), wanted in sums.items():
        found = rows_of(Records(key, when), scope, period, at).order_by().aggregate(**wanted)
        counted |= {f"{key}.{when}.{name}": n for name, n in found.items()}
    return {figure.key: _value(figure, counted, scope, period, at) for figure in figures}


def _different(kind: Distinct, source: Source) -> CountOf:
    meaning = source.meaning(kind.records)
    return CountOf(source.named[kind.of], filter=meaning or None, distinct=True)


def _name(what: Records | Distinct) -> str:
    """Name a column of the statement: an alias may hold no dots and no spaces."""
    records, of = (what.records, what.of) if isinstance(what, Distinct) else (what, "")
    return "_".join(["n", *sorted(records.where), *([f"of_{of}"] if of else [])])


def _value(
    figure: Figure, counted: dict[str, int], scope: Scope, period: Period, at: datetime
) -> Value:
    def n(what: Records | Distinct) -> int:
        records = what.records if isinstance(what, Distinct) else what
        return counted[f"{records.source}.{records.when}.{_name(what)}"]

    kind = figure.kind
    number: Count | Rate | Ratio
    if isinstance(kind, Counted):
        number = Count(n(kind.records))
    elif isinstance(kind, Distinct):
        number = Count(n(kind))
    elif isinstance(kind, PartOf):
        number = Rate(n(kind.part), n(kind.whole))
    else:
        number = Ratio(n(kind.number), n(kind.per))
    return Value(figure, scope, period, at, number, n(kind.opens), figure.edition)


def by_district(
    records: Records, city: Place, period: Period, at: datetime
) -> list[tuple[Place, int]]:
    """Count records for each district of a city, in the order of their codes; a statement each
    for the names and the numbers. What lies in no district is the city's own and not listed.
    """
    if city.level != Place.Level.CITY:
        return []
    column = source_of(records).place
    rows = rows_of(records, Scope("place", city.path), period, at).order_by()
    district = Substr(column, 1, 2 * Place.steplen)
    found = dict(rows.values_list(district).annotate(n=CountOf("pk")))
    listed = Place.objects.get_children(city).order_by("code")
    return [(place, found.get(place.path, 0)) for place in listed]


def by_period(records: Records, scope: Scope, periods: Sequence[Period], at: datetime) -> list[int]:
    """Count records for each of some periods that touch each other, in one statement."""
    if not periods:
        return []
    source = source_of(records)
    time = source.times[records.when]
    whole = Period(periods[0].first, periods[-1].after)
    sums = {f"n{i}": CountOf("pk", filter=Q(time.inside(p))) for i, p in enumerate(periods)}
    found = rows_of(records, scope, whole, at).order_by().aggregate(**sums)
    return [found[f"n{i}"] for i in range(len(periods))]
