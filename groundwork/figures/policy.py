"""Who may read figures, and of what: the city's and its places' are everybody's.

A unit's are for those who work there or are answerable for it. Who writes documents from them, who
checks and who reads these.
"""

from __future__ import annotations

from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import hold_row, sole
from groundwork.base.tree import EVERYWHERE, covers, under
from groundwork.figures.models import Briefing
from groundwork.figures.rules.catalogue import CATALOGUE, FIGURES, Figure
from groundwork.registry.models import Body, Place

LEVELS = (Place.Level.CITY, Place.Level.DISTRICT, Place.Level.TOWNSHIP)


def visible_places() -> list[Place]:
    """Give the places whose figures may be read, in the order of their codes; none smaller than a
    township, whose numbers would say more of persons than of the place.
    """
    upper = (Place.Level.CITY, Place.Level.DISTRICT)
    return list(Place.objects.filter(level__in=upper, valid_to=None).order_by("code"))


def place_for(name: str) -> Place:
    """Fetch a place for its figures by public id or official code, the city for "".

    Raises NotFound.
    """
    places = Place.objects.filter(level__in=LEVELS)
    named = Q(public_id=name) | Q(code=name)
    place = (places.filter(named) if name else places.order_by("path")).first()
    if place is None:
        raise NotFound
    return place


def own_place(by: Actor) -> Place | None:
    """Give the district that an operator of one district works for; None for everybody else."""
    if by.system or by.places(Role.CITY_OPERATOR, Role.AUDITOR):
        return None
    mine = Place.objects.filter(under("path", by.places(Role.DISTRICT_OPERATOR)), valid_to=None)
    found = list(mine.filter(level=Place.Level.DISTRICT)[:2])
    return found[0] if len(found) == 1 else None


def districts_of(place: Place) -> list[Place]:
    """Give the districts of a city in the order of their codes; none of another place."""
    if place.level != Place.Level.CITY:
        return []
    return list(Place.objects.get_children(place).filter(valid_to=None).order_by("code"))


def tiles_of(place: Place) -> list[Place]:
    """Give the districts of a city, or the townships of a district, in the order of their codes."""
    if place.level not in (Place.Level.CITY, Place.Level.DISTRICT):
        return []
    return list(Place.objects.get_children(place).filter(valid_to=None).order_by("code"))


def figures_of(place: Place) -> tuple[Figure, ...]:
    """Give the figures that a place has: what belongs to no district only the city's."""
    city = place.level == Place.Level.CITY
    return tuple(figure for figure in CATALOGUE if city or not figure.city_only)


def figure_for(key: str, place: Place, body: Body | None = None) -> Figure:
    """Fetch a declared figure of a place, or of a body. Raises NotFound, also where it has none."""
    has = figures_of_bodies() if body else figures_of(place)
    if key not in FIGURES or FIGURES[key] not in has:
        raise NotFound
    return FIGURES[key]


# ---- units ----------------------------------------------------------------------------------
# Offices and branches are too few people: their numbers would say more of these than of the office.
BODY_KINDS = (Body.Kind.UNIT, Body.Kind.PARTY)
HELD = tuple(role for role in Role if role != Role.ENTERPRISE)  # at a unit, of those who work there
OVERSEERS = (Role.CITY_OPERATOR, Role.DISTRICT_OPERATOR, Role.DISPATCHER, Role.AUDITOR)


def figures_of_bodies() -> tuple[Figure, ...]:
    """Give the figures that a unit has: not what is the city's alone, nor who watched."""
    return tuple(figure for figure in CATALOGUE if not (figure.city_only or figure.no_body))


def visible_bodies(by: Actor) -> QuerySet[Body]:
    """Units whose figures the actor reads: the own, those a role is held at, those of the places
    that the actor watches over; each with what is below it.
    """
    return Body.objects.filter(bodies_read(by), kind__in=BODY_KINDS, outside=False)


def bodies_read(by: Actor, prefix: str = "") -> Q:
    """Make a condition on bodies, or on records with theirs at `prefix`: those the actor reads."""
    if by.system:
        return EVERYWHERE
    own = [by.unit] if by.unit else []
    return under(f"{prefix}path", [*own, *by.bodies(*HELD)]) | under(
        f"{prefix}place__path", by.places(*OVERSEERS)
    )


def reads_bodies(by: Actor) -> bool:
    """Tell whether the actor reads the figures of any unit at all."""
    return bool(by.system or by.unit or by.bodies(*HELD) or by.places(*OVERSEERS))


def body_for(by: Actor, public_id: str) -> Body:
    """Fetch a unit for its figures. Raises NotFound out of scope."""
    body = sole(visible_bodies(by).select_related("place").filter(public_id=public_id))
    if body is None:
        raise NotFound
    return body


# ---- documents ------------------------------------------------------------------------------
WRITERS = (Role.CITY_OPERATOR, Role.DISTRICT_OPERATOR)
CHECKERS = (*WRITERS, Role.AUDITOR)
BriefingVerb = Literal["view", "write", "check"]


def writes(by: Actor) -> bool:
    """Tell whether the actor writes documents of any place."""
    return bool(by.system) or bool(by.places(*WRITERS))


def works_on_briefings(by: Actor) -> bool:
    """Tell whether the actor writes or checks documents of any place."""
    return bool(by.system) or bool(by.places(*CHECKERS))


def written_places(by: Actor) -> list[Place]:
    """Give the places of whose figures the actor writes, in the order of their codes."""
    mine = EVERYWHERE if by.system else under("path", by.places(*WRITERS))
    places = Place.objects.filter(mine, level__in=LEVELS, valid_to=None)
    return list(places.order_by("code"))


def require_writer(by: Actor, place: Place | None = None) -> None:
    """Refuse whoever writes no documents, or none of a place. Raises Forbidden."""
    if not writes(by):
        raise Forbidden
    if place is not None and not by.system and not covers(by.places(*WRITERS), place.path):
        raise Forbidden


def visible_briefings(by: Actor) -> QuerySet[Briefing]:
    """Published ones: the public ones for everybody, the others for staff; of the places where
    the actor writes or checks all of them.
    """
    if by.system:
        return Briefing.objects.all()
    shown = Q(published_at__isnull=False)
    if by.person_id is None:
        shown &= Q(public=True)
    return Briefing.objects.filter(shown | under("place__path", by.places(*CHECKERS)))


def briefing_for(
    by: Actor, public_id: str, verb: BriefingVerb = "view", *, lock: bool = False
) -> Briefing:
    """Fetch a document for an act. Raises NotFound out of scope, Forbidden where not allowed."""
    if lock:
        hold_row(Briefing, public_id=public_id)
    rows = visible_briefings(by).select_related("place", "corrects", "correction")
    found = sole(rows.filter(public_id=public_id))
    if found is None:
        raise NotFound
    if not may(by, found, verb):
        raise Forbidden
    return found


def may(by: Actor, briefing: Briefing, verb: BriefingVerb) -> bool:
    """Tell whether the actor may do something with a document that is visible to them."""
    if verb == "view" or by.system:
        return True
    roles = WRITERS if verb == "write" else CHECKERS
    return covers(by.places(*roles), briefing.place.path)
