"""Read who stands where out of the flows, and what a plan costs by the solver's own count."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from groundwork.duty.solver.compiled import compiled
from groundwork.duty.solver.flow import FIRST, LENT, TO
from groundwork.duty.solver.instance import DAY, Instance, Ints
from groundwork.duty.solver.layout import Layout, week_of
from groundwork.duty.solver.nets import Net

Table = npt.NDArray[Any]


@compiled
def _follow(
    arc: Table, node: Table, row: Table, tail: Table, slots: int, demand: int, wish: Table
) -> Any:
    """Follow each unit of flow from its column to a slot; node of the slot per column, 0 for none.

    Whoever wishes for slots (`wish`: column × nodes, 0 for none) goes there if the flow lets them.
    """
    columns = len(wish)
    left = np.zeros(len(arc), np.int32)
    above = np.zeros(len(node), np.int32)
    for i in range(len(row)):
        left[row[i]] = arc[row[i], LENT]
        if i >= columns and slots < tail[i] < demand:
            above[arc[row[i], TO]] = tail[i]
    at = np.zeros(columns, np.int32)
    way = np.empty(16, np.int32)
    for w in range(wish.shape[1]):
        for c in range(columns):
            if wish[c, w] > 0 and at[c] == 0 and left[row[c]] > 0:
                size = _wished(arc, node, left, above, arc[row[c], TO], wish[c, w], demand, way)
                for i in range(size):
                    left[way[i]] -= 1
                if size:
                    at[c] = wish[c, w]
    for c in range(columns):
        if left[row[c]] == 0 or at[c] != 0:
            continue
        u = arc[row[c], TO]
        while u > slots:
            for e in range(node[u, FIRST], node[u + 1, FIRST]):
                if left[e] > 0:
                    left[e] -= 1
                    u = arc[e, TO]
                    break
        at[c] = u
    return at


@compiled
def _wished(
    arc: Table, node: Table, left: Table, above: Table, pool: int, goal: int, demand: int,
    way: Table,
) -> int:  # fmt: skip
    """Find a way with flow from a pool to a slot, up and then down; how many arcs, 0 for none."""
    size = 0
    u = pool
    while size < 4:
        last = -1
        for e in range(node[u, FIRST], node[u + 1, FIRST]):
            if left[e] <= 0:
                continue
            last = e
            v = arc[e, TO]
            g = goal
            while g != v and g != 0:
                g = above[g]
            if g != v or v >= demand:
                continue
            way[size] = e
            long = size + 1
            g = goal
            while g != v:
                p = above[g]
                found = -1
                for d in range(node[p, FIRST], node[p + 1, FIRST]):
                    if arc[d, TO] == g and left[d] > 0:
                        found = d
                        break
                if found < 0:
                    break
                way[long] = found
                long += 1
                g = p
            if g == v:
                return long
        # The arc to the pool above is the last of a pool.
        if last < 0 or arc[last, TO] < demand:
            return 0
        way[size] = last
        size += 1
        u = arc[last, TO]
    return 0


def read(city: Layout, nets: list[Net]) -> tuple[Ints, Ints, Ints]:
    """List person, shift and kind of everybody who stands, the locked ones first."""
    q = city.instance
    persons, slots = [], []
    wished = wishes(city)
    for net in nets:
        wish = wished[net.first : net.last]
        node_of = np.zeros(len(city.slots.place) + 1, np.int32)
        node_of[net.slot] = 1 + np.arange(len(net.slot))
        at = _follow(
            net.arc, net.node, net.row, net.tail, len(net.slot), net.demand, node_of[wish]
        )
        stands = at > 0
        persons.append(city.person[net.first : net.last][stands])
        slots.append(net.slot[at[stands] - 1])
    person = np.concatenate([np.zeros(0, np.int64), *persons])
    slot = np.concatenate([np.zeros(0, np.int64), *slots])
    shift = _shifts(city, person, slot)
    return (
        np.r_[q.locked_person, person],
        np.r_[q.locked_shift, shift],
        np.r_[q.locked_kind, city.slots.kind[slot]],
    )


def wishes(city: Layout) -> Ints:
    """Give the slots that would let each column's kept shift stay; -1 fills (column × kinds)."""
    q = city.instance
    wish = np.full((len(city.person), len(q.kinds) if len(q.kept_person) else 0), -1, np.int64)
    if not wish.size:
        return wish
    first = np.full(len(q.shift_start), -1, np.int64)
    order = np.argsort(q.need_shift, kind="stable")
    slot_of = np.full((len(q.shift_start), len(q.kinds)), -1, np.int64)
    slot_of[q.need_shift[order], q.need_kind[order]] = city.slots.need_slot[order]
    del first
    column = {
        (p, b): c
        for c, (p, b) in enumerate(zip(city.person.tolist(), city.block.tolist(), strict=True))
    }
    start = {
        (s, e): b
        for b, (s, e) in enumerate(
            zip(city.blocks.start.tolist(), city.blocks.end.tolist(), strict=True)
        )
    }
    for p, s in zip(q.kept_person.tolist(), q.kept_shift.tolist(), strict=True):
        b = start.get((int(q.shift_start[s]), int(q.shift_end[s])))
        c = column.get((p, b)) if b is not None else None
        if c is not None:
            wish[c] = np.sort(slot_of[s])[::-1]
    return wish


def _shifts(city: Layout, person: Ints, slot: Ints) -> Ints:
    """Choose among the shifts of a slot: kept people where they were, the others in turn."""
    q = city.instance
    needs = np.flatnonzero(city.slots.need_slot >= 0)
    left = city.slots.need_left[needs]
    of_slot = city.slots.need_slot[needs]
    shift = np.full(len(person), -1, np.int64)
    size = len(q.shift_start)
    if len(q.kept_person):
        kept = np.unique(q.kept_person * size + q.kept_shift)
        left = left.copy()
        at_need: dict[tuple[int, int], int] = {
            (int(s), int(q.need_shift[n])): i
            for i, (s, n) in enumerate(zip(of_slot.tolist(), needs.tolist(), strict=True))
        }
        first = np.searchsorted(kept, person * size)
        last = np.searchsorted(kept, (person + 1) * size)
        for i in np.flatnonzero(last > first).tolist():
            for key in kept[first[i] : last[i]].tolist():
                need = at_need.get((int(slot[i]), key % size))
                if need is not None and left[need] > 0:
                    left[need] -= 1
                    shift[i] = key % size
                    break
    order = np.argsort(of_slot, kind="stable")
    places = np.repeat(order, left[order])
    slot_of_place = of_slot[places]
    todo = np.flatnonzero(shift < 0)
    todo = todo[np.argsort(slot[todo], kind="stable")]
    first_place = np.searchsorted(slot_of_place, slot[todo])
    rank = np.arange(len(todo)) - np.searchsorted(slot[todo], slot[todo])
    shift[todo] = q.need_shift[needs[places[first_place + rank]]]
    return shift


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
    for p in np.argsort(q.place_level, kind="stable").tolist():
        if q.place_parent[p] >= 0:
            levels[p] = levels[q.place_parent[p]]
        if q.place_level[p] <= 3:
            levels[p, 3 - q.place_level[p]] = p
    return levels


__all__ = ["DAY", "cost_of", "lineage", "read", "travel_of", "unit_cost"]
