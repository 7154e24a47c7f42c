"""Prove a bound on every plan's cost again, apart from the solver: one linear programme for HiGHS.

People of one home and the same attributes are pooled at each hour. A pool moves up the tree, paying
for the distance, turns into kinds, paying for mismatches, and moves down to the gates for nothing:
the number of variables grows with the city and not with people times gates. A kept assignment earns
its bonus at any gate of its hour, which makes the bound a little lower and never wrong.
"""

from __future__ import annotations

import numpy as np

from groundwork.duty.solver import linear
from groundwork.duty.solver.instance import Bools, Instance, Ints
from groundwork.duty.solver.linear import Columns, Model, TooLarge

MOST_COLUMNS = 400_000
"""Beyond it HiGHS takes longer than anybody waits; some 5,000 people over two weeks."""


def prove_bound(instance: Instance, seconds: float = 300.0) -> int:
    """Find a cost below which there is no plan.

    Raises TooLarge for what HiGHS would not finish, ArithmeticError when it did not in time.
    """
    pools = _Pools(instance)
    if len(pools.columns.person) * 4 > MOST_COLUMNS:
        raise TooLarge(len(pools.columns.person))
    pools.move_up()
    pools.move_down()
    pools.cross()
    if pools.model.columns > MOST_COLUMNS:
        raise TooLarge(pools.model.columns)
    return pools.model.relaxed(seconds)


class _Pools:
    """The model as it grows: who comes in, up the tree, across to kinds, down to the gates.

    An `up` node is a place, an hour and a class of people; a `down` node a place, an hour and a
    kind; both are numbers whose first part is place × hours + hour.
    """

    def __init__(self, instance: Instance) -> None:
        self.of = instance
        self.model = Model()
        self.model.constant += linear.locked_cost(instance)
        hours = np.stack([instance.shift_start, instance.shift_end], 1)
        found = np.unique(hours, axis=0, return_index=True, return_inverse=True)
        self.hour_shift, self.hour = found[1], found[2].ravel()
        self.hours, self.kinds = max(1, len(self.hour_shift)), len(instance.kinds)
        # A cell counts as its community.
        cell = instance.place_level > 3
        self.own = np.where(cell, instance.place_parent, np.arange(len(cell)))
        self.price = np.array(instance.weights.travel, np.int64)[
            3 - np.minimum(instance.place_level, 3)
        ]
        asked = int(np.bitwise_or.reduce(instance.kind_mask))
        self.masks, self.mask = np.unique(instance.person_mask & asked, return_inverse=True)
        self.classes = max(1, len(self.masks))
        self.columns, hour = self._columns()
        home = self.own[instance.person_place[self.columns.person]]
        self.stands = self.model.add_columns(
            self.price[home] - self._bonus(hour), np.ones(len(home))
        )
        linear.rules_of_people(self.model, instance, self.columns, self.stands)
        self.home = (home * self.hours + hour) * self.classes + self.mask[self.columns.person]
        self.up = self.down = self.up_row = self.down_row = np.zeros(0, np.int64)

    def _columns(self) -> tuple[Columns, Ints]:
        """List who could stand at which hour; a shift of that hour stands for it."""
        instance, shift = self.of, self.hour_shift
        start, end = instance.shift_start[shift], instance.shift_end[shift]
        can = np.zeros((len(instance.person_ids), len(shift)), bool)
        spans = (instance.window_person, instance.window_start, instance.window_end)
        for person, opens, closes in zip(*(column.tolist() for column in spans), strict=True):
            can[person] |= (start >= opens) & (end <= closes)
        locks = (instance.locked_person.tolist(), instance.locked_shift.tolist())
        for person, lock in zip(*locks, strict=True):
            after = start >= instance.shift_end[lock] + instance.rest
            can[person] &= after | (end + instance.rest <= instance.shift_start[lock])
        can &= (self.price[self.own[instance.person_place]] >= 0)[:, None]
        person, hour = np.nonzero(can)
        return Columns(person, shift[hour]), hour

    def _bonus(self, hour: Ints) -> Ints:
        """Give each column the most that a kept assignment of its hour earns."""
        earns = np.zeros(len(self.of.person_ids) * self.hours, np.int64)
        kept = self.of.kept_person * self.hours + self.hour[self.of.kept_shift]
        np.maximum.at(earns, kept, self.of.kept_bonus)
        bonus: Ints = earns[self.columns.person * self.hours + hour]
        return bonus

    def _balanced(self, nodes: Ints) -> Ints:
        """Add a row for each node: what comes in goes out."""
        still = np.zeros(len(nodes), np.int64)
        return self.model.add_rows(still, still)

    def _climb(self, nodes: Ints, size: int, allowed: Bools) -> tuple[Bools, Ints]:
        """Step to the parents that are allowed: which nodes step, and to what."""
        place = nodes // (self.hours * size)
        parent = self.of.place_parent[place]
        steps: Bools = (parent >= 0) & allowed[parent]
        return steps, parent[steps] * self.hours * size + nodes[steps] % (self.hours * size)

    def _closure(self, nodes: Ints, size: int, allowed: Bools) -> Ints:
        """Add to nodes all that lie above them."""
        every = layer = np.unique(nodes)
        while len(layer):
            layer = np.unique(self._climb(layer, size, allowed)[1])
            every = np.union1d(every, layer)
        return every

    def move_up(self) -> None:
        """Let pools climb as far as people are sent."""
        allowed = self.price >= 0
        self.up = self._closure(self.home, self.classes, allowed)
        self.up_row = self._balanced(self.up)
        self.model.enter(self.up_row[np.searchsorted(self.up, self.home)], self.stands, 1.0)
        steps, above = self._climb(self.up, self.classes, allowed)
        size = self.hours * self.classes
        further = self.price[above // size] - self.price[self.up[steps] // size]
        climbs = self.model.add_columns(further, np.full(len(further), np.inf))
        self.model.enter(self.up_row[steps], climbs, -1.0)
        self.model.enter(self.up_row[np.searchsorted(self.up, above)], climbs, 1.0)

    def move_down(self) -> None:
        """Let kinds go down to the gates that need them."""
        left = linear.left_to_fill(self.of)
        shift, kind = np.nonzero(left)
        place = self.own[self.of.gate_place[self.of.shift_gate[shift]]]
        leaves, back = np.unique(
            (place * self.hours + self.hour[shift]) * self.kinds + kind, return_inverse=True
        )
        anywhere = np.ones(len(self.own), bool)
        self.down = self._closure(leaves, self.kinds, anywhere)
        self.down_row = self._balanced(self.down)
        saved = -np.array(self.of.weights.unfilled, np.int64)[leaves % self.kinds]
        wanted = np.bincount(back, left[shift, kind], minlength=len(leaves)).astype(np.int64)
        fills = self.model.add_columns(saved, wanted)
        self.model.enter(self.down_row[np.searchsorted(self.down, leaves)], fills, -1.0)
        steps, above = self._climb(self.down, self.kinds, anywhere)
        falls = self.model.add_columns(np.zeros(len(above), np.int64), np.full(len(above), np.inf))
        self.model.enter(self.down_row[np.searchsorted(self.down, above)], falls, -1.0)
        self.model.enter(self.down_row[steps], falls, 1.0)

    def cross(self) -> None:
        """Turn people of a class into a kind, wherever they are."""
        for kind in range(self.kinds):
            target = self.up // self.classes * self.kinds + kind
            at = np.searchsorted(self.down, target)
            there = np.isin(target, self.down)
            asked = int(self.of.kind_mask[kind])
            lacks = (asked != 0) & (self.masks[self.up[there] % self.classes] & asked == 0)
            prices = lacks * np.int64(self.of.weights.mismatch[kind])
            turns = self.model.add_columns(prices, np.full(len(prices), np.inf))
            self.model.enter(self.up_row[there], turns, -1.0)
            self.model.enter(self.down_row[at[there]], turns, 1.0)
