"""Who may see, record and withdraw visits."""

from __future__ import annotations

from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import hold_row, sole
from groundwork.base.tree import NOWHERE, covers, under
from groundwork.matters.policy.places import at_places
from groundwork.registry.models import Body, Person
from groundwork.service.models import HeldVisit, Visit

OPERATORS = (Role.CITY_OPERATOR, Role.DISTRICT_OPERATOR)
KEEPERS = (Role.UNIT_SECRETARY, Role.CLERK)  # of the unit that goes out
READERS = (*OPERATORS, *KEEPERS, Role.BRANCH_SECRETARY, Role.HANDLER, Role.AUDITOR)
PLACE_READERS = (*OPERATORS, Role.DISPATCHER, Role.COMMUNITY_SECRETARY, Role.AUDITOR)

Side = Literal["mine", "unit", "place", "received"]
SIDES: tuple[Side, ...] = ("mine", "unit", "place", "received")
VisitVerb = Literal["view", "withdraw", "add"]


def sides(by: Actor) -> list[Side]:
    """List from which sides the actor sees visits: each side is one list with one index."""
    own: dict[Side, bool] = {
        "mine": by.person_id is not None,
        "unit": bool(by.system) or bool(by.bodies(*READERS)),
        "place": bool(by.system) or bool(by.places(*PLACE_READERS)),
        "received": bool(by.bodies(Role.ENTERPRISE)),
    }
    return [side for side in SIDES if own[side]]


def visits_seen(by: Actor, side: Side) -> QuerySet[Visit]:
    """Give the visits of one side: paid by oneself, by one's units, at one's places, received."""
    visits = Visit.objects.filter(withdrawn_at=None)
    if by.system:
        return visits
    return visits.filter(_condition(by, side))


def _condition(by: Actor, side: Side) -> Q:
    if side == "place":
        return at_places(by.places(*PLACE_READERS))
    if side == "mine":
        if by.person_id is None:
            return NOWHERE
        return Q(pk__in=Visit.objects.filter(visitors__person=by.person_id).values("pk"))
    paths = by.bodies(*READERS) if side == "unit" else by.bodies(Role.ENTERPRISE)
    if not paths:
        return NOWHERE
    # As a list of keys: the planner then goes by the index of that body, newest first.
    keys = list(Body.objects.filter(under("path", paths)).values_list("pk", flat=True))
    field = "unit" if side == "unit" else "host"
    return Q(**{field: keys[0]}) if len(keys) == 1 else Q(**{f"{field}__in": keys})


def own_studios(by: Actor) -> QuerySet[Body]:
    """Give the studios that the actor is in today."""
    if by.person_id is None:
        return Body.objects.none()
    return Body.objects.filter(
        kind=Body.Kind.SERVICE_STUDIO,
        valid_to=None,
        studio_squad__person=by.person_id,
        studio_squad__valid_to=None,
    )


def require_in_studio(by: Actor, studio: Body | None) -> None:
    """Refuse a visit in the name of a studio that the actor is not in. Raises Forbidden."""
    if studio is not None and not own_studios(by).filter(pk=studio.pk).exists():
        raise Forbidden


def visible_visits(by: Actor) -> QuerySet[Visit]:
    """Visits of the units, places and studios the actor reads, the own ones, those received."""
    visits = Visit.objects.filter(withdrawn_at=None)
    if by.system:
        return visits
    condition = NOWHERE
    if by.person_id is not None:
        condition |= Q(studio__in=own_studios(by).values("pk"))
    for side in sides(by):
        condition |= _condition(by, side)
    return visits.filter(condition)


def visit_for(by: Actor, public_id: str, verb: VisitVerb = "view", *, lock: bool = False) -> Visit:
    """Fetch a visit for an act. Raises NotFound out of scope, Forbidden where not allowed."""
    if lock:
        hold_row(Visit, public_id=public_id)
    visits = visible_visits(by).select_related(
        "unit", "place", "host", "contact_point", "studio", "priority"
    )
    visit = sole(visits.filter(public_id=public_id))
    if visit is None:
        raise NotFound
    if verb == "view" or may_change(by, visit):
        return visit
    raise Forbidden


def keeps(by: Actor, body: Body) -> bool:
    """Tell whether the actor keeps what a body runs: its keepers, or an operator above.

    The body's place is loaded by the caller.
    """
    place = body.place.path if body.place else None
    return (
        bool(by.system)
        or covers(by.bodies(*KEEPERS, *OPERATORS), body.path)
        or covers(by.places(*OPERATORS), place)
    )


def may_change(by: Actor, visit: Visit) -> bool:
    """Whoever went, and the keepers of the unit, may withdraw a visit or add a problem."""
    if by.system or covers(by.bodies(*KEEPERS), visit.unit.path):
        return True
    return by.person_id is not None and visit.visitors.filter(person=by.person_id).exists()


def may_record(by: Actor) -> bool:
    """Everybody of the staff may pay a visit."""
    return by.person_id is not None


def require_recorder(by: Actor) -> Person:
    """Give the person who records. Raises Forbidden for an account without one."""
    if by.person_id is None:
        raise Forbidden
    return Person.objects.select_related("unit").get(pk=by.person_id)


def own_held(by: Actor) -> QuerySet[HeldVisit]:
    """Visits and patrols that the actor's phone sent and that wait to be mended."""
    if by.account_id is None:
        return HeldVisit.objects.none()
    own = HeldVisit.objects.filter(account_id=by.account_id)
    return own.select_related("area").order_by("-id")


def held_for(by: Actor, public_id: str) -> HeldVisit:
    """Fetch a held visit of the actor's own. Raises NotFound."""
    held = sole(own_held(by).filter(public_id=public_id))
    if held is None:
        raise NotFound
    return held


def may_export(by: Actor) -> bool:
    """Whoever reads any side may take its list along."""
    return bool(sides(by))


def reads_note(by: Actor, visit: Visit) -> bool:
    """The note is the staff's; the enterprise visited reads what was brought and found."""
    return by.person_id is not None or bool(by.system)
