"""Small steps from rows of the database to the planner's columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from groundwork.duty.rules.kinds import ATTRIBUTES, KINDS
from groundwork.duty.solver.instance import Ints, Weights

Spans = list[tuple[int, int]]


def columns(rows: Sequence[Sequence[int]], width: int) -> list[Ints]:
    """Turn rows into columns of their own, also where there is no row."""
    table = np.array(rows, np.int64).reshape(-1, width)
    return [table[:, i].copy() for i in range(width)]


def prices(weights: Mapping[str, Any]) -> Weights:
    """Give the prices as the planner takes them."""
    near, township, district, city = weights["travel"]
    return Weights(
        unfilled=tuple(weights["unfilled"][kind] for kind in KINDS),
        mismatch=tuple(weights["mismatch"][kind] for kind in KINDS),
        travel=(near, township, district, city),
        week=tuple(weights["week"]),
        unit=tuple((float(part), int(price)) for part, price in weights["unit"]),
    )


def cut(spans: Spans, gone: Spans) -> Spans:
    """Take stretches out of a person's times."""
    for start, end in gone:
        left = [(a, min(b, start)) for a, b in spans if a < start]
        right = [(max(a, end), b) for a, b in spans if b > end]
        spans = sorted({(a, b) for a, b in (*left, *right) if a < b})
    return spans


def mask_of(has: Mapping[str, bool], skills: Sequence[str]) -> int:
    """Give the attributes that somebody has as bits."""
    return sum(1 << bit for bit, name in enumerate(ATTRIBUTES) if has.get(name) or name in skills)
