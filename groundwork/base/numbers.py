"""The kinds of number a page may show; a rate is a part of its whole by construction."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Ratio:
    """So many of one thing per one of another; never a percentage."""

    number: int
    per: int

    @property
    def value(self) -> float | None:
        """The quotient, None over nothing."""
        return self.number / self.per if self.per else None
