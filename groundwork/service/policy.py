"""Who may see and record visits, contact points, patrols and rounds."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.tree import NOWHERE, under
from groundwork.registry.models import Body, Place
from groundwork.service.models import Visit

OPERATORS = (Role.CITY_OPERATOR, Role.DISTRICT_OPERATOR)
KEEPERS = (Role.UNIT_SECRETARY, Role.CLERK)  # of the unit that goes out
READERS = (*OPERATORS, *KEEPERS, Role.BRANCH_SECRETARY, Role.HANDLER, Role.AUDITOR)
PLACE_READERS = (*OPERATORS, Role.DISPATCHER, Role.COMMUNITY_SECRETARY, Role.AUDITOR)
EVERYWHERE = ~NOWHERE  # an empty Q() would vanish beside an `|`


def visible_visits(by: Actor) -> QuerySet[Visit]:
    """Visits of the units and at the places the actor reads, the own ones, and those received."""
    visits = Visit.objects.filter(withdrawn_at=None)
    if by.system:
        return visits
    condition = _places(by)
    if paths := by.bodies(*READERS):
        condition |= Q(unit__in=Body.objects.filter(under("path", paths)))
    if hosts := by.bodies(Role.ENTERPRISE):
        condition |= Q(host__in=Body.objects.filter(under("path", hosts)))
    if by.person_id is not None:
        condition |= Q(pk__in=Visit.objects.filter(visitors__person=by.person_id).values("pk"))
    return visits.filter(condition)


def _places(by: Actor) -> Q:
    paths = by.places(*PLACE_READERS)
    condition = NOWHERE
    for place in Place.objects.filter(path__in=paths) if paths else ():
        if place.level == Place.Level.CITY:
            return EVERYWHERE
        if place.level == Place.Level.DISTRICT:
            condition |= Q(district=place)
        elif place.level == Place.Level.TOWNSHIP:
            condition |= Q(township=place)
        else:
            condition |= Q(place__in=Place.objects.filter(path__startswith=place.path))
    return condition
