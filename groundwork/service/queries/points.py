"""Contact points with their squads, patrol areas with their rounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.utils.translation import gettext as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.listing import Listing, capped_count, page_by_key
from groundwork.base.numbers import Count
from groundwork.matters.models import Matter
from groundwork.matters.policy import visible_matters
from groundwork.registry.models import Place
from groundwork.service.models import (
    AreaKeeper,
    ContactPoint,
    Patrol,
    PatrolArea,
    SquadMember,
    Visit,
)
from groundwork.service.policy import points as policy
from groundwork.service.queries.visits import KEYS
from groundwork.service.rules.points import stands_today

PATROL = "service.patrol"
NEWEST = 20


def weekday_names() -> list[tuple[int, str]]:
    """Name the days of the week, 1 Monday."""
    names = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return list(enumerate(names, 1))


def weekdays_text(days: list[int]) -> str:
    """Say on which days somebody is there."""
    names = dict(weekday_names())
    return _("、").join(str(names[day]) for day in days if day in names)


def _squad_now() -> Prefetch[Any]:
    rows = SquadMember.objects.filter(valid_to=None).select_related("person")
    return Prefetch("squad", rows.order_by("-leads", "id"), to_attr="now")


def in_force(today: date) -> Q:
    """Make a condition: not given up yet."""
    return Q(valid_to=None) | Q(valid_to__gte=today)


def contact_points(
    by: Actor, *, place: Place | None = None, mine: bool = False, after: str = ""
) -> Listing[ContactPoint]:
    """List contact points in directory order of their places, the own ones only, or of a place."""
    rows = policy.visible_points(by).filter(in_force(clock.today()))
    if place is not None:
        rows = rows.filter(place__path__startswith=place.path)
    if mine:
        own = SquadMember.objects.filter(person=by.person_id, valid_to=None)
        rows = rows.filter(pk__in=own.values("contact_point"))
    rows = rows.select_related("body", "place").prefetch_related(_squad_now())
    return page_by_key(rows, ("place__path", "id"), after, size=NEWEST * 2)


@dataclass(frozen=True)
class PointPage:
    """What a contact point's page shows."""

    point: ContactPoint
    squad: list[SquadMember]  # today's, the leader first
    before: list[SquadMember]  # who was there before
    days: str
    visits: Listing[Visit]  # those the reader may open
    visits_count: Count  # all of them, whoever may open them
    unseen: Count  # those the reader may not open
    matters: list[Matter]
    may_edit: bool
    may_visit: bool


def point_page(by: Actor, point: ContactPoint, at: datetime, after: str = "") -> PointPage:
    """Read a contact point: its squad then and now, visits from it, matters they found."""
    rows = point.squad.select_related("person").order_by("-leads", "valid_from", "id")
    members = list(rows)
    own = policy.point_visits(by, point)
    every = Visit.objects.filter(contact_point=point, withdrawn_at=None)
    n, seen = capped_count(every), capped_count(own)
    found = every.filter(found__gt=0).order_by(*KEYS).values_list("public_id", flat=True)[:NEWEST]
    matters = visible_matters(by, at).filter(source_kind="service.visit", source_id__in=list(found))
    return PointPage(
        point=point,
        squad=[row for row in members if row.valid_to is None],
        before=[row for row in members if row.valid_to is not None],
        days=weekdays_text(point.weekdays),
        visits=page_by_key(own.select_related("unit", "place", "host"), KEYS, after, size=NEWEST),
        visits_count=_capped(n),
        unseen=_capped(n - seen),
        matters=list(matters.select_related("category", "lead").order_by("-id")[:NEWEST]),
        may_edit=policy.may_edit_point(by, point) and point.valid_to is None,
        may_visit=any(row.person_id == by.person_id and row.valid_to is None for row in members),
    )


def _capped(n: int) -> Count:
    return Count(n, capped=n >= 1000)


def standing_today(by: Actor, today: date) -> list[ContactPoint]:
    """Give the own contact points whose day it is and from which no visit is recorded yet."""
    gone = Visit.objects.filter(
        contact_point=OuterRef("pk"), day=today, withdrawn_at=None, visitors__person=by.person_id
    )
    rows = ContactPoint.objects.filter(
        ~Exists(gone),
        in_force(today),
        squad__person=by.person_id,
        squad__valid_to=None,
    )
    points = rows.select_related("place").order_by("id")[:20]
    return [point for point in points if stands_today(point.weekdays, today)]


def patrol_areas(by: Actor, *, mine: bool = False, after: str = "") -> Listing[PatrolArea]:
    """List patrol areas with who is responsible and the day of the last round."""
    rows = policy.visible_areas(by).filter(in_force(clock.today()))
    if mine:
        own = AreaKeeper.objects.filter(person=by.person_id, valid_to=None)
        rows = rows.filter(pk__in=own.values("area"))
    last = Patrol.objects.filter(area=OuterRef("pk")).order_by("-day", "-id").values("day")[:1]
    keepers = AreaKeeper.objects.filter(valid_to=None).select_related("person")
    rows = (
        rows.select_related("body")
        .annotate(last_day=Subquery(last))
        .prefetch_related(
            Prefetch("keepers", keepers, to_attr="now"),
            Prefetch("places", Place.objects.order_by("path"), to_attr="covered"),
        )
    )
    return page_by_key(rows, ("name", "id"), after, size=NEWEST * 2)


def unpatrolled(by: Actor, today: date) -> list[PatrolArea]:
    """Give the own areas through which nobody has made a round this month."""
    month = Patrol.objects.filter(area=OuterRef("pk"), day__gte=today.replace(day=1))
    own = AreaKeeper.objects.filter(person=by.person_id, valid_to=None)
    rows = PatrolArea.objects.filter(~Exists(month), in_force(today), pk__in=own.values("area"))
    return list(rows.select_related("body").order_by("name", "id")[:10])


@dataclass(frozen=True)
class AreaPage:
    """What a patrol area's page shows."""

    area: PatrolArea
    places: list[Place]
    keeper: AreaKeeper | None
    before: list[AreaKeeper]
    patrols: Listing[Patrol]
    matters: list[Matter]
    may_edit: bool
    may_patrol: bool


def area_page(by: Actor, area: PatrolArea, at: datetime, after: str = "") -> AreaPage:
    """Read an area: its places, who is and was responsible, the rounds and their matters."""
    keepers = list(area.keepers.select_related("person").order_by("-valid_from", "-id"))
    rounds = area.patrols.select_related("person")
    found = area.patrols.filter(found__gt=0).order_by(*KEYS).values_list("public_id", flat=True)
    matters = visible_matters(by, at).filter(source_kind=PATROL, source_id__in=list(found[:NEWEST]))
    ongoing = area.valid_to is None
    return AreaPage(
        area=area,
        places=list(area.places.order_by("path")),
        keeper=next((row for row in keepers if row.valid_to is None), None),
        before=[row for row in keepers if row.valid_to is not None],
        patrols=page_by_key(rounds, KEYS, after, size=NEWEST),
        matters=list(matters.select_related("category", "place", "lead").order_by("-id")[:NEWEST]),
        may_edit=ongoing and policy.may_edit_area(by, area),
        may_patrol=ongoing and policy.may_patrol(by, area),
    )
