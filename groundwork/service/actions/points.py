"""Set up contact points, keep their squads, hand over, give up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from groundwork.access.actions.notices import notify
from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_
from groundwork.base.rows import hold_row
from groundwork.matters.queries.keepers import handlers_of, leaders_at
from groundwork.registry.models import Body, Person, Place
from groundwork.service.actions.squads import join_team, team_of_point
from groundwork.service.models import ContactPoint, SquadMember
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
        join_team(team_of_point(point), leader, True, at)
    for person in dict.fromkeys(squad):
        if person != leader:
            join_team(team_of_point(point), person, False, at)
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
    row = join_team(team_of_point(point), person, leads, at)
    trail.record(by, "join", KIND, point.public_id, ["leads" if leads else "squad"], at=at)
    return row


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
