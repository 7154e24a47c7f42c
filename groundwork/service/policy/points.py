"""Who may see and keep contact points with their squads, and patrol areas."""

from __future__ import annotations

from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import hold_row, sole
from groundwork.base.tree import EVERYWHERE, NOWHERE, covers, under
from groundwork.registry.models import Body, Person, Place
from groundwork.service.models import ContactPoint, PatrolArea, SquadMember, Visit
from groundwork.service.policy.visits import KEEPERS, OPERATORS, keeps, visible_visits

Verb = Literal["view", "edit"]
AreaVerb = Literal["view", "edit", "patrol"]


def _staff(by: Actor) -> bool:
    return by.person_id is not None or bool(by.system)


def kept_units(by: Actor) -> QuerySet[Body]:
    """Units for which the actor may set up contact points and patrol areas."""
    units = Body.objects.filter(kind__in=(Body.Kind.UNIT, Body.Kind.PARTY), valid_to=None)
    if by.system:
        return units
    return units.filter(
        under("path", by.bodies(*KEEPERS, *OPERATORS)) | under("place__path", by.places(*OPERATORS))
    )


def may_keep(by: Actor) -> bool:
    """Tell whether the actor keeps contact points or areas of any unit at all."""
    return by.has(*KEEPERS, *OPERATORS)


def require_unit(by: Actor, body: Body) -> None:
    """Refuse a body whose points and areas are not the actor's to keep. Raises Forbidden."""
    if not kept_units(by).filter(pk=body.pk).exists():
        raise Forbidden


def speaks_for(by: Actor, place: Place) -> bool:
    """Tell whether the actor speaks for a community: its secretary, or an operator above."""
    return bool(by.system) or covers(by.places(Role.COMMUNITY_SECRETARY, *OPERATORS), place.path)


def require_place(by: Actor, place: Place) -> None:
    """Refuse a place for which the actor does not speak. Raises Forbidden."""
    if not speaks_for(by, place):
        raise Forbidden


def visible_points(by: Actor) -> QuerySet[ContactPoint]:
    """Every one of the staff may know where whose squad stands."""
    return ContactPoint.objects.all() if _staff(by) else ContactPoint.objects.none()


def point_for(
    by: Actor, public_id: str, verb: Verb = "view", *, lock: bool = False
) -> ContactPoint:
    """Fetch a contact point for an act. Raises NotFound, or Forbidden where not allowed."""
    if lock:
        hold_row(ContactPoint, public_id=public_id)
    points = visible_points(by).select_related("body__place", "place")
    point = sole(points.filter(public_id=public_id))
    if point is None:
        raise NotFound
    if verb == "view" or keeps(by, point.body):
        return point
    raise Forbidden


def may_edit_point(by: Actor, point: ContactPoint) -> bool:
    """Tell whether the actor keeps this contact point."""
    return keeps(by, point.body)


def point_visits(by: Actor, point: ContactPoint) -> QuerySet[Visit]:
    """Visits from a contact point that the actor may open; its page counts the others."""
    return visible_visits(by).filter(contact_point=point)


def visible_areas(by: Actor) -> QuerySet[PatrolArea]:
    """Areas one keeps oneself, those of one's own unit, and those one's role reads."""
    if by.system:
        return PatrolArea.objects.all()
    if by.person_id is None:
        return PatrolArea.objects.none()
    own = PatrolArea.objects.filter(keepers__person=by.person_id, keepers__valid_to=None)
    condition = Q(pk__in=own.values("pk")) | under("body__path", by.bodies(*KEEPERS, *OPERATORS))
    condition |= _below_places(by)
    if by.unit:
        condition |= Q(body__path=by.unit)
    return PatrolArea.objects.filter(condition)


def _below_places(by: Actor) -> Q:
    paths = by.places(*OPERATORS)
    if not paths:
        return NOWHERE
    if any(len(path) == Body.steplen for path in paths):
        return EVERYWHERE
    reached = PatrolArea.objects.filter(under("places__path", paths))
    return Q(pk__in=reached.values("pk"))


def area_for(
    by: Actor, public_id: str, verb: AreaVerb = "view", *, lock: bool = False
) -> PatrolArea:
    """Fetch a patrol area for an act. Raises NotFound, or Forbidden where not allowed."""
    if lock:
        hold_row(PatrolArea, public_id=public_id)
    areas = visible_areas(by).select_related("body__place")
    area = sole(areas.filter(public_id=public_id))
    if area is None:
        raise NotFound
    if verb == "view" or (verb == "edit" and keeps(by, area.body)):
        return area
    if verb == "patrol" and may_patrol(by, area):
        return area
    raise Forbidden


def may_edit_area(by: Actor, area: PatrolArea) -> bool:
    """Tell whether the actor keeps this area's settings."""
    return keeps(by, area.body)


def may_patrol(by: Actor, area: PatrolArea) -> bool:
    """The responsible person makes the rounds, or a colleague of the same unit."""
    if by.person_id is None:
        return bool(by.system)
    keeper = area.keepers.filter(person=by.person_id, valid_to=None)
    return by.unit == area.body.path or keeper.exists()


def people_of(body: Body) -> QuerySet[Person]:
    """Give the people who may stand in a body's squad or keep its areas: its own, at work."""
    gone = (Person.Status.LEFT, Person.Status.RETIRED)
    return Person.objects.filter(unit__path__startswith=body.path, merged_into=None).exclude(
        status__in=gone
    )


def require_staff(by: Actor) -> None:
    """Refuse accounts without a person. Raises Forbidden."""
    if not _staff(by):
        raise Forbidden


def member_for(by: Actor, point_id: str, person_id: str) -> SquadMember:
    """Fetch somebody who stands in a squad that the actor keeps. Raises NotFound."""
    rows = SquadMember.objects.filter(contact_point__in=visible_points(by), valid_to=None)
    member = (
        rows.filter(contact_point__public_id=point_id, person__public_id=person_id)
        .select_related("person")
        .first()
    )
    if member is None:
        raise NotFound
    return member
