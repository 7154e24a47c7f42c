"""Whose register of matters somebody reads."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.base.tree import NOWHERE, covers, under
from groundwork.matters.policy.matter import HANDLERS, PLACE_READERS
from groundwork.registry.models import Body, Place


def register_bodies(by: Actor) -> QuerySet[Body]:
    """Bodies whose register the actor reads: the own and below, all of the places one reads."""
    own, places = by.bodies(*HANDLERS, *PLACE_READERS), by.places(*PLACE_READERS)
    condition = under("path", own) if own else NOWHERE
    if places:
        condition |= Q(under("place__path", places))
    return Body.objects.filter(condition)


def register_for(by: Actor, public_id: str) -> Body:
    """Fetch a body whose register the actor reads. Raises NotFound."""
    body = Body.objects.filter(public_id=public_id).select_related("place").first()
    if body is None:
        raise NotFound
    at = body.place.path if body.place else None
    if by.system or covers(by.bodies(*HANDLERS, *PLACE_READERS), body.path):
        return body
    if covers(by.places(*PLACE_READERS), at):
        return body
    raise NotFound


def widest_place(by: Actor) -> Place | None:
    """Give the place whose bodies' registers the actor may open, the widest."""
    paths = by.places(*PLACE_READERS)
    return Place.objects.filter(path__in=paths).order_by("path").first() if paths else None


def may_take_lists(by: Actor) -> bool:
    """Tell whether the actor takes lists of matters away as a sheet; communities only read."""
    return bool(by.system) or by.has(*HANDLERS, *PLACE_READERS)
