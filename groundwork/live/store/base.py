"""What a store of pulses must do; both stores pass one and the same suite of tests.

A minute played is a pair (minute, number), packed `minute << 32 | number`. Pairs form a set: to add
one twice is to add it once, in any order, from any process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from groundwork.live.rules.figures import Bits
from groundwork.live.rules.pulse import Hours

CHUNK = 1 << 16  # tokens whose bits lie together: 8 KiB a minute
CHUNK_BYTES = CHUNK // 8
Pairs = NDArray[np.uint64]


class StoreBusy(Exception):
    """Say that nothing was kept and that trying again later may help."""


@dataclass(frozen=True)
class Watched:
    """A stream whose pulses are taken: its key and its hours."""

    id: str
    key: bytes
    hours: Hours


@dataclass(frozen=True)
class Counted:
    """What was counted last: viewers by minute, the newest settled minute, and when that was."""

    curve: dict[int, int]
    settled: int
    at: float


class Store(Protocol):
    """Keep pairs durably: when `add` returns, they outlive the process and the power."""

    def register(self, stream: str, hours: Hours) -> None:
        """Take pulses of a stream. The origin stays once tokens were drawn; a sealed one stays."""

    def streams(self) -> list[Watched]:
        """Give the streams whose pulses are taken."""

    def kept(self) -> dict[str, Hours]:
        """Give every stream of which something is kept, sealed or not, with its hours."""

    def reserve(self, stream: str, n: int) -> int:
        """Give the first of `n` numbers that nobody else will get. Raises StoreBusy once sealed."""

    def add(self, pairs: Mapping[str, Pairs]) -> set[str]:
        """Keep pairs by stream, durably; name the streams that were sealed and kept nothing.

        Raises StoreBusy when it is not known to be on disk.
        """

    def refuse(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Add to the numbers of refused pulses, by stream and rule."""

    def refused(self, stream: str) -> dict[str, int]:
        """Give the numbers of refused pulses by rule."""

    def count(self, stream: str, minutes: Sequence[int]) -> dict[int, int]:
        """Count the distinct tokens of some minutes."""

    def lead(self, stream: str, seconds: int) -> bool:
        """Tell whether it is this process's turn to count for the next seconds."""

    def publish(self, stream: str, counted: Counted) -> None:
        """Leave what was counted for every reader, beside what earlier minutes had."""

    def published(self, stream: str) -> Counted | None:
        """Read what was counted last: one row, whoever asks."""

    def seal(self, stream: str) -> None:
        """Take nothing more of a stream: what `add` acknowledged before is all there is."""

    def chunks(self, stream: str, minutes: int) -> Iterator[Bits]:
        """Give the columns of a sealed stream, (minutes × 8 KiB) for each 65,536 tokens."""

    def erase(self, stream: str) -> None:
        """Forget a stream: its minutes, numbers, counts and key. Twice is no error."""

    def close(self) -> None:
        """Hang up."""


def split(pairs: Pairs) -> Iterator[tuple[int, int, NDArray[np.uint32]]]:
    """Group pairs as (chunk, minute, numbers within the chunk)."""
    if not len(pairs):
        return
    number = pairs & np.uint64(0xFFFFFFFF)
    # chunk, then minute, then number: one sort groups all three
    order = ((number >> np.uint64(16)) << np.uint64(48)) | (
        (pairs >> np.uint64(32)) << np.uint64(16)
    )
    order |= number & np.uint64(CHUNK - 1)
    order = np.sort(order)
    groups = order >> np.uint64(16)
    starts = np.flatnonzero(np.concatenate(([True], groups[1:] != groups[:-1])))
    ends = [*starts[1:].tolist(), len(order)]
    for start, end in zip(starts.tolist(), ends, strict=True):
        group = int(groups[start])
        inside = (order[start:end] & np.uint64(CHUNK - 1)).astype(np.uint32)
        yield group >> 32, group & 0xFFFFFFFF, inside


def column(numbers: NDArray[np.uint32]) -> Bits:
    """Set the bits of numbers within a chunk, most significant bit first as Redis has it."""
    flags = np.zeros(CHUNK, dtype=np.bool_)
    flags[numbers] = True
    return np.packbits(flags)
