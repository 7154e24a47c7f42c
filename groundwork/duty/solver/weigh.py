"""What a plan pays by the planner's own count, and how far people have to go. Array sums only.

Nothing here is compiled: pages ask it too, and a web process need not carry a compiler.
"""

from __future__ import annotations

import numpy as np

from groundwork.duty.solver.hours import week_of
from groundwork.duty.solver.instance import Instance, Ints


def cost_of(q: Instance, person: Ints, shift: Ints, kind: Ints) -> int:
    """Add up what a plan pays by the weights."""
    w = q.weights
    kinds = len(q.kinds)
    filled = np.bincount(shift * kinds + kind, minlength=len(q.shift_start) * kinds)
    asked = np.bincount(
        q.need_shift * kinds + q.need_kind, weights=q.need_count, minlength=len(filled)
    ).astype(np.int64)
    total = int((np.maximum(0, asked - filled).reshape(-1, kinds) @ np.array(w.unfilled)).sum())
    total += int(np.maximum(0, travel_of(q, person, q.gate_place[q.shift_gate[shift]])).sum())
    mask = q.kind_mask[kind]
    lacks = (mask != 0) & ((q.person_mask[person] & mask) == 0)
    total += int(np.array(w.mismatch, np.int64)[kind[lacks]].sum())
    weeks = int((max(1, q.days) * 2 + q.first_weekday) // 7) + 3
    count = np.bincount(person * weeks + week_of(q.shift_start[shift], q.first_weekday))
    most = int(count.max(initial=0))
    steps = np.array([0, *(w.week[min(k, len(w.week) - 1)] for k in range(most))], np.int64)
    total += int(np.cumsum(steps)[count].sum())
    total += unit_cost(q, np.bincount(q.person_unit[person], minlength=len(q.unit_share)))
    if len(q.kept_person):
        size = len(q.shift_start)
        stays = np.isin(q.kept_person * size + q.kept_shift, person * size + shift)
        total += int(q.kept_bonus[~stays].sum())
    return total


def unit_cost(q: Instance, load: Ints) -> int:
    """Price what units do above their fair share."""
    over = np.maximum(0, load - q.unit_share)
    total, reached = 0, np.zeros(len(over), np.int64)
    for j, (part, price) in enumerate(q.weights.unit):
        last = j == len(q.weights.unit) - 1
        ends = over if last else np.floor(part * q.unit_share).astype(np.int64)
        top = np.minimum(over, np.maximum(reached, ends))
        total += price * int((top - reached).sum())
        reached = top
    return total


def travel_of(q: Instance, person: Ints, gate_place: Ints) -> Ints:
    """Price the distance of people and places, by the lowest place that holds both; -1 forbids."""
    levels = lineage(q)
    home, there = levels[q.person_place[person]], levels[gate_place]
    same = (home == there) & (home >= 0)
    price: Ints = np.array(q.weights.travel, np.int64)[np.argmax(same, 1)]
    return price


def lineage(q: Instance) -> Ints:
    """Give each place its community, township, district and city (place × 4), -1 for none."""
    size = len(q.place_parent)
    levels = np.full((size, 4), -1, np.int64)
    for level in range(int(q.place_level.max(initial=0)) + 1):
        here = np.flatnonzero(q.place_level == level)
        below = here[q.place_parent[here] >= 0]
        levels[below] = levels[q.place_parent[below]]
        if level <= 3:
            levels[here, 3 - level] = here
    return levels
