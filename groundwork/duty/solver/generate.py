"""Make a seeded city to plan for: what the benches measure and a stranger can try.

The city is invented but shaped like the winter it is named after: 28,000 civil servants, some
3,000 communities with one to four gates each, most of the need after office hours and at weekends.
Same arguments, same city, on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from groundwork.duty.solver.instance import DAY, Bools, Instance, Ints, Weights, fair_shares

HOUR = 60
OFFICE = (8 * HOUR, 17 * HOUR)
HOURS: dict[str, tuple[tuple[int, int], ...]] = {
    "three": ((8 * HOUR, 12 * HOUR), (12 * HOUR, 17 * HOUR), (17 * HOUR, 22 * HOUR)),
    "odd": ((6 * HOUR, 14 * HOUR), (14 * HOUR, 22 * HOUR), (22 * HOUR, 30 * HOUR)),
    "long": ((8 * HOUR, 20 * HOUR), (20 * HOUR, 32 * HOUR)),
    "overlap": ((7 * HOUR, 13 * HOUR), (11 * HOUR, 17 * HOUR), (17 * HOUR, 23 * HOUR)),
}
"""Named shift hours of a day, in minutes; an end past 24:00 is on the next day."""

ATTRIBUTES = ("party", "experienced", "medical", "dialect")
KINDS = ("lead", "general", "medical", "dialect")
KIND_MASK = np.array([0b0011, 0, 0b0100, 0b1000], np.int64)
WEIGHTS = Weights(unfilled=(120, 100, 110, 105), mismatch=(30, 0, 40, 15))

PEOPLE, COMMUNITIES, TOWNSHIPS, DISTRICTS, UNITS = 28_000, 3_000, 150, 10, 400
OUT_SHARE = 0.06
"""How many of a unit's people may be away in office hours of one day, of its size; at least one."""


@dataclass(frozen=True)
class _Days:
    """The blocks of every day: a block is one shift hour of one day."""

    days: int
    hours: tuple[tuple[int, int], ...]

    @property
    def weekend(self) -> Bools:
        """Tell the days off; the first day is a Monday."""
        off: Bools = np.arange(self.days) % 7 >= 5
        return off

    @property
    def in_office(self) -> Bools:
        """Tell which shift hours meet the office hours of a working day."""
        start, end = np.array(self.hours).T
        meets: Bools = (start < OFFICE[1]) & (end > OFFICE[0])
        return meets

    @property
    def starts(self) -> Ints:
        """Give the first minute of each block, by day and then by hour."""
        return self._of_all_days(0)

    @property
    def ends(self) -> Ints:
        """Give the last minute of each block, by day and then by hour."""
        return self._of_all_days(1)

    def _of_all_days(self, side: int) -> Ints:
        """Repeat one side of the shift hours every day."""
        minutes: Ints = np.arange(self.days)[:, None] * DAY + np.array(self.hours)[:, side]
        return minutes.ravel()


@dataclass(frozen=True)
class _Tree:
    """Parents by row: township to district, community to township."""

    districts: int
    township_district: Ints
    community_township: Ints

    @property
    def community_district(self) -> Ints:
        """Give each community's district."""
        return self.township_district[self.community_township]


def generate(
    scale: float = 1.0,
    seed: int = 1,
    days: int = 14,
    load: float = 0.85,
    hours: str = "three",
    districts: int | None = None,
) -> Instance:
    """Make a city of 28,000 × `scale` people whose need is `load` of what their weekly caps allow.

    `hours` names the shift hours of a day (`HOURS`); `districts` sets their number, else ten at
    scale 1. Rest is 11 hours, the office is open 08:00-17:00 on Monday to Friday, and nobody is
    sent out of their district.
    """
    draw = np.random.default_rng(seed)
    blocks = _Days(days, HOURS[hours])
    tree = _make_tree(draw, scale, districts)
    people = _make_people(draw, scale, tree)
    free = _make_availability(draw, len(people.cap), blocks)
    gate_community = np.repeat(
        np.arange(len(tree.community_township)),
        draw.choice([1, 2, 3, 4], len(tree.community_township), p=[0.4, 0.3, 0.2, 0.1]),
    )
    needs = _make_needs(draw, len(gate_community), blocks, load * int(people.cap.sum()) * days / 7)
    return _assemble(blocks, tree, people, free, gate_community, needs)


def _make_tree(draw: np.random.Generator, scale: float, districts: int | None) -> _Tree:
    """Scatter townships over districts and communities over townships, none empty."""
    of_districts = districts or max(1, round(DISTRICTS * scale))
    of_townships = max(2, of_districts, int(TOWNSHIPS * scale))
    of_communities = max(3, of_townships, int(COMMUNITIES * scale))
    township = _scatter(draw, of_townships, of_districts)
    return _Tree(of_districts, township, _scatter(draw, of_communities, of_townships))


def _scatter(draw: np.random.Generator, rows: int, parents: int) -> Ints:
    """Give each row a parent, in order, every parent at least one row."""
    return np.sort(np.r_[np.arange(parents), draw.integers(0, parents, rows - parents)])


@dataclass(frozen=True)
class _People:
    """Where people live, whom they work for, what they are and how much they may be asked."""

    community: Ints
    unit: Ints
    units: int
    mask: Ints
    cap: Ints


def _make_people(draw: np.random.Generator, scale: float, tree: _Tree) -> _People:
    """Settle people; half of a unit's people live in its own district, the rest anywhere."""
    size = max(1, int(PEOPLE * scale))
    crowd = draw.lognormal(0, 0.5, len(tree.community_township))
    community = draw.choice(len(crowd), size, p=crowd / crowd.sum())
    units = max(3, int(UNITS * scale))
    weight = draw.lognormal(0, 0.7, units)
    weight /= weight.sum()
    unit_district = draw.integers(0, tree.districts, units)
    local = draw.random(size) < 0.5
    district = tree.community_district[community]
    unit = np.zeros(size, np.int64)
    for row in range(tree.districts):
        here = local & (district == row)
        near = np.flatnonzero(unit_district == row)
        if len(near):
            unit[here] = draw.choice(near, int(here.sum()), p=weight[near] / weight[near].sum())
        else:
            local[here] = False
    unit[~local] = draw.choice(units, int((~local).sum()), p=weight)
    mask = np.zeros(size, np.int64)
    for bit, share in enumerate((0.45, 0.35, 0.04, 0.15)):
        mask |= (draw.random(size) < share).astype(np.int64) << bit
    return _People(community, unit, units, mask, draw.choice([2, 3, 4], size, p=[0.3, 0.4, 0.3]))


def _make_availability(draw: np.random.Generator, size: int, blocks: _Days) -> Bools:
    """Let people say when they can: person × block; in office hours only who is released."""
    weekend, office = blocks.weekend, blocks.in_office
    free = np.zeros((size, blocks.days, len(blocks.hours)), bool)
    evenings, weekends = draw.beta(3, 3, size), draw.beta(3, 3, size)
    for hour in np.flatnonzero(~office):
        free[:, :, hour] = draw.random((size, blocks.days)) < evenings[:, None]
    said = draw.random((size, int(weekend.sum()), len(blocks.hours)))
    free[:, weekend] = said < weekends[:, None, None]
    released = draw.random(size) < 0.20
    away = (draw.random((size, blocks.days)) < 0.4) & ~weekend & released[:, None]
    free[:, :, office] |= away[:, :, None]
    return free.reshape(size, -1)


def _make_needs(draw: np.random.Generator, gates: int, blocks: _Days, target: float) -> Ints:
    """Ask for people: gate × block × kind, just above `target` slots in all.

    A staffed gate wants one lead; of more than one, every tenth place wants medical skill and
    three in twenty want the dialect.
    """
    busy = np.full((blocks.days, len(blocks.hours)), 0.80)
    busy[:, blocks.in_office] = 0.06
    busy[blocks.weekend] = 0.75
    chance = draw.random((gates, *busy.shape))
    number = draw.choice([1, 2, 3], chance.shape, p=[0.7, 0.22, 0.08])
    low, high = 0.0, 1.5 / 0.06
    for _ in range(40):
        middle = (low + high) / 2
        enough = int((number * (chance < busy * middle)).sum()) >= target
        low, high = (low, middle) if enough else (middle, high)
    number = (number * (chance < busy * high)).reshape(gates, -1)
    skill = draw.random(number.shape)
    lead = number > 0
    medical = (number > 1) & (skill < 0.10)
    dialect = (number > 1) & (skill >= 0.10) & (skill < 0.25)
    return np.stack([lead, number - lead - medical - dialect, medical, dialect], 2)


def _windows(free: Bools, starts: Ints, ends: Ints) -> tuple[Ints, Ints, Ints]:
    """Turn free blocks into windows of a person, joining blocks that touch or overlap."""
    goes_on = np.zeros_like(free)
    goes_on[:, 1:] = free[:, 1:] & free[:, :-1] & (starts[1:] <= ends[:-1])
    stops = free.copy()
    stops[:, :-1] &= ~goes_on[:, 1:]
    person, first = np.nonzero(free & ~goes_on)
    _, last = np.nonzero(stops)
    return person, starts[first], ends[last]


def _names(letter: str, size: int) -> tuple[str, ...]:
    """Number rows with ids of one length."""
    width = len(str(size))
    return tuple(f"{letter}{row:0{width}}" for row in range(1, size + 1))


def _assemble(
    blocks: _Days, tree: _Tree, people: _People, free: Bools, gate_community: Ints, needs: Ints
) -> Instance:
    """Put the parts into the rows of an instance; a block without a need is no shift."""
    first_community = 1 + tree.districts + len(tree.township_district)
    window_person, window_start, window_end = _windows(free, blocks.starts, blocks.ends)
    return Instance(
        days=blocks.days,
        first_weekday=0,
        attributes=ATTRIBUTES,
        kinds=KINDS,
        weights=WEIGHTS,
        rest=11 * HOUR,
        office=OFFICE,
        workday=~blocks.weekend,
        **_place_rows(tree),
        **_unit_rows(people, int(needs.sum())),
        person_ids=_names("p", len(people.cap)),
        person_place=first_community + people.community,
        person_unit=people.unit,
        person_mask=people.mask,
        person_cap=people.cap,
        window_person=window_person,
        window_start=window_start,
        window_end=window_end,
        gate_ids=_names("g", len(gate_community)),
        gate_place=first_community + gate_community,
        **_shift_rows(blocks, needs),
        kind_mask=KIND_MASK,
    )


def _place_rows(tree: _Tree) -> dict[str, Any]:
    """Put the tree into rows: the city, districts, townships, communities."""
    townships, communities = len(tree.township_district), len(tree.community_township)
    return {
        "place_ids": (
            "city",
            *_names("d", tree.districts),
            *_names("t", townships),
            *_names("c", communities),
        ),
        "place_parent": np.r_[
            -1,
            np.zeros(tree.districts, np.int64),
            1 + tree.township_district,
            1 + tree.districts + tree.community_township,
        ],
        "place_level": np.repeat(np.arange(4), [1, tree.districts, townships, communities]),
    }


def _unit_rows(people: _People, slots: int) -> dict[str, Any]:
    """Put the units into rows, each with its places to spare and its fair share."""
    size = np.bincount(people.unit, minlength=people.units)
    capacity = np.bincount(people.unit, people.cap, minlength=people.units).astype(np.int64)
    return {
        "unit_ids": _names("u", people.units),
        "unit_out": np.maximum(1, (size * OUT_SHARE).astype(np.int64)),
        "unit_share": fair_shares(slots, capacity),
    }


def _shift_rows(blocks: _Days, needs: Ints) -> dict[str, Any]:
    """Put the shifts and what they need into rows; an id says gate, day and hour."""
    gate, block = np.nonzero(needs.sum(2))
    shift, kind = np.nonzero(needs[gate, block])
    gate_ids = _names("g", len(needs))
    at = [
        f"{row // len(blocks.hours) + 1:02}-{start % DAY // HOUR:02}"
        for row, start in enumerate(blocks.starts.tolist())
    ]
    return {
        "shift_ids": tuple(
            f"{gate_ids[g]}.{at[b]}" for g, b in zip(gate.tolist(), block.tolist(), strict=True)
        ),
        "shift_gate": gate,
        "shift_start": blocks.starts[block],
        "shift_end": blocks.ends[block],
        "need_shift": shift,
        "need_kind": kind,
        "need_count": needs[gate, block][shift, kind],
    }
