"""The streams this process takes pulses for, and the pulses that wait for one commit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from groundwork.live.ingest.board import Board
from groundwork.live.ingest.wire import Line
from groundwork.live.rules.figures import settled_minute
from groundwork.live.rules.pulse import WINDOW, Hours, minute_at
from groundwork.live.store import Counted, Store, StoreBusy, Watched

BLOCK = (
    16_384  # numbers reserved at a time; what a crash leaves unused costs two bits' worth of disk
)
LOW = 8_192  # fewer left than this, and the next block is fetched
COUNT_EVERY = 5  # seconds between two counts of "viewers now"


@dataclass
class Hall:
    """One stream: key, hours, numbers to give out, what is known, what was refused."""

    id: str
    key: bytes
    hours: Hours
    board: Board = field(default_factory=Board)
    numbers: list[int] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    due: int = 30  # seconds, as said last


@dataclass
class Rows:
    """The claims of one stream in one batch, and who waits for the answers."""

    numbers: list[int] = field(default_factory=list)
    minutes: list[int] = field(default_factory=list)
    bits: list[int] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


class Batch:
    """Pulses that share one commit."""

    __slots__ = ("born", "n", "rows")

    def __init__(self) -> None:
        self.n, self.born = 0, 0.0
        self.rows: dict[str, Rows] = {}

    def put(self, hall: Hall, number: int, minute: int, bits: int, line: Line) -> None:
        """Add a claim that broke no rule."""
        rows = self.rows.get(hall.id)
        if rows is None:
            rows = self.rows[hall.id] = Rows()
        rows.numbers.append(number)
        rows.minutes.append(minute)
        rows.bits.append(bits)
        rows.lines.append(line)
        self.n += 1


def commit(store: Store, halls: dict[str, Hall], batch: Batch) -> set[str]:
    """Put a batch on disk; name the streams that were sealed meanwhile. Raises StoreBusy."""
    fresh = {}
    for stream, rows in batch.rows.items():
        pairs = halls[stream].board.fresh(rows.numbers, rows.minutes, rows.bits)
        if len(pairs):
            fresh[stream] = pairs
    sealed = store.add(fresh) if fresh else set()
    for stream, pairs in fresh.items():
        if stream not in sealed:
            halls[stream].board.mark(pairs)
    return sealed


@dataclass
class News:
    """What keeping house found: the streams, and numbers for those that ran low."""

    streams: list[Watched]
    numbers: dict[str, list[int]]


def keep_house(store: Store, halls: dict[str, Hall], now: float, count: bool) -> News:
    """Fetch streams and numbers, write refusals down, count who watches; runs beside the loop."""
    streams = store.streams()
    numbers: dict[str, list[int]] = {}
    for stream in streams:
        hours, hall = stream.hours, halls.get(stream.id)
        if hours.origin <= now < hours.until and (hall is None or len(hall.numbers) < LOW):
            numbers[stream.id] = reserve(store, stream.id)
    for hall in list(halls.values()):
        hall.board.forget(int((now - hall.hours.origin) // 60) - WINDOW)
        write_refusals(store, hall)
        if count and hall.hours.origin <= now < hall.hours.until:
            count_hall(store, hall, now)
    return News(streams, numbers)


def write_refusals(store: Store, hall: Hall) -> None:
    """Add what was refused since the last time to what is written down."""
    taken, hall.refused = hall.refused, Counter()
    try:
        if taken:
            store.refuse({hall.id: taken})
    except StoreBusy:
        hall.refused.update(taken)
        raise


def reserve(store: Store, stream: str) -> list[int]:
    """Fetch a block of numbers in random order: a token tells nothing of when within the block."""
    try:
        first = store.reserve(stream, BLOCK)
    except StoreBusy:
        return []
    drawn: list[int] = (np.random.default_rng().permutation(BLOCK) + first).tolist()
    return drawn


def count_hall(store: Store, hall: Hall, now: float) -> None:
    """Count the minutes that may still change, when it is our turn, for every reader."""
    if not store.lead(hall.id, COUNT_EVERY - 1):
        return
    newest = minute_at(hall.hours, now)
    minutes = range(max(0, newest - WINDOW), newest + 1)
    over = now >= hall.hours.ends
    settled = newest if over else settled_minute(newest, hall.due)
    store.publish(hall.id, Counted(store.count(hall.id, minutes), settled, now))
