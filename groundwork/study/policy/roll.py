"""Who may see and keep rolls, leave, registers and coverage."""

from __future__ import annotations

from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.access.models import Grant
from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import sole
from groundwork.base.tree import NOWHERE, covers, under
from groundwork.registry.models import Body, Person, Place
from groundwork.study.models import Evening, Leave, RollEntry, RollSheet, Room
from groundwork.study.policy.evening import visible_evenings

TICKERS = (Role.UNIT_SECRETARY, Role.BRANCH_SECRETARY, Role.CLERK)
SECRETARIES = (Role.UNIT_SECRETARY, Role.BRANCH_SECRETARY)
OPERATORS = (Role.CITY_OPERATOR, Role.DISTRICT_OPERATOR)
WATCHERS = (*OPERATORS, Role.AUDITOR)

SheetVerb = Literal["view", "tick", "close", "correct", "export"]
LeaveVerb = Literal["view", "decide", "withdraw"]
RoomVerb = Literal["view", "show"]


def bodies_read(by: Actor, prefix: str = "") -> Q:
    """Make a condition: rolls of the body at `prefix` are the actor's to read.

    Everything below the own grant, and the unit above a branch or office the actor keeps.
    """
    if by.system:
        return Q()
    condition = under(f"{prefix}path", by.bodies(*TICKERS, *WATCHERS)) | under(
        f"{prefix}place__path", by.places(*WATCHERS)
    )
    unit = _own_unit(by, *TICKERS)
    return condition | Q(**{f"{prefix}path": unit}) if unit else condition


def _own_unit(by: Actor, *roles: Role) -> str | None:
    """Name the own unit's path where one of the roles is held at it or at a part of it."""
    unit = by.unit
    return unit if unit and any(path.startswith(unit) for path in by.bodies(*roles)) else None


def visible_sheets(by: Actor) -> QuerySet[RollSheet]:
    """Sheets of the units in the actor's part of the tree; a branch sees its unit's."""
    return RollSheet.objects.filter(bodies_read(by, "body__"))


def people_read(by: Actor) -> Q:
    """Make a condition on people: those whose rolls the actor may read by name, and oneself."""
    if by.system:
        return Q()
    mine = by.bodies(*TICKERS, *WATCHERS)
    condition = under("unit__place__path", by.places(*WATCHERS))
    for home in ("unit__path", "office__path", "branch__path"):
        condition |= under(home, mine)
    if by.person_id is not None:
        condition |= Q(pk=by.person_id)
    return condition


def visible_entries(by: Actor) -> QuerySet[RollEntry]:
    """Entries of people whose rolls the actor may read, and the own ones."""
    return RollEntry.objects.filter(person__in=Person.objects.filter(people_read(by)))


def own_entries(by: Actor) -> QuerySet[RollEntry]:
    """The actor's own learning record; nobody else's, whatever the role."""
    return RollEntry.objects.filter(person=by.person_id, person__isnull=False)


def ticks_everybody(by: Actor, sheet: RollSheet) -> bool:
    """Tell whether the actor keeps the whole sheet, not only a branch or an office of it."""
    return bool(by.system) or covers(by.bodies(*TICKERS), sheet.body.path)


def _keeps(by: Actor, sheet: RollSheet, *roles: Role) -> bool:
    path = sheet.body.path
    return covers(by.bodies(*roles), path) or path == _own_unit(by, *roles)


def sheet_allows(by: Actor, sheet: RollSheet, verb: SheetVerb) -> bool:
    """Tell whether the actor may do `verb` with a sheet that is visible."""
    if verb == "view" or by.system:
        return True
    if verb == "tick":
        return _keeps(by, sheet, *TICKERS)
    if verb == "correct":
        return _keeps(by, sheet, *SECRETARIES)
    if verb == "export":
        return ticks_everybody(by, sheet) or by.has(*WATCHERS)
    own_evening = covers(by.bodies(Role.BRANCH_SECRETARY), sheet.evening.host.path)
    return covers(by.bodies(Role.UNIT_SECRETARY), sheet.body.path) or (
        own_evening and _keeps(by, sheet, Role.BRANCH_SECRETARY)
    )


def sheet_for(
    by: Actor, public_id: str, verb: SheetVerb = "view", *, lock: bool = False
) -> RollSheet:
    """Fetch a sheet for an act. Raises NotFound out of scope, Forbidden where not allowed."""
    sheets = visible_sheets(by).select_related("evening__host", "evening__topic", "body__place")
    if lock:
        sheets = sheets.select_for_update(of=("self",))
    sheet = sole(sheets.filter(public_id=public_id))
    if sheet is None:
        raise NotFound
    if sheet_allows(by, sheet, verb):
        return sheet
    raise Forbidden


def people_seen(by: Actor, sheet: RollSheet) -> Q:
    """Make a condition: the people of a sheet whom the actor may read.

    Who watches over units reads whole sheets, as the numbers that open onto them count them.
    """
    place = sheet.body.place
    watched = covers(by.bodies(*WATCHERS), sheet.body.path) or covers(
        by.places(*WATCHERS), place.path if place else None
    )
    return Q() if watched else people_kept(by, sheet)


def people_kept(by: Actor, sheet: RollSheet) -> Q:
    """Make a condition: the people of a sheet whom the actor may tick."""
    if ticks_everybody(by, sheet):
        return Q()
    mine = by.bodies(*TICKERS)
    return under("branch__path", mine) | under("office__path", mine)


def tickable_units(by: Actor) -> QuerySet[Body]:
    """The units whose sheets the actor ticks."""
    own = _own_unit(by, *TICKERS)
    return Body.objects.filter(
        under("path", by.bodies(*TICKERS)) | (Q(path=own) if own else NOWHERE),
        kind__in=(Body.Kind.UNIT, Body.Kind.PARTY),
    )


def visible_rooms(by: Actor) -> QuerySet[Room]:
    """Rooms of evenings that the actor may see."""
    return Room.objects.filter(evening__in=visible_evenings(by))


def room_for(by: Actor, public_id: str, verb: RoomVerb = "view") -> Room:
    """Fetch a room; its screen is shown by who keeps its body's rolls or the host's evenings."""
    room = (
        visible_rooms(by)
        .select_related("evening__host__place", "body__place")
        .filter(public_id=public_id)
        .first()
    )
    if room is None:
        raise NotFound
    if verb == "view" or shows_screen(by, room):
        return room
    raise Forbidden


def shows_screen(by: Actor, room: Room) -> bool:
    """Tell whether the actor may put a room's code onto a screen."""
    paths = by.bodies(*TICKERS, *OPERATORS)
    places = by.places(*OPERATORS)
    return bool(by.system) or any(
        covers(paths, body.path)
        or body.path == _own_unit(by, *TICKERS)
        or covers(places, body.place.path if body.place else None)
        for body in (room.body, room.evening.host)
    )


def visible_leaves(by: Actor) -> QuerySet[Leave]:
    """The own leave, and that of the people one keeps the rolls of."""
    if by.is_anonymous:
        return Leave.objects.none()
    return Leave.objects.filter(_leave_scope(by) | _own(by))


def _own(by: Actor) -> Q:
    return Q(person=by.person_id) if by.person_id is not None else NOWHERE


def _leave_scope(by: Actor) -> Q:
    if by.system:
        return Q()
    units, branches = by.bodies(Role.UNIT_SECRETARY), by.bodies(Role.BRANCH_SECRETARY)
    return (
        under("person__unit__path", (*units, *branches))
        | under("person__office__path", branches)
        | under("person__branch__path", branches)
        | _secretaries_leave(by)
    )


def _secretaries_leave(by: Actor) -> Q:
    """Make a condition: leave of a unit's secretary, for the operators who stand above the unit.

    In a unit without a branch secretary nobody else could decide it.
    """
    bodies, places = by.bodies(*OPERATORS), by.places(*OPERATORS)
    if not (bodies or places):
        return NOWHERE
    secretaries = Grant.objects.filter(role=Role.UNIT_SECRETARY).values("account__person")
    scope = under("person__unit__path", bodies) | under("person__unit__place__path", places)
    return Q(person__in=secretaries) & scope


def decidable_leaves(by: Actor) -> QuerySet[Leave]:
    """Leave that the unit's or the branch's secretary decides; nobody decides the own."""
    return Leave.objects.filter(_leave_scope(by)).exclude(_own(by))


def leave_for(by: Actor, public_id: str, verb: LeaveVerb, *, lock: bool = False) -> Leave:
    """Fetch a leave for an act. Raises NotFound out of scope, Forbidden where not allowed."""
    leaves = visible_leaves(by).select_related("evening", "person__unit")
    if lock:
        leaves = leaves.select_for_update(of=("self",))
    leave = sole(leaves.filter(public_id=public_id))
    if leave is None:
        raise NotFound
    if verb == "decide" and not decidable_leaves(by).filter(pk=leave.pk).exists():
        raise Forbidden
    if verb == "withdraw" and leave.person_id != by.person_id:
        raise Forbidden
    return leave


def may_remind(by: Actor) -> bool:
    """Tell whether the actor reminds units with an open roll: city and district."""
    return bool(by.system) or by.has(*OPERATORS)


def visible_registers(by: Actor) -> QuerySet[Body]:
    """Bodies whose register of evenings the actor may read."""
    return Body.objects.filter(bodies_read(by))


def register_for(by: Actor, public_id: str) -> Body:
    """Fetch a body whose register the actor may read. Raises NotFound."""
    body = sole(visible_registers(by).select_related("place").filter(public_id=public_id))
    if body is None:
        raise NotFound
    return body


def coverage_places(by: Actor) -> QuerySet[Place]:
    """Places whose coverage the actor reads: the city's and districts' keepers and auditors."""
    top = Place.objects.filter(level__in=(Place.Level.CITY, Place.Level.DISTRICT))
    if by.system:
        return top
    bodies = Body.objects.filter(path__in=by.bodies(*WATCHERS)).values("place__path")
    held = Place.objects.filter(path__in=bodies) | Place.objects.filter(
        path__in=by.places(*WATCHERS)
    )
    paths = tuple(held.values_list("path", flat=True))
    return top.filter(under("path", paths))


def place_for(by: Actor, public_id: str) -> Place:
    """Fetch a place whose coverage the actor reads. Raises NotFound."""
    place = sole(coverage_places(by).filter(public_id=public_id))
    if place is None:
        raise NotFound
    return place


def rolled_evening_for(by: Actor, public_id: str) -> Evening:
    """Fetch a published evening on whose roll somebody may come. Raises NotFound."""
    evening = (
        visible_evenings(by)
        .exclude(state=Evening.State.DRAFT)
        .select_related("host", "topic")
        .filter(public_id=public_id)
        .first()
    )
    if evening is None:
        raise NotFound
    return evening
