"""Which rows lie at a place, by the columns that stand beside it: of matters, of visits."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from groundwork.base.tree import EVERYWHERE, NOWHERE
from groundwork.registry.models import Place


def at_place(place: Place) -> Q:
    """Make a condition: the row lies at a place or below it.

    For tables with the columns place, township and district: a list then needs no join and goes
    by the index of the one column, which stands in list order.
    """
    if place.level == Place.Level.CITY:
        return EVERYWHERE
    if place.level == Place.Level.DISTRICT:
        return Q(district=place)
    if place.level == Place.Level.TOWNSHIP:
        return Q(township=place)
    if place.is_leaf():
        return Q(place=place)
    return Q(place__in=Place.objects.filter(path__startswith=place.path))


def at_places(paths: Collection[str]) -> Q:
    """Make a condition: the row lies at one of the places of these paths, or below one."""
    condition = NOWHERE
    for place in Place.objects.filter(path__in=paths) if paths else ():
        condition |= at_place(place)
    return condition
