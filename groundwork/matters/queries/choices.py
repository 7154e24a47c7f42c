"""What the desk's fields offer: categories, places, bodies, people, templates."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from groundwork.base import clock
from groundwork.base.actor import Actor, Role
from groundwork.base.text import tidy
from groundwork.base.tree import chain
from groundwork.matters.models import AnswerTemplate, Category, Matter
from groundwork.matters.policy import AUDITORS, DISPATCHERS, HANDLERS
from groundwork.matters.rules.routing import named_in_complaint
from groundwork.registry.models import Body, Person, Place, Priority
from groundwork.registry.policy import visible_priorities
from groundwork.registry.queries import find_bodies, find_communities
from groundwork.registry.rules.bodies import INSIDE_KINDS

Groups = list[tuple[str, list[tuple[str, str]]]]
PLACE_ROLES = (*DISPATCHERS, *AUDITORS, Role.COMMUNITY_SECRETARY)
LEAD_KINDS = (Body.Kind.UNIT, Body.Kind.PARTY, Body.Kind.OFFICE, Body.Kind.PARK)
MOST = 12


def categories(*, closed: bool = False) -> list[Category]:
    """Give the categories in force in their order, parents with their parts behind them."""
    rows = Category.objects.defer("words", "description")
    if not closed:
        rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=clock.today()))
    return list(rows)


def category_groups(rows: Iterable[Category]) -> Groups:
    """Group leaf categories under their parents for a select; a parent itself comes first."""
    rows = list(rows)
    parts: dict[int, list[Category]] = {}
    for row in rows:
        if row.parent_id:
            parts.setdefault(row.parent_id, []).append(row)
    groups: Groups = []
    for top in (row for row in rows if row.parent_id is None):
        leaves = [(part.public_id, str(part)) for part in parts.get(top.pk, [])]
        groups.append((str(top), leaves or [(top.public_id, str(top))]))
    return groups


def filter_groups(rows: Iterable[Category]) -> Groups:
    """Group as `category_groups`; here a whole group may be chosen too."""
    rows = list(rows)
    groups: Groups = []
    for top in (row for row in rows if row.parent_id is None):
        leaves = [(row.public_id, str(row)) for row in rows if row.parent_id == top.pk]
        groups.append((str(top), [(top.public_id, str(top)), *leaves]))
    return groups


def places(by: Actor) -> list[Place]:
    """Give places to narrow by: what the actor reads, one level down (districts, townships …)."""
    paths = by.places(*PLACE_ROLES)
    if not paths:
        tops = Place.objects.filter(level=Place.Level.CITY).values_list("path", flat=True)
        paths = tuple(tops) if by.has(*HANDLERS) else ()
    condition = Q(pk__in=())
    for path in paths:
        condition |= Q(path__startswith=path, depth__lte=len(path) // Place.steplen + 1)
    rows = Place.objects.filter(condition, valid_to=None).exclude(level=Place.Level.GRID)
    return list(rows.order_by("path")[:400])


def bodies_for(by: Actor, matter: Matter | None, text: str) -> list[tuple[str, str, str]]:
    """Find units and offices (处室) that may take a matter; the one it complains of and what is
    below cannot. Without a matter enterprises too, which may be complained of.
    """
    kinds = LEAD_KINDS if matter else (*LEAD_KINDS, Body.Kind.ENTERPRISE)
    found = find_bodies(by, text, kinds=kinds)
    rows = {body.public_id: body for body in _bodies(row.id for row in found)}
    return [
        (row.id, row.label, row.sub)
        for row in found
        if row.id in rows and not rows[row.id].outside and not names(matter, rows[row.id])
    ]


def communities(by: Actor, text: str) -> list[tuple[str, str, str]]:
    """Find communities by any way of writing."""
    return [(row.id, row.label, row.sub) for row in find_communities(by, text)]


def outside_for(by: Actor, text: str) -> list[tuple[str, str, str]]:
    """Find bodies beyond the city's own tree."""
    found = find_bodies(by, text)
    outside = {body.public_id for body in _bodies(row.id for row in found) if body.outside}
    return [tuple(row) for row in found if row.id in outside]  # type: ignore[misc]


def _bodies(public_ids: Iterable[str]) -> list[Body]:
    return list(Body.objects.filter(public_id__in=list(public_ids)))


def names(matter: Matter | None, body: Body) -> bool:
    """Tell whether a matter complains of this body or of the one it stands under."""
    concerns = matter.concerns if matter else None
    return concerns is not None and named_in_complaint(body.path, concerns.path)


def body_of(public_id: str) -> Body | None:
    """Give an open body by its public id."""
    return Body.objects.filter(public_id=public_id, valid_to=None).first()


def bodies_of(public_ids: Iterable[str]) -> dict[str, Body]:
    """Give open bodies by their public ids, in one statement."""
    named = [public_id for public_id in public_ids if public_id]
    rows = Body.objects.filter(public_id__in=named, valid_to=None)
    return {row.public_id: row for row in rows}


def body_label(public_id: str) -> str:
    """Name a body as a field shows it: an office (办公室) behind the unit it is of."""
    body = body_of(public_id)
    return label_for(body) if body else ""


def label_for(body: Body) -> str:
    """Name a body at hand likewise; of a unit nothing is read."""
    if body.kind not in INSIDE_KINDS:
        return body.name
    above = Body.objects.filter(path=body.path[: -Body.steplen]).first()
    return f"{above} {body.name}" if above else body.name


def category_of(public_id: str) -> Category | None:
    """Give a category by its public id."""
    return Category.objects.filter(public_id=public_id).first() if public_id else None


def place_of(public_id: str) -> Place | None:
    """Give a place by its public id."""
    return Place.objects.filter(public_id=public_id).first() if public_id else None


def priorities(by: Actor) -> list[Priority]:
    """Give the central tasks to narrow by, those over too: what served them is still looked for."""
    return list(visible_priorities(by))


def people_of(lead: Body, text: str = "") -> list[tuple[str, str, str]]:
    """Find the people of a lead who may take a matter over."""
    people = Person.objects.filter(unit__path__startswith=lead.path, merged_into=None).exclude(
        status__in=(Person.Status.LEFT, Person.Status.RETIRED)
    )
    words = tidy(text)
    if words:
        people = people.filter(
            Q(name__startswith=words) | Q(initials__startswith=words.lower()) | Q(work_number=words)
        )
    rows = people.select_related("unit", "office").order_by("sort_key", "id")[:MOST]
    return [(p.public_id, p.name, str(p.office or p.unit)) for p in rows]


def person_of(public_id: str) -> Person | None:
    """Give a person by the public id."""
    return Person.objects.filter(public_id=public_id).first()


def templates_for(matter: Matter) -> list[AnswerTemplate]:
    """Give the answer templates of the matter's lead: of its category first, then general ones."""
    if matter.lead is None:
        return []
    rows = AnswerTemplate.objects.filter(body__path__in=chain(matter.lead.path)).filter(
        Q(category=None) | Q(category=matter.category_id) | Q(category=matter.category.parent_id)
    )
    return sorted(rows.order_by("title", "id"), key=lambda row: row.category_id is None)
