"""The township and the district over a place, whose keys stand beside it in many tables."""

from __future__ import annotations

from groundwork.base.tree import chain
from groundwork.registry.models import Place

Keys = tuple[int | None, int | None]  # of the township, of the district


class Above:
    """The township and the district over each place, read in one statement for many.

    `Above()` reads those of the whole city (some two hundred), `Above(*paths)` those among paths.
    """

    def __init__(self, *among: str) -> None:
        rows = Place.objects.filter(level__in=(Place.Level.TOWNSHIP, Place.Level.DISTRICT))
        rows = rows.filter(path__in=among) if among else rows
        self._at = {
            path: (level, pk) for path, level, pk in rows.values_list("path", "level", "pk")
        }

    def of(self, place: Place) -> Keys:
        """Give the keys of the township and the district that a place is or lies in."""
        found = dict(self._at[path] for path in chain(place.path) if path in self._at)
        return found.get(Place.Level.TOWNSHIP), found.get(Place.Level.DISTRICT)


def above(place: Place) -> Keys:
    """Give the keys of the township and the district that one place is or lies in."""
    return Above(*chain(place.path)).of(place)
