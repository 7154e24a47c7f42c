"""Whose a matter is: by the secret of the link, or by the account or enterprise that raised it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import NotFound
from groundwork.base.ids import LENGTH
from groundwork.base.tree import chain, covers, under
from groundwork.matters.models import Kind, Matter, Raiser
from groundwork.matters.policy.matter import HANDLERS, raiser_by_secret
from groundwork.matters.rules.routing import belongs
from groundwork.registry.models import Body


def own_raisers(by: Actor) -> QuerySet[Raiser]:
    """What the actor raised or joined, signed in, and what the enterprise acted for did.

    Two indexes, each read by itself: an `OR` over both would read every raiser of the city.
    """
    rows = Raiser.objects.filter(erased_at=None)
    if by.account_id is None:
        return rows.none()
    mine = Raiser.objects.filter(account_id=by.account_id)
    paths = by.bodies(Role.ENTERPRISE)
    if not paths:
        return rows.filter(account_id=by.account_id)
    ours = Raiser.objects.filter(body__in=Body.objects.filter(under("path", paths)))
    return rows.filter(pk__in=mine.values("pk").union(ours.values("pk")))


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


def own_leads(by: Actor) -> list[str]:
    """Give the paths of the bodies whose work is the actor's own: the unit and what is above it."""
    return [path for path in chain(by.unit or "") if belongs(by.unit or "", path)]


def own_work(by: Actor, raiser: Raiser, matter: Matter) -> bool:
    """Tell whether the lead's own people speak: the actor signed in, or the raiser by a link.

    They may say that it is not solved; that it is, is for somebody else to say.
    """
    lead = matter.lead
    if lead is None:
        return False
    if lead.path in own_leads(by) or covers(by.bodies(*HANDLERS), lead.path):
        return True
    person = raiser.person
    return person is not None and belongs(person.unit.path, lead.path)


def on_board(matter: Matter, at: datetime) -> bool:
    """Tell of one matter at hand what `public_matters` tells of all: whether the board shows it."""
    embargo = matter.withheld_until is not None and matter.withheld_until > at
    hidden = matter.kind == Kind.COMPLAINT or matter.erased_at is not None
    return bool(matter.public_text) and not hidden and not embargo
