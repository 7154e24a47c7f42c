"""Where the members of an alliance stand in its picture: the same members, the same picture; pure.

Three columns: who supplies, the lead enterprise, who buys. Within a column whoever hangs on the
same neighbours stands close together (barycentres, swept a few times; ties by name), so that few
lines cross. Coordinates are the picture's own units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

WIDE, HIGH, GAP, ACROSS, EDGE = 196, 44, 14, 300, 8
SWEEPS = 4
COLUMNS = {"supplier": 0, "lead": 1, "customer": 2}


@dataclass(frozen=True)
class Spot:
    """A member's box: its upper left corner."""

    key: int
    name: str
    x: int
    y: int
    wide: int = WIDE
    high: int = HIGH

    @property
    def middle(self) -> int:
        """Half the height down."""
        return self.y + self.high // 2


@dataclass(frozen=True)
class Line:
    """A curve from a supplier's right edge to a customer's left one; `d` is the path."""

    supplier: int
    customer: int
    d: str


@dataclass(frozen=True)
class Picture:
    """Boxes and curves with the size around them."""

    wide: int
    high: int
    spots: tuple[Spot, ...]
    lines: tuple[Line, ...]


def draw(members: Iterable[tuple[int, str, str]], links: Iterable[tuple[int, int]]) -> Picture:
    """Lay out members (key, name, part) with links (supplier, customer)."""
    columns: list[list[tuple[int, str]]] = [[], [], []]
    for key, name, part in sorted(members, key=lambda m: (m[1], m[0])):
        columns[COLUMNS[part]].append((key, name))
    known = {key for column in columns for key, _name in column}
    pairs = sorted((a, b) for a, b in links if a in known and b in known)
    ordered = _ordered(columns, pairs)
    deepest = max((len(column) for column in ordered), default=0)
    high = deepest * (HIGH + GAP) - GAP + 2 * EDGE if deepest else 2 * EDGE
    spots = tuple(spot for n, column in enumerate(ordered) for spot in _spots(n, column, high))
    by_key = {spot.key: spot for spot in spots}
    lines = tuple(Line(a, b, _curve(by_key[a], by_key[b])) for a, b in pairs)
    return Picture(2 * ACROSS + WIDE + 2 * EDGE, high, spots, lines)


def _ordered(
    columns: Sequence[list[tuple[int, str]]], pairs: Sequence[tuple[int, int]]
) -> list[list[tuple[int, str]]]:
    near: dict[int, list[int]] = {}
    for a, b in pairs:
        near.setdefault(a, []).append(b)
        near.setdefault(b, []).append(a)
    ordered = [list(column) for column in columns]
    for sweep in range(SWEEPS):
        for n in (0, 1, 2) if sweep % 2 else (2, 1, 0):
            where = _heights(ordered)
            ordered[n].sort(key=lambda m: (_mean(near.get(m[0], ()), where, where[m[0]]), m[1]))
    return ordered


def _heights(columns: Sequence[Sequence[tuple[int, str]]]) -> dict[int, float]:
    return {
        key: (row + 0.5) / len(column)
        for column in columns
        for row, (key, _name) in enumerate(column)
    }


def _mean(near: Iterable[int], where: Mapping[int, float], own: float) -> float:
    rows = [where[key] for key in near]
    return sum(rows) / len(rows) if rows else own


def _spots(n: int, column: Sequence[tuple[int, str]], high: int) -> list[Spot]:
    tall = len(column) * (HIGH + GAP) - GAP
    top = (high - tall) // 2
    return [
        Spot(key, name, EDGE + n * ACROSS, top + row * (HIGH + GAP))
        for row, (key, name) in enumerate(column)
    ]


def _curve(a: Spot, b: Spot) -> str:
    """Go from right to left edge; within a column, and back, round the outside."""
    start, end = a.x + a.wide, b.x if b.x > a.x else b.x + b.wide
    bend = max(30, (end - start) // 2) if b.x > a.x else 44
    back = end - bend if b.x > a.x else end + bend
    return f"M{start} {a.middle}C{start + bend} {a.middle} {back} {b.middle} {end} {b.middle}"
