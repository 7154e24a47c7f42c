"""Who may see or do what with places, bodies and people."""

from __future__ import annotations

from typing import Literal, cast

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import sole
from groundwork.base.tree import NOWHERE, covers, under
from groundwork.registry.models import Body, ImportBatch, Person, Place, Priority

# Roles that keep the directory of their part of the tree.
KEEPERS = (Role.CITY_OPERATOR, Role.DISTRICT_OPERATOR, Role.UNIT_SECRETARY, Role.CLERK)
# Roles that may look people up in their part of the tree.
READERS = (*KEEPERS, Role.BRANCH_SECRETARY, Role.AUDITOR)

# Roles that keep the official directory of places and the city's central tasks.
PLACE_KEEPERS: tuple[Role, ...] = (Role.CITY_OPERATOR, Role.DISTRICT_OPERATOR)

PersonVerb = Literal["view", "edit", "move", "merge", "hand_over", "reveal_phone"]
BodyVerb = Literal["view", "edit", "add_person", "import", "register"]
PlaceVerb = Literal["view", "edit", "add_grid"]
PriorityVerb = Literal["view", "edit"]
ImportVerb = Literal["view", "choose", "confirm", "undo"]
ImportKind = Literal["people", "bodies", "places"]


def visible_people(by: Actor) -> QuerySet[Person]:
    """People in the reader's part of the tree, residents of the own community, and oneself."""
    people = Person.objects.filter(merged_into=None)
    if by.system:
        return people
    condition = (
        under("unit__path", by.bodies(*READERS))
        | under("branch__path", by.bodies(Role.BRANCH_SECRETARY))
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
    person = sole(people.filter(public_id=public_id))
    if person is None:
        raise NotFound
    own = verb == "reveal_phone" and person.pk == by.person_id
    if verb == "view" or own or _keeps(by, person.unit):
        return person
    raise Forbidden


def check_receives(by: Actor, place: Place) -> None:
    """Only a community's secretary says that somebody lives there. Raises Forbidden."""
    if not by.system and not covers(by.places(Role.COMMUNITY_SECRETARY), place.path):
        raise Forbidden


def may_look_up_people(by: Actor) -> bool:
    """Tell whether a list of people is for the actor at all, beyond the own entry."""
    return by.has(*READERS, Role.COMMUNITY_SECRETARY)


def may_add_people(by: Actor) -> bool:
    """Tell whether the actor keeps the directory of any unit at all."""
    return by.has(*KEEPERS)


def may_keep_unit(by: Actor, unit: Body) -> bool:
    """Tell whether the actor keeps the directory of this unit."""
    return _keeps(by, unit)


def may_settle(by: Actor, before: Place | None, after: Place) -> bool:
    """Tell whether the actor may say where a body sits; a change hands it to other operators.

    Whoever keeps both places may; nobody needs leave to let it stay.
    """
    places = by.places(*PLACE_KEEPERS)
    stays = before is not None and before.pk == after.pk
    left = before is None or covers(places, before.path)
    return bool(by.system) or stays or (left and covers(places, after.path))


def may_add_top(by: Actor) -> bool:
    """Only the city's own office adds a new top to the tree of bodies."""
    return by.has(Role.CITY_OPERATOR)


def check_keeps_units(by: Actor, unit_ids: set[int]) -> None:
    """Refuse a bulk act on units of which one is not the actor's to keep. Raises Forbidden."""
    if not by.system and kept_bodies(by).filter(pk__in=unit_ids).count() != len(unit_ids):
        raise Forbidden


def visible_bodies(by: Actor) -> QuerySet[Body]:
    """The directory of bodies is open to everybody who is signed in."""
    return Body.objects.none() if by.is_anonymous else Body.objects.all()


def body_for(by: Actor, public_id: str, verb: BodyVerb) -> Body:
    """Fetch a body for an act. Raises NotFound, or Forbidden where not allowed."""
    body = sole(visible_bodies(by).select_related("place").filter(public_id=public_id))
    if body is None:
        raise NotFound
    if verb == "view" or _keeps(by, body):
        return body
    raise Forbidden


def visible_places(by: Actor) -> QuerySet[Place]:
    """The official directory of places is public."""
    return Place.objects.all()


def place_for(by: Actor, public_id: str, verb: PlaceVerb) -> Place:
    """Fetch a place for an act. Raises NotFound, or Forbidden where not allowed."""
    place = sole(visible_places(by).filter(public_id=public_id))
    if place is None:
        raise NotFound
    if verb == "view" or may_keep_place(by, place, verb):
        return place
    raise Forbidden


def may_keep_place(by: Actor, place: Place, verb: PlaceVerb) -> bool:
    """Aliases are the offices' to keep; grid cells the community secretary's too."""
    keepers = PLACE_KEEPERS
    if verb == "add_grid":
        keepers = (*PLACE_KEEPERS, Role.COMMUNITY_SECRETARY)
    return bool(by.system) or covers(by.places(*keepers), place.path)


def visible_priorities(by: Actor) -> QuerySet[Priority]:
    """The city's central tasks are known to everybody who is signed in."""
    return Priority.objects.none() if by.is_anonymous else Priority.objects.all()


def may_keep_priorities(by: Actor) -> bool:
    """Only the city's own office says what the central tasks are."""
    return by.has(Role.CITY_OPERATOR)


def priority_for(by: Actor, public_id: str, verb: PriorityVerb) -> Priority:
    """Fetch a central task for an act. Raises NotFound, or Forbidden where not allowed."""
    priority = sole(visible_priorities(by).filter(public_id=public_id))
    if priority is None:
        raise NotFound
    if verb == "view" or may_keep_priorities(by):
        return priority
    raise Forbidden


def kept_bodies(by: Actor) -> QuerySet[Body]:
    """Bodies whose directory the actor keeps."""
    if by.system:
        return Body.objects.all()
    return Body.objects.filter(
        under("path", by.bodies(*KEEPERS)) | under("place__path", by.places(*KEEPERS))
    )


def may_import(by: Actor, kind: ImportKind) -> bool:
    """People and bodies are imported by who keeps them, places by the city's office."""
    return by.has(Role.CITY_OPERATOR) if kind == "places" else by.has(*KEEPERS)


def check_may_import(by: Actor, kind: ImportKind) -> None:
    """Refuse an import of this kind. Raises Forbidden."""
    if not may_import(by, kind):
        raise Forbidden


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


def import_for(by: Actor, public_id: str, verb: ImportVerb, *, lock: bool = False) -> ImportBatch:
    """Fetch an import for an act. Raises NotFound, or Forbidden where not allowed.

    Whoever made it may have changed roles since: writing still needs the role.
    """
    batches = visible_imports(by).select_related("attachment", "body")
    if lock:
        batches = batches.select_for_update(of=("self",))
    batch = batches.filter(public_id=public_id, kind__in=("people", "bodies", "places")).first()
    if batch is None:
        raise NotFound
    if verb != "view":
        check_may_import(by, cast(ImportKind, batch.kind))
    return batch
