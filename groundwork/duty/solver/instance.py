"""The question of a plan and its answer, as arrays; times in minutes from the first midnight."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

DAY = 24 * 60
"""Minutes of a day."""


def none() -> Ints:
    """Make an empty column."""
    return np.zeros(0, np.int64)


def fair_shares(slots: int, capacity: Ints) -> Ints:
    """Share out all slots by the units' capacity (weekly caps of their people), rounded up."""
    return -(-slots * capacity // max(1, int(capacity.sum())))


@dataclass(frozen=True)
class Weights:
    """What a plan pays. All costs are whole numbers of the same unit, smaller is better.

    Shapes: `unfilled` and `mismatch` one per kind of need; `travel` four, by the lowest place that
    holds both the person's home and the gate: community, township, district, city. A negative
    number in `travel` forbids the distance. `week` is the price of a person's 1st, 2nd, … shift of
    a week (the last one goes on). `unit` is pairs (part of the fair share, price): shifts above a
    unit's fair share cost the first price up to that part of the share, and the last one beyond.
    """

    unfilled: tuple[int, ...]
    mismatch: tuple[int, ...]
    travel: tuple[int, int, int, int] = (0, 2, 6, -1)
    week: tuple[int, ...] = (0, 1, 3, 6, 10)
    unit: tuple[tuple[float, int], ...] = ((0.15, 2), (9.0, 5))


@dataclass(frozen=True)
class Instance:
    """One city's question. Rows refer to each other by index; the ids are for files and people.

    Places are a tree with the city as row 0 (`place_parent` -1): `place_level` 0 city, 1 district,
    2 township, 3 community, 4 a cell of a community (counts as its community). A gate stands at a
    place of any level. `person_mask` and `kind_mask` are bits of `attributes`; a need is matched
    by a person who has any of its bits, a mask of 0 by everybody. A person may stand a shift that
    lies wholly in one of their windows. `unit_out` is how many of a unit's people may be away in
    the office hours of one working day: away is who stands a shift that meets those hours.
    Two shifts of one person have `rest` minutes between them. A week is a calendar week (Monday).
    A shift of a closed gate is not in the rows. `locked` stand as they are, whatever they break;
    they use up their slot, the week and the office place. `kept` earns its bonus when it stays.
    """

    days: int
    first_weekday: int
    attributes: tuple[str, ...]
    kinds: tuple[str, ...]
    weights: Weights
    rest: int
    office: tuple[int, int]
    workday: Bools

    place_ids: tuple[str, ...]
    place_parent: Ints
    place_level: Ints

    unit_ids: tuple[str, ...]
    unit_out: Ints
    unit_share: Ints

    person_ids: tuple[str, ...]
    person_place: Ints
    person_unit: Ints
    person_mask: Ints
    person_cap: Ints
    window_person: Ints
    window_start: Ints
    window_end: Ints

    gate_ids: tuple[str, ...]
    gate_place: Ints

    shift_ids: tuple[str, ...]
    shift_gate: Ints
    shift_start: Ints
    shift_end: Ints
    need_shift: Ints
    need_kind: Ints
    need_count: Ints
    kind_mask: Ints

    kept_person: Ints = field(default_factory=none)
    kept_shift: Ints = field(default_factory=none)
    kept_bonus: Ints = field(default_factory=none)
    locked_person: Ints = field(default_factory=none)
    locked_shift: Ints = field(default_factory=none)
    locked_kind: Ints = field(default_factory=none)


@dataclass(frozen=True)
class Plan:
    """An answer: person `person[i]` stands shift `shift[i]` as `kind[i]`; locked ones included.

    `cost` and `bound` are in the unit of the weights: no plan whatever costs less than `bound`.
    """

    person: Ints
    shift: Ints
    kind: Ints
    cost: int
    bound: int
    seconds: float = 0.0

    @property
    def gap(self) -> float:
        """The proven gap, 0 to 1: how much of the cost could at most be saved."""
        return 0.0 if self.cost <= self.bound else (self.cost - self.bound) / max(self.cost, 1)
