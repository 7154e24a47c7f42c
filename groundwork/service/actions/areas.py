"""Lay out patrol areas, say who keeps them, record rounds through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from groundwork.base import changes, clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden
from groundwork.base.tree import covers
from groundwork.matters.actions.raising import Receipt, Teller, Telling, raise_matter
from groundwork.matters.models import Door
from groundwork.registry.models import Body, Person, Place
from groundwork.service.actions.visits import Problem, key_of, receipts_again
from groundwork.service.models import AreaKeeper, Patrol, PatrolArea
from groundwork.service.policy import points as policy
from groundwork.service.policy.visits import own_held, require_recorder
from groundwork.service.rules import points as rules
from groundwork.service.rules import visits

KIND = "service.area"
PATROL = "service.patrol"


@transaction.atomic
def open_area(
    *,
    name: str,
    body: Body,
    places: Sequence[Place],
    keeper: Person | None = None,
    by: Actor,
    at: datetime | None = None,
) -> PatrolArea:
    """Lay out a patrol area over cells or communities, also of several communities."""
    at = at or clock.now()
    policy.require_unit(by, body)
    area = PatrolArea.objects.create(name=name, body=body, valid_from=clock.day_of(at))
    area.places.set(places)
    if keeper is not None:
        _keep(area, keeper, clock.day_of(at))
    trail.record(by, "open", KIND, area.public_id, at=at)
    return area


@transaction.atomic
def edit_area(
    area_id: str,
    *,
    name: str,
    places: Sequence[Place],
    keeper: Person | None,
    by: Actor,
    at: datetime | None = None,
) -> PatrolArea:
    """Change an area's name and places and who is responsible, from today on."""
    at = at or clock.now()
    area = policy.area_for(by, area_id, "edit", lock=True)
    today = clock.day_of(at)
    rules.check_open(area.valid_to, today)
    area.name = name
    area.save(update_fields=["name"])
    area.places.set(places)
    _keep(area, keeper, today)
    trail.record(by, "edit", KIND, area.public_id, ["name", "places", "keeper"], at=at)
    return area


def _keep(area: PatrolArea, keeper: Person | None, today: date) -> None:
    now = area.keepers.filter(valid_to=None).first()
    if now is not None and keeper is not None and now.person_id == keeper.pk:
        return
    if keeper is not None and not policy.people_of(area.body).filter(pk=keeper.pk).exists():
        raise rules.NotOfTheUnit(name=keeper.name, body=str(area.body))
    area.keepers.filter(valid_to=None).update(valid_to=today)
    if keeper is not None:
        AreaKeeper.objects.create(area=area, person=keeper, valid_from=today)


@transaction.atomic
def close_area(area_id: str, *, by: Actor, at: datetime | None = None) -> PatrolArea:
    """Give up a patrol area today; its rounds stay."""
    at = at or clock.now()
    area = policy.area_for(by, area_id, "edit", lock=True)
    today = clock.day_of(at)
    rules.check_open(area.valid_to, today)
    area.valid_to = today
    area.save(update_fields=["valid_to"])
    area.keepers.filter(valid_to=None).update(valid_to=today)
    trail.record(by, "close", KIND, area.public_id, ["valid_to"], at=at)
    return area


@dataclass(frozen=True)
class PatrolPlan:
    """One round through an area: the day, what was found where. No track, no hours."""

    day: date
    problems: tuple[Problem, ...] = ()
    note: str = ""
    client_key: str = ""


@dataclass(frozen=True)
class Patrolled:
    """A round written down, with the receipts of its matters."""

    patrol: Patrol
    receipts: list[Receipt]
    fresh: bool


def record_patrol(
    area_id: str, plan: PatrolPlan, *, by: Actor, at: datetime | None = None
) -> Patrolled:
    """Write down a round of the actor's through an area and raise what was found.

    A `client_key` known already gives the first round again, also where both arrive at once.
    """
    at = at or clock.now()
    person = require_recorder(by)
    if same := _same(plan, person, by):
        return same
    try:
        with transaction.atomic():
            return _patrol(area_id, plan, person, by, at)
    except IntegrityError:
        if same := _same(plan, person, by):
            return same
        raise


def _same(plan: PatrolPlan, person: Person, by: Actor) -> Patrolled | None:
    if not plan.client_key:
        return None
    patrol = Patrol.objects.filter(client_key=plan.client_key).select_related("area").first()
    if patrol is None:
        return None
    if patrol.person_id != person.pk:
        raise Forbidden
    receipts = receipts_again(Door.PATROL, PATROL, patrol.public_id, plan.client_key, by)
    return Patrolled(patrol, receipts, fresh=False)


def _patrol(area_id: str, plan: PatrolPlan, person: Person, by: Actor, at: datetime) -> Patrolled:
    area = policy.area_for(by, area_id, "patrol")
    today = clock.day_of(at)
    rules.check_open(area.valid_to, today)
    visits.check_day(plan.day, today)
    visits.check_found(len(plan.problems))
    patrol = Patrol.objects.create(
        client_key=plan.client_key or None,
        area=area,
        person=person,
        day=plan.day,
        note=plan.note,
        found=len(plan.problems),
        recorded_at=at,
    )
    first = area.places.order_by("path").first()
    _check_inside(area, plan.problems)
    receipts = [
        raise_matter(
            Telling(
                words=problem.words,
                category=problem.category,
                place=problem.place or first or _nowhere(area),
                door=Door.PATROL,
                urgency=problem.urgency,
                source=(PATROL, patrol.public_id),
                client_key=key_of(Door.PATROL, plan.client_key, number),
            ),
            Teller(name=person.name, person=person, account_id=by.account_id),
            by=by,
            at=at,
        )
        for number, problem in enumerate(plan.problems)
    ]
    own_held(by).filter(client_key=plan.client_key).delete()
    changes.record(PATROL, patrol.public_id, after=patrolled(patrol), at=at)
    trail.record(by, "record", PATROL, patrol.public_id, at=at)
    return Patrolled(patrol, receipts, fresh=True)


def patrolled(patrol: Patrol) -> dict[str, str | int | None]:
    """Give what the figures count a round by: ids and days, never a person."""
    return {"area": patrol.area_id, "day": patrol.day.isoformat(), "found": patrol.found}


def _check_inside(area: PatrolArea, problems: Sequence[Problem]) -> None:
    """Refuse what was seen elsewhere: a cell or community of the area, or below it."""
    paths = list(area.places.values_list("path", flat=True))
    for problem in problems:
        if problem.place is not None and not covers(paths, problem.place.path):
            raise visits.OutsideArea(place=str(problem.place))


def _nowhere(area: PatrolArea) -> Place:
    if area.body.place is None:
        raise visits.NoPlace(name=area.name)
    return area.body.place
