"""Who may open, join and look at a community's drives."""

from __future__ import annotations

from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import hold_row, sole
from groundwork.base.tree import NOWHERE, chain
from groundwork.registry.models import Place
from groundwork.voices.models import Drive, SpotVisit
from groundwork.voices.policy.home import at_kept, keeps

Verb = Literal["view", "say", "keep"]


def visible_drives(by: Actor) -> QuerySet[Drive]:
    """Drives of the communities the actor keeps and of the one the actor lives in."""
    home = Q(place__path__in=chain(by.home_community)) if by.home_community else NOWHERE
    return Drive.objects.filter(at_kept(by) | home)


def lives_in(by: Actor, place: Place) -> bool:
    """Tell whether the actor lives in a place."""
    return bool(by.person_id and by.home_community and by.home_community.startswith(place.path))


def drive_for(by: Actor, public_id: str, verb: Verb = "view", *, lock: bool = False) -> Drive:
    """Fetch a drive for an act. Raises NotFound out of scope, Forbidden where not allowed."""
    if lock:
        hold_row(Drive, public_id=public_id)
    found = sole(visible_drives(by).select_related("place").filter(public_id=public_id))
    if found is None:
        raise NotFound
    if verb == "view" or (verb == "keep" and keeps(by, found.place)):
        return found
    if verb == "say" and lives_in(by, found.place):
        return found
    raise Forbidden


def spots_of(by: Actor, drive: Drive) -> QuerySet[SpotVisit]:
    """What the community saw; read by the community alone."""
    return (
        SpotVisit.objects.filter(drive=drive)
        if keeps(by, drive.place)
        else (SpotVisit.objects.none())
    )
