"""Find a community by what people write: 静远 for 静远社区居委会, with or without its township.

127 names recur in one city, so an answer is a list; two or more are a choice, not an error.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from groundwork.base.text import tight

# What people leave out at the end, longest first: 静远社区居委会 → 静远.
_TAILS = (
    "社区居民委员会", "居民委员会", "村民委员会", "社区居委会", "社区村委会", "村社区居委会",
    "社区", "居委会", "村委会", "行政村", "村",
)  # fmt: skip
_UPPER_TAILS = ("街道办事处", "街道", "地区", "镇", "乡", "区", "市", "县")
_NOISE = re.compile(r"[\s·•,，、/\\|>_\-—–()（）]+")


@dataclass(frozen=True)
class Named:
    """A community with the names above it, the nearest first: ("首南街道", "鄞州区", "宁波市")."""

    key: int
    name: str
    above: tuple[str, ...]
    aliases: tuple[str, ...] = ()


def fold(text: str) -> str:
    """Fold what was typed: width, spaces, separators."""
    return _NOISE.sub("", tight(text))


def forms(name: str) -> list[str]:
    """List what a name is cut down to: 石碶村村委会 → 石碶村村委会, 石碶村, 石碶."""
    cut = [name]
    while True:
        last = cut[-1]
        tail = next((t for t in _TAILS if last.endswith(t) and len(last) > len(t)), None)
        if tail is None:
            return cut
        cut.append(last[: -len(tail)])


def is_village(name: str) -> bool | None:
    """Tell a village from an urban community by its ending; None where it does not say."""
    if re.search(r"村(?:民委员会|委会)?$", name):
        return True
    return False if re.search(r"(?:社区|居民?委(?:员)?会)$", name) else None


def _short_upper(name: str) -> set[str]:
    forms = {name}
    for tail in _UPPER_TAILS:
        if name.endswith(tail) and len(name) - len(tail) >= 2:
            forms.add(name[: -len(tail)])
    return forms


class Communities:
    """An index of communities by name, alias and stem; built once per import."""

    def __init__(self, entries: Iterable[Named]) -> None:
        self._by_name: dict[str, list[Named]] = defaultdict(list)
        self._by_form: dict[str, list[Named]] = defaultdict(list)
        for entry in entries:
            for name in {fold(name) for name in (entry.name, *entry.aliases)}:
                self._by_name[name].append(entry)
                for form in forms(name):
                    self._by_form[form].append(entry)
        self._known: dict[str, list[Named]] = {}

    def find(self, text: str) -> list[Named]:
        """List the communities that `text` may mean; the full name beats what it is cut down to."""
        if text not in self._known:
            self._known[text] = self._find(fold(text))
        return self._known[text]

    def _find(self, text: str) -> list[Named]:
        if len(text) < 2:
            return self._by_name.get(text, [])
        whole = self._lookup(text)
        if whole:
            return whole
        text = re.sub(r"^.{2,3}省(?=.{2})", "", text)
        for cut in range(1, len(text) - 1):
            prefix, rest = text[:cut], text[cut:]
            found = [e for e in self._lookup(rest) if _consumes(prefix, e.above)]
            if found:
                return found
        return []

    def _lookup(self, name: str) -> list[Named]:
        if name in self._by_name:
            return self._by_name[name]
        found = [e for form in forms(name) for e in self._by_form.get(form, ())]
        found = list(dict.fromkeys(found))
        village = is_village(name)
        if village is None:
            return found
        # 石碶村 is not 石碶社区 as long as there is a village of that name.
        return [e for e in found if is_village(e.name) is village] or found


def _consumes(prefix: str, above: tuple[str, ...]) -> bool:
    """Tell whether `prefix` is made of names above, in order, each once or left out."""
    rests = {prefix}
    for name in reversed(above):
        rests |= {
            rest[len(form) :]
            for rest in rests
            for form in _short_upper(name)
            if rest.startswith(form)
        }
    return "" in rests
