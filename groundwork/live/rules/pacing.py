"""When the next pulse is due, when to say no, and how many tokens one address may draw."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

SOONEST = 30  # seconds between two pulses of a page while the audience is small
LATEST = 420  # while it is large; a quarter of what one pulse can speak of
OFFICE = 3000  # tokens one address may draw at once: the largest office tower, all in one minute
OFFICE_REFILL = 10.0  # and so many more in each second: a mobile network's shared address
MOST_ADDRESSES = 100_000  # remembered at a time, salted; none is ever written down


@dataclass
class Slots:
    """Give every answer the first second that still has room: load is bounded by construction.

    `per_second` pulses are promised to any one second at most, until all the seconds up to LATEST
    are full; from there on LATEST is said, and what comes too thick is refused by `must_refuse`.
    """

    per_second: int
    start: int = 0
    room: deque[int] = field(default_factory=deque)
    first: int = 0  # seconds from `start`, all before it are full

    def take(self, now: int, n: int = 1) -> int:
        """Give the seconds after which `n` pulses are due again."""
        self._advance(now)
        while self.first < len(self.room) and self.room[self.first] <= 0:
            self.first += 1
        if self.first >= len(self.room):
            return LATEST
        self.room[self.first] -= n
        # More than a second's room is owed by the next ones.
        owed, at = -self.room[self.first], self.first
        while owed > 0 and at + 1 < len(self.room):
            self.room[at], at = 0, at + 1
            self.room[at] -= owed
            owed = -self.room[at]
        return SOONEST + self.first

    def _advance(self, now: int) -> None:
        gone = now - self.start
        if gone >= len(self.room) or gone < 0:
            self.room = deque([self.per_second] * (LATEST - SOONEST + 1))
            self.start, self.first = now, 0
            return
        for _ in range(gone):
            self.room.popleft()
            self.room.append(self.per_second)
        self.start += gone
        self.first = max(0, self.first - gone)


def must_refuse(waiting: int, most: int, stuck: float, longest: float) -> bool:
    """Say no (503) once so many wait for the disk, or the oldest of them for so many seconds."""
    return waiting >= most or stuck > longest


@dataclass
class Draws:
    """Count the tokens that addresses draw: an office passes, a robot does not get a million."""

    at: dict[int, tuple[float, float]] = field(default_factory=dict)

    def allow(self, address: int, now: float) -> bool:
        """Tell whether an address, given as a salted hash, may draw one more token."""
        left, seen = self.at.pop(address, (float(OFFICE), now))
        left = min(float(OFFICE), left + (now - seen) * OFFICE_REFILL)
        if len(self.at) >= MOST_ADDRESSES:
            del self.at[next(iter(self.at))]  # the one that was silent longest
        self.at[address] = (left - 1 if left >= 1 else left, now)
        return left >= 1
