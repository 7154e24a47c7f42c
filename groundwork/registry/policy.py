"""Who may see or do what with places, bodies and people."""

from __future__ import annotations

from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.tree import NOWHERE, covers, under
from groundwork.registry.models import Body, ImportBatch, Person, Place

# Roles that keep the directory of their part of the tree.
KEEPERS = (Role.CITY_OPERATOR, Role.DISTRICT_OPERATOR, Role.UNIT_SECRETARY, Role.CLERK)
# Roles that may look people up in their part of the tree.
READERS = (*KEEPERS, Role.BRANCH_SECRETARY, Role.AUDITOR)

PersonVerb = Literal["view", "edit", "move", "merge", "reveal_phone"]
BodyVerb = Literal["view", "edit", "add_person", "import", "register"]


def visible_people(by: Actor) -> QuerySet[Person]:
    """People in the reader's part of the tree, residents of the own community, and oneself."""
    people = Person.objects.filter(merged_into=None)
    if by.system:
        return people
    condition = (
        under("unit__path", by.bodies(*READERS))
        | under("unit__place__path", by.places(*READERS))
        | under("home_community__path", by.places(Role.COMMUNITY_SECRETARY))
    )
    if by.person_id is not None:
        condition |= Q(pk=by.person_id)
    return people.filter(condition)


def _keeps(by: Actor, unit: Body) -> bool:
    place = unit.place.path if unit.place else None
    return (
        bool(by.system)
        or covers(by.bodies(*KEEPERS), unit.path)
        or covers(by.places(*KEEPERS), place)
    )


def person_for(by: Actor, public_id: str, verb: PersonVerb, *, lock: bool = False) -> Person:
    """Fetch a person for an act. Raises NotFound out of scope, Forbidden where not allowed."""
    people = visible_people(by).select_related("unit__place", "home_community")
    if lock:
        people = people.select_for_update(of=("self",))
    person = people.filter(public_id=public_id).first()
    if person is None:
        raise NotFound
    if verb == "view" or _keeps(by, person.unit):
        return person
    raise Forbidden


def visible_bodies(by: Actor) -> QuerySet[Body]:
    """The directory of bodies is open to everybody who is signed in."""
    return Body.objects.none() if by.is_anonymous else Body.objects.all()


def body_for(by: Actor, public_id: str, verb: BodyVerb) -> Body:
    """Fetch a body for an act. Raises NotFound, or Forbidden where not allowed."""
    body = visible_bodies(by).select_related("place").filter(public_id=public_id).first()
    if body is None:
        raise NotFound
    if verb == "view" or _keeps(by, body):
        return body
    raise Forbidden


def visible_places(by: Actor) -> QuerySet[Place]:
    """The official directory of places is public."""
    return Place.objects.all()


def kept_bodies(by: Actor) -> QuerySet[Body]:
    """Bodies whose directory the actor keeps."""
    if by.system:
        return Body.objects.all()
    return Body.objects.filter(
        under("path", by.bodies(*KEEPERS)) | under("place__path", by.places(*KEEPERS))
    )


def visible_imports(by: Actor) -> QuerySet[ImportBatch]:
    """Imports are seen by who made them and by the keepers of the body they were made for."""
    if by.system:
        return ImportBatch.objects.all()
    own = Q(account_id=by.account_id) if by.account_id is not None else NOWHERE
    return ImportBatch.objects.filter(
        own
        | under("body__path", by.bodies(*KEEPERS))
        | under("body__place__path", by.places(*KEEPERS))
    )
