"""What the forms of orders and gates offer: places one keeps, units that order, people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from groundwork.base.actor import Actor
from groundwork.base.text import tidy, tight
from groundwork.base.tree import under
from groundwork.duty.policy.gates import KEEPERS
from groundwork.registry import policy as registry
from groundwork.registry.models import Body, Person, Place
from groundwork.registry.queries import find_bodies, find_communities
from groundwork.registry.rules.bodies import PARTY, UNIT

MOST = 12


class Choice(NamedTuple):
    """One answer of a search."""

    id: str
    label: str
    sub: str = ""


def kept_places(by: Actor, text: str) -> list[Choice]:
    """Find places of any level among those the actor keeps; the wider ones first."""
    word = tidy(text)
    if not word:
        return []
    rows = Place.objects.filter(valid_to=None)
    if not by.system:
        rows = rows.filter(under("path", by.places(*KEEPERS)))
    wide = rows.filter(Q(name__startswith=word) | Q(code=word), depth__lte=3)
    found = [
        Choice(p.public_id, p.name, str(p.get_level_display())) for p in wide.order_by("path")[:6]
    ]
    near = [Choice(*row) for row in find_communities(by, word)]
    kept = set(
        rows.filter(public_id__in=[one.id for one in near]).values_list("public_id", flat=True)
    )
    return [*found, *(one for one in near if one.id in kept)][:MOST]


def kept_place(by: Actor, public_id: str) -> Place | None:
    """Give a place the actor keeps."""
    rows = Place.objects.filter(public_id=public_id, valid_to=None)
    if not by.system:
        rows = rows.filter(under("path", by.places(*KEEPERS)))
    return rows.first()


def own_place(by: Actor) -> Place | None:
    """Give the place at which the actor acts."""
    return Place.objects.filter(path__in=by.places(*KEEPERS)).order_by("path").first()


def ordering_bodies(by: Actor, text: str) -> list[Choice]:
    """Find units and party organisations in whose name the actor may order."""
    return [Choice(*row) for row in find_bodies(by, text, kinds=(UNIT, PARTY), kept=True)]


def ordering_body(by: Actor, public_id: str) -> Body | None:
    """Give such a body."""
    rows = registry.kept_bodies(by).filter(kind__in=(UNIT, PARTY), valid_to=None)
    return rows.filter(public_id=public_id).first()


def own_body(by: Actor) -> Body | None:
    """Guess in whose name the actor orders: the own unit, else the first kept."""
    rows = registry.kept_bodies(by).filter(kind__in=(UNIT, PARTY), valid_to=None)
    own = rows.filter(path=by.unit).first() if by.unit else None
    return own or rows.order_by("path").first()


def people_named(words: Iterable[str]) -> dict[str, list[Person]]:
    """Find people by work number or whole name, whoever has one of these."""
    wanted = [tight(word) for word in words if tight(word)]
    gone = (Person.Status.LEFT, Person.Status.RETIRED)
    rows = Person.objects.filter(
        Q(work_number__in=[word.upper() for word in wanted]) | Q(name__in=wanted), merged_into=None
    )
    found: dict[str, list[Person]] = {word: [] for word in wanted}
    for person in rows.exclude(status__in=gone).select_related("unit").order_by("pk"):
        for word in wanted:
            if word in (person.name, person.work_number) or word.upper() == person.work_number:
                found[word].append(person)
    return found
