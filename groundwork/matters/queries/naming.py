"""Find the place and the category that a program or a sheet names in words.

There are no coordinates: an official code, a public id, a name, or an address in which a
community's name stands.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from groundwork.matters.models import Category
from groundwork.matters.rules.naming import (
    SeveralPlaces,
    UnknownCategory,
    UnknownPlace,
    UnknownUnit,
)
from groundwork.registry.models import Body, Place
from groundwork.registry.queries.directory import PlaceIndex

MOST_CHOICES = 8
LONGEST = 200
SHORTEST_NAME = 3  # signs; shorter ones stand by chance in other words


def place_named(text: str) -> Place:
    """Find the one place that is meant. Raises UnknownPlace or SeveralPlaces."""
    text = text.strip()[:LONGEST]
    places = Place.objects.filter(valid_to=None).exclude(level=Place.Level.GRID)
    found = list(places.filter(Q(code=text) | Q(public_id=text))) if text else []
    if not found and text:
        found = list(places.filter(name=text))
    if not found and text:
        found = list(places.filter(pk__in=PlaceFinder().find(text)).order_by("path"))
    if not found:
        raise UnknownPlace(value=text[:40])
    if len(found) > 1:
        labels = labels_of(found[:MOST_CHOICES])
        choices = "；".join(f"{labels[place.pk]}（{place.code}）" for place in found[:MOST_CHOICES])
        raise SeveralPlaces(value=text[:40], n=len(found), choices=choices)
    return found[0]


class PlaceFinder:
    """All places of today, read once: by code, by any way of writing, or within an address."""

    def __init__(self) -> None:
        self._index = PlaceIndex()
        self.public_ids, self.path_of = self._index.public_ids, self._index.path_of
        self.by_public_id = {public_id: pk for pk, public_id in self.public_ids.items()}
        rows = Place.objects.filter(valid_to=None).exclude(level=Place.Level.GRID)
        self._names = dict(rows.values_list("pk", "name"))

    def label(self, pk: int) -> str:
        """Name a place with those above it."""
        return self._index.label(pk)

    def find(self, text: str) -> list[int]:
        """List the places that a text may mean."""
        text = text.strip()[:LONGEST]
        return (self._index.find_place(text) or self._within(text)) if text else []

    def _within(self, text: str) -> list[int]:
        """Look which names stand in an address; the deepest counts, best below the others."""
        hits = [
            (path, pk)
            for pk, path in self.path_of.items()
            if len(name := self._names.get(pk, "")) >= SHORTEST_NAME and name in text
        ]
        if not hits:
            return []
        deepest = max(len(path) for path, _pk in hits)
        leaves = [(path, pk) for path, pk in hits if len(path) == deepest]
        above = {path for path, _pk in hits if len(path) < deepest}
        named = {path: sum(path.startswith(upper) for upper in above) for path, _pk in leaves}
        most = max(named.values())
        return [pk for path, pk in sorted(leaves) if named[path] == most]


def labels_of(places: list[Place]) -> dict[int, str]:
    """Name places with those above them, the city left out: 海曙区 南门街道 澄浪社区."""
    step = Place.steplen
    paths = {p.path[:end] for p in places for end in range(2 * step, len(p.path) + 1, step)}
    names = dict(Place.objects.filter(path__in=paths).values_list("path", "name"))
    return {
        place.pk: " ".join(
            names[place.path[:end]]
            for end in range(2 * step, len(place.path) + 1, step)
            if place.path[:end] in names
        )
        or place.name
        for place in places
    }


def unit_named(text: str) -> Body | None:
    """Find the open unit of a code or public id; None for none given. Raises UnknownUnit."""
    text = text.strip()
    if not text:
        return None
    units = Body.objects.filter(kind__in=(Body.Kind.UNIT, Body.Kind.PARTY), valid_to=None)
    found = units.filter(Q(code=text) | Q(public_id=text)).first()
    if found is None:
        raise UnknownUnit(value=text[:40])
    return found


def categories_on(day: date) -> QuerySet[Category]:
    """Categories that may be chosen on a day: the leaves, in their order; no unit's own check."""
    in_force = Q(valid_to=None) | Q(valid_to__gte=day)
    rows = Category.objects.filter(in_force, parts=None).exclude(audience=Category.Audience.STAFF)
    return rows.select_related("parent")


def category_coded(code: str, day: date) -> Category:
    """Find a category that may be chosen. Raises UnknownCategory."""
    found = categories_on(day).filter(code=code).first()
    if found is None:
        raise UnknownCategory(value=code[:40])
    return found
