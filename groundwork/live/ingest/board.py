"""Which minutes this process knows to be on disk: what it need not write again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from groundwork.live.rules.pulse import WINDOW
from groundwork.live.store import CHUNK
from groundwork.live.store.base import Pairs

_OFFSETS = np.arange(WINDOW, dtype=np.uint32)


class Board:
    """One bit for each token and minute of the last half hour; 1.2 million tokens take 5 MB."""

    def __init__(self) -> None:
        self.columns: dict[int, NDArray[np.uint8]] = {}

    def fresh(self, numbers: Sequence[int], minutes: Sequence[int], bits: Sequence[int]) -> Pairs:
        """Give the pairs of some claims that are not known to be on disk, each once."""
        claimed = np.array(bits, np.uint32)
        row, offset = np.nonzero((claimed[:, None] >> _OFFSETS) & np.uint32(1))
        minute = np.array(minutes, np.uint64)[row] - offset.astype(np.uint64)
        pairs = np.unique((minute << np.uint64(32)) | np.array(numbers, np.uint64)[row])
        return pairs[~self._known(pairs)]

    def _known(self, pairs: Pairs) -> NDArray[np.bool_]:
        known = np.zeros(len(pairs), np.bool_)
        for minute, start, end in _runs(pairs):
            column = self.columns.get(minute)
            if column is not None:
                number = pairs[start:end] & np.uint64(0xFFFFFFFF)
                byte = (number >> np.uint64(3)).astype(np.int64)
                inside = byte < len(column)
                held = column[np.where(inside, byte, 0)]
                bit = held >> (number & np.uint64(7)).astype(np.uint8)
                known[start:end] = inside & (bit & np.uint8(1)).astype(np.bool_)
        return known

    def mark(self, pairs: Pairs) -> None:
        """Note that pairs, as `fresh` gave them, are on disk."""
        for minute, start, end in _runs(pairs):
            number = pairs[start:end] & np.uint64(0xFFFFFFFF)
            column = self._column(minute, int(number[-1]))
            bit = np.left_shift(np.uint8(1), (number & np.uint64(7)).astype(np.uint8))
            np.bitwise_or.at(column, (number >> np.uint64(3)).astype(np.int64), bit)

    def _column(self, minute: int, highest: int) -> NDArray[np.uint8]:
        column = self.columns.get(minute)
        if column is None or highest >> 3 >= len(column):
            size = (highest // CHUNK + 1) * CHUNK // 8
            grown = np.zeros(size, np.uint8)
            if column is not None:
                grown[: len(column)] = column
            self.columns[minute] = column = grown
        return column

    def forget(self, before: int) -> None:
        """Let go of minutes that no pulse may claim any more."""
        for minute in [m for m in self.columns if m < before]:
            del self.columns[minute]


def _runs(pairs: Pairs) -> list[tuple[int, int, int]]:
    """Give (minute, start, end) of sorted pairs."""
    if not len(pairs):
        return []
    minutes = pairs >> np.uint64(32)
    starts = np.flatnonzero(np.concatenate(([True], minutes[1:] != minutes[:-1]))).tolist()
    return [
        (int(minutes[start]), start, end)
        for start, end in zip(starts, [*starts[1:], len(pairs)], strict=True)
    ]
