"""An audience as such evenings have it: a rush at the start, drop-outs, a long tail. For the demo
city, the benches and the model of docs/scale.md; nothing real is ever made up with it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from groundwork.live.rules.figures import Bits

CHUNK = 1 << 16
RUSH = 0.70  # of the audience comes in ten minutes, from five before the start to five after it
FAITHFUL = 0.55  # stay to the end
PAUSES = 0.15  # go away for a while and come back
MINUTES = NDArray[np.int64]


def draw_audience(
    n: int, starts: int, ends: int, rng: np.random.Generator
) -> tuple[MINUTES, MINUTES, MINUTES, MINUTES]:
    """Draw for `n` viewers: came, left, and away from–to (equal: never), in minutes.

    Minutes `starts` to `ends` are the evening's own; who comes early watches from five before.
    """
    rush = rng.random(n) < RUSH
    came = np.where(
        rush,
        rng.integers(starts - 5, starts + 5, n),
        starts + rng.exponential((ends - starts) / 4, n).astype(np.int64),
    )
    came = np.clip(came, 0, ends - 1)
    stays = rng.random(n) < FAITHFUL
    length = 1 + rng.exponential((ends - starts) / 5, n).astype(np.int64)
    left = np.where(stays, ends, np.minimum(ends, came + length))
    pausing = (rng.random(n) < PAUSES) & (left - came > 20)
    room = np.maximum(1, left - came - 15)
    away = np.where(pausing, came + 2 + (rng.random(n) * room).astype(np.int64), left)
    back = np.where(pausing, np.minimum(left, away + rng.integers(1, 13, n)), left)
    return came, left, away, back


def columns_of(
    n: int, starts: int, ends: int, minutes: int, rng: np.random.Generator
) -> Iterator[Bits]:
    """Give the columns of an audience, chunk by chunk, as a store gives them."""
    for first in range(0, n, CHUNK):
        some = min(CHUNK, n - first)
        came, left, away, back = draw_audience(some, starts, ends, rng)
        columns = np.zeros((minutes, CHUNK // 8), np.uint8)
        for minute in range(minutes):
            here = (came <= minute) & (minute < left) & ~((away <= minute) & (minute < back))
            packed = np.packbits(here)
            columns[minute, : len(packed)] = packed
        yield columns
