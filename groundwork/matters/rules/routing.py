"""To which body a matter goes: rules by category and place, and whom it may never go to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
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


def majority(bodies: Sequence[int]) -> int | None:
    """Name the body that took more than half of them, of at least three."""
    if len(bodies) < FEWEST_SIMILAR:
        return None
    [(body, count)] = Counter(bodies).most_common(1)
    return body if count * 2 > len(bodies) else None
