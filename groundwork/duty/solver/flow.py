"""Min-cost flow on small whole costs that starts again from where it stood.

Node 0 is the *ground*: it gives and takes without limit and its potential never moves (its balance
follows from all others'). So whoever is freed only has to find the nearest way to the ground, and
whatever is wanting the nearest way from it; nobody ever searches through that hub. From each node
with excess, then backward from each with a deficit, a search with buckets over reduced costs ends
at the first that takes it, mostly a few arcs away. After an edit only the broken arcs are re-routed
so, which is what makes a round of prices cheap. (Searching from all at once, with blocking flow on
the tight arcs, sees the whole net in every phase: four times slower here, cold and warm.)

Arcs and nodes are rows of two tables, so that one row is one piece of a cache line:

arc   TO node, COST, LEFT capacity, LENT capacity left on the reverse arc       (2m × 4, int32)
node  FIRST arc, POT potential, DIST, NOW arc, EXCESS, DONE, LISTED, none       ((n+1) × 8, int32)
back  row of the reverse arc                                                   (2m, int32)

Tight is cost + pot(tail) - pot(head) = 0; an arc with a residual is never below.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from groundwork.duty.solver.compiled import compiled

Table = npt.NDArray[Any]
Whole = int | np.int32  # the loops pass 32 bits on, so that each is compiled once

TO, COST, LEFT, LENT = 0, 1, 2, 3
FIRST, POT, DIST, NOW, EXCESS, DONE, LISTED = 0, 1, 2, 3, 4, 5, 6
FAR = 1 << 30
MANY = 1 << 20
"""A capacity that never binds."""


@compiled
def make(size: int, tail: Table, head: Table, room: Table, cost: Table) -> Any:
    """Lay out arcs by tail: the arc table, reverse rows, the node table, the row of given arcs."""
    m = len(tail)
    arc = np.empty((2 * m, 4), np.int32)
    back = np.empty(2 * m, np.int32)
    node = np.zeros((size + 1, 8), np.int32)
    put = np.empty(size, np.int32)
    row = np.empty(m, np.int32)
    for k in range(m):
        node[tail[k] + 1, FIRST] += 1
        node[head[k] + 1, FIRST] += 1
    for i in range(size):
        put[i] = node[i, FIRST]
        node[i + 1, FIRST] += put[i]
    for k in range(m):
        t, h = tail[k], head[k]
        i = put[t]
        put[t] += 1
        j = put[h]
        put[h] += 1
        arc[i, TO], arc[i, COST], arc[i, LEFT], arc[i, LENT] = h, cost[k], room[k], 0
        arc[j, TO], arc[j, COST], arc[j, LEFT], arc[j, LENT] = t, -cost[k], 0, room[k]
        back[i], back[j] = j, i
        row[k] = i
    for i in range(size + 1):
        node[i, DIST] = FAR
    return arc, back, node, row


@compiled
def push(arc: Table, back: Table, node: Table, listed: Table, k: Whole, by: Whole) -> None:
    """Send `by` units over one arc and note what that leaves at its ends; listed[0] counts."""
    b = back[k]
    u, w = arc[b, TO], arc[k, TO]
    arc[k, LEFT] -= by
    arc[k, LENT] += by
    arc[b, LEFT] += by
    arc[b, LENT] -= by
    node[u, EXCESS] -= by
    node[w, EXCESS] += by
    for x in (u, w):
        if x != 0 and node[x, LISTED] == 0:
            node[x, LISTED] = 1
            listed[0] += 1
            listed[listed[0]] = x


@compiled
def settle(arc: Table, back: Table, node: Table, listed: Table, k: Whole) -> None:
    """Make one edited arc agree with the potentials: cheap means full, dear means empty."""
    b = back[k]
    reduced = arc[k, COST] + node[arc[b, TO], POT] - node[arc[k, TO], POT]
    if reduced < 0 and arc[k, LEFT] > 0:
        push(arc, back, node, listed, k, arc[k, LEFT])
    elif reduced > 0 and arc[b, LEFT] > 0:
        push(arc, back, node, listed, b, arc[b, LEFT])


@compiled
def set_costs(arc: Table, back: Table, node: Table, listed: Table, row: Table, cost: Table) -> None:
    """Give the first arcs of a net other costs."""
    for i in range(len(cost)):
        k = row[i]
        if arc[k, COST] != cost[i]:
            arc[k, COST] = cost[i]
            arc[back[k], COST] = -cost[i]
            settle(arc, back, node, listed, k)


@compiled
def set_rooms(arc: Table, back: Table, node: Table, listed: Table, row: Table, room: Table) -> None:
    """Give the first arcs of a net other capacities; flow above them is taken off."""
    for i in range(len(room)):
        k = row[i]
        b = back[k]
        flow = arc[b, LEFT]
        if flow > room[i]:
            push(arc, back, node, listed, b, np.int32(flow - room[i]))
            flow = arc[b, LEFT]
        if arc[k, LEFT] != room[i] - flow:
            arc[k, LEFT] = room[i] - flow
            arc[b, LENT] = room[i] - flow
            settle(arc, back, node, listed, k)


@compiled
def set_units(
    arc: Table, back: Table, node: Table, listed: Table, row: Table, unit_arc: Table,
    width: Table, price: Table,
) -> None:  # fmt: skip
    """Give the arcs from the ground to each unit other widths and rising prices.

    What flows is dealt to the segments anew and the unit's potential put where that is right, so
    that only its other arcs have to settle.
    """
    for i in range(len(unit_arc)):
        u = arc[row[unit_arc[i]], TO]
        flow = 0
        for j in range(width.shape[1]):
            flow += arc[row[unit_arc[i] + j], LENT]
        low, high = -FAR, FAR
        for j in range(width.shape[1]):
            k = row[unit_arc[i] + j]
            b = back[k]
            wide, cost = width[i, j], price[i, j]
            part = min(flow, wide)
            flow -= part
            arc[k, COST], arc[b, COST] = cost, -cost
            arc[k, LEFT], arc[k, LENT] = wide - part, part
            arc[b, LEFT], arc[b, LENT] = part, wide - part
            if part > 0:
                low = max(low, cost)
            if part < wide:
                high = min(high, cost)
        now = min(max(node[u, POT], low), high)
        if now != node[u, POT]:
            node[u, POT] = now
            for k in range(node[u, FIRST], node[u + 1, FIRST]):
                if arc[k, TO] != 0:
                    settle(arc, back, node, listed, np.int32(k))


@compiled
def _reach(
    arc: Table, back: Table, node: Table, seen: Table, queue: Table, front: Table, rear: Table,
    s: int, way: int, deep: bool,
) -> int:  # fmt: skip
    """Send a node's balance (way 1 excess, -1 deficit) to the nearest that takes it.

    Returns how many nodes were seen; 0 if nothing takes it; or, below zero, how many buckets the
    search would need. `queue` (arcs + nodes, 2) holds a linked list per distance from `front` to
    `rear`, which is -1 throughout before and after. NOW holds the arc a node was reached by.
    """
    side = LEFT if way > 0 else LENT
    wide = len(front)
    node[s, DIST] = 0
    seen[0], count = s, 1
    queue[0, 0], queue[0, 1], used = s, -1, 1
    front[0] = rear[0] = 0
    goal, last, high, d, lacks = -1, FAR, 0, 0, 0
    while d <= high and d < last:
        while front[d] >= 0 and d < last:
            u = queue[front[d], 0]
            front[d] = queue[front[d], 1]
            if node[u, DIST] != d or node[u, DONE] != 0:
                continue
            node[u, DONE] = 1
            here = d + way * node[u, POT]
            for k in range(node[u, FIRST], node[u + 1, FIRST]):
                if arc[k, side] > 0:
                    w = arc[k, TO]
                    far = here + way * (arc[k, COST] - node[w, POT])
                    if far < last and far < node[w, DIST]:
                        if node[w, DIST] == FAR:
                            seen[count] = w
                            count += 1
                        node[w, DIST] = far
                        node[w, NOW] = k
                        if w == 0 or node[w, EXCESS] * way < 0:
                            # Nothing further than this can matter.
                            goal, last = w, far
                            if far == d:
                                break
                        elif far >= wide:
                            lacks = max(lacks, far + 1)
                        else:
                            high = max(high, far)
                            queue[used, 0], queue[used, 1] = w, -1
                            if front[far] < 0:
                                front[far] = rear[far] = used
                            elif deep:
                                queue[used, 1] = front[far]
                                front[far] = used
                            else:
                                queue[rear[far], 1] = used
                                rear[far] = used
                            used += 1
        d += 1
    for i in range(high + 1):
        front[i] = -1
    found = goal >= 0 and (lacks == 0 or last <= wide)
    for i in range(count):
        u = seen[i]
        if found and node[u, DIST] < last:
            node[u, POT] += way * (node[u, DIST] - last)
        node[u, DIST] = FAR
        node[u, DONE] = 0
    if not found:
        return -max(lacks, last + 1 if goal >= 0 else 0)
    _send(arc, back, node, s, goal, way)
    return count


@compiled
def _send(arc: Table, back: Table, node: Table, s: int, goal: int, way: int) -> None:
    """Send as much as goes from a node along the arcs that its goal was reached by."""
    side = LEFT if way > 0 else LENT
    by = node[s, EXCESS] * way
    if goal != 0:
        by = min(by, -node[goal, EXCESS] * way)
    u = goal
    while u != s:
        k = node[u, NOW]
        by = min(by, arc[k, side])
        u = arc[back[k], TO]
    u = goal
    while u != s:
        k = node[u, NOW]
        b = back[k]
        arc[k, LEFT] -= by * way
        arc[k, LENT] += by * way
        arc[b, LEFT] += by * way
        arc[b, LENT] -= by * way
        u = arc[b, TO]
    node[s, EXCESS] -= by * way
    node[goal, EXCESS] += by * way


@compiled
def _shuffle(listed: Table) -> None:
    """Mix the order of who is served: in order of place, whole streets are emptied and refilled."""
    draw = np.uint32(1)
    for i in range(listed[0], 1, -1):
        draw = np.uint32(draw * np.uint32(1664525) + np.uint32(1013904223))
        j = 1 + (np.int64(draw) >> 8) % i
        listed[i], listed[j] = listed[j], listed[i]


@compiled
def solve(arc: Table, back: Table, node: Table, listed: Table, deep: bool, stat: Table) -> int:
    """Route all balances at least cost; how many are left that nothing can take (0 in a city).

    `deep` takes any shortest way: quicker for a first solve. Else it takes one with the fewest
    arcs, which disturbs a standing plan least. `stat` counts searches and the nodes they saw.
    """
    size = len(node) - 1
    seen = np.empty(size, np.int32)
    queue = np.empty((len(arc) + size, 2), np.int32)
    front = np.full(1024, -1, np.int32)
    rear = np.empty(1024, np.int32)
    _shuffle(listed)
    for way in (1, -1):
        keep = 0
        for i in range(1, listed[0] + 1):
            u = listed[i]
            while node[u, EXCESS] * way > 0:
                count = _reach(arc, back, node, seen, queue, front, rear, u, way, deep)
                if count == 0:
                    break
                if count < 0:
                    front = np.full(-2 * count, -1, np.int32)
                    rear = np.empty(-2 * count, np.int32)
                    continue
                stat[0] += 1
                stat[1] += count
            if node[u, EXCESS] == 0:
                node[u, LISTED] = 0
            else:
                keep += 1
                listed[keep] = u
        listed[0] = keep
    return int(listed[0])


def value(arc: Table, row: Table) -> int:
    """Add up what the flow costs."""
    used = arc[row]
    return int((used[:, LENT].astype(np.int64) * used[:, COST]).sum())
