"""Who keeps a matter back until its hour, and who sees what is kept back meanwhile."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import hold_row
from groundwork.base.tree import covers
from groundwork.matters.models import Door, Matter
from groundwork.matters.policy.matter import (
    BESIDE,
    OPERATORS,
    complains_of_none,
    visible_matters,
)
from groundwork.matters.policy.places import at_places
from groundwork.registry.models import Place

EDITORS = (Role.TV_EDITOR,)  # of what their own programme brought
WITHHOLDERS = (*OPERATORS, *EDITORS)


def may_withhold(by: Actor) -> bool:
    """Tell whether the actor keeps any matter back."""
    return bool(by.system) or bool(by.places(*WITHHOLDERS))


def check_withholds(by: Actor, place: Place) -> None:
    """Let operators and the programme's editors keep back what lies at their places.

    Raises Forbidden.
    """
    if not by.system and not covers(by.places(*WITHHOLDERS), place.path):
        raise Forbidden


def _kept(by: Actor) -> Q:
    """Make a condition: an operator's place, or a television matter of an editor's."""
    filmed = at_places(by.places(*EDITORS)) & Q(door=Door.TELEVISION)
    return at_places(by.places(*OPERATORS)) | filmed


def withheld_matters(by: Actor, at: datetime) -> QuerySet[Matter]:
    """Matters whose hour has not come and that are the actor's to keep back."""
    waiting = Matter.objects.filter(withheld_until__gt=at, erased_at=None)
    if by.system:
        return waiting
    if not may_withhold(by):
        return waiting.none()
    return waiting.filter(_kept(by), complains_of_none(by))


def embargo_for(by: Actor, public_id: str, *, at: datetime, lock: bool = False) -> Matter:
    """Fetch a matter to set, move or lift its hour. Raises NotFound out of scope, Forbidden.

    The one way to what is withheld before its hour: nobody but these finds it.
    """
    if lock:
        hold_row(Matter, public_id=public_id)
    own = Matter.objects.filter(public_id=public_id, erased_at=None)
    if not by.system:
        own = own.filter(_kept(by), complains_of_none(by))
    matter = own.select_related(*BESIDE).first()
    if matter is not None:
        return matter
    if visible_matters(by, at).filter(public_id=public_id).exists():
        raise Forbidden
    raise NotFound
