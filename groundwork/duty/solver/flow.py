"""Min-cost flow on small whole costs that starts again from where it stood.

Node 0 is the *ground*: it gives and takes without limit and its potential never moves (its balance
follows from all others'). So whoever is freed only has to find the nearest way to the ground, and
whatever is wanting the nearest way from it; nobody ever searches through that hub. A search with
buckets over reduced costs runs forward from nodes with excess, then backward from nodes with a
deficit, each followed by blocking flow on tight arcs. After an edit only the broken arcs are
re-routed, which is what makes a round of prices cheap.

Arcs and nodes are rows of two tables, so that one row is one piece of a cache line:

arc   TO node, COST, LEFT capacity, LENT capacity left on the reverse arc       (2m × 4, int32)
node  FIRST arc, POT potential, DIST, HOP, NOW arc, EXCESS, DONE, LISTED        ((n+1) × 8, int32)
back  row of the reverse arc                                                   (2m, int32)

Tight is cost + pot(tail) - pot(head) = 0; an arc with a residual is never below.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from groundwork.duty.solver.compiled import compiled

Table = npt.NDArray[Any]

TO, COST, LEFT, LENT = 0, 1, 2, 3
FIRST, POT, DIST, HOP, NOW, EXCESS, DONE, LISTED = 0, 1, 2, 3, 4, 5, 6, 7
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
    row = np.empty(m, np.int32)
    for k in range(m):
        node[tail[k] + 1, FIRST] += 1
        node[head[k] + 1, FIRST] += 1
    for i in range(size):
        node[i + 1, FIRST] += node[i, FIRST]
    put = node[:size, FIRST].copy()
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
    node[:, DIST] = FAR
    return arc, back, node, row


@compiled
def push(arc: Table, back: Table, node: Table, listed: Table, k: int, by: int) -> None:
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
def settle(arc: Table, back: Table, node: Table, listed: Table, k: int) -> None:
    """Make one edited arc agree with the potentials: cheap means full, dear means empty."""
    b = back[k]
    reduced = arc[k, COST] + node[arc[b, TO], POT] - node[arc[k, TO], POT]
    if reduced < 0 and arc[k, LEFT] > 0:
        push(arc, back, node, listed, k, arc[k, LEFT])
    elif reduced > 0 and arc[b, LEFT] > 0:
        push(arc, back, node, listed, b, arc[b, LEFT])


@compiled
def set_cost(arc: Table, back: Table, node: Table, listed: Table, k: int, cost: int) -> None:
    """Give an arc another cost."""
    if arc[k, COST] != cost:
        arc[k, COST] = cost
        arc[back[k], COST] = -cost
        settle(arc, back, node, listed, k)


@compiled
def set_room(arc: Table, back: Table, node: Table, listed: Table, k: int, room: int) -> None:
    """Give an arc another capacity; flow above it is taken off."""
    b = back[k]
    flow = arc[b, LEFT]
    if flow > room:
        push(arc, back, node, listed, b, flow - room)
        flow = room
    if arc[k, LEFT] != room - flow:
        arc[k, LEFT] = room - flow
        arc[b, LENT] = room - flow
        settle(arc, back, node, listed, k)


@compiled
def set_segments(
    arc: Table, back: Table, node: Table, listed: Table, rows: Table, width: Table, price: Table
) -> None:
    """Give a node's arcs from the ground other widths and rising prices.

    What flows is dealt to the segments anew and the node's potential put where that is right, so
    that only its other arcs have to settle.
    """
    u = arc[rows[0], TO]
    flow = 0
    for j in range(len(rows)):
        flow += arc[rows[j], LENT]
    low, high = -FAR, FAR
    for j in range(len(rows)):
        k, b = rows[j], back[rows[j]]
        part = min(flow, width[j])
        flow -= part
        arc[k, COST], arc[b, COST] = price[j], -price[j]
        arc[k, LEFT], arc[k, LENT] = width[j] - part, part
        arc[b, LEFT], arc[b, LENT] = part, width[j] - part
        if part > 0:
            low = max(low, price[j])
        if part < width[j]:
            high = min(high, price[j])
    now = min(max(node[u, POT], low), high)
    if now != node[u, POT]:
        node[u, POT] = now
        for k in range(node[u, FIRST], node[u + 1, FIRST]):
            if arc[k, TO] != 0:
                settle(arc, back, node, listed, k)


@compiled
def _search(
    arc: Table, node: Table, listed: Table, seen: Table, queue: Table, way: int, near: bool
) -> int:
    """Search from all nodes with excess (way 1) or deficit (way -1) and move the potentials.

    Returns the number of nodes seen, or -1 when there is nothing to route. Ends at the first level
    that has the ground or an opposite balance; `near` also leaves out what is further from the
    sources than the ground, in arcs. `queue` (arcs + nodes, 2) holds a linked list per distance.
    """
    side = LEFT if way > 0 else LENT
    sources, used, count, keep = 0, 0, 0, 0
    wide = 512
    front = np.full(wide, -1, np.int32)
    rear = np.full(wide, -1, np.int32)
    for i in range(1, listed[0] + 1):
        u = listed[i]
        balance = node[u, EXCESS] * way
        if balance == 0:
            node[u, LISTED] = 0
            continue
        keep += 1
        listed[keep] = u
        if balance > 0:
            sources += 1
            node[u, DIST] = 0
            node[u, HOP] = 0
            seen[count] = u
            count += 1
            queue[used, 0] = u
            queue[used, 1] = -1
            if front[0] < 0:
                front[0] = used
            else:
                queue[rear[0], 1] = used
            rear[0] = used
            used += 1
    listed[0] = keep
    if sources == 0:
        return -1
    last, high, d = -1, 0, 0
    ground_hop = FAR
    while d <= high and last < 0:
        e = front[d]
        while e >= 0:
            u = queue[e, 0]
            if node[u, DIST] == d and node[u, DONE] == 0:
                node[u, DONE] = 1
                if u == 0:
                    last = d
                    break
                if near and node[u, HOP] > ground_hop:
                    # The nearest ways are known; longer ones wait for the next search.
                    e = queue[e, 1]
                    continue
                balance = node[u, EXCESS] * way
                if balance < 0:
                    last = d
                here = node[u, POT]
                hop = node[u, HOP] + 1
                for k in range(node[u, FIRST], node[u + 1, FIRST]):
                    if arc[k, side] > 0:
                        w = arc[k, TO]
                        far = d + way * (arc[k, COST] + here - node[w, POT])
                        if w == 0 and far == d:
                            # Whoever stands on the ground need not look around.
                            if node[0, DIST] == FAR:
                                seen[count] = 0
                                count += 1
                            node[0, DIST] = d
                            last = d
                            if node[u, HOP] < ground_hop:
                                ground_hop = node[u, HOP]
                            break
                        if far < node[w, DIST]:
                            if node[w, DIST] == FAR:
                                seen[count] = w
                                count += 1
                            node[w, DIST] = far
                            node[w, HOP] = hop
                            if far > high:
                                high = far
                                if far >= wide:
                                    more = np.full(2 * far, -1, np.int32)
                                    more[:wide] = front
                                    front = more
                                    more = np.full(2 * far, -1, np.int32)
                                    more[:wide] = rear
                                    rear = more
                                    wide = 2 * far
                            queue[used, 0] = w
                            queue[used, 1] = -1
                            if front[far] < 0:
                                front[far] = used
                            else:
                                queue[rear[far], 1] = used
                            rear[far] = used
                            used += 1
            e = queue[e, 1]
        d += 1
    for i in range(count):
        u = seen[i]
        node[u, DONE] = 0
        if last < 0:
            node[u, DIST] = FAR
        elif node[u, DIST] <= last:
            node[u, POT] += way * (node[u, DIST] - last)
            node[u, NOW] = node[u, FIRST]
        else:
            node[u, HOP] = -1
    return count if last >= 0 else -1


@compiled
def _augment(
    arc: Table, back: Table, node: Table, listed: Table, path: Table, way: int, loose: bool
) -> int:
    """Send what was searched for along tight arcs, depth first; how many paths.

    `loose` lets a path go over any tight arc (few searches, for a first solve), else only from
    hop to hop of the search: the shortest ways disturb a standing plan least.
    """
    side = LEFT if way > 0 else LENT
    paths = 0
    for i in range(1, listed[0] + 1):
        s = listed[i]
        if node[s, HOP] != 0 or node[s, DIST] != 0:
            continue
        while node[s, EXCESS] * way > 0:
            size = 0
            u = s
            reached = False
            node[s, DONE] = 1
            while True:
                if u == 0 or node[u, EXCESS] * way < 0:
                    reached = True
                    break
                end = node[u + 1, FIRST]
                k = node[u, NOW]
                here = node[u, POT]
                next_hop = node[u, HOP] + 1
                while k < end:
                    if arc[k, side] > 0:
                        w = arc[k, TO]
                        if (
                            arc[k, COST] + here == node[w, POT]
                            and node[w, DIST] < FAR
                            and (
                                w == 0
                                or (loose and node[w, DONE] == 0 and node[w, HOP] >= 0)
                                or (not loose and node[w, HOP] == next_hop)
                            )
                        ):
                            break
                    k += 1
                node[u, NOW] = k
                if k < end:
                    path[size] = k
                    size += 1
                    u = arc[k, TO]
                    node[u, DONE] = 1
                else:
                    if size == 0:
                        break
                    size -= 1
                    u = arc[back[path[size]], TO]
                    node[u, NOW] += 1
            if not reached:
                break
            by = node[s, EXCESS] * way
            if u != 0:
                by = min(by, -node[u, EXCESS] * way)
            for j in range(size):
                by = min(by, arc[path[j], side])
            node[s, DONE] = 0
            for j in range(size):
                k = path[j]
                b = back[k]
                node[arc[k, TO], DONE] = 0
                arc[k, LEFT] -= by * way
                arc[k, LENT] += by * way
                arc[b, LEFT] += by * way
                arc[b, LENT] -= by * way
            node[s, EXCESS] -= by * way
            node[u, EXCESS] += by * way
            paths += 1
    return paths


@compiled
def _reach(
    arc: Table, back: Table, node: Table, seen: Table, queue: Table, front: Table, rear: Table,
    s: int, way: int,
) -> int:  # fmt: skip
    """Send one node's balance to the nearest that takes it; how many nodes were seen, -1 for none.

    `front` is -1 throughout before and after; NOW holds the arc a node was reached by.
    """
    side = LEFT if way > 0 else LENT
    wide = len(front)
    node[s, DIST] = 0
    seen[0] = s
    count = 1
    queue[0, 0] = s
    queue[0, 1] = -1
    front[0] = 0
    rear[0] = 0
    used = 1
    goal, last, high, d = -1, FAR, 0, 0
    while d <= high and d < last:
        e = front[d]
        while e >= 0 and d < last:
            u = queue[e, 0]
            if node[u, DIST] != d or node[u, DONE] != 0:
                e = queue[e, 1]
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
                            goal, last = w, far
                            if far == d:
                                break
                            continue
                        if far >= wide:
                            continue
                        queue[used, 0] = w
                        if far > high:
                            high = far
                        queue[used, 1] = -1
                        if front[far] < 0:
                            front[far] = used
                        else:
                            queue[rear[far], 1] = used
                        rear[far] = used
                        used += 1
            e = queue[e, 1]
        d += 1
    for d in range(high + 1):
        front[d] = -1
    for i in range(count):
        u = seen[i]
        if goal >= 0 and node[u, DIST] < last:
            node[u, POT] += way * (node[u, DIST] - last)
        node[u, DIST] = FAR
        node[u, DONE] = 0
    if goal < 0:
        return -1
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
    return count


@compiled
def solve(arc: Table, back: Table, node: Table, listed: Table, loose: bool, stat: Table) -> int:
    """Route all balances at least cost; how many are left that nothing can take (0 in a city)."""
    size = len(node) - 1
    seen = np.empty(size, np.int32)
    path = np.empty(size + 1, np.int32)
    queue = np.empty((len(arc) + size, 2), np.int32)
    front = np.full(1 << 14, -1, np.int32)
    rear = np.empty(1 << 14, np.int32)
    for way in (1, -1):
        while loose:
            count = _search(arc, node, listed, seen, queue, way, not loose)
            if count < 0:
                break
            paths = _augment(arc, back, node, listed, path, way, loose)
            stat[0] += 1
            stat[1] += count
            stat[2] += paths
            for i in range(count):
                node[seen[i], DIST] = FAR
                node[seen[i], DONE] = 0
            if paths * 100 < count:
                break
        keep = 0
        for i in range(1, listed[0] + 1):
            u = listed[i]
            while node[u, EXCESS] * way > 0:
                count = _reach(arc, back, node, seen, queue, front, rear, u, way)
                if count < 0:
                    break
                stat[1] += count
                stat[2] += 1
            if node[u, EXCESS] == 0:
                node[u, LISTED] = 0
            else:
                keep += 1
                listed[keep] = u
        listed[0] = keep
    return int(listed[0])


@compiled
def value(arc: Table, row: Table) -> int:
    """Add up what the flow costs."""
    total = 0
    for i in range(len(row)):
        total += np.int64(arc[row[i], LENT]) * arc[row[i], COST]
    return total
