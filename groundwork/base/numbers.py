"""The kinds of number a page may show; a rate is a part of its whole by construction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SMALLEST_WHOLE = 5  # under this n a percentage says more about persons than about the city


@dataclass(frozen=True)
class Count:
    """A number of things; `capped` when counting stopped there ("1,000+")."""

    n: int
    capped: bool = False

    def __post_init__(self) -> None:
        if self.n < 0:
            raise ValueError("a count is never negative")


@dataclass(frozen=True)
class Rate:
    """A part of a whole. Raises ValueError when the part is not inside the whole."""

    part: int
    whole: int

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.whole:
            raise ValueError(f"{self.part} is no part of {self.whole}")

    @property
    def percent(self) -> float | None:
        """The share in percent, None where the whole is under five."""
        return None if self.whole < SMALLEST_WHOLE else 100 * self.part / self.whole

    @property
    def shown(self) -> str:
        """Write it with one place, never rounded up to a whole that was not reached nor down to
        none; where the whole is under five as what it is, "3 / 4".
        """
        if self.percent is None:
            return f"{self.part} / {self.whole}"
        shown = round(self.percent, 1)
        if self.part < self.whole:
            shown = min(shown, 99.9)
        if self.part > 0:
            shown = max(shown, 0.1)
        return f"{shown:g}%"


@dataclass(frozen=True)
class Ratio:
    """So many of one thing per one of another; never a percentage."""

    number: int
    per: int

    @property
    def value(self) -> float | None:
        """The quotient, None over nothing."""
        return self.number / self.per if self.per else None

    @property
    def shown(self) -> str:
        """Write it with three digits that count, "—" over nothing."""
        return "—" if self.value is None else f"{self.value:.3g}"


@dataclass(frozen=True)
class Share:
    """What people said: yes of those who said anything, and these of those who were asked.

    Raises ValueError when one is not inside the next.
    """

    yes: int
    said: int
    asked: int

    def __post_init__(self) -> None:
        if not 0 <= self.yes <= self.said <= self.asked:
            raise ValueError(f"{self.yes} of {self.said} of {self.asked} is no share")

    @property
    def rate(self) -> Rate:
        """Yes of those who said."""
        return Rate(self.yes, self.said)

    @property
    def reply(self) -> Rate:
        """Who said, of those asked: the answer rate."""
        return Rate(self.said, self.asked)

    @property
    def percent(self) -> float | None:
        """The share in percent, None where fewer than five said anything."""
        return self.rate.percent

    @property
    def shown(self) -> str:
        """Write the share as a rate is written."""
        return self.rate.shown


@dataclass(frozen=True)
class Median:
    """The middle one of `n` measures, of which `step` make one of the unit it is shown in.

    Twice the middle is kept, so that the mean of the two in the middle stays whole. Of fewer than
    five none is kept: so few say more about persons than about the thing.
    """

    n: int
    twice: int | None
    step: int = 1

    def __post_init__(self) -> None:
        if (self.twice is None) != (self.n < SMALLEST_WHOLE):
            raise ValueError(f"a middle of {self.n} measures: {self.twice}")

    @classmethod
    def of(cls, n: int, twice: int, step: int = 1) -> Median:
        """Make it of what was counted, without the middle of fewer than five."""
        return cls(n, None if n < SMALLEST_WHOLE else twice, step)

    @property
    def value(self) -> float | None:
        """The middle in its unit, None under five."""
        return None if self.twice is None else self.twice / 2 / self.step

    @property
    def shown(self) -> str:
        """Write it with three digits that count and at most one place; "—" under five."""
        return "—" if self.value is None else f"{round(self.value, 1):,g}"


Number = Count | Rate | Ratio | Share | Median  # what a figure may be


def twice_middle(counts: Mapping[int, int]) -> int:
    """Give twice the median of measures, each with how often it was taken; 0 of none."""
    n, seen, found = sum(counts.values()), 0, 0
    for measure in sorted(counts):
        before, seen = seen, seen + counts[measure]
        found += measure * ((before <= (n - 1) // 2 < seen) + (before <= n // 2 < seen))
    return found


def twice_middle_of(measures: list[int]) -> int:
    """Give twice the median of measures written out one by one, at least one of them."""
    n, ordered = len(measures), sorted(measures)
    return ordered[(n - 1) // 2] + ordered[n // 2]


@dataclass(frozen=True)
class Interval:
    """Where a share most likely lies, from 0 to 1, judged by `whole` looked at."""

    low: float
    high: float
    whole: int

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high <= 1:
            raise ValueError(f"{self.low}–{self.high} is no interval of shares")

    @property
    def percents(self) -> tuple[float, float] | None:
        """Both ends in percent, None where fewer than five were looked at."""
        return None if self.whole < SMALLEST_WHOLE else (100 * self.low, 100 * self.high)
