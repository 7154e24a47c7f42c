"""Read who stands where out of the flows."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from groundwork.duty.solver.compiled import compiled
from groundwork.duty.solver.flow import FIRST, LENT, TO
from groundwork.duty.solver.instance import Ints
from groundwork.duty.solver.layout import Layout
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


def read(
    city: Layout, nets: list[Net], before: tuple[Ints, Ints, Ints] | None = None
) -> tuple[Ints, Ints, Ints]:
    """List person, shift and kind of everybody who stands, the locked ones first.

    Rows of the plan `before` stay where the flows let them, or else the question's kept rows.
    """
    q = city.instance
    if before is None:
        unknown = np.full(len(q.kept_person), -1, np.int64)
        before = (q.kept_person, q.kept_shift, unknown)
    kept_person, kept_shift, _ = before
    persons, slots = [], []
    wished = wishes(city, *before)
    for net in nets:
        wish = wished[net.first : net.last]
        node_of = np.zeros(len(city.slots.place) + 1, np.int32)
        node_of[net.slot] = 1 + np.arange(len(net.slot))
        at = _follow(net.arc, net.node, net.row, net.tail, len(net.slot), net.demand, node_of[wish])
        stands = at > 0
        persons.append(city.person[net.first : net.last][stands])
        slots.append(net.slot[at[stands] - 1])
    person = np.concatenate([np.zeros(0, np.int64), *persons])
    slot = np.concatenate([np.zeros(0, np.int64), *slots])
    shift = shifts_of(city, person, slot, kept_person, kept_shift)
    return (
        np.r_[q.locked_person, person],
        np.r_[q.locked_shift, shift],
        np.r_[q.locked_kind, city.slots.kind[slot]],
    )


def wishes(city: Layout, kept_person: Ints, kept_shift: Ints, kept_kind: Ints) -> Ints:
    """Give the slots that would let each column's kept shift stay, the one of its kind first.

    Column × (1 + kinds); -1 fills.
    """
    q = city.instance
    wish = np.full((len(city.person), 1 + len(q.kinds) if len(kept_person) else 0), -1, np.int64)
    if not wish.size:
        return wish
    slot_of = np.full((len(q.shift_start), len(q.kinds)), -1, np.int64)
    slot_of[q.need_shift, q.need_kind] = city.slots.need_slot
    column = city.column_of(kept_person, city.shift_block[kept_shift])
    known = column >= 0
    column, shift, kind = column[known], kept_shift[known], kept_kind[known]
    wish[column, 1:] = slot_of[shift]
    wish[column, 0] = np.where(kind >= 0, slot_of[shift, kind], -1)
    return wish


@compiled
def _stay(
    slot: Table, first: Table, last: Table, kept: Table, size: int, need_first: Table,
    need_shift: Table, left: Table, shift: Table,
) -> None:  # fmt: skip
    """Give people the shift they are kept on where their slot has a place in it."""
    for i in range(len(slot)):
        for j in range(first[i], last[i]):
            for n in range(need_first[slot[i]], need_first[slot[i] + 1]):
                if shift[i] < 0 and need_shift[n] == kept[j] % size and left[n] > 0:
                    left[n] -= 1
                    shift[i] = need_shift[n]


def shifts_of(city: Layout, person: Ints, slot: Ints, kept_person: Ints, kept_shift: Ints) -> Ints:
    """Choose among the shifts of a slot: kept people where they were, the others in turn."""
    q = city.instance
    needs = np.flatnonzero(city.slots.need_slot >= 0)
    needs = needs[np.argsort(city.slots.need_slot[needs], kind="stable")]
    of_slot, left = city.slots.need_slot[needs], city.slots.need_left[needs].copy()
    shift = np.full(len(person), -1, np.int64)
    size = max(1, len(q.shift_start))
    if len(kept_person):
        kept = np.unique(kept_person * size + kept_shift)
        first = np.searchsorted(kept, person * size)
        last = np.searchsorted(kept, (person + 1) * size)
        need_first = np.searchsorted(of_slot, np.arange(len(city.slots.place) + 1))
        _stay(slot, first, last, kept, size, need_first, q.need_shift[needs], left, shift)
    places = np.repeat(np.arange(len(needs)), left)
    todo = np.flatnonzero(shift < 0)
    todo = todo[np.argsort(slot[todo], kind="stable")]
    first_place = np.searchsorted(of_slot[places], slot[todo])
    rank = np.arange(len(todo)) - np.searchsorted(slot[todo], slot[todo])
    shift[todo] = q.need_shift[needs[places[first_place + rank]]]
    return shift
