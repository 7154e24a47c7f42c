"""Write many visits and patrols at once, by the rules for one: the demo city, an import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from groundwork.base import bulk, changes, clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden
from groundwork.base.ids import public_id
from groundwork.registry.models import Place
from groundwork.registry.queries.above import Above
from groundwork.service.actions import areas
from groundwork.service.actions.visits import KIND, dimensions
from groundwork.service.models import Patrol, PatrolArea, Visit, Visitor
from groundwork.service.rules import points
from groundwork.service.rules import visits as rules

CHUNK = 5000
_NAMES = [field.name for field in Visit._meta.concrete_fields]
_COLUMNS = [field.attname for field in Visit._meta.concrete_fields]


class NewVisit(NamedTuple):
    """One visit of the past, by keys; `public_id` may be drawn before, for its matters' source."""

    service: str
    unit_id: int
    place: Place
    day: date
    recorded_at: datetime
    visitor_ids: tuple[int, ...] = ()
    host_id: int | None = None
    contact_point_id: int | None = None
    priority_id: int | None = None
    brought: tuple[str, ...] = ()
    note: str = ""
    found: int = 0
    public_id: str = ""
    studio_id: int | None = None


@transaction.atomic
def record_visits_many(
    rows: Sequence[NewVisit], *, by: Actor, at: datetime | None = None
) -> list[Visit]:
    """Write many visits; one trail row, change rows grouped by what figures count by.

    Only a system's own work: nobody writes other people's visits. The caller raises the matters,
    with `("service.visit", visit.public_id)` as their source.
    """
    at = at or clock.now()
    if not by.system:
        raise Forbidden
    today, above = clock.day_of(at), Above()
    made: list[Visit] = []
    for i in range(0, len(rows), CHUNK):
        part = rows[i : i + CHUNK]
        visits = [_visit(row, above, today) for row in part]
        for key, visit in zip(bulk.keys(Visit, len(visits)), visits, strict=True):
            visit.pk = key
        bulk.insert(Visit, _NAMES, ([getattr(v, name) for name in _COLUMNS] for v in visits))
        bulk.insert(
            Visitor,
            ("visit", "person"),
            ((v.pk, who) for v, row in zip(visits, part, strict=True) for who in row.visitor_ids),
        )
        made += visits
    counted = Counter(tuple(dimensions(visit).items()) for visit in made)
    changes.record_many(
        changes.change(KIND, "*", after=dict(key), n=n, at=at) for key, n in counted.items()
    )
    trail.record(by, "record_many", KIND, str(len(made)), ["*"], at=at)
    return made


def _visit(row: NewVisit, above: Above, today: date) -> Visit:
    if row.day > today:
        raise rules.NotYet
    rules.check_found(row.found)
    rules.check_visitors(len(row.visitor_ids))
    township, district = above.of(row.place)
    return Visit(
        public_id=row.public_id or public_id(),
        service=row.service,
        unit_id=row.unit_id,
        place=row.place,
        township_id=township,
        district_id=district,
        host_id=row.host_id,
        contact_point_id=row.contact_point_id,
        studio_id=row.studio_id,
        priority_id=row.priority_id,
        day=row.day,
        brought=rules.clean_brought(row.brought),
        note=row.note,
        found=row.found,
        recorded_at=row.recorded_at,
    )


class NewPatrol(NamedTuple):
    """One round of the past through an area; `public_id` as in `NewVisit`."""

    area: PatrolArea
    person_id: int
    day: date
    recorded_at: datetime
    note: str = ""
    found: int = 0
    public_id: str = ""


@transaction.atomic
def record_patrols_many(
    rows: Sequence[NewPatrol], *, by: Actor, at: datetime | None = None
) -> list[Patrol]:
    """Write many rounds; one trail row, one change for those that count alike.

    Only a system's own work. The caller raises what was found inside the area, with
    `("service.patrol", patrol.public_id)` as the source.
    """
    at = at or clock.now()
    if not by.system:
        raise Forbidden
    today = clock.day_of(at)
    made = [_patrol(row, today) for row in rows]
    Patrol.objects.bulk_create(made, batch_size=CHUNK)
    counted = Counter(tuple(areas.patrolled(patrol).items()) for patrol in made)
    changes.record_many(
        changes.change(areas.PATROL, "*", after=dict(key), n=n, at=at) for key, n in counted.items()
    )
    trail.record(by, "record_many", areas.PATROL, str(len(made)), ["*"], at=at)
    return made


def _patrol(row: NewPatrol, today: date) -> Patrol:
    if row.day > today:
        raise rules.NotYet
    if row.day < row.area.valid_from:
        raise points.BeforeBegin
    points.check_open(row.area.valid_to, row.day)
    rules.check_found(row.found)
    return Patrol(
        public_id=row.public_id or public_id(),
        area=row.area,
        person_id=row.person_id,
        day=row.day,
        note=row.note,
        found=row.found,
        recorded_at=row.recorded_at,
    )
