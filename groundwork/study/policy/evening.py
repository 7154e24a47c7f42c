"""Who may see and plan evenings, programmes, tours and the library."""

from __future__ import annotations

from typing import Literal, TypeVar

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import sole
from groundwork.base.tree import covers, under
from groundwork.registry.models import Body
from groundwork.study.models import Evening, Material, Programme, Series

# The city plans anywhere, a district in its own part, these for their own body and below.
OWN_PLANNERS = (Role.UNIT_SECRETARY, Role.BRANCH_SECRETARY, Role.CLERK)
PLANNERS = (Role.CITY_OPERATOR, Role.DISTRICT_OPERATOR, *OWN_PLANNERS)

EveningVerb = Literal["view", "edit", "publish", "move", "cancel", "hold", "close", "copy", "quiz"]
Verb = Literal["view", "edit"]
Hosted = TypeVar("Hosted", Programme, Series, Material)


def plans_anywhere(by: Actor) -> bool:
    """Tell whether the actor plans for every body."""
    return bool(by.system) or by.has(Role.CITY_OPERATOR)


def is_planner(by: Actor) -> bool:
    """Tell whether the actor plans for any body at all."""
    return bool(by.system) or by.has(*PLANNERS)


def _scope(by: Actor, prefix: str) -> Q:
    """Make a condition: the body at `prefix` ("host__" or "") is one the actor plans for."""
    if plans_anywhere(by):
        return Q()
    return under(f"{prefix}path", by.bodies(Role.DISTRICT_OPERATOR, *OWN_PLANNERS)) | under(
        f"{prefix}place__path", by.places(Role.DISTRICT_OPERATOR)
    )


def plannable_bodies(by: Actor) -> QuerySet[Body]:
    """Bodies for which the actor plans: as host or as audience."""
    if not is_planner(by):
        return Body.objects.none()
    return Body.objects.filter(_scope(by, ""))


def plans_for(by: Actor, body: Body) -> bool:
    """Tell whether the actor plans for a body (its `place` loaded by the caller)."""
    if plans_anywhere(by):
        return True
    place = body.place.path if body.place else None
    return covers(by.bodies(Role.DISTRICT_OPERATOR, *OWN_PLANNERS), body.path) or covers(
        by.places(Role.DISTRICT_OPERATOR), place
    )


def _hosted(by: Actor) -> Q:
    """Make a condition: the row's host is a body the actor plans for."""
    return _scope(by, "host__") if is_planner(by) else Q(pk__in=())


def visible_evenings(by: Actor) -> QuerySet[Evening]:
    """Everybody signed in sees what was ever published; drafts are seen by their planners."""
    if by.is_anonymous:
        return Evening.objects.none()
    if plans_anywhere(by):
        return Evening.objects.all()
    return Evening.objects.filter(Q(published_at__isnull=False) | _hosted(by))


def planned_evenings(by: Actor) -> QuerySet[Evening]:
    """Evenings that the actor plans."""
    return Evening.objects.filter(_hosted(by))


def evening_for(
    by: Actor, public_id: str, verb: EveningVerb = "view", *, lock: bool = False
) -> Evening:
    """Fetch an evening for an act. Raises NotFound out of scope, Forbidden where not allowed.

    Copying is open to every planner: the copy is hosted by the planner's own body.
    """
    evenings = visible_evenings(by).select_related(
        "host__place", "topic", "programme", "series", "parent"
    )
    if lock:
        evenings = evenings.select_for_update(of=("self",))
    evening = sole(evenings.filter(public_id=public_id))
    if evening is None:
        raise NotFound
    if verb == "view" or plans_for(by, evening.host) or (verb == "copy" and is_planner(by)):
        return evening
    raise Forbidden


def room_body_for(by: Actor, evening: Evening, public_id: str) -> Body:
    """Fetch the body for which the actor keeps rooms at an evening: its host's or the own one's.

    Raises NotFound for a body that is none of the actor's.
    """
    bodies = Body.objects.select_related("place")
    mine = bodies if plans_for(by, evening.host) else bodies.filter(pk__in=plannable_bodies(by))
    body = sole(mine.filter(public_id=public_id))
    if body is None:
        raise NotFound
    return body


def visible_programmes(by: Actor) -> QuerySet[Programme]:
    """Programmes are announced to everybody signed in."""
    return Programme.objects.none() if by.is_anonymous else Programme.objects.all()


def programme_for(
    by: Actor, public_id: str, verb: Verb = "view", *, lock: bool = False
) -> Programme:
    """Fetch a programme for an act. Raises NotFound, or Forbidden where not allowed."""
    return _hosted_for(by, visible_programmes(by), public_id, verb, lock)


def visible_series(by: Actor) -> QuerySet[Series]:
    """Tours of speakers are announced to everybody signed in."""
    return Series.objects.none() if by.is_anonymous else Series.objects.all()


def series_for(by: Actor, public_id: str, verb: Verb = "view") -> Series:
    """Fetch a tour for an act. Raises NotFound, or Forbidden where not allowed."""
    return _hosted_for(by, visible_series(by), public_id, verb, False)


def visible_material(by: Actor) -> QuerySet[Material]:
    """The library is open to everybody signed in."""
    return Material.objects.none() if by.is_anonymous else Material.objects.all()


def material_for(by: Actor, public_id: str, verb: Verb = "view", *, lock: bool = False) -> Material:
    """Fetch a material for an act. Raises NotFound, or Forbidden where not allowed."""
    return _hosted_for(by, visible_material(by), public_id, verb, lock)


def _hosted_for(
    by: Actor, rows: QuerySet[Hosted], public_id: str, verb: Verb, lock: bool
) -> Hosted:
    rows = rows.select_related("host__place")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = sole(rows.filter(public_id=public_id))
    if row is None:
        raise NotFound
    if verb == "view" or plans_for(by, row.host):
        return row
    raise Forbidden


def require_planner(by: Actor, host: Body) -> None:
    """Refuse a host for which the actor does not plan. Raises Forbidden."""
    if not plans_for(by, host):
        raise Forbidden


def require_topics(by: Actor) -> None:
    """Topics are the city's: one list for all. Raises Forbidden."""
    if not plans_anywhere(by):
        raise Forbidden
