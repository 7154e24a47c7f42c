"""Keep squads, of contact points and of named studios, and what the directory means for them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.registry.models import Body, Person
from groundwork.service.models import AreaKeeper, ContactPoint, Patrol, SquadMember, Visitor
from groundwork.service.policy import points as policy
from groundwork.service.policy.studios import home_of
from groundwork.service.rules import points as rules


@dataclass(frozen=True)
class Team:
    """Whose squad it is: a contact point's or a studio's; `home` is the unit whose people may."""

    home: Body
    point: ContactPoint | None = None
    studio: Body | None = None

    def rows(self) -> QuerySet[SquadMember]:
        """Give everybody who is or was in it."""
        return SquadMember.objects.filter(contact_point=self.point, studio=self.studio)

    def open(self) -> QuerySet[SquadMember]:
        """Give who is in it now."""
        return self.rows().filter(valid_to=None)


def team_of_point(point: ContactPoint) -> Team:
    """Name a contact point's squad."""
    return Team(point.body, point=point)


def team_of_studio(studio: Body) -> Team:
    """Name a studio's squad."""
    return Team(home_of(studio), studio=studio)


def _team_of(row: SquadMember) -> Team:
    if row.contact_point is not None:
        return team_of_point(row.contact_point)
    assert row.studio is not None  # the table's own condition
    return team_of_studio(row.studio)


def join_team(team: Team, person: Person, leads: bool, at: datetime) -> SquadMember:
    """Take one of the unit's people in; a new leader ends the one before, who stays.

    Raises NotOfTheUnit, AlreadyIn.
    """
    if not policy.people_of(team.home).filter(pk=person.pk).exists():
        raise rules.NotOfTheUnit(name=person.name, body=str(team.home))
    today = clock.day_of(at)
    there = team.open().filter(person=person).select_related("person").first()
    if there is not None and there.leads == leads:
        raise rules.AlreadyIn(name=person.name)
    if leads:
        for row in team.open().select_related("person").filter(leads=True):
            _turn(row, False, today)
    return _begin(team, person, leads, today) if there is None else _turn(there, leads, today)


def _begin(team: Team, person: Person, leads: bool, today: date) -> SquadMember:
    return SquadMember.objects.create(
        contact_point=team.point, studio=team.studio, person=person, leads=leads, valid_from=today
    )


def _turn(row: SquadMember, leads: bool, today: date) -> SquadMember:
    """Let a member lead, or no longer: the old row ends, a new one begins."""
    if row.valid_from == today:
        row.leads = leads
        row.save(update_fields=["leads"])
        return row
    row.valid_to = today
    row.save(update_fields=["valid_to"])
    return SquadMember.objects.create(
        contact_point_id=row.contact_point_id,
        studio_id=row.studio_id,
        person=row.person,
        leads=leads,
        valid_from=today,
    )


@transaction.atomic
def end_duties(person: Person, *, by: Actor, at: datetime) -> int:
    """End a person's squads and areas: retired, gone, or moved to another unit."""
    today = clock.day_of(at)
    squads = SquadMember.objects.filter(person=person, valid_to=None)
    areas = AreaKeeper.objects.filter(person=person, valid_to=None)
    ended = squads.update(valid_to=today) + areas.update(valid_to=today)
    if ended:
        trail.record(by, "end_duties", "registry.person", person.public_id, at=at)
    return ended


@transaction.atomic
def end_duties_of_the_moved(
    people: Collection[Person] | None = None, *, by: Actor, at: datetime | None = None
) -> int:
    """End squads and areas of people who work elsewhere by now: of these, or of everybody."""
    at = at or clock.now()
    today, ended = clock.day_of(at), 0
    whose = Q(valid_to=None) & (Q() if people is None else Q(person__in=people))
    here = Q(person__unit__path__startswith=F("contact_point__body__path"))
    rows = SquadMember.objects.filter(whose).select_related("person__unit", "studio")
    away = list(rows.filter(~here, studio=None))
    away += [row for row in rows.exclude(studio=None) if not _at_home(row, today)]  # a few
    for row in away:
        ended += SquadMember.objects.filter(pk=row.pk).update(valid_to=today)
        trail.record(by, "end_duties", "registry.person", row.person.public_id, at=at)
    here = Q(person__unit__path__startswith=F("area__body__path"))
    for kept in AreaKeeper.objects.filter(whose, ~here).select_related("person"):
        ended += AreaKeeper.objects.filter(pk=kept.pk).update(valid_to=today)
        trail.record(by, "end_duties", "registry.person", kept.person.public_id, at=at)
    return ended


def _at_home(row: SquadMember, today: date) -> bool:
    """Tell whether a studio stands and whoever is in it still works in its unit."""
    assert row.studio is not None
    if row.studio.valid_to is not None and row.studio.valid_to < today:
        return False
    return row.person.unit.path.startswith(home_of(row.studio).path)


@transaction.atomic
def hand_duties_over(person: Person, successor: Person, *, by: Actor, at: datetime) -> None:
    """Let a successor take over squads and areas of one's unit; the rest ends."""
    today = clock.day_of(at)
    squads = SquadMember.objects.filter(person=person, valid_to=None)
    for row in squads.select_related("contact_point__body", "studio"):
        team = _team_of(row)
        SquadMember.objects.filter(pk=row.pk).update(valid_to=today)
        fit = policy.people_of(team.home).filter(pk=successor.pk).exists()
        there = team.open().filter(person=successor)
        if fit and not there.update(leads=row.leads or there.filter(leads=True).exists()):
            _begin(team, successor, row.leads, today)
    for kept in AreaKeeper.objects.filter(person=person, valid_to=None).select_related(
        "area__body"
    ):
        AreaKeeper.objects.filter(pk=kept.pk).update(valid_to=today)
        if policy.people_of(kept.area.body).filter(pk=successor.pk).exists():
            AreaKeeper.objects.create(area=kept.area, person=successor, valid_from=today)
    trail.record(by, "hand_duties_over", "registry.person", person.public_id, at=at)


@transaction.atomic
def move_duties(duplicate: Person, into: Person, *, by: Actor, at: datetime) -> None:
    """Give what a duplicate entry had to the entry that stays: visits, patrols, squads, areas."""
    both = Visitor.objects.filter(person=into).values("visit")
    Visitor.objects.filter(person=duplicate, visit__in=both).delete()
    Visitor.objects.filter(person=duplicate).update(person=into)
    Patrol.objects.filter(person=duplicate).update(person=into)
    today = clock.day_of(at)
    squads = SquadMember.objects.filter(person=duplicate)
    for whose in ("contact_point", "studio"):
        there = SquadMember.objects.filter(person=into, valid_to=None).exclude(**{whose: None})
        twice = {f"{whose}__in": list(there.values_list(whose, flat=True))}
        squads.filter(valid_to=None, **twice).update(valid_to=today)
    squads.update(person=into)
    AreaKeeper.objects.filter(person=duplicate).update(person=into)
    trail.record(by, "move_duties", "registry.person", into.public_id, at=at)
