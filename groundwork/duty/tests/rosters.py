"""Small random questions of every shape the contract allows, for the properties of the solver."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from groundwork.duty.solver.instance import DAY, Instance, Ints, Plan, Weights

HOUR = 60


def ints(values: object) -> Ints:
    """Make a column."""
    return np.array(values, np.int64).reshape(-1)


def small_instance(seed: int, *, locked: bool = True, kept: bool = True) -> Instance:
    """Draw a question: any shift hours, one to three districts, levels skipped, odd prices."""
    draw = np.random.default_rng(seed)
    days, people, units = int(draw.integers(1, 10)), int(draw.integers(1, 9)), 2
    parent, level = _tree(draw)
    gates = int(draw.integers(1, 4))
    starts, ends = _hours(draw, days, int(draw.integers(1, 11)))
    kinds = int(draw.integers(1, 4))
    needs = draw.integers(0, 3, (len(starts), kinds))
    need_shift, need_kind = np.nonzero(needs)
    windows = _windows(draw, people, days, starts, ends)
    steps = draw.integers(0, 6, 3)
    instance = Instance(
        days=days,
        first_weekday=int(draw.integers(0, 7)),
        attributes=("party", "medical"),
        kinds=("lead", "general", "medical")[:kinds],
        weights=Weights(
            unfilled=tuple(draw.integers(0, 60, kinds).tolist()),
            mismatch=tuple(draw.integers(0, 40, kinds).tolist()),
            travel=_travel(draw),
            week=tuple(np.cumsum(draw.integers(0, 4, int(draw.integers(1, 4)))).tolist()),
            unit=((0.5, int(steps[0])), (1.0, int(steps[:2].sum())), (9.0, int(steps.sum()))),
        ),
        rest=int(draw.choice([0, 8 * HOUR, 11 * HOUR])),
        office=(8 * HOUR, 17 * HOUR),
        workday=draw.random(days) < 0.7,
        place_ids=tuple(f"place-{row}" for row in range(len(parent))),
        place_parent=parent,
        place_level=level,
        unit_ids=tuple(f"unit-{row}" for row in range(units)),
        unit_out=draw.integers(0, 4, units),
        unit_share=draw.integers(0, 5, units),
        person_ids=tuple(f"person-{row}" for row in range(people)),
        person_place=draw.integers(0, len(parent), people),
        person_unit=draw.integers(0, units, people),
        person_mask=draw.integers(0, 4, people),
        person_cap=draw.integers(0, 5, people),
        window_person=windows[0],
        window_start=windows[1],
        window_end=windows[2],
        gate_ids=tuple(f"gate-{row}" for row in range(gates)),
        gate_place=draw.integers(0, len(parent), gates),
        shift_ids=tuple(f"shift-{row}" for row in range(len(starts))),
        shift_gate=draw.integers(0, gates, len(starts)),
        shift_start=starts,
        shift_end=ends,
        need_shift=need_shift,
        need_kind=need_kind,
        need_count=needs[need_shift, need_kind],
        kind_mask=draw.integers(0, 4, kinds),
    )
    if kept:
        person, shift = _some_pairs(draw, instance, 4)
        bonus = draw.integers(0, 30, len(person))
        instance = replace(instance, kept_person=person, kept_shift=shift, kept_bonus=bonus)
    if locked:
        person, shift = _some_pairs(draw, instance, 3)
        kind = draw.integers(0, kinds, len(person))
        instance = replace(instance, locked_person=person, locked_shift=shift, locked_kind=kind)
    return instance


def _tree(draw: np.random.Generator) -> tuple[Ints, Ints]:
    """Draw a tree of up to five levels; a cell is of a community, other levels may be skipped."""
    parent, level = [-1], [0]
    for wanted, size in ((1, 3), (2, 3), (3, 4), (4, 2)):
        for _ in range(int(draw.integers(1, size + 1))):
            above = [row for row, known in enumerate(level) if known < wanted]
            near = [row for row in above if level[row] == wanted - 1]
            parent.append(
                int(draw.choice(near if wanted == 4 or (near and draw.random() < 0.8) else above))
            )
            level.append(wanted)
    return ints(parent), ints(level)


def _hours(draw: np.random.Generator, days: int, size: int) -> tuple[Ints, Ints]:
    """Draw shift hours: three blocks, nights over midnight, or anything up to a day long."""
    day = draw.integers(0, days, size) * DAY
    usual = ((8, 12), (12, 17), (17, 22), (6, 14), (14, 22), (22, 30), (20, 32), (9, 10))
    picked = ints(usual).reshape(-1, 2)[draw.integers(0, len(usual), size)] * HOUR
    odd = draw.random(size) < 0.25
    start = np.where(odd, draw.integers(0, DAY, size), picked[:, 0])
    length = np.where(odd, draw.integers(1, DAY + 1, size), picked[:, 1] - picked[:, 0])
    return day + start, day + start + length


def _windows(
    draw: np.random.Generator, people: int, days: int, starts: Ints, ends: Ints
) -> tuple[Ints, Ints, Ints]:
    """Draw windows: mostly around shifts, some whole days, some that miss by a minute."""
    who, begin, end = [], [], []
    for person in range(people):
        for shift in np.flatnonzero(draw.random(len(starts)) < draw.random()):
            slack = draw.choice([0, 0, 30, 600], 2) - (draw.random(2) < 0.05)
            who.append(person)
            begin.append(starts[shift] - slack[0])
            end.append(ends[shift] + slack[1])
        if draw.random() < 0.2:
            who.append(person)
            begin.append(0)
            end.append(draw.integers(1, days + 1) * DAY)
    return ints(who), ints(begin), ints(end)


def _travel(draw: np.random.Generator) -> tuple[int, int, int, int]:
    """Draw prices that do not fall with the distance, the furthest ones sometimes forbidden."""
    prices = np.cumsum(draw.integers(0, 6, 4))
    prices[int(draw.integers(2, 5)) :] = -1
    near, township, district, city = prices.tolist()
    return near, township, district, city


def _some_pairs(draw: np.random.Generator, instance: Instance, most: int) -> tuple[Ints, Ints]:
    """Draw different pairs of person and shift."""
    size = len(instance.person_ids) * len(instance.shift_ids)
    pairs = draw.choice(size, min(size, int(draw.integers(0, most + 1))), replace=False)
    return pairs // len(instance.shift_ids), pairs % len(instance.shift_ids)


def careless_plan(instance: Instance, seed: int) -> Plan:
    """Draw a plan without care: most rows could stand, some name nothing, some stand twice."""
    draw = np.random.default_rng(seed)
    size = int(draw.integers(0, 14))
    person = draw.integers(0, len(instance.person_ids), size)
    shift = draw.integers(0, len(instance.shift_ids), size)
    kind = draw.integers(0, len(instance.kinds), size)
    lost = draw.random(size) < 0.05
    shift[lost] = draw.choice([-1, len(instance.shift_ids)], int(lost.sum()))
    stays = draw.random(len(instance.locked_person)) < 0.9
    rows = np.stack([person, shift, kind])
    locks = np.stack([instance.locked_person, instance.locked_shift, instance.locked_kind])
    rows = np.concatenate([rows, locks[:, stays], rows[:, : int(draw.random() < 0.2)]], axis=1)
    rows = rows[:, draw.permutation(rows.shape[1])]
    return Plan(rows[0], rows[1], rows[2], cost=0, bound=0)
