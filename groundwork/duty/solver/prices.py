"""Prices on the rules that no network holds, and the bound they prove.

Rest between hours of different groups, office places and a unit's fair share couple people, weeks
and districts. Each such row has a whole price ≥ 0 (in 1/SCALE of a cost). Whatever the prices, the
sum of the nets' least costs less what the rows allow at their price is below every plan's cost, so
every round gives a proven bound and the best one stays. A row that is over takes at once the price
at which whoever gains least would leave it (the reduced costs know); from there a price follows the
sign of its row's excess with a small step that doubles while the sign stays and halves when it
turns.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from groundwork.duty.solver import flow
from groundwork.duty.solver.compiled import compiled
from groundwork.duty.solver.flow import COST, LENT, MANY, POT, TO, set_cost, set_segments
from groundwork.duty.solver.layout import Layout
from groundwork.duty.solver.nets import SCALE, Net

Table = npt.NDArray[Any]


@compiled
def reprice(
    arc: Table, back: Table, node: Table, listed: Table, row: Table, cost: Table, unit_arc: Table,
    unit_price: Table, x: Table, gain: Table, deep: bool, stat: Table,
) -> int:  # fmt: skip
    """Give the columns and units of a net their costs, route again; the net's value.

    Writes x, and what each column gains: above it, a price would put the column out.
    """
    for i in range(len(cost)):
        set_cost(arc, back, node, listed, row[i], cost[i])
    width = np.full(1, MANY, np.int64)
    for i in range(len(unit_arc)):
        rows = row[unit_arc[i] : unit_arc[i] + 1]
        set_segments(arc, back, node, listed, rows, width, unit_price[i : i + 1])
    if flow.solve(arc, back, node, listed, deep, stat) != 0:
        return -1
    for i in range(len(x)):
        x[i] = arc[row[i], LENT]
    reduced(arc, back, node, row, gain)
    return flow.value(arc, row)


@compiled
def reduced(arc: Table, back: Table, node: Table, row: Table, gain: Table) -> None:
    """Write what each column of a net gains, its reduced cost turned round."""
    for i in range(len(gain)):
        k = row[i]
        gain[i] = node[arc[k, TO], POT] - arc[k, COST] - node[arc[back[k], TO], POT]


@compiled
def turning_points(
    first: Table, column: Table, x: Table, gain: Table, excess: Table, price: Table, turn: Table
) -> None:
    """Write how far each row's price may rise (over) or fall (under) before its columns move.

    Over by k: as many as gain least would then leave. Under by k: as many would then come.
    """
    for r in range(len(first) - 1):
        turn[r] = 0
        over = excess[r] > 0
        if excess[r] == 0 or (not over and price[r] == 0):
            continue
        far = np.empty(first[r + 1] - first[r], np.int64)
        size = 0
        for i in range(first[r], first[r + 1]):
            c = column[i]
            if (x[c] != 0) == over:
                far[size] = gain[c] if over else -gain[c]
                size += 1
        k = min(size, abs(excess[r]))
        if k == 1:
            turn[r] = far[:size].min()
        elif k > 1:
            turn[r] = np.sort(far[:size])[k - 1]


@compiled
def follow(price: Table, step: Table, sign: Table, excess: Table, turn: Table, most: int) -> None:
    """Move each price by the sign of its row's excess, as far as the row's turning point."""
    for i in range(len(price)):
        now = 1 if excess[i] > 0 else (-1 if excess[i] < 0 else 0)
        if now != 0:
            if now == sign[i]:
                step[i] = min(most, step[i] * 2)
            elif now == -sign[i]:
                step[i] = max(1, step[i] // 2)
            sign[i] = now
            if now > 0:
                price[i] += max(step[i], turn[i])
            else:
                price[i] -= min(price[i], max(1, step[i] // 2, turn[i]))


@compiled
def clique_excess(first: Table, column: Table, x: Table, excess: Table) -> int:
    """Write by how much each clique is over its one; how many are."""
    over = 0
    for r in range(len(first) - 1):
        total = -1
        for i in range(first[r], first[r + 1]):
            total += x[column[i]]
        excess[r] = total
        over += total > 0
    return over


@compiled
def office_used(first: Table, row: Table, x: Table, used: Table) -> None:
    """Count the office places taken, per unit and day."""
    used[:] = 0
    for c in range(len(x)):
        if x[c]:
            for i in range(first[c], first[c + 1]):
                used[row[i]] += 1


@compiled
def column_costs(
    base: Table, bonus: Table, clique_first: Table, clique_column: Table, clique_price: Table,
    office_first: Table, office_row: Table, office_price: Table, days: int, times: Table,
    cost: Table,
) -> None:  # fmt: skip
    """Write each column's cost: its own, its bonus and the prices of its rows."""
    for c in range(len(cost)):
        cost[c] = base[c] - bonus[c]
        for i in range(office_first[c], office_first[c + 1]):
            cost[c] += office_price[office_row[i]] // times[office_row[i] % days]
    for r in range(len(clique_price)):
        if clique_price[r]:
            for i in range(clique_first[r], clique_first[r + 1]):
                cost[clique_column[i]] += clique_price[r]


@compiled
def by_row(first: Table, row: Table, rows: int) -> Any:
    """Turn a list of rows by column into a list of columns by row."""
    begins = np.zeros(rows + 1, np.int64)
    for i in range(len(row)):
        begins[row[i] + 1] += 1
    for r in range(rows):
        begins[r + 1] += begins[r]
    put = begins[:-1].copy()
    column = np.empty(len(row), np.int64)
    for c in range(len(first) - 1):
        for i in range(first[c], first[c + 1]):
            column[put[row[i]]] = c
            put[row[i]] += 1
    return begins, column


class Prices:
    """The nets of one question, their prices and the best bound so far (1/SCALE, no constant)."""

    def __init__(self, city: Layout, nets: list[Net], pool: ThreadPoolExecutor) -> None:
        """Start with all prices nothing."""
        self.city, self.nets, self.pool = city, nets, pool
        columns = len(city.person)
        self.x = np.zeros(columns, np.int8)
        self.gain = np.zeros(columns, np.int32)
        self.office_first, self.office_column = by_row(
            city.office_first, city.office_row, len(city.office_left)
        )
        self.base = np.zeros(columns, np.int64)
        for net in nets:
            self.base[net.first : net.last] = net.base_cost
        self.cost = self.base - city.bonus * SCALE
        cliques, offices, units = (
            len(city.clique_first) - 1, len(city.office_left), len(city.unit_base),
        )  # fmt: skip
        self.clique = _Row(cliques, SCALE // 2)
        self.office = _Row(offices, SCALE // 2)
        self.unit = _Row(units, SCALE)
        q = city.instance
        self.segments = unit_segments(city)
        self.unit_most = max((p for _, p in q.weights.unit), default=0) * SCALE
        self.pause: Callable[[], object] = int  # between two nets; may raise to stop
        self.best = -(1 << 60)
        self.over = (0, 0)
        self.rounds = 0

    def first(self) -> None:
        """Route everything for the first time, at no prices."""
        self._route(True)

    def turn(self) -> None:
        """Move all prices once and route again."""
        city, q = self.city, self.city.instance
        for row, first, column in (
            (self.clique, city.clique_first, city.clique_column),
            (self.office, self.office_first, self.office_column),
        ):
            turning_points(first, column, self.x, self.gain, row.excess, row.price, row.turn)
        for row in (self.clique, self.office, self.unit):
            row.follow()
        np.minimum(self.unit.price, self.unit_most, out=self.unit.price)
        column_costs(
            self.base, city.bonus * SCALE, city.clique_first, city.clique_column, self.clique.price,
            city.office_first, city.office_row, self.office.price, q.days, city.blocks.office_times,
            self.cost,
        )  # fmt: skip
        self._route(False)
        self.rounds += 1

    def _route(self, deep: bool) -> None:
        """Route all nets, two at a time, and read the rows and the bound."""

        def one(net: Net) -> int:
            a, b = net.first, net.last
            return reprice(
                net.arc, net.back, net.node, net.listed, net.row, self.cost[a:b], net.unit_arc,
                self.unit.price[net.unit], self.x[a:b], self.gain[a:b], deep, net.stat,
            )  # fmt: skip

        total = 0
        for value in self.pool.map(one, self.nets):
            total += value
            self.pause()
        self._judge(total)

    def read(self) -> None:
        """Read gains, rows and the bound of nets that somebody else routed at these prices."""
        for net in self.nets:
            reduced(net.arc, net.back, net.node, net.row, self.gain[net.first : net.last])
        self._judge(sum(flow.value(net.arc, net.row) for net in self.nets))

    def _judge(self, total: int) -> None:
        """Count the rows, and prove what the nets' least costs prove."""
        city = self.city
        over = clique_excess(city.clique_first, city.clique_column, self.x, self.clique.excess)
        office_used(city.office_first, city.office_row, self.x, self.office.excess)
        self.office.excess -= city.office_left
        load = np.bincount(
            city.instance.person_unit[city.person], weights=self.x, minlength=len(city.unit_base)
        ).astype(np.int64)
        least, low, high = self._units()
        self.unit.excess[:] = np.where(load > high, load - high, np.minimum(0, load - low))
        total += least - int(self.clique.price.sum()) - int(self.office.price @ city.office_left)
        self.bound = total
        self.best = max(self.best, total)
        self.over = (over, int((self.office.excess > 0).sum()))

    def _units(self) -> tuple[int, Table, Table]:
        """Give the least of the units' own costs less their prices, and the loads that reach it."""
        width, price = self.segments
        gain = np.minimum(0, price * SCALE - self.unit.price[:, None])
        least = int((gain * width).sum())
        free = price * SCALE <= self.unit.price[:, None]
        return least, (width * (gain < 0)).sum(1), (width * free).sum(1)


class _Row:
    """Prices of one family of rows."""

    def __init__(self, size: int, most: int) -> None:
        self.price = np.zeros(size, np.int64)
        self.step = np.ones(size, np.int64)
        self.sign = np.zeros(size, np.int64)
        self.excess = np.zeros(size, np.int64)
        self.turn = np.zeros(size, np.int64)
        self.most = most

    def follow(self) -> None:
        """Move the prices by the sign of what is over."""
        follow(self.price, self.step, self.sign, self.excess, self.turn, self.most)


def unit_segments(city: Layout) -> tuple[Table, Table]:
    """Give the widths (unit × segment) and prices of a unit's load, the locked rows taken off.

    The first segment is the fair share and costs nothing; each next one is a part of the share.
    """
    q = city.instance
    share = q.unit_share
    widths, reached = [share], np.zeros(len(share), np.int64)
    for part, _ in q.weights.unit[:-1]:
        ends = np.maximum(reached, np.floor(part * share).astype(np.int64))
        widths.append(ends - reached)
        reached = ends
    if q.weights.unit:
        widths.append(np.full(len(share), MANY, np.int64))
    else:
        widths = [np.full(len(share), MANY, np.int64)]
    width = np.stack(widths, 1)
    taken = city.unit_base.copy()
    for j in range(width.shape[1]):
        off = np.minimum(taken, width[:, j])
        width[:, j] -= off
        taken -= off
    price = np.array([0, *(p for _, p in q.weights.unit)], np.int64)
    return width, np.broadcast_to(price, width.shape)
