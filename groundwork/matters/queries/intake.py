"""What the forms at the doors offer: places, units, categories, earlier matters of a caller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from groundwork.base import clock
from groundwork.base.actor import NOBODY, Actor, Role, system
from groundwork.base.tree import chain, under
from groundwork.matters.models import Category, Matter, Raiser
from groundwork.matters.policy import visible_matters
from groundwork.matters.policy.matter import DISPATCHERS
from groundwork.matters.rules import intake
from groundwork.registry.models import Body, Place
from groundwork.registry.queries import find_bodies, find_communities
from groundwork.registry.rules.bodies import PARTY, UNIT

Groups = list[tuple[str, list[tuple[str, str]]]]
Choice = tuple[str, str, str]
# The directory of units stands on every door plate; people and branches are not asked for here.
_READER = system("matters.portal")
EARLIER = 8


def find_places(text: str) -> list[Choice]:
    """Find communities and villages by any way of writing their names."""
    return [tuple(row) for row in find_communities(NOBODY, text)]  # type: ignore[misc]


def place_of(public_id: str) -> Place | None:
    """Give a place of today by its public id."""
    return Place.objects.filter(public_id=public_id, valid_to=None).first() if public_id else None


def label_of_place(public_id: str) -> str:
    """Name a chosen place."""
    return str(place_of(public_id) or "")


def find_units(text: str) -> list[Choice]:
    """Find units that somebody may complain of."""
    return [tuple(row) for row in find_bodies(_READER, text, kinds=(UNIT, PARTY))]  # type: ignore[misc]


def unit_of(public_id: str) -> Body | None:
    """Give an open unit by its public id."""
    units = Body.objects.filter(kind__in=(UNIT, PARTY), valid_to=None)
    return units.filter(public_id=public_id).first() if public_id else None


def label_of_unit(public_id: str) -> str:
    """Name a chosen unit."""
    return str(unit_of(public_id) or "")


def offered_categories(*audiences: str) -> list[Category]:
    """Give the leaf categories in force for people, for enterprises, or for both; one statement.

    Those of the units' own checks only where they are asked for, and then alone.
    """
    staff = Category.Audience.STAFF
    rows = Category.objects.filter(Q(valid_to=None) | Q(valid_to__gte=clock.today()))
    found = list(rows.select_related("parent"))
    parents = {row.parent_id for row in found}
    return [
        row
        for row in found
        if row.pk not in parents
        and (
            (row.audience == staff) == (staff in audiences)
            and (not audiences or row.audience in (*audiences, Category.Audience.BOTH))
        )
    ]


def enterprise_called(text: str) -> Body | None:
    """Find the one enterprise of today that goes by this name, short name or code."""
    called = Q(name=text) | Q(short_name=text) | Q(code=text)
    rows = list(Body.objects.filter(called, kind=Body.Kind.ENTERPRISE, valid_to=None)[:2])
    return rows[0] if len(rows) == 1 else None


def grouped(offered: Sequence[Category]) -> Groups:
    """Group categories for a select, in the office's order."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in offered:
        groups.setdefault(str(row.parent or row), []).append((row.public_id, str(row)))
    return list(groups.items())


def enterprise_of(by: Actor) -> Body | None:
    """Give the enterprise that the actor speaks for."""
    paths = by.bodies(Role.ENTERPRISE)
    return Body.objects.filter(path__in=paths).select_related("place").first() if paths else None


@dataclass(frozen=True)
class Earlier:
    """A matter that the same caller brought before."""

    matter: Matter
    name: str


def earlier_of_caller(by: Actor, phone: str, *, at: datetime) -> list[Earlier]:
    """Give the newest matters of a telephone number, among those a dispatcher may know both of.

    Only where the dispatcher works: by place, and never as one of the lead's own people where the
    raiser wants to stay unknown to it (as in `policy.raisers_seen`).
    """
    number = intake.phone_of(phone)
    paths = by.places(*DISPATCHERS)
    if number is None or not paths:
        return []
    matters = visible_matters(by, at).filter(under("place__path", paths))
    raisers = Raiser.objects.filter(phone=number, erased_at=None, matter__in=matters)
    if by.unit:
        # The lead is the actor's own unit or above it.
        raisers = raisers.exclude(confidential=True, matter__lead__path__in=chain(by.unit))
    rows = raisers.select_related("matter__place", "matter__category").order_by(F("pk").desc())
    return [Earlier(row.matter, row.name) for row in rows[:EARLIER]]
