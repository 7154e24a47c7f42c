"""Write the demo city's visits, contact points, patrol areas and rounds of consultation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from groundwork.base import ids
from groundwork.base.actor import Actor
from groundwork.base.clock import local
from groundwork.base.workdays import Calendar
from groundwork.desk.demo.figures import VISITS, Term, apportioned
from groundwork.desk.demo.geography import CAST_DISTRICT, Geography
from groundwork.desk.demo.ways import Days, Way
from groundwork.desk.demo.words import VISITED, WALKED
from groundwork.registry.actions.places import add_grid
from groundwork.registry.models import Body, Person, Place
from groundwork.service.actions.areas import open_area
from groundwork.service.actions.many import (
    NewPatrol,
    NewVisit,
    record_patrols_many,
    record_visits_many,
)
from groundwork.service.actions.points import join_squad, open_point
from groundwork.service.actions.rounds import RoundPlan, draft_round, open_round
from groundwork.service.models import ContactPoint, PatrolArea

SERVICES = (("people", 52), ("enterprises", 33), ("grassroots", 15))
BROUGHT = {
    "enterprises": ("policy", "guidance", "goods"),
    "people": ("hands", "goods", "guidance"),
    "grassroots": ("hands", "goods", "policy"),
}
GONE = (Person.Status.RETIRED, Person.Status.LEFT)
MOST_FOUND = 4
CHUNK = 20_000
POINTS, AREAS, CELLED = 90, 60, 40  # at scale 1
CELLS = ("第一网格", "第二网格", "第三网格", "第四网格")
ROUNDS_A_WEEK = 3  # of an area, the weather and the other work permitting


@dataclass
class Out:
    """One unit that goes out: its people, where it goes, its contact point if it has one."""

    unit: Body
    people: list[Person]
    places: Sequence[Place]
    hosts: Sequence[Body]
    point: ContactPoint | None = None


def units_out(geography: Geography, people: Sequence[Person]) -> list[Out]:
    """Say which units go out where: near their place."""
    by_unit: dict[int, list[Person]] = defaultdict(list)
    for person in people:
        if person.status not in GONE:
            by_unit[person.unit_id].append(person)
    return [
        Out(unit, by_unit[unit.pk], geography.near(unit), geography.enterprises_near(unit))
        for unit in geography.units
        if by_unit[unit.pk]
    ]


def plan_visits(
    outs: Sequence[Out], term: Term, scale: float, calendar: Calendar, rng: Random
) -> list[NewVisit]:
    """Plan exactly so many visits, by day; what they found is added by `find`."""
    days = Days(term, calendar)
    counts = apportioned(VISITS, scale)
    weeks, rest = days.parts(term.weeks)
    drawn = [*days.draw(weeks, counts["weeks"], rng), *days.draw(rest, counts["rest"], rng)]
    weights = [len(out.people) for out in outs]
    who = rng.choices(outs, weights, k=len(drawn))
    return [_visit(out, day, rng) for out, day in zip(who, sorted(drawn), strict=True)]


def _visit(out: Out, day: date, rng: Random) -> NewVisit:
    service = rng.choices([key for key, _n in SERVICES], [n for _key, n in SERVICES])[0]
    host = rng.choice(out.hosts) if service == "enterprises" and out.hosts else None
    service = service if host is not None or service != "enterprises" else "people"
    point = out.point if host is None and out.point and rng.random() < 0.4 else None
    place = point.place if point else host.place if host else rng.choice(out.places)
    assert place is not None
    minute = rng.randrange(9 * 60, 17 * 60)
    went = rng.sample(out.people, min(len(out.people), rng.choice((1, 2, 2, 3))))
    return NewVisit(
        service=service,
        unit_id=out.unit.pk,
        place=place,
        day=day,
        recorded_at=local(day, time(minute // 60, minute % 60)),
        visitor_ids=tuple(person.pk for person in went),
        host_id=host.pk if host else None,
        contact_point_id=point.pk if point else None,
        brought=tuple(rng.sample(BROUGHT[service], rng.choice((0, 1, 1, 2)))),
        note=rng.choice(VISITED[service]) if rng.random() < 0.7 else "",
        public_id=ids.public_id(),
    )


def find(visits: list[NewVisit], ways: Sequence[Way], rng: Random) -> None:
    """Let visits find the matters that came through that door: same day, same moment.

    A matter that no visit of its day could have found came by phone.
    """
    by_day: dict[date, list[int]] = defaultdict(list)
    for n, visit in enumerate(visits):
        by_day[visit.day].append(n)
    found: dict[int, int] = defaultdict(int)
    for way in ways:
        if way.door != "visit":
            continue
        those = by_day.get(way.raised.date())
        n = rng.choice(those) if those and way.end.date() > way.raised.date() else -1
        if n < 0 or found[n] >= MOST_FOUND:
            way.door = "phone"
            continue
        way.visit, way.raised = n, visits[n].recorded_at
        found[n] += 1
    for n, count in found.items():
        visits[n] = visits[n]._replace(found=count)


def write_visits(visits: Sequence[NewVisit], *, by: Actor, at: datetime) -> None:
    """Write the visits, chunk by chunk."""
    for start in range(0, len(visits), CHUNK):
        record_visits_many(visits[start : start + CHUNK], by=by, at=at)


def write_points(outs: Sequence[Out], scale: float, until: date, *, by: Actor, rng: Random) -> None:
    """Open contact points with their squads half a year ago."""
    at = local(until - timedelta(days=190), time(9))
    wanted = min(len(outs), max(8, round(POINTS * scale)))
    for out in rng.sample(list(outs), wanted):
        place = rng.choice([p for p in out.places if p.level == Place.Level.COMMUNITY])
        squad = rng.sample(out.people, min(len(out.people), 5))
        out.point = open_point(
            name=f"{place.name}联系点",
            body=out.unit,
            place=place,
            weekdays=sorted(rng.sample(range(1, 6), 2)),
            leader=squad[0],
            by=by,
            at=at,
        )
        for person in squad[1:]:
            join_squad(out.point.public_id, person, by=by, at=at)


@dataclass(frozen=True)
class Walk:
    """An area as it is walked: what it covers, who keeps it."""

    area: PatrolArea
    places: Sequence[Place]
    keeper: Person


def write_areas(
    outs: Sequence[Out], scale: float, until: date, *, by: Actor, rng: Random
) -> list[Walk]:
    """Draw patrol areas over neighbouring communities, each with one responsible person."""
    walks = []
    at = local(until - timedelta(days=170), time(9))
    wanted = min(len(outs), max(6, round(AREAS * scale)))
    for n, out in enumerate(rng.sample(list(outs), wanted), 1):
        communities = [p for p in out.places if p.level == Place.Level.COMMUNITY]
        start = rng.randrange(max(1, len(communities) - 3))
        places = communities[start : start + rng.choice((1, 2, 3))]
        keeper = rng.choice(out.people)
        area = open_area(
            name=f"{places[0].name}第{n}巡查片",
            body=out.unit,
            places=places,
            keeper=keeper,
            by=by,
            at=at,
        )
        walks.append(Walk(area, places, keeper))
    return walks


def write_cells(
    geography: Geography, outs: Sequence[Out], scale: float, until: date, seed: int, *, by: Actor
) -> list[Walk]:
    """Lay cells over some communities, of the cast's first; of each the last has nobody yet."""
    rng = Random(f"cells {seed}")  # noqa: S311 - a demo, not a secret
    at = local(until - timedelta(days=160), time(9))
    near = [place for place in geography.communities[CAST_DISTRICT] if place != geography.home]
    wanted = max(2, round(CELLED * scale))
    walks = []
    for place in [geography.home, *rng.sample(near, min(len(near), wanted))]:
        out = min((o for o in outs if place in o.places), key=lambda o: len(o.places))
        cells = [add_grid(place, name=place.name + name, by=by, at=at) for name in CELLS]
        for cell in cells[:-1]:
            keeper = rng.choice(out.people)
            area = open_area(
                name=cell.name,
                body=out.unit,
                places=[cell],
                keeper=keeper,
                by=by,
                at=at,
            )
            walks.append(Walk(area, [cell], keeper))
    return walks


@dataclass(frozen=True)
class Patrols:
    """The rounds of the term, and where the one of a number went."""

    walks: Sequence[Walk]
    of: list[int]  # the walk's number, by the round's
    rows: list[NewPatrol]

    def place(self, number: int, rng: Random) -> Place:
        """Choose where in its area a round found something."""
        return rng.choice(self.walks[self.of[number]].places)

    def keeper(self, number: int) -> Person:
        """Name who walked it."""
        return self.walks[self.of[number]].keeper


def plan_patrols(walks: Sequence[Walk], term: Term, calendar: Calendar, rng: Random) -> Patrols:
    """Plan each area's rounds over the term, by its keeper; what they found `find_walking` adds."""
    days = Days(term, calendar)
    wanted = round(len(days.all) / 7 * ROUNDS_A_WEEK)
    patrols = Patrols(walks, [], [])
    for number, walk in enumerate(walks):
        for day in sorted(set(days.draw(days.all, wanted, rng))):
            minute = rng.randrange(8 * 60, 17 * 60)
            patrols.of.append(number)
            patrols.rows.append(
                NewPatrol(
                    area=walk.area,
                    person_id=walk.keeper.pk,
                    day=day,
                    recorded_at=local(day, time(minute // 60, minute % 60)),
                    note=rng.choice(WALKED) if rng.random() < 0.5 else "",
                    public_id=ids.public_id(),
                )
            )
    return patrols


def find_walking(patrols: Patrols, ways: Sequence[Way], rng: Random) -> None:
    """Let rounds find the matters that came through that door, as visits do in `find`."""
    by_day: dict[date, list[int]] = defaultdict(list)
    for n, row in enumerate(patrols.rows):
        by_day[row.day].append(n)
    found: dict[int, int] = defaultdict(int)
    for way in ways:
        if way.door != "patrol":
            continue
        those = by_day.get(way.raised.date())
        n = rng.choice(those) if those and way.end.date() > way.raised.date() else -1
        if n < 0 or found[n] >= MOST_FOUND:
            way.door = "phone"
            continue
        way.patrol, way.raised = n, patrols.rows[n].recorded_at
        found[n] += 1
    for n, count in found.items():
        patrols.rows[n] = patrols.rows[n]._replace(found=count)


def write_patrols(
    patrols: Patrols, ways: Sequence[Way], *, by: Actor, at: datetime, rng: Random
) -> None:
    """Write the rounds with what they found."""
    find_walking(patrols, ways, rng)
    record_patrols_many(patrols.rows, by=by, at=at)


def write_rounds(host: Body, place: Place, now: datetime, *, by: Actor) -> None:
    """Hold one round of consultation open now."""
    plan = RoundPlan(
        title="您身边最想先解决的一件事（群众意见建议征询）",
        body=host,
        place=place,
        audience="all",
        opens_at=now - timedelta(days=5),
        closes_at=now + timedelta(days=16),
        questions=("您最想先解决哪一件事？在哪里？", "去年提过的事，办得怎么样？"),
        why="每季度问一次，提到的事逐件进台账，结果在这里公布。",
    )
    made = draft_round(plan, by=by, at=now - timedelta(days=6))
    open_round(made.public_id, by=by, at=now - timedelta(days=5))
