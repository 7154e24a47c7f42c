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
from groundwork.duty.solver.flow import MANY
from groundwork.duty.solver.layout import Layout
from groundwork.duty.solver.nets import SCALE, Net

Table = npt.NDArray[Any]


@compiled
def turning_points(
    first: Table, column: Table, x: Table, gain: Table, excess: Table, price: Table, far: Table,
    turn: Table,
) -> None:  # fmt: skip
    """Write how far each row's price may rise (over) or fall (under) before its columns move.

    Over by k: as many as gain least would then leave. Under by k: as many would then come.
    """
    for r in range(len(first) - 1):
        turn[r] = 0
        over = excess[r] > 0
        if excess[r] == 0 or (not over and price[r] == 0):
            continue
        size = 0
        for i in range(first[r], first[r + 1]):
            c = column[i]
            if (x[c] != 0) == over:
                far[size] = gain[c] if over else -gain[c]
                size += 1
        # Draw the least, then the next, as often as the row is off.
        for k in range(min(size, abs(excess[r]))):
            for i in range(k + 1, size):
                if far[i] < far[k]:
                    far[i], far[k] = far[k], far[i]
            turn[r] = far[k]


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
        """Move each price by the sign of its row's excess, as far as the row's turning point."""
        now = np.sign(self.excess)
        same, turned = (now != 0) & (now == self.sign), (now != 0) & (now == -self.sign)
        self.step[same] = np.minimum(self.most, self.step[same] * 2)
        self.step[turned] = np.maximum(1, self.step[turned] // 2)
        self.sign = np.where(now != 0, now, self.sign)
        rise = np.maximum(self.step, self.turn)
        fall = np.minimum(self.price, np.maximum(1, np.maximum(self.step // 2, self.turn)))
        self.price += np.where(now > 0, rise, 0) - np.where(now < 0, fall, 0)


class _Rows(_Row):
    """Prices of rows over columns: the columns of each, one row after the other."""

    def __init__(self, first: Table, column: Table, most: int) -> None:
        super().__init__(len(first) - 1, most)
        self.first, self.column = first, column
        self.row = np.repeat(np.arange(len(first) - 1), np.diff(first))
        self.far = np.zeros(int(np.diff(first).max(initial=0)), np.int64)

    def count(self, x: Table) -> Table:
        """Count the columns that stand, by row."""
        standing = self.row[x[self.column] != 0]
        return np.bincount(standing, minlength=len(self.price))

    def turn_to(self, x: Table, gain: Table) -> None:
        """Move the prices: how far tells who stands and what each column gains."""
        turning_points(
            self.first, self.column, x, gain, self.excess, self.price, self.far, self.turn
        )
        self.follow()

    def add_to(self, cost: Table, price: Table) -> None:
        """Add the prices of its rows to each column's cost."""
        total = np.bincount(self.column, price[self.row], minlength=len(cost))
        cost += total.astype(np.int64)  # whole sums below 2**53, so nothing is lost


def _turned(first: Table, row: Table, rows: int) -> tuple[Table, Table]:
    """Turn a list of rows by column into a list of columns by row."""
    column = np.repeat(np.arange(len(first) - 1), np.diff(first))
    begins = np.r_[0, np.cumsum(np.bincount(row, minlength=rows))]
    return begins, column[np.argsort(row, kind="stable")]


class Prices:
    """The nets of one question, their prices and the best bound so far (1/SCALE, no constant)."""

    def __init__(self, city: Layout, nets: list[Net], pool: ThreadPoolExecutor) -> None:
        """Start with all prices nothing."""
        self.city, self.nets, self.pool = city, nets, pool
        columns = len(city.person)
        self.x = np.zeros(columns, np.int8)
        self.gain = np.zeros(columns, np.int32)
        self.base = -city.bonus * SCALE
        for net in nets:
            self.base[net.first : net.last] += net.base_cost
        self.cost = self.base.copy()
        # Where every hour leaves little rest, a price climbs far: its steps may grow longer.
        self.clique = _Rows(city.clique_first, city.clique_column, SCALE * 2)
        by_row = _turned(city.office_first, city.office_row, len(city.office_left))
        self.office = _Rows(*by_row, SCALE // 2)
        self.unit = _Row(len(city.unit_base), SCALE)
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
        city = self.city
        self.clique.turn_to(self.x, self.gain)
        self.office.turn_to(self.x, self.gain)
        self.unit.follow()
        np.minimum(self.unit.price, self.unit_most, out=self.unit.price)
        times = np.tile(city.blocks.office_times, len(city.unit_base))
        self.cost[:] = self.base
        self.clique.add_to(self.cost, self.clique.price)
        self.office.add_to(self.cost, self.office.price // times)
        self._route(False)
        self.rounds += 1

    def _route(self, deep: bool) -> None:
        """Route all nets, two at a time, and read the rows and the bound."""

        def one(net: Net) -> int:
            a, b = net.first, net.last
            value = net.route(self.cost[a:b], None, *self.of_units(net), self.x[a:b], deep=deep)
            net.gain(self.gain[a:b])
            return value

        total = 0
        for value in self.pool.map(one, self.nets):
            total += value
            self.pause()
        self._judge(total)

    def of_units(self, net: Net) -> tuple[Table, Table]:
        """Give the segments of a net's units under prices: one without an end, at the price."""
        width = np.zeros((len(net.unit), self.segments[0].shape[1]), np.int64)
        width[:, 0] = MANY
        price = np.zeros_like(width)
        price[:, 0] = self.unit.price[net.unit]
        return width, price

    def read(self) -> None:
        """Read gains, rows and the bound of nets that somebody else routed at these prices."""
        for net in self.nets:
            net.gain(self.gain[net.first : net.last])
        self._judge(sum(flow.value(net.arc, net.row) for net in self.nets))

    def _judge(self, total: int) -> None:
        """Count the rows, and prove what the nets' least costs prove."""
        city = self.city
        self.clique.excess = self.clique.count(self.x) - 1
        self.office.excess = self.office.count(self.x) - city.office_left
        load = np.bincount(
            city.instance.person_unit[city.person[self.x != 0]], minlength=len(city.unit_base)
        )
        least, low, high = self._units()
        self.unit.excess = np.where(load > high, load - high, np.minimum(0, load - low))
        total += least - int(self.clique.price.sum()) - int(self.office.price @ city.office_left)
        self.bound = total
        self.best = max(self.best, total)
        self.over = (int((self.clique.excess > 0).sum()), int((self.office.excess > 0).sum()))

    def _units(self) -> tuple[int, Table, Table]:
        """Give the least of the units' own costs less their prices, and the loads that reach it."""
        width, price = self.segments
        gain = np.minimum(0, price * SCALE - self.unit.price[:, None])
        least = int((gain * width).sum())
        free = price * SCALE <= self.unit.price[:, None]
        return least, (width * (gain < 0)).sum(1), (width * free).sum(1)


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
