"""Whose a matter is: by the secret of the link, or by the account or enterprise that raised it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import NotFound
from groundwork.base.ids import LENGTH
from groundwork.base.tree import NOWHERE, under
from groundwork.matters.models import Kind, Matter, Raiser
from groundwork.matters.policy.matter import raiser_by_secret
from groundwork.registry.models import Body


def own_raisers(by: Actor) -> QuerySet[Raiser]:
    """What the actor raised or joined, signed in, or for the enterprise acted for.

    Two indexes, one list each: an `OR` over both would read every raiser of the city.
    """
    mine = Raiser.objects.filter(erased_at=None)
    paths = by.bodies(Role.ENTERPRISE)
    if paths:
        return mine.filter(body__in=Body.objects.filter(under("path", paths) if paths else NOWHERE))
    return mine.filter(account_id=by.account_id) if by.account_id is not None else mine.none()


def raiser_for(by: Actor, key: str) -> Raiser:
    """Fetch the own raising: `key` is the link's secret, or the matter's public id for an account.

    Raises NotFound. The link is all it takes: whoever was given it may act with it.
    """
    if len(key) != LENGTH:
        return raiser_by_secret(key)
    own = own_raisers(by).filter(matter__public_id=key)
    raiser = own.select_related("matter__place", "matter__category", "matter__lead").first()
    if raiser is None:
        raise NotFound
    return raiser


def on_board(matter: Matter, at: datetime) -> bool:
    """Tell of one matter at hand what `public_matters` tells of all: whether the board shows it."""
    embargo = matter.withheld_until is not None and matter.withheld_until > at
    hidden = matter.kind == Kind.COMPLAINT or matter.erased_at is not None
    return bool(matter.public_text) and not hidden and not embargo
