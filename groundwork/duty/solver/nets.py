"""Build the flow networks: one for each root place (or some small ones) and week.

    source → unit → person's week → (group of conflicting hours) → pool → … → slot

A *pool* is who of one class is at hand for a block in one place; a unit of flow climbs from pool to
pool in the administrative tree, paying the distance, crosses to a kind of need, paying a mismatch,
and comes down for nothing. A slot also takes from the source at the price of staying unfilled. So
nobody needs a variable per gate. Costs are scaled by `SCALE` so that prices can be fractions.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from groundwork.duty.solver import flow
from groundwork.duty.solver.compiled import compiled
from groundwork.duty.solver.flow import COST, EXCESS, LENT, LISTED, MANY, TO
from groundwork.duty.solver.layout import Layout

Table = npt.NDArray[Any]
SCALE = 4
"""Prices move by 1/SCALE of the unit of the weights."""


@dataclass
class Net:
    """One network and where its rows come from.

    `first`, `last`: its columns; the arc of column c is row[c - first]. `slot[i]` is the slot of
    node 1 + i; nodes below `demand` are slots or places' demand. `unit` the global units,
    `unit_arc[i]` the first arc of unit i, one for each segment of its price.
    """

    first: int
    last: int
    slot: Table
    unit: Table
    unit_arc: Table
    arc: Table
    back: Table
    node: Table
    row: Table
    listed: Table
    base_cost: Table
    tail: Table
    demand: int
    stat: Table = field(default_factory=lambda: np.zeros(4, np.int64))

    def route(
        self, cost: Table, room: Table | None, width: Table, price: Table, x: Table, *, deep: bool
    ) -> int:
        """Give columns other costs and rooms and units other segments, route; the value, and x."""
        edges = self.arc, self.back, self.node, self.listed
        flow.set_costs(*edges, self.row, cost)
        if room is not None:
            flow.set_rooms(*edges, self.row, room)
        flow.set_units(*edges, self.row, self.unit_arc, width, price)
        if flow.solve(*edges, deep, self.stat):
            raise ArithmeticError("a balance that nothing takes")  # the ground takes all
        x[:] = self.arc[self.row[: len(x)], LENT]
        return flow.value(self.arc, self.row)

    def gain(self, gain: Table) -> None:
        """Write what each column gains, its reduced cost turned round.

        Above it, a price would put the column out.
        """
        k = self.row[: len(gain)]
        pot = self.node[:, flow.POT]
        gain[:] = pot[self.arc[k, TO]] - self.arc[k, COST] - pot[self.arc[self.back[k], TO]]


@compiled
def _build(
    person: Table, block: Table, unit: Table, home: Table, klass: Table, room: Table, stood: Table,
    group: Table, first_block: int, blocks: int, above: Table, step: Table, root: Table,
    local: Table, places: int, slot_place: Table, slot_block: Table, slot_kind: Table,
    slot_count: Table, unfilled: Table, mismatch: Table, match: Table, travel: Table, week: Table,
    unit_node: Table, unit_arc: Table, unit_steps: int, down: Table, node_of: Table, pool: Table,
) -> Any:  # fmt: skip
    """List the arcs of one net; every table is cut to the net. See `build` for the meanings.

    `unit_node` to `pool` hold -1 and are filled here: the nodes of units, of places' demand, of
    slots, of pools.
    """
    kinds, classes = len(unfilled), len(match)
    slots, columns = len(slot_place), len(person)
    inner = np.zeros((places, blocks, kinds), np.bool_)
    passed = np.zeros(places, np.bool_)
    asked = np.zeros((places, blocks), np.int64)
    inner_count = 0
    nodes = 1 + slots
    for i in range(slots):
        p, b, k = slot_place[i], slot_block[i] - first_block, slot_kind[i]
        node_of[local[p], b, k] = 1 + i
        asked[local[p], b] += slot_count[i]
        while p != root[p]:
            p = above[p]
            if not inner[local[p], b, k]:
                inner[local[p], b, k] = passed[local[p]] = True
                inner_count += 1
            asked[local[p], b] += slot_count[i]
    pools_most = columns
    for p in range(places):
        if passed[p]:
            pools_most += blocks * classes
    turns = 0
    for c in range(columns):
        if c == 0 or person[c] != person[c - 1]:
            turns += room[person[c]]
    most = (
        2 * columns + len(unit_arc) * unit_steps + turns + slots * 3
        + inner_count * 2 + pools_most * (kinds + 1)
    )  # fmt: skip
    tail = np.empty(most, np.int32)
    head = np.empty(most, np.int32)
    cap = np.empty(most, np.int32)
    cost = np.empty(most, np.int32)
    m = columns
    # The demand side: from the top of the tree down to the slots.
    for i in range(slots):
        p, b, k = slot_place[i], slot_block[i] - first_block, slot_kind[i]
        tail[m], head[m], cap[m], cost[m] = 0, 1 + i, slot_count[i], unfilled[k]
        m += 1
        to = 1 + i
        if inner[local[p], b, k]:
            fresh = down[local[p], b, k] < 0
            if fresh:
                down[local[p], b, k] = nodes
                nodes += 1
            tail[m], head[m], cap[m], cost[m] = down[local[p], b, k], to, MANY, 0
            m += 1
            to = down[local[p], b, k]
            if not fresh:
                continue
        while p != root[p]:
            p = above[p]
            fresh = down[local[p], b, k] < 0
            if fresh:
                down[local[p], b, k] = nodes
                nodes += 1
            tail[m], head[m], cap[m], cost[m] = down[local[p], b, k], to, MANY, 0
            m += 1
            if not fresh:
                break
            to = down[local[p], b, k]
    demand = nodes
    # The people: unit, week, groups of hours.
    week_node = 0
    c = 0
    while c < columns:
        who = person[c]
        stop = c
        hours = 0
        while stop < columns and person[stop] == who:
            if stop == c or group[block[stop]] != group[block[stop - 1]]:
                hours += 1
            stop += 1
        u = unit[who]
        if unit_node[u] < 0:
            unit_node[u] = nodes
            nodes += 1
            unit_arc[u] = m
            for j in range(unit_steps):
                tail[m], head[m], cap[m], cost[m] = 0, unit_node[u], MANY if j == 0 else 0, 0
                m += 1
        week_node = nodes
        nodes += 1
        for j in range(min(room[who], hours)):
            price = week[min(len(week) - 1, stood[who] + j)]
            tail[m], head[m], cap[m], cost[m] = unit_node[u], week_node, 1, price
            m += 1
        d = c
        while d < stop:
            e = d
            while e < stop and group[block[e]] == group[block[d]]:
                e += 1
            source = week_node
            if e - d > 1:
                source = nodes
                nodes += 1
                tail[m], head[m], cap[m], cost[m] = week_node, source, 1, 0
                m += 1
            for x in range(d, e):
                b = block[x] - first_block
                p = home[who]
                while asked[local[p], b] == 0:
                    p = above[p]
                k = klass[who]
                tail[x], cap[x], cost[x] = source, 1, travel[step[p]]
                came, pay = -1, 0
                # Climb as far as pools are new.
                while True:
                    fresh = pool[local[p], b, k] < 0
                    if fresh:
                        pool[local[p], b, k] = nodes
                        nodes += 1
                    here = pool[local[p], b, k]
                    if came < 0:
                        head[x] = here
                    else:
                        tail[m], head[m], cap[m], cost[m] = came, here, MANY, pay
                        m += 1
                    if not fresh:
                        break
                    for y in range(kinds):
                        to = down[local[p], b, y]
                        if to < 0:
                            to = node_of[local[p], b, y]
                        if to >= 0:
                            tail[m], head[m], cap[m] = here, to, MANY
                            cost[m] = 0 if match[k, y] else mismatch[y]
                            m += 1
                    top = p
                    while top != root[top] and asked[local[top], b] == asked[local[p], b]:
                        top = above[top]
                    if asked[local[top], b] == asked[local[p], b]:
                        break
                    came, pay = here, travel[step[top]] - travel[step[p]]
                    p = top
            d = e
        c = stop
    return nodes, m, tail, head, cap, cost, demand


def build(city: Layout, pool: ThreadPoolExecutor) -> list[Net]:
    """Build all nets of a question, cold: nothing flows yet. The largest first.

    So nobody who works through them in this order waits long for the last.
    """
    made = pool.map(partial(build_one, city), range(city.nets))
    return sorted((net for net in made if net is not None), key=lambda net: -len(net.arc))


def build_one(city: Layout, n: int) -> Net | None:
    """Build one net: columns, slots and places of its roots in its week."""
    q = city.instance
    order, first_slot = city.slot_order, city.slot_first
    slot = order[first_slot[n] : first_slot[n + 1]]
    a, b = int(city.net_first[n]), int(city.net_first[n + 1])
    if not len(slot):
        return None
    week = n % city.weeks
    inside = (city.root >= 0) & (city.base == np.arange(len(city.base)))
    inside[inside] = city.net_of_root[city.root[inside]] == n // city.weeks
    local = np.full(len(city.base), -1, np.int64)
    local[inside] = np.arange(int(inside.sum()))
    of_week = np.flatnonzero(city.blocks.week == week)
    w = q.weights
    travel = np.array([t if t >= 0 else 0 for t in w.travel], np.int64) * SCALE
    places, unit_arc = int(inside.sum()), np.full(len(q.unit_ids), -1, np.int32)
    down = np.full((places, len(of_week), len(w.unfilled)), -1, np.int32)
    pool = np.full((places, len(of_week), len(city.match)), -1, np.int32)
    size, m, tail, head, cap, cost, demand = _build(
        city.person[a:b], city.block[a:b], q.person_unit, city.base[q.person_place], city.klass,
        np.ascontiguousarray(city.room[:, week]), np.ascontiguousarray(city.stood[:, week]),
        city.blocks.group, int(of_week[0]), len(of_week), city.above, city.step, city.root, local,
        places, city.slots.place[slot], city.slots.block[slot], city.slots.kind[slot],
        city.slots.count[slot], np.array(w.unfilled, np.int64) * SCALE,
        np.array(w.mismatch, np.int64) * SCALE, city.match, travel,
        np.array(w.week, np.int64) * SCALE, unit_arc.copy(), unit_arc, len(w.unit) + 1,
        down, down.copy(), pool,
    )  # fmt: skip
    tail, head, cap, cost = tail[:m].copy(), head[:m], cap[:m], cost[:m]
    arc, back, node, row = flow.make(size, tail, head, cap, cost)
    listed = np.zeros(size + 1, np.int32)
    wanting = slice(1, 1 + len(slot))
    node[wanting, EXCESS] = -city.slots.count[slot]
    node[wanting, LISTED] = 1
    listed[0] = len(slot)
    listed[wanting] = np.arange(1, 1 + len(slot))
    present = np.flatnonzero(unit_arc >= 0)
    return Net(
        a, b, slot, present, unit_arc[present], arc, back, node, row, listed,
        cost[: b - a].astype(np.int64), tail, demand,
    )  # fmt: skip
