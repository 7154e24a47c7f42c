"""Set up contact points, keep their squads, hand over, give up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from groundwork.access.actions.notices import notify
from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_
from groundwork.base.rows import hold_row
from groundwork.matters.queries.keepers import handlers_of, leaders_at
from groundwork.registry.models import Body, Person, Place
from groundwork.service.models import AreaKeeper, ContactPoint, Patrol, SquadMember, Visitor
from groundwork.service.policy import points as policy
from groundwork.service.rules import points as rules

KIND = "service.point"
JOINED = N_("您在%(point)s的队伍里，社区会找您商量驻点的事。不合适请告诉单位内勤。")

ASKED = N_("%(place)s想请%(unit)s设一个联系点，人和日子都已填好，请看。")


@dataclass(frozen=True)
class Source:
    """What a contact point grew out of, by kind and public id."""

    kind: str = ""
    id: str = ""


NO_SOURCE = Source()


@transaction.atomic
def open_point(
    *,
    name: str,
    body: Body,
    place: Place,
    weekdays: Sequence[int | str] = (),
    leader: Person | None = None,
    squad: Collection[Person] = (),
    source: Source = NO_SOURCE,
    by: Actor,
    at: datetime | None = None,
) -> ContactPoint:
    """Set up a unit's contact point at a place, with its first leader and squad.

    Of one source a unit has one point in force at a place. Raises AlreadyThere.
    """
    at = at or clock.now()
    policy.require_unit(by, body)
    hold_row(Body, public_id=body.public_id)  # two who press at once make one
    if source.id and points_of(source, body, place).exists():
        raise rules.AlreadyThere
    point = ContactPoint.objects.create(
        name=name,
        body=body,
        place=place,
        weekdays=rules.clean_weekdays(weekdays),
        valid_from=clock.day_of(at),
        source_kind=source.kind,
        source_id=source.id,
    )
    if leader is not None:
        _join(point, leader, True, at)
    for person in dict.fromkeys(squad):
        if person != leader:
            _join(point, person, False, at)
    trail.record(by, "open", KIND, point.public_id, at=at)
    if squad:
        _tell_squad(point, by, at)
    return point


@transaction.atomic
def ask_for_point(
    body: Body, place: Place, source: Source, url: str, *, by: Actor, at: datetime | None = None
) -> int:
    """Let a community ask a unit to stay as its contact point; give how many heard of it now.

    Asked again it reaches who was not asked yet. Raises Forbidden but for who keeps the place.
    """
    at = at or clock.now()
    policy.require_place(by, place)
    heads = leaders_at(body.path, at) or handlers_of(body, at)
    if not heads:
        raise rules.NobodyToAsk(body=str(body))
    told = notify(
        heads,
        kind="service.point_asked",
        key=f"service.point_asked:{source.kind}:{source.id}:{body.public_id}:{place.public_id}",
        text=ASKED,
        params={"place": place.name, "unit": str(body)},
        url=url,
        by=by,
        at=at,
    )
    trail.record(by, "ask", KIND, body.public_id, ["place"], at=at)
    return told


def points_of(source: Source, body: Body, place: Place) -> QuerySet[ContactPoint]:
    """Give the points in force that grew out of something, of a unit at a place."""
    return ContactPoint.objects.filter(
        source_kind=source.kind, source_id=source.id, body=body, place=place, valid_to=None
    )


def _tell_squad(point: ContactPoint, by: Actor, at: datetime) -> None:
    members = point.squad.filter(valid_to=None).select_related("person")
    notify(
        [row.person for row in members],
        kind="service.joined",
        key=f"service.joined:{point.public_id}",
        text=JOINED,
        params={"point": point.name},
        url=reverse("service:point", args=[point.public_id]),
        by=by,
        at=at,
    )


@transaction.atomic
def edit_point(
    point_id: str,
    *,
    name: str,
    weekdays: Sequence[int | str],
    by: Actor,
    at: datetime | None = None,
) -> ContactPoint:
    """Change a contact point's name and days; place and unit stay, they are its history."""
    at = at or clock.now()
    point = policy.point_for(by, point_id, "edit", lock=True)
    rules.check_open(point.valid_to, clock.day_of(at))
    point.name, point.weekdays = name, rules.clean_weekdays(weekdays)
    point.save(update_fields=["name", "weekdays"])
    trail.record(by, "edit", KIND, point.public_id, ["name", "weekdays"], at=at)
    return point


@transaction.atomic
def join_squad(
    point_id: str, person: Person, *, leads: bool = False, by: Actor, at: datetime | None = None
) -> SquadMember:
    """Take somebody of the unit into the squad; a new leader ends the one before."""
    at = at or clock.now()
    point = policy.point_for(by, point_id, "edit", lock=True)
    rules.check_open(point.valid_to, clock.day_of(at))
    row = _join(point, person, leads, at)
    trail.record(by, "join", KIND, point.public_id, ["leads" if leads else "squad"], at=at)
    return row


def _join(point: ContactPoint, person: Person, leads: bool, at: datetime) -> SquadMember:
    if not policy.people_of(point.body).filter(pk=person.pk).exists():
        raise rules.NotOfTheUnit(name=person.name, body=str(point.body))
    today = clock.day_of(at)
    if leads:  # the one before stays in the squad, no longer as its leader
        for row in point.squad.select_related("person").filter(valid_to=None, leads=True):
            _turn(row, False, today)
    there = point.squad.filter(person=person, valid_to=None).select_related("contact_point").first()
    if there is None:
        return SquadMember.objects.create(
            contact_point=point, person=person, leads=leads, valid_from=today
        )
    if there.leads == leads:
        raise rules.AlreadyIn(name=person.name)
    return _turn(there, leads, today)


def _turn(row: SquadMember, leads: bool, today: date) -> SquadMember:
    """Let a member lead, or no longer: the old row ends, a new one begins."""
    if row.valid_from == today:
        row.leads = leads
        row.save(update_fields=["leads"])
        return row
    row.valid_to = today
    row.save(update_fields=["valid_to"])
    return SquadMember.objects.create(
        contact_point=row.contact_point, person=row.person, leads=leads, valid_from=today
    )


@transaction.atomic
def leave_squad(
    point_id: str, person: Person, *, by: Actor, at: datetime | None = None
) -> ContactPoint:
    """End somebody's time in the squad; the row with its days stays."""
    at = at or clock.now()
    point = policy.point_for(by, point_id, "edit", lock=True)
    point.squad.filter(person=person, valid_to=None).update(valid_to=clock.day_of(at))
    trail.record(by, "leave", KIND, point.public_id, ["squad"], at=at)
    return point


@transaction.atomic
def close_point(point_id: str, *, by: Actor, at: datetime | None = None) -> ContactPoint:
    """Give up a contact point today; its squad ends with it, its visits stay."""
    at = at or clock.now()
    point = policy.point_for(by, point_id, "edit", lock=True)
    today = clock.day_of(at)
    rules.check_open(point.valid_to, today)
    point.valid_to = max(today, point.valid_from)
    point.save(update_fields=["valid_to"])
    point.squad.filter(valid_to=None).update(valid_to=today)
    trail.record(by, "close", KIND, point.public_id, ["valid_to"], at=at)
    return point


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
    for row in SquadMember.objects.filter(whose, ~here).select_related("person"):
        ended += SquadMember.objects.filter(pk=row.pk).update(valid_to=today)
        trail.record(by, "end_duties", "registry.person", row.person.public_id, at=at)
    here = Q(person__unit__path__startswith=F("area__body__path"))
    for kept in AreaKeeper.objects.filter(whose, ~here).select_related("person"):
        ended += AreaKeeper.objects.filter(pk=kept.pk).update(valid_to=today)
        trail.record(by, "end_duties", "registry.person", kept.person.public_id, at=at)
    return ended


@transaction.atomic
def hand_duties_over(person: Person, successor: Person, *, by: Actor, at: datetime) -> None:
    """Let a successor take over squads and areas of one's unit; the rest ends."""
    today = clock.day_of(at)
    squads = SquadMember.objects.filter(person=person, valid_to=None)
    for row in squads.select_related("contact_point__body"):
        body = row.contact_point.body
        SquadMember.objects.filter(pk=row.pk).update(valid_to=today)
        fit = policy.people_of(body).filter(pk=successor.pk).exists()
        there = row.contact_point.squad.filter(person=successor, valid_to=None)
        if fit and not there.update(leads=row.leads or there.filter(leads=True).exists()):
            SquadMember.objects.create(
                contact_point=row.contact_point,
                person=successor,
                leads=row.leads,
                valid_from=today,
            )
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
    twice = Visitor.objects.filter(person=into).values("visit")
    Visitor.objects.filter(person=duplicate, visit__in=twice).delete()
    Visitor.objects.filter(person=duplicate).update(person=into)
    Patrol.objects.filter(person=duplicate).update(person=into)
    today = clock.day_of(at)
    there = SquadMember.objects.filter(person=into, valid_to=None).values("contact_point")
    squads = SquadMember.objects.filter(person=duplicate)
    squads.filter(valid_to=None, contact_point__in=there).update(valid_to=today)
    squads.update(person=into)
    AreaKeeper.objects.filter(person=duplicate).update(person=into)
    trail.record(by, "move_duties", "registry.person", into.public_id, at=at)
