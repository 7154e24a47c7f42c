"""Who may read figures, and of what: the city's and its places' are everybody's."""

from __future__ import annotations

from groundwork.base.errors import NotFound
from groundwork.figures.rules.catalogue import FIGURES, Figure
from groundwork.registry.models import Place

LEVELS = (Place.Level.CITY, Place.Level.DISTRICT, Place.Level.TOWNSHIP)


def visible_places() -> list[Place]:
    """Give the places whose figures may be read, in the order of their codes; none smaller than a
    township, whose numbers would say more of persons than of the place.
    """
    upper = (Place.Level.CITY, Place.Level.DISTRICT)
    return list(Place.objects.filter(level__in=upper, valid_to=None).order_by("code"))


def place_for(public_id: str) -> Place:
    """Fetch a place for its figures; the city where none is named. Raises NotFound."""
    places = Place.objects.filter(level__in=LEVELS)
    found = places.filter(public_id=public_id) if public_id else places.order_by("path")
    place = found.first()
    if place is None:
        raise NotFound
    return place


def figure_for(key: str) -> Figure:
    """Fetch a declared figure. Raises NotFound."""
    if key not in FIGURES:
        raise NotFound
    return FIGURES[key]
