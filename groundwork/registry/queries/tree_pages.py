"""The body card, the tree of bodies, the browser of places, central tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from groundwork.base import search
from groundwork.base.actor import Actor
from groundwork.base.listing import capped_count, page_by_key
from groundwork.base.text import tidy
from groundwork.registry import policy
from groundwork.registry.models import Body, Place, Priority
from groundwork.registry.queries.people import KEYS, PeoplePage, _lines
from groundwork.registry.rules.people import LEFT

MOST_CHILDREN = 400
FOUND = 60


@dataclass(frozen=True)
class BodiesPage:
    """The top of the tree, or what a search found in it."""

    bodies: list[Body]
    q: str
    total: int


def bodies_page(by: Actor, *, q: str = "") -> BodiesPage:
    """List the tops of the tree with their children's count, or the bodies a search finds."""
    bodies = policy.visible_bodies(by).select_related("place")
    if tidy(q):
        found = bodies.filter(pk__in=search.matching("registry.body", q)).order_by("path")
        return BodiesPage(list(found[:FOUND]), q, capped_count(found))
    tops = bodies.filter(depth__lte=2, valid_to=None).order_by("path")
    return BodiesPage(list(tops[:MOST_CHILDREN]), "", capped_count(tops))


@dataclass(frozen=True)
class BodyCard:
    """All that a page says of a body."""

    body: Body
    above: list[Body]
    below: list[Body]
    closed_below: list[Body]
    people: PeoplePage
    may_edit: bool


def body_card(by: Actor, public_id: str, *, cursor: str = "") -> BodyCard:
    """Show one body: above, below in directory order, its people so far as visible."""
    body = policy.body_for(by, public_id, "view")
    below = list(
        policy.visible_bodies(by)
        .filter(path__startswith=body.path, depth=body.depth + 1)
        .order_by("path")[:MOST_CHILDREN]
    )
    here = Q(unit=body) | Q(office=body) | Q(branch=body)
    people = policy.visible_people(by).filter(here).exclude(status=LEFT)
    page = page_by_key(people.select_related("unit", "office"), KEYS, cursor)
    return BodyCard(
        body=body,
        above=ancestors(body),
        below=[b for b in below if b.valid_to is None],
        closed_below=[b for b in below if b.valid_to is not None],
        people=PeoplePage(_lines(page), page.next, capped_count(people)),
        may_edit=policy.may_keep_unit(by, body),
    )


def ancestors(node: Body) -> list[Body]:
    """List the bodies above, the top first."""
    ends = range(Body.steplen, len(node.path), Body.steplen)
    return list(Body.objects.filter(path__in=[node.path[:i] for i in ends]).order_by("path"))


@dataclass(frozen=True)
class PlacePage:
    """One place with the way to it and what lies below."""

    place: Place | None
    above: list[Place]
    below: list[Place]
    found: list[Place]
    q: str
    residents: int
    bodies: list[Body]
    may_edit: bool = False
    may_add_grid: bool = False


def place_page(by: Actor, public_id: str = "", *, q: str = "") -> PlacePage:
    """Browse places from the top, or find some by name or code."""
    places = policy.visible_places(by)
    if tidy(q):
        found = places.filter(pk__in=search.matching("registry.place", q)).order_by("path")
        return PlacePage(None, [], [], list(found[:FOUND]), q, 0, [])
    if not public_id:
        tops = list(places.filter(depth=1).order_by("path"))
        if len(tops) != 1:
            return PlacePage(None, [], tops, [], "", 0, [])
        public_id = tops[0].public_id
    place = policy.place_for(by, public_id, "view")
    residents = policy.visible_people(by).filter(home_community__path__startswith=place.path)
    return PlacePage(
        place=place,
        above=places_above(place),
        below=list(_children(places, place)),
        found=[],
        q="",
        residents=capped_count(residents),
        bodies=list(policy.visible_bodies(by).filter(place=place, valid_to=None)[:FOUND]),
        may_edit=_may(by, place, "edit"),
        may_add_grid=place.level == Place.Level.COMMUNITY and _may(by, place, "add_grid"),
    )


def _may(by: Actor, place: Place, verb: policy.PlaceVerb) -> bool:
    return policy.may_keep_place(by, place, verb)


def _children(places: QuerySet[Place], place: Place) -> QuerySet[Place]:
    below = places.filter(path__startswith=place.path, depth=place.depth + 1)
    return below.order_by(F("valid_to").desc(nulls_first=True), "path")


def places_above(place: Place) -> list[Place]:
    """List the places above, the city first."""
    ends = range(Place.steplen, len(place.path), Place.steplen)
    return list(Place.objects.filter(path__in=[place.path[:i] for i in ends]).order_by("path"))


def priorities_page(by: Actor) -> list[Priority]:
    """List the city's central tasks, the latest first."""
    return list(policy.visible_priorities(by))


def priorities_in_force(day: date) -> QuerySet[Priority]:
    """Give the central tasks a record of this day may name."""
    return Priority.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
