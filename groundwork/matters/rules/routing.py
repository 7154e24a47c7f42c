"""To which body a matter goes: rules by category and place, and whom it may never go to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

STEP = 4  # characters of one level in a path
MOST_SIMILAR = 15
FEWEST_SIMILAR = 3  # fewer say nothing


@dataclass(frozen=True)
class Way:
    """A route in force: whose matters, from where, go to which body (paths of the trees)."""

    key: int
    category: int
    place: str
    body: str


def belongs(path: str, body: str) -> bool:
    """Tell whether a path is a body's own or lies below it.

    Everybody works under the root of the tree (市委): to it belongs only who works there itself.
    """
    return path == body or (len(body) > STEP and path.startswith(body))


def named_in_complaint(body: str, concerns: str | None) -> bool:
    """Tell whether a body is the one complained of or lies below it: it never gets the matter."""
    return bool(concerns) and belongs(body, concerns or "")


def best(
    ways: Iterable[Way], *, category: int, parent: int | None, place: str, concerns: str | None
) -> Way | None:
    """Choose the route: the deepest place first, there the category itself before its parent.

    A route to the body complained of is passed over; the next best one takes its place.
    """
    fitting = [
        way
        for way in ways
        if way.category in (category, parent)
        and place.startswith(way.place)
        and not named_in_complaint(way.body, concerns)
    ]
    return max(fitting, key=lambda way: (len(way.place), way.category == category), default=None)


def similarity(one: frozenset[str], other: frozenset[str], weight: Mapping[str, float]) -> float:
    """Tell how much two texts share: the weight of the common words over that of all (0 to 1)."""
    total = sum(weight.get(word, 0.0) for word in one | other)
    return sum(weight.get(word, 0.0) for word in one & other) / total if total else 0.0


def most_similar(words: frozenset[str], others: Sequence[tuple[int, frozenset[str]]]) -> list[int]:
    """Choose the keys of the texts most like `words`; rare words weigh more, the newest first."""
    seen = Counter(word for _key, theirs in others for word in theirs)
    weight = {word: 1.0 / seen[word] for word in seen} | {
        word: 1.0 for word in words if word not in seen
    }
    found = [(similarity(words, theirs, weight), key) for key, theirs in others]
    found = sorted((pair for pair in found if pair[0] > 0), reverse=True)
    return [key for _share, key in found[:MOST_SIMILAR]]


def majority(bodies: Sequence[int]) -> int | None:
    """Name the body that took more than half of them, of at least three."""
    if len(bodies) < FEWEST_SIMILAR:
        return None
    [(body, count)] = Counter(bodies).most_common(1)
    return body if count * 2 > len(bodies) else None
