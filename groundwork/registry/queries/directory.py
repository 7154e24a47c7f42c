"""Find bodies, communities and places by what people write; several answers are a choice."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from groundwork.base.actor import Actor
from groundwork.registry import policy
from groundwork.registry.models import Body, Place
from groundwork.registry.rules.names import Communities, Named, fold


@dataclass(frozen=True, slots=True)
class Entry:
    """A body as a sheet needs it: enough to tell it from its namesakes."""

    pk: int
    public_id: str
    path: str
    name: str
    kind: str
    code: str
    kept: bool


class BodyIndex:
    """All open bodies by name, short name, alias and code, with who keeps them."""

    def __init__(self, by: Actor, within: str = "") -> None:
        kept = set(policy.kept_bodies(by).values_list("pk", flat=True))
        rows = policy.visible_bodies(by).filter(valid_to=None).order_by("path").values_list(
            "pk", "public_id", "path", "name", "kind", "code", "short_name", "aliases"
        )  # fmt: skip
        self.entries: dict[int, Entry] = {}
        self._names: dict[str, list[Entry]] = defaultdict(list)
        self._own: list[tuple[str, str, Entry]] = []
        for pk, public_id, path, name, kind, code, short, aliases in rows.iterator(2000):
            own = pk in kept and path.startswith(within)
            entry = Entry(pk, public_id, path, name, kind, code, own)
            self.entries[pk] = entry
            for text in {fold(t).lower() for t in (name, short, code, *aliases) if t}:
                self._names[text].append(entry)
                self._own.append((path, text, entry))
        self._paths = [path for path, _text, _entry in self._own]
        self._under: dict[tuple[str, int], list[Entry]] = {}

    def find(self, text: str, kinds: Collection[str]) -> list[Entry]:
        """List the bodies of some kinds that a text may mean; an exact code beats names."""
        found = [e for e in self._names.get(fold(text).lower(), ()) if e.kind in kinds]
        exact = [e for e in found if e.code == text.upper()]
        return exact or found

    def find_under(self, text: str, kinds: Collection[str], unit: Entry) -> list[Entry]:
        """List the bodies below a unit that a text may mean."""
        key = (fold(text).lower(), unit.pk)
        if key not in self._under:
            start = bisect_left(self._paths, unit.path)
            found = []
            for path, name, entry in self._own[start:]:
                if not path.startswith(unit.path):
                    break
                if name == key[0] and entry.pk != unit.pk:
                    found.append(entry)
            self._under[key] = found
        return [e for e in self._under[key] if e.kind in kinds]

    def label(self, entry: Entry) -> str:
        """Name a body with the one above it."""
        above = next(
            (e for e in self.entries.values() if e.path == entry.path[: -Body.steplen]), None
        )
        return f"{above.name} · {entry.name}" if above else f"{entry.name}（{entry.code}）"


class PlaceIndex:
    """All places of today by name and code; communities by all their ways of writing."""

    def __init__(self) -> None:
        rows = list(
            Place.objects.filter(valid_to=None)
            .exclude(level=Place.Level.GRID)
            .order_by("path")
            .values_list("pk", "public_id", "path", "name", "level", "code", "aliases")
        )
        self._name_at = {path: name for _pk, _id, path, name, *_rest in rows}
        self.public_ids: dict[int, str] = {}
        self.path_of: dict[int, str] = {}
        self._places: dict[str, list[int]] = defaultdict(list)
        self._codes: dict[str, int] = {}
        communities = []
        for pk, public_id, path, name, level, code, aliases in rows:
            self.public_ids[pk], self.path_of[pk] = public_id, path
            self._codes[code] = pk
            for text in {fold(name), *map(fold, aliases)}:
                self._places[text].append(pk)
            if level == Place.Level.COMMUNITY:
                communities.append(Named(pk, name, self._above(path), tuple(aliases)))
        self._communities = Communities(communities)
        self._community_pks = {entry.key for entry in communities}

    def _above(self, path: str) -> tuple[str, ...]:
        step = Place.steplen
        ends = range(len(path) - step, 0, -step)
        return tuple(self._name_at.get(path[:end], "") for end in ends)

    def find_community(self, text: str) -> list[int]:
        """List the communities and villages that a text may mean; a code names one."""
        if text in self._codes:
            return [pk for pk in (self._codes[text],) if pk in self._community_pks]
        return [entry.key for entry in self._communities.find(text)]

    def find_place(self, text: str) -> list[int]:
        """List the places of any level that a text may mean."""
        if text in self._codes:
            return [self._codes[text]]
        return self._places.get(fold(text)) or self.find_community(text)

    def label(self, pk: int) -> str:
        """Name a place with those above it: 鄞州区 首南街道 静远社区."""
        path = self.path_of[pk]
        return " ".join([*reversed(self._above(path)[:-1]), self._name_at[path]])
