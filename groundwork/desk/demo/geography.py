"""Where things happen in the demo city, and which unit sees to what: lookups over the directory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import accumulate
from random import Random

from groundwork.desk.demo.cast import DRC, HOME
from groundwork.desk.demo.words import Talk
from groundwork.registry.models import Body, Place

HOME_SHARE = 0.03  # of the cast's community: it must have something to show
CAST_DISTRICT = "330203"
# The old city and its neighbours hold most people.
WEIGHTS = {"330203": 24, "330205": 12, "330206": 10, "330211": 10, "330212": 24, "330213": 10}
OTHER = 9


class Geography:
    """Communities by district, units by place, and who leads a category where."""

    def __init__(self, places: Iterable[Place], bodies: Iterable[Body], units: set[str]) -> None:
        self.communities: dict[str, list[Place]] = defaultdict(list)
        for place in places:
            if place.level == Place.Level.COMMUNITY:
                self.communities[place.code[:6]].append(place)
        self.districts = list(self.communities)
        self._weights = list(accumulate(WEIGHTS.get(code, OTHER) for code in self.districts))
        everything = [p for found in self.communities.values() for p in found]
        self.home = next(place for place in everything if place.code == HOME)
        self._everywhere = everything
        self.units: list[Body] = []
        self.enterprises: dict[str, list[Body]] = defaultdict(list)
        self.outside: list[Body] = []
        for body in bodies:
            if body.code in units:
                self.units.append(body)
            elif body.kind == Body.Kind.ENTERPRISE and body.place is not None:
                self.enterprises[body.place.code[:6]].append(body)
            elif body.outside:
                self.outside.append(body)
        self._at: dict[str, list[Body]] = defaultdict(list)  # units by the code of their place
        for unit in self.units:
            if unit.place is not None:
                self._at[unit.place.code].append(unit)
        self._leads: dict[tuple[str, str], list[Body]] = {}

    def community(self, rng: Random, *, cast: bool = False) -> Place:
        """Draw a community; `cast`: where the cast can see it."""
        if rng.random() < (0.2 if cast else HOME_SHARE):
            return self.home
        if cast and rng.random() < 0.5:
            return rng.choice(self.communities[CAST_DISTRICT])
        code = rng.choices(self.districts, cum_weights=self._weights)[0]
        return rng.choice(self.communities[code])

    def enterprise(self, rng: Random) -> Body:
        """Draw an enterprise anywhere."""
        return rng.choice(self.enterprises[rng.choice(list(self.enterprises))])

    def near(self, unit: Body) -> list[Place]:
        """List the communities in the unit's own place."""
        code = unit.place.code if unit.place else ""
        found = self.communities.get(code[:6], self._everywhere)
        return [place for place in found if place.code.startswith(code)] or found

    def enterprises_near(self, unit: Body) -> list[Body]:
        """List the enterprises of the unit's district, or all of the city's."""
        code = (unit.place.code if unit.place else "")[:6]
        return self.enterprises.get(code) or [b for some in self.enterprises.values() for b in some]

    def lead(self, code: str, talk: Talk, place: Place, rng: Random) -> Body:
        """Say who sees to a category at a place: the township, the district, else the city."""
        key = (code, place.code[:9])
        if key not in self._leads:
            self._leads[key] = self._find(talk, place.code)
        return rng.choice(self._leads[key])

    def _find(self, talk: Talk, code: str) -> list[Body]:
        for where in (code[:9], code[:6], "3302"):
            for part in talk.leads:
                if found := [unit for unit in self._at.get(where, ()) if part in unit.name]:
                    return found
        near = dict.fromkeys((code[:9], code[:6]))
        own = [unit for where in near for unit in self._at.get(where, ())]
        return own or [unit for unit in self.units if unit.name == DRC]

    def named(self, name: str) -> Body:
        """Give the unit of a name."""
        return next(unit for unit in self.units if unit.name == name)
