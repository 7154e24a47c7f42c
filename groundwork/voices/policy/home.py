"""Who may register, confirm, call, take and confirm the time."""

from __future__ import annotations

from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import hold_row, sole
from groundwork.base.tree import EVERYWHERE, NOWHERE, covers, under
from groundwork.registry.models import Person, Place
from groundwork.voices.models import Call, Registration, Taking

CallVerb = Literal["view", "keep"]


def keeps(by: Actor, place: Place) -> bool:
    """Tell whether the actor is the secretary of a community."""
    return bool(by.system) or covers(by.places(Role.COMMUNITY_SECRETARY), place.path)


def keeps_any(by: Actor) -> bool:
    """Tell whether the actor is the secretary of any community."""
    return bool(by.system) or bool(by.places(Role.COMMUNITY_SECRETARY))


def require_keeper(by: Actor) -> None:
    """Refuse whoever keeps no community. Raises Forbidden."""
    if not keeps_any(by):
        raise Forbidden


def at_kept(by: Actor, field: str = "place__path") -> Q:
    """Make a condition: the row lies at a community the actor keeps."""
    return EVERYWHERE if by.system else under(field, by.places(Role.COMMUNITY_SECRETARY))


def kept_communities(by: Actor) -> QuerySet[Place]:
    """Communities the actor keeps, in directory order."""
    rows = Place.objects.filter(at_kept(by, "path"), level=Place.Level.COMMUNITY, valid_to=None)
    return rows.order_by("path")


def check_keeps(by: Actor, place: Place) -> None:
    """Refuse whoever does not keep this community. Raises Forbidden."""
    if not keeps(by, place):
        raise Forbidden


def require_person(by: Actor) -> Person:
    """Give the person who acts for themselves. Raises Forbidden for an account without one."""
    if by.person_id is None:
        raise Forbidden
    return Person.objects.select_related("home_community", "unit").get(pk=by.person_id)


def visible_registrations(by: Actor) -> QuerySet[Registration]:
    """Registrations of oneself, and with the communities the actor keeps."""
    own = Q(person=by.person_id) if by.person_id is not None else NOWHERE
    return Registration.objects.filter(own | at_kept(by))


def registration_for(
    by: Actor, public_id: str, verb: Literal["settle", "withdraw"], *, lock: bool = False
) -> Registration:
    """Fetch a registration to settle or withdraw it. Raises NotFound, or Forbidden."""
    if lock:
        hold_row(Registration, public_id=public_id)
    rows = visible_registrations(by).select_related("person__unit", "place")
    found = sole(rows.filter(public_id=public_id))
    if found is None:
        raise NotFound
    own = found.person_id == by.person_id
    allowed = own if verb == "withdraw" else keeps(by, found.place) and not own
    if not allowed:
        raise Forbidden
    return found


def visible_calls(by: Actor) -> QuerySet[Call]:
    """What communities call for is known to all staff; it names nobody."""
    if by.system or by.person_id is not None or keeps_any(by):
        return Call.objects.all()
    return Call.objects.none()


def call_for(by: Actor, public_id: str, verb: CallVerb = "view", *, lock: bool = False) -> Call:
    """Fetch a call. Raises NotFound out of scope, Forbidden where it is another community's."""
    if lock:
        hold_row(Call, public_id=public_id)
    found = sole(visible_calls(by).select_related("place").filter(public_id=public_id))
    if found is None:
        raise NotFound
    if verb == "keep":
        check_keeps(by, found.place)
    return found


def own_takings(by: Actor) -> QuerySet[Taking]:
    """What the actor took; nobody else opens this list."""
    if by.person_id is None:
        return Taking.objects.none()
    return Taking.objects.filter(person=by.person_id)


def taking_for(by: Actor, public_id: str, verb: Literal["settle", "give_back"]) -> Taking:
    """Fetch what somebody took, held until it is settled. Raises NotFound, or Forbidden."""
    hold_row(Taking, public_id=public_id)
    own = Q(person=by.person_id) if by.person_id is not None else NOWHERE
    rows = Taking.objects.filter(own | at_kept(by, "call__place__path"))
    found = sole(rows.select_related("call__place", "person").filter(public_id=public_id))
    if found is None:
        raise NotFound
    mine = found.person_id == by.person_id
    if not (mine if verb == "give_back" else keeps(by, found.call.place)):
        raise Forbidden
    return found
