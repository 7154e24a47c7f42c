"""What service did at a place, and how much the city finds by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count as CountOf
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.numbers import Rate
from groundwork.base.tree import covers
from groundwork.matters.policy.places import at_place
from groundwork.matters.queries.counted import FOUND, counted_matters
from groundwork.registry.models import Place
from groundwork.service.models import AreaKeeper, ContactPoint, Patrol, PatrolArea, Service, Visit
from groundwork.service.policy.points import visible_areas
from groundwork.service.policy.visits import visible_visits
from groundwork.service.queries.points import in_force, weekdays_text
from groundwork.service.queries.visits import KEYS

LATELY = timedelta(days=90)
NEWEST = 10
MOST, MOST_CELLS = 30, 60


def found_first(at: datetime, *, since: datetime, place: Place | None = None) -> Rate:
    """Give the share of matters that were found by going there (主动发现率).

    Part: raised by a visit or a patrol. Whole: all matters raised since, whatever their door.
    Both are those that the declared figure counts.
    """
    rows = counted_matters(at).filter(raised_at__gte=since, raised_at__lte=at)
    if place is not None:
        rows = rows.filter(at_place(place))
    n = rows.aggregate(part=CountOf("pk", filter=FOUND), whole=CountOf("pk"))
    return Rate(n["part"], n["whole"])


def found_first_sentence() -> str:
    """Say what the share means, beside the number."""
    return _("近 90 天提出的诉求里，走访和巡查时主动发现的占多少；其余由群众、企业等自己提出。")


@dataclass(frozen=True)
class Standing:
    """A squad as residents may know it: which unit, where, on which days; no names."""

    point: ContactPoint
    days: str


@dataclass(frozen=True)
class Kept:
    """A patrol area as its reader may know it: who is responsible only where they may open it."""

    area: PatrolArea
    keepers: str
    may_open: bool


@dataclass(frozen=True)
class Cell:
    """One cell of a community's grid, with the areas in which somebody answers for it."""

    place: Place
    kept: list[Kept]


@dataclass(frozen=True)
class Brief:
    """What a panel on a place's page says of service there."""

    place: Place
    by_service: list[tuple[str, int]]  # visits of the last 90 days
    squads: list[Standing]
    patrols: int  # of the last 90 days


@dataclass(frozen=True)
class CommunityService(Brief):
    """The service page of a place."""

    areas: list[Kept]
    cells: list[Cell]  # for the staff; of a community that has cells
    found_first: Rate
    visits: list[Visit]  # the newest that the reader may read


def brief(place: Place, at: datetime) -> Brief:
    """Add up what service did at a place and below in the last 90 days, and who stands there."""
    today = clock.day_of(at)
    here = Visit.objects.filter(at_place(place), withdrawn_at=None, day__gte=today - LATELY)
    named = dict(here.order_by().values_list("service").annotate(n=CountOf("pk")))
    squads = ContactPoint.objects.filter(in_force(today), place__path__startswith=place.path)
    rounds = Patrol.objects.filter(area__in=_areas(place), day__gte=today - LATELY)
    return Brief(
        place=place,
        by_service=[(str(s.label), named.get(s.value, 0)) for s in Service],
        squads=[
            Standing(point, weekdays_text(point.weekdays))
            for point in squads.select_related("body", "place").order_by("place__path", "id")[:MOST]
        ],
        patrols=rounds.count(),
    )


def community(place: Place, by: Actor, at: datetime) -> CommunityService:
    """Read what service did at a place and below in the last 90 days."""
    areas = _kept(place, by, clock.day_of(at))
    return CommunityService(
        **vars(brief(place, at)),
        areas=areas,
        cells=_cells(place, by, areas),
        found_first=found_first(at, since=at - LATELY, place=place),
        visits=_seen(place, by),
    )


def _areas(place: Place) -> QuerySet[PatrolArea]:
    """Areas that cover the place, a part of it, or something around it."""
    step = Place.steplen
    above = [place.path[:end] for end in range(step * 3, len(place.path) + 1, step)]
    reached = Place.objects.filter(Q(path__startswith=place.path) | Q(path__in=above))
    return PatrolArea.objects.filter(
        pk__in=PatrolArea.places.through.objects.filter(place__in=reached).values("patrolarea")
    )


def _kept(place: Place, by: Actor, today: date) -> list[Kept]:
    keepers = AreaKeeper.objects.filter(valid_to=None).select_related("person")
    rows = _areas(place).filter(in_force(today)).select_related("body").order_by("name", "id")
    if not _staff(by):
        return [Kept(area, "", may_open=False) for area in rows[:MOST]]
    areas = list(
        rows.prefetch_related(
            Prefetch("keepers", keepers, to_attr="now"), Prefetch("places", to_attr="covered")
        )[:MOST]
    )
    keys = [area.pk for area in areas]
    open_to = set(visible_areas(by).filter(pk__in=keys).values_list("pk", flat=True))
    return [
        Kept(area, "、".join(row.person.name for row in area.now), may_open=True)
        if area.pk in open_to
        else Kept(area, "", may_open=False)
        for area in areas
    ]


def _cells(place: Place, by: Actor, areas: list[Kept]) -> list[Cell]:
    """Lay the areas over the cells of a community: whoever covers the whole covers each."""
    if place.level != Place.Level.COMMUNITY or not _staff(by):
        return []
    below = Place.objects.filter(path__startswith=place.path, level=Place.Level.GRID, valid_to=None)
    return [
        Cell(
            cell,
            [
                kept
                for kept in areas
                if covers((one.path for one in kept.area.covered), cell.path)  # type: ignore[attr-defined]
            ],
        )
        for cell in below.order_by("path")[:MOST_CELLS]
    ]


def _staff(by: Actor) -> bool:
    return by.person_id is not None


def _seen(place: Place, by: Actor) -> list[Visit]:
    if by.is_anonymous:
        return []
    rows = visible_visits(by).filter(at_place(place)).select_related("unit", "place", "host")
    return list(rows.order_by(*KEYS)[:NEWEST])
