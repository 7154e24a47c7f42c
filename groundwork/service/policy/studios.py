"""Who may see and keep a named studio (党员工作室): a body with a squad of its own."""

from __future__ import annotations

from typing import Literal

from django.db.models import QuerySet

from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import hold_row, sole
from groundwork.base.tree import chain
from groundwork.registry.models import Body
from groundwork.registry.rules.bodies import UNIT_KINDS
from groundwork.service.models import SquadMember, Visit
from groundwork.service.policy.visits import keeps, visible_visits
from groundwork.service.policy.visits import own_studios as own_studios

Verb = Literal["view", "edit"]


def visible_studios(by: Actor) -> QuerySet[Body]:
    """Every one of the staff may know the studios and who is in them."""
    studios = Body.objects.filter(kind=Body.Kind.SERVICE_STUDIO)
    return studios if by.person_id is not None or by.system else studios.none()


def studio_for(by: Actor, public_id: str, verb: Verb = "view", *, lock: bool = False) -> Body:
    """Fetch a studio for an act. Raises NotFound, or Forbidden where not allowed."""
    if lock:
        hold_row(Body, public_id=public_id)
    studio = sole(visible_studios(by).select_related("place").filter(public_id=public_id))
    if studio is None:
        raise NotFound
    if verb == "view" or _keeps(by, studio):
        return studio
    raise Forbidden


def _keeps(by: Actor, studio: Body) -> bool:
    """Ask of the studio's own place, then of its unit's: a small one often stands nowhere."""
    return keeps(by, studio) or keeps(by, home_of(studio))


def may_edit_studio(by: Actor, studio: Body) -> bool:
    """Tell whether the actor says who is in a studio that still stands."""
    return studio.valid_to is None and _keeps(by, studio)


def home_of(studio: Body) -> Body:
    """Give the unit that a studio belongs to: the nearest above it whose people they are."""
    units = Body.objects.filter(path__in=chain(studio.path), kind__in=UNIT_KINDS)
    return units.select_related("place").order_by("-depth").first() or studio


def studio_visits(by: Actor, studio: Body) -> QuerySet[Visit]:
    """Visits in a studio's name that the actor may open; its members may open all."""
    return visible_visits(by).filter(studio=studio)


def in_studio(by: Actor, studio: Body) -> bool:
    """Tell whether the actor is one of a studio that still stands."""
    return own_studios(by).filter(pk=studio.pk).exists()


def studio_member_for(by: Actor, studio: Body, person_id: str) -> SquadMember:
    """Fetch somebody who is in a studio now. Raises NotFound."""
    rows = SquadMember.objects.filter(studio=studio, valid_to=None, person__public_id=person_id)
    member = rows.select_related("person").first()
    if member is None:
        raise NotFound
    return member
