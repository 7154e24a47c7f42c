"""Coverage: the evenings of a city or a district as numbers that open onto their rolls.

Every number is one of `NUMBERS`, counted by `_entries` at a cut-off; the pages behind it start from
the same condition, so that they show as many rows as the number says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, cast

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Substr

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.base.models import Change
from groundwork.registry.models import Body, Person, Place
from groundwork.study.models import Coverage, Evening, RollCorrection, RollEntry, RollSheet, Topic
from groundwork.study.policy import roll as policy
from groundwork.study.queries.roll import ROLLED
from groundwork.study.rules import roll as rules

KINDS = ("study.roll", "study.evening")  # the changes that move a number
DIRECTORY = "registry.body"  # a unit that hangs elsewhere moves the numbers of all periods
DISTRICT = 2 * Place.steplen  # of a place's path: city, district


@dataclass(frozen=True)
class Scope:
    """Whose evenings: the city's or a district's (`place:`), the city's own units' (`own:`), a
    unit's (`body:`)."""

    kind: str
    path: str

    @property
    def key(self) -> str:
        """The name under which the worker keeps its numbers."""
        return f"{self.kind}:{self.path}"

    def on(self, prefix: str) -> Q:
        """Make a condition on the body at `prefix` ("body__" or "")."""
        if self.kind == "place":
            return Q(**{f"{prefix}place__path__startswith": self.path})
        if self.kind == "own":
            return Q(**{f"{prefix}place__path": self.path})
        return Q(**{f"{prefix}path": self.path})


def scope_of(place: Place, *, own: bool = False) -> Scope:
    """Give the scope of a city or a district, or only of the city's own units."""
    return Scope("own" if own else "place", place.path)


@dataclass(frozen=True)
class Numbers:
    """What was counted for one scope and period, as of the cut-off."""

    cutoff: datetime
    evenings: int = 0
    bodies: int = 0
    people: int = 0
    entries: int = 0
    themes: dict[str, list[int]] = field(default_factory=dict)  # value: [evenings, entries]
    topics: dict[str, list[int]] = field(default_factory=dict)
    forms: dict[str, list[int]] = field(default_factory=dict)


# ---- one condition for the number and for what it opens onto --------------------------------
def over(cutoff: datetime, prefix: str = "") -> Q:
    """Make a condition on the evening at `prefix`: over at the cut-off and not cancelled."""
    return Q(**{f"{prefix}state__in": ROLLED, f"{prefix}ends_at__lte": cutoff})


def with_roll(sheets: QuerySet[RollSheet]) -> QuerySet[RollSheet]:
    """Let sheets be asked by ROLLED_BY_UNIT whether the unit has a roll."""
    there = RollEntry.objects.filter(
        evening=OuterRef("evening"), body=OuterRef("body"), withdrawn=False
    )
    return sheets.alias(on_roll=Exists(there))


# A unit has done its part: somebody is on its roll, or it was closed with nobody on it.
ROLLED_BY_UNIT = Q(on_roll=True) | Q(closed_at__isnull=False)


def sheets_at(cutoff: datetime) -> QuerySet[RollSheet]:
    """Give the sheets of evenings that were over at the cut-off."""
    return with_roll(RollSheet.objects.filter(over(cutoff, "evening__")))


def evenings_in(period: str, cutoff: datetime) -> QuerySet[Evening]:
    """Give the evenings of a period that were over at the cut-off and were not cancelled."""
    first, after = rules.span_of(period)
    return Evening.objects.filter(
        over(cutoff),
        starts_at__gte=clock.local(first, time()),
        starts_at__lt=clock.local(after, time()),
    )


def entries_at(cutoff: datetime) -> QuerySet[RollEntry]:
    """Give the entries that stood on the rolls at the cut-off, whatever was corrected since."""
    made = RollEntry.objects.filter(recorded_at__lte=cutoff)
    if not RollCorrection.objects.filter(corrected_at__gt=cutoff).exists():
        return made.filter(withdrawn=False)
    before = RollCorrection.objects.filter(
        evening=OuterRef("evening"), person=OuterRef("person"), corrected_at__lte=cutoff
    ).order_by("-corrected_at", "-id")
    stood = Coalesce(Subquery(before.values("took_part")[:1]), Value(True))
    return made.alias(stood=stood).filter(stood=True)


def entries_in(scope: Scope, period: str, cutoff: datetime) -> QuerySet[RollEntry]:
    """Give the entries behind the numbers of a scope and a period."""
    return entries_at(cutoff).filter(scope.on("body__"), evening__in=evenings_in(period, cutoff))


# ---- read -----------------------------------------------------------------------------------
def numbers(scope: Scope, period: str) -> Numbers | None:
    """Give the numbers the worker wrote, None where it has not counted yet."""
    row = Coverage.objects.filter(scope=scope.key, period=period).first()
    return _numbers(row) if row else None


def uncounted(period: str) -> Numbers:
    """Give zeros as of the period's count, for a scope in which nothing happened."""
    mark = Coverage.objects.filter(scope="", period=period).first()
    return Numbers(mark.cutoff.astimezone(clock.ZONE) if mark else clock.now())


def _numbers(row: Coverage) -> Numbers:
    return Numbers(cutoff=row.cutoff.astimezone(clock.ZONE), **cast("dict[str, Any]", row.values))


@dataclass(frozen=True)
class Part:
    """One line of the table below a number: a district, the city's own units, or a unit."""

    scope: Scope
    name: str
    numbers: Numbers
    place: Place | None = None
    body: Body | None = None


def parts(place: Place, period: str, cutoff: datetime, after: str = "") -> tuple[list[Part], str]:
    """List the parts of a city or the units of a district, in directory order, 100 to a page.

    Two statements. A part that nothing was counted for stands there with zeros.
    """
    if place.level == Place.Level.CITY:
        districts = Place.objects.get_children(place).order_by("path")
        found = [(Scope("own", place.path), place)] + [(scope_of(d), d) for d in districts]
        rows = _rows([scope for scope, _place in found], period)
        return [Part(s, p.name, rows.get(s.key) or Numbers(cutoff), place=p) for s, p in found], ""
    return units(Scope("place", place.path), period, cutoff, after)


def units(
    scope: Scope, period: str, cutoff: datetime, after: str = "", size: int = 100
) -> tuple[list[Part], str]:
    """List the units of a scope that have people, in directory order, by key."""
    bodies = Body.objects.filter(
        scope.on(""), Exists(Person.objects.filter(unit=OuterRef("pk"))), path__gt=after
    ).order_by("path")[: size + 1]
    found = list(bodies)
    rows = _rows([Scope("body", b.path) for b in found], period)
    listed = [
        Part(s, str(b), rows.get(s.key) or Numbers(cutoff), body=b)
        for b in found[:size]
        for s in (Scope("body", b.path),)
    ]
    return listed, found[size - 1].path if len(found) > size else ""


def _rows(scopes: Iterable[Scope], period: str) -> dict[str, Numbers]:
    keys = [scope.key for scope in scopes]
    rows = Coverage.objects.filter(scope__in=keys, period=period)
    return {row.scope: _numbers(row) for row in rows}


def periods() -> list[str]:
    """List the periods that have evenings, the latest first: half-years and months."""
    days = Evening.objects.filter(state__in=ROLLED).dates("starts_at", "month")
    names = rules.periods_of(days)
    return sorted(names, key=lambda name: (rules.span_of(name)[0], len(name)), reverse=True)


# ---- what the numbers open onto -------------------------------------------------------------
@dataclass(frozen=True)
class EveningLine:
    """One evening behind a number, with its entries and units inside the scope."""

    evening: Evening
    entries: int
    bodies: int


def evening_lines(scope: Scope, period: str, cutoff: datetime, **only: str) -> list[EveningLine]:
    """List the evenings behind a number, as they were counted; their entries add up to it."""
    row = Coverage.objects.filter(scope=f"evenings:{scope.key}", period=period).first()
    counted = row.values if row is not None else {}
    evenings = evenings_in(period, cutoff).filter(**only).select_related("host", "topic")
    return [
        EveningLine(e, *counted[str(e.pk)])
        for e in evenings.order_by("starts_at", "id")
        if str(e.pk) in counted
    ]


def unit_lines(scope: Scope, period: str) -> list[tuple[Body, int]]:
    """List the units behind a number, in directory order, with their entries as counted."""
    rows = Coverage.objects.filter(scope__startswith="body:", period=period)
    counted = {r.scope.removeprefix("body:"): r.values["entries"] for r in rows}
    bodies = Body.objects.filter(scope.on(""), path__in=counted).order_by("path")
    return [(body, counted[body.path]) for body in bodies]


def units_of_evening(
    scope: Scope, period: str, cutoff: datetime, evening: Evening
) -> list[tuple[Body, int]]:
    """List the units of one evening behind a number, in directory order, with their entries."""
    entries = entries_in(scope, period, cutoff).filter(evening=evening)
    counted = dict(entries.order_by().values_list("body").annotate(n=Count("id")))
    bodies = Body.objects.in_bulk(counted)
    return [(b, counted[b.pk]) for b in sorted(bodies.values(), key=lambda b: b.path)]


def people_behind(scope: Scope, period: str, cutoff: datetime) -> QuerySet[Person]:
    """Give the distinct people behind a number, by name; page it by key."""
    theirs = entries_in(scope, period, cutoff).filter(person=OuterRef("pk"))
    return Person.objects.filter(Exists(theirs)).select_related("unit")


def readable(people: QuerySet[Person], by: Actor) -> QuerySet[Person]:
    """Keep the people whose rolls the actor may read by name; the others are only counted."""
    return people.filter(policy.people_read(by))


def hidden(people: QuerySet[Person], by: Actor) -> int:
    """Count the people behind a number whom the actor may not read by name."""
    return people.exclude(policy.people_read(by)).order_by().count()


def filter_of(asked: Mapping[str, str]) -> dict[str, str]:
    """Turn the part of a number that was opened (theme, topic, form) into a filter of evenings."""
    fields = {"theme": "theme", "form": "form", "topic": "topic__public_id"}
    return {lookup: asked[name] for name, lookup in fields.items() if asked.get(name)}


def evening_behind(public_id: str, period: str, cutoff: datetime) -> Evening:
    """Fetch an evening that numbers of a period count. Raises NotFound."""
    found = evenings_in(period, cutoff).select_related("host", "topic")
    evening = found.filter(public_id=public_id).first()
    if evening is None:
        raise NotFound
    return evening


def sheets_by_unit(evening: Evening, by: Actor) -> dict[int, RollSheet]:
    """Give the sheets of an evening that the actor may open, by the unit's primary key."""
    return {s.body_id: s for s in policy.visible_sheets(by).filter(evening=evening)}


# ---- count (the worker's part) --------------------------------------------------------------
def last_change() -> int:
    """Name the last change that could move a number."""
    rows = Change.objects.filter(kind__in=(*KINDS, DIRECTORY))
    return rows.aggregate(last=Max("pk"))["last"] or 0


def days_moved(after: int, until: int) -> list[tuple[int, date]]:
    """List which days changes number `after` + 1 to `until` touched, each with its last number."""
    rows = Change.objects.filter(kind__in=KINDS, pk__gt=after, pk__lte=until)
    found: dict[date, int] = {}
    for pk, before, now in rows.order_by("pk").values_list("pk", "before", "after").iterator():
        for side in (before, now):
            if side and side.get("day"):
                found[date.fromisoformat(side["day"])] = pk
    return [(pk, day) for day, pk in found.items()]


def units_moved(after: int, until: int) -> int:
    """Name the last of changes `after` + 1 to `until` that hung a unit elsewhere; 0 for none."""
    rows = Change.objects.filter(kind=DIRECTORY, pk__gt=after, pk__lte=until).order_by("-pk")
    for pk, before, now in rows.values_list("pk", "before", "after").iterator():
        if before and now and any(before.get(key) != now.get(key) for key in ("path", "place")):
            return pk
    return 0


def touches(moved: Iterable[tuple[int, date]], seen: int, period: str) -> bool:
    """Tell whether a change after number `seen` touched a day of the period."""
    first, after = rules.span_of(period)
    return any(pk > seen and first <= day < after for pk, day in moved)


def count_all(period: str, cutoff: datetime) -> dict[str, dict[str, Any]]:
    """Count a period for the city, each district, the city's own units and each unit.

    Five statements over the period's entries, whatever the number of scopes.
    """
    entries = entries_at(cutoff).filter(evening__in=evenings_in(period, cutoff)).order_by()
    places = dict(Body.objects.values_list("pk", "place__path"))
    paths = dict(Body.objects.values_list("pk", "path"))
    tables: dict[str, _Table] = defaultdict(_Table)
    kinds = {
        e["pk"]: (e["theme"], e["topic__public_id"] or "", e["form"])
        for e in evenings_in(period, cutoff).values("pk", "theme", "topic__public_id", "form")
    }
    pairs = entries.values_list("evening", "body").annotate(n=Count("id"))
    for evening, body, n in pairs.iterator(chunk_size=5000):
        for key in _scopes(paths[body], places[body]):
            tables[key].add(evening, body, n)
    found = {key: table.values(kinds) for key, table in tables.items()}
    opened: dict[str, dict[str, Any]] = {
        f"evenings:{key}": {str(pk): pair for pk, pair in table.evenings.items()}
        for key, table in tables.items()
        if not key.startswith("body:")
    }
    for key, people in _people(entries).items():
        found[key]["people"] = people
    tops = Place.objects.filter(level__in=(Place.Level.CITY, Place.Level.DISTRICT))
    for path in tops.values_list("path", flat=True):
        found.setdefault(f"place:{path}", {})
    return {**found, **opened}


def _scopes(path: str, place: str | None) -> list[str]:
    """Name the scopes that a unit's entries count in."""
    keys = [f"body:{path}"]
    if place:
        keys += [f"place:{place[:n]}" for n in (Place.steplen, DISTRICT) if len(place) >= n]
        keys += [f"own:{place}"] if len(place) == Place.steplen else []
    return keys


class _Table:
    """The sums of one scope while the pairs go by."""

    def __init__(self) -> None:
        self.bodies: set[int] = set()
        self.evenings: dict[int, list[int]] = {}  # entries, units

    def add(self, evening: int, body: int, n: int) -> None:
        self.bodies.add(body)
        pair = self.evenings.setdefault(evening, [0, 0])
        pair[0] += n
        pair[1] += 1

    def values(self, kinds: Mapping[int, tuple[str, str, str]]) -> dict[str, Any]:
        split: list[dict[str, list[int]]] = [{}, {}, {}]
        for evening, (n, _units) in self.evenings.items():
            for table, value in zip(split, kinds[evening], strict=True):
                if value:
                    pair = table.setdefault(value, [0, 0])
                    pair[0] += 1
                    pair[1] += n
        return {
            "evenings": len(self.evenings),
            "bodies": len(self.bodies),
            "entries": sum(n for n, _units in self.evenings.values()),
            "themes": split[0],
            "topics": split[1],
            "forms": split[2],
        }


def _people(entries: QuerySet[RollEntry]) -> dict[str, int]:
    """Count distinct people: a person who changed units counts once in the city, once in each."""
    distinct = Count("person", distinct=True)
    found = {}
    for path, n in entries.values_list("body__path").annotate(n=distinct):
        found[f"body:{path}"] = n
    placed = entries.exclude(body__place=None)
    for length in (Place.steplen, DISTRICT):
        top = Substr("body__place__path", 1, length)
        for path, n in placed.annotate(top=top).values_list("top").annotate(n=distinct):
            if len(path) == length:
                found[f"place:{path}"] = n
    own = placed.filter(body__place__depth=1).values_list("body__place__path").annotate(n=distinct)
    for path, n in own:
        found[f"own:{path}"] = n
    return found


def topics_by_id(ids: Iterable[str]) -> dict[str, Topic]:
    """Fetch topics by public id."""
    return {t.public_id: t for t in Topic.objects.filter(public_id__in=list(ids))}
