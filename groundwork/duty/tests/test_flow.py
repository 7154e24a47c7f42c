"""The flows are the cheapest there are, cold and after any edit, before an ordinary LP solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from groundwork.duty.solver import flow
from groundwork.duty.solver.flow import COST, EXCESS, LEFT, LENT, LISTED, POT, TO

NODES, ARCS = 12, 40


class Drawn:
    """A random network in which the ground can always serve everybody, dearly."""

    def __init__(self, seed: int, dearest: int) -> None:
        draw = self.draw = np.random.default_rng(seed)
        others = np.arange(1, NODES)
        tail = np.r_[draw.integers(0, NODES, ARCS), np.zeros(NODES - 1, int)]
        head = np.r_[draw.integers(0, NODES, ARCS), others]
        real = tail != head
        self.tail, self.head = tail[real], head[real]
        self.room = np.where(np.arange(len(tail)) < ARCS, draw.integers(0, 4, len(tail)), 99)[real]
        self.cost = draw.integers(0, dearest, len(tail))[real]
        self.wanted = np.r_[0, draw.integers(0, 3, NODES - 1)]
        self.arc, self.back, self.node, self.row = flow.make(
            NODES, self.tail, self.head, self.room, self.cost
        )
        self.listed = np.zeros(NODES + 1, np.int32)
        self.node[1:NODES, EXCESS] = -self.wanted[1:]
        self.node[1:NODES, LISTED] = 1
        self.listed[0] = NODES - 1
        self.listed[1:NODES] = others

    def route(self, *, deep: bool) -> int:
        """Route, hold the flow to its own proof, give its cost."""
        edges = self.arc, self.back, self.node, self.listed
        assert flow.solve(*edges, deep, np.zeros(4, np.int64)) == 0
        used = self.arc[self.row, LENT]
        assert (used >= 0).all()
        assert (used <= self.room).all()
        came = np.bincount(self.head, used, NODES) - np.bincount(self.tail, used, NODES)
        assert came[1:].tolist() == self.wanted[1:].tolist()
        assert (self.node[1:, EXCESS][: NODES - 1] == 0).all()
        tail, pot = self.arc[self.back, TO], self.node[:, POT]
        reduced = self.arc[:, COST] + pot[tail] - pot[self.arc[:, TO]]
        assert (reduced[self.arc[:, LEFT] > 0] >= 0).all()
        return int(flow.value(self.arc, self.row))

    def least(self) -> int:
        """Ask HiGHS for the least cost."""
        rows = np.zeros((NODES, len(self.tail)))
        np.add.at(rows, (self.head, np.arange(len(self.tail))), 1)
        np.add.at(rows, (self.tail, np.arange(len(self.tail))), -1)
        bounds = [(0, int(most)) for most in self.room]
        found = linprog(self.cost, A_eq=rows[1:], b_eq=self.wanted[1:], bounds=bounds)
        assert found.success
        fun: float = found.fun
        return round(fun)

    def edit(self, dearest: int) -> None:
        """Change some costs and capacities; the dear ways from the ground stay wide."""
        edges = self.arc, self.back, self.node, self.listed
        for k in self.draw.integers(0, len(self.tail), 12).tolist():
            self.cost[k] = self.draw.integers(0, dearest)
            flow.set_costs(*edges, self.row[k : k + 1], self.cost[k : k + 1])
            if self.room[k] < 99:
                self.room[k] = self.draw.integers(0, 4)
                flow.set_rooms(*edges, self.row[k : k + 1], self.room[k : k + 1])


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("dearest", [4, 500, 400_000])
def test_a_flow_costs_the_least_from_nothing_and_after_every_edit(dearest, deep):
    for seed in range(12):
        net = Drawn(seed, dearest)
        assert net.route(deep=deep) == net.least()
        for _ in range(4):
            net.edit(dearest)
            assert net.route(deep=deep) == net.least()


def test_who_cannot_be_served_is_counted_and_stays_wanting():
    net = Drawn(3, 10)
    for k in np.flatnonzero(net.head == 5).tolist():
        edges = net.arc, net.back, net.node, net.listed
        flow.set_rooms(*edges, net.row[k : k + 1], np.zeros(1, np.int64))
    net.wanted[5] += 2
    net.node[5, EXCESS] -= 2
    left = flow.solve(net.arc, net.back, net.node, net.listed, False, np.zeros(4, np.int64))
    assert left == 1
    assert net.node[5, EXCESS] == -net.wanted[5]
