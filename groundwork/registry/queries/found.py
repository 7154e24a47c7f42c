"""What others ask of the directory: search hits, and the choices of a field typed into."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Q
from django.urls import reverse

from groundwork.base import search as index
from groundwork.base.actor import Actor
from groundwork.base.listing import Hit
from groundwork.base.text import tidy
from groundwork.registry import policy
from groundwork.registry.models import Body, Person, Place
from groundwork.registry.queries.people import find_people as _people
from groundwork.registry.queries.tree_pages import places_above
from groundwork.registry.rules import bodies as rules

MOST = 12


class Found(NamedTuple):
    """One answer for a field typed into: public id, name, what tells it from its namesakes."""

    id: str
    label: str
    sub: str = ""


def search(by: Actor, q: str, limit: int = 8) -> list[Hit]:
    """Find people, bodies and places that the reader may see."""
    if not tidy(q):
        return []
    people = _people(by, q).select_related("unit", "office").order_by("sort_key", "pk")[:limit]
    bodies = policy.visible_bodies(by).filter(
        valid_to=None, pk__in=index.matching("registry.body", q)
    )
    places = policy.visible_places(by).filter(
        valid_to=None, pk__in=index.matching("registry.place", q)
    )
    bodies_found = list(bodies.order_by("path")[:limit])
    above = _parents([b for b in bodies_found if b.kind in rules.INSIDE_KINDS])
    return [
        *(
            Hit("registry.person", p.name, reverse("desk:person", args=[p.public_id]), _beside(p))
            for p in people
        ),
        *(
            Hit(
                "registry.body",
                b.name,
                reverse("desk:body", args=[b.public_id]),
                _kind_of(b, above),
            )
            for b in bodies_found
        ),
        *(
            Hit("registry.place", p.name, reverse("desk:place", args=[p.public_id]), _above(p))
            for p in places.order_by("path")[:limit]
        ),
    ]


def _beside(person: Person) -> str:
    parts = [str(person.unit), str(person.office or ""), person.work_number]
    return " · ".join(part for part in parts if part)


def _kind_of(body: Body, above: dict[str, str]) -> str:
    """Say what a body is; an office or branch with its unit, for a thousand are called alike."""
    kind = body.get_kind_display()
    unit = above.get(body.path[: -Body.steplen]) if body.kind in rules.INSIDE_KINDS else None
    return f"{unit} · {kind}" if unit else kind


def _above(place: Place) -> str:
    return " ".join(p.name for p in places_above(place)[1:]) or place.get_level_display()


def find_people(by: Actor, text: str) -> list[Found]:
    """Give people for a field, by name, pinyin, number or unit; only those in scope."""
    if not tidy(text):
        return []
    people = _people(by, text).select_related("unit", "office").order_by("sort_key", "pk")[:MOST]
    return [Found(p.public_id, p.name, _beside(p)) for p in people]


def find_bodies(
    by: Actor, text: str, *, kinds: tuple[str, ...] = (), kept: bool = False
) -> list[Found]:
    """Give open bodies for a field, by name, alias or code; the whole name first."""
    if not tidy(text):
        return []
    bodies = policy.kept_bodies(by) if kept else policy.visible_bodies(by)
    code = Q(code__iexact=tidy(text))
    bodies = bodies.filter(code | Q(pk__in=index.matching("registry.body", text)), valid_to=None)
    if kinds:
        bodies = bodies.filter(kind__in=kinds)
    rows = sorted(bodies.order_by("path")[:60], key=lambda b: _rank(b, tidy(text)))[:MOST]
    above = _parents(rows)
    return [Found(b.public_id, b.name, above.get(b.path[: -Body.steplen], b.code)) for b in rows]


def _rank(body: Body, text: str) -> int:
    """Put exact names first; sorting is stable, so directory order holds within."""
    names = (body.name, body.short_name, body.code, *body.aliases)
    return 0 if text in names else 1


def _parents(bodies: list[Body]) -> dict[str, str]:
    paths = {body.path[: -Body.steplen] for body in bodies}
    above = Body.objects.filter(path__in=paths - {""}) if paths else ()
    return {b.path: str(b) for b in above}


def find_units(by: Actor, text: str) -> list[Found]:
    """Give bodies that may be somebody's unit, among those the actor keeps."""
    return find_bodies(by, text, kinds=rules.UNIT_KINDS, kept=True)


def find_communities(by: Actor, text: str) -> list[Found]:
    """Give communities and villages by any way of writing, with the way to each.

    The index answers what people mostly type, at every key, in two statements. Only what it does
    not know (静远社区居委会) is looked up in all ways of writing, for which 3,000 names are read.
    """
    text = tidy(text)
    if not text:
        return []
    rows = list(
        policy.visible_places(by)
        .filter(
            level=Place.Level.COMMUNITY,
            valid_to=None,
            pk__in=index.matching("registry.place", text),
        )
        .order_by("path")[:60]
    )
    if not rows:
        return _communities_however_written(text)
    rows = sorted(rows, key=lambda p: 0 if text in (p.name, *p.aliases, p.code) else 1)[:MOST]
    step = Place.steplen
    paths = {p.path[:end] for p in rows for end in range(2 * step, len(p.path), step)}
    names = dict(Place.objects.filter(path__in=paths).values_list("path", "name"))
    return [
        Found(
            p.public_id,
            p.name,
            " ".join(names.get(p.path[:end], "") for end in range(2 * step, len(p.path), step)),
        )
        for p in rows
    ]


def _communities_however_written(text: str) -> list[Found]:
    from groundwork.registry.queries.directory import PlaceIndex

    places = PlaceIndex()
    found = places.find_community(text)[:MOST]
    labels = ((places.public_ids[pk], places.label(pk)) for pk in found)
    return [Found(pk, label.split()[-1], " ".join(label.split()[:-1])) for pk, label in labels]


def label_of_body(public_id: str) -> str:
    """Name a chosen body."""
    return str(Body.objects.filter(public_id=public_id).first() or "")


def label_of_person(public_id: str) -> str:
    """Name a chosen person."""
    return str(Person.objects.filter(public_id=public_id).first() or "")


def label_of_place(public_id: str) -> str:
    """Name a chosen place."""
    return str(Place.objects.filter(public_id=public_id).first() or "")
