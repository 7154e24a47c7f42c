"""Plan again around a plan that stands: whoever was told of a shift keeps it wherever they can.

A search from nothing sees hours, not gates: it would send thousands elsewhere within the same
evening. Here the plan that stands is the start. What fell empty is dealt out at once among those no
rule keeps off, everybody else left at their gate: that plan is in hand before any net is built. The
nets then say where moving somebody pays for what it upsets, and prove how far from the best the
plan is at most.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from groundwork.duty.solver import nets as networks
from groundwork.duty.solver.instance import Bools, Instance, Ints, Plan
from groundwork.duty.solver.layout import Layout, lay_out
from groundwork.duty.solver.prices import Prices
from groundwork.duty.solver.refill import refill
from groundwork.duty.solver.repair import Repair
from groundwork.duty.solver.solve import (
    FIRST_ROUNDS,
    MORE_ROUNDS,
    PASSES,
    Listener,
    Search,
    constant_of,
)
from groundwork.duty.solver.weigh import travel_of

STILL = 2_000
"""A turn of prices and passes that makes the plan cheaper by less than this part is the last."""


class Mending(Search):
    """A search from a plan that stands. The question's kept rows say what each change costs."""

    def __init__(
        self, instance: Instance, before: Plan, *, gap: float, seconds: float,
        progress: Listener | None, threads: int,
    ) -> None:  # fmt: skip
        """Remember the question and the plan; rows of it that fit no more are left out."""
        super().__init__(instance, gap=gap, seconds=seconds, progress=progress, threads=threads)
        self.before = before

    def _run(self, pool: ThreadPoolExecutor) -> None:
        city = self.city = lay_out(self.instance)
        if not len(city.person):  # nobody can be moved, so nothing can be kept
            super()._run(pool)
            return
        self.constant = constant_of(city)
        stood = self._deal_at_once(city, pool)
        self.nets = networks.build(city, pool)
        prices = self.prices = Prices(city, self.nets, pool)
        repair = self.repair = Repair(city, self.nets, pool)
        prices.pause = repair.pause = self._pause
        prices.first()
        self._raise(prices, "flows")
        rounds = FIRST_ROUNDS
        while True:
            before = self.cost or 0
            self._turn(prices, rounds)
            repair.x[:] = self._standing(city)
            repair.resume(prices)
            self._offer(self._refilled(stood), "repair")
            self._pass(stood)
            if before - (self.cost or 0) <= before // STILL:
                return
            rounds = MORE_ROUNDS
            repair.open_all(prices)

    def _deal_at_once(self, city: Layout, pool: ThreadPoolExecutor) -> Plan:
        """Take the plan as far as it stands, and deal out what is empty; what stands."""
        first = Repair(city, [], pool)
        stood = what_stands(city, self.before, first)
        self._offer((stood.person, stood.shift, stood.kind), "greedy")
        stands = first.x > 0
        self._offer(refill(city, stood, stands, first.allowed > 0, self._bonus), "greedy")
        self.planned = True
        return stood

    def _pass(self, stood: Plan) -> None:
        """Choose anew whom rules allow, as long as that finds a better plan."""
        for _ in range(PASSES):
            before = self.cost or 0
            self.repair.again()
            self._offer(self._refilled(stood), "better")
            if before - (self.cost or 0) <= before // STILL // 10:
                return

    def _refilled(self, stood: Plan) -> tuple[Ints, Ints, Ints]:
        """Read the flows around what stands."""
        city, repair = self.city, self.repair
        assert city is not None
        return refill(city, stood, repair.x > 0, repair.allowed > 0, self._bonus)

    def _standing(self, city: Layout) -> Bools:
        """Tell the columns of the best plan so far."""
        stands = np.zeros(len(city.person), bool)
        stands[city.columns_of(self.rows[0], self.rows[1])] = True
        return stands

    @property
    def _bonus(self) -> int:
        return int(self.instance.kept_bonus.max(initial=0))


def what_stands(city: Layout, before: Plan, first: Repair) -> Plan:
    """Take the locked rows, and those of a plan that fit one beside the other; earlier ones first.

    `first` then holds their columns in `x` and, in `allowed`, who may stand beside them.
    """
    q, blocks = city.instance, city.blocks
    kinds, weeks = len(q.kinds), city.room.shape[1]
    known = (before.person >= 0) & (before.shift >= 0) & (before.kind >= 0)
    known &= travel_of(q, before.person, q.gate_place[q.shift_gate[before.shift]]) >= 0
    column = city.column_of(before.person, city.shift_block[before.shift])
    row = np.flatnonzero(known & (column >= 0))
    row = row[np.argsort(q.shift_start[before.shift[row]], kind="stable")]
    person, block = before.person, blocks_of(city, before)
    left = np.zeros(len(q.shift_start) * kinds, np.int64)
    np.add.at(left, q.need_shift * kinds + q.need_kind, city.slots.need_left)
    groups = int(blocks.group.max(initial=-1)) + 1
    once = np.ones(len(q.person_ids) * max(1, groups), np.int64)
    row = row[_within(person[row] * groups + blocks.group[block[row]], once)]
    row = row[_within(person[row] * weeks + blocks.week[block[row]], city.room.ravel())]
    row = row[_within(before.shift[row] * kinds + before.kind[row], left)]
    first.x[column[row]] = 1
    first.choose()
    row = row[first.allowed[column[row]] > 0]
    first.x[:] = 0
    first.x[column[row]] = 1
    row.sort()
    return Plan(
        np.r_[q.locked_person, before.person[row]],
        np.r_[q.locked_shift, before.shift[row]],
        np.r_[q.locked_kind, before.kind[row]],
        0,
        0,
    )


def blocks_of(city: Layout, plan: Plan) -> Ints:
    """Give the block of each row; of those without one, any."""
    found: Ints = np.maximum(0, city.shift_block[plan.shift])
    return found


def _within(key: Ints, room: Ints) -> Bools:
    """Tell which are among the first of their key, as many as there is room for."""
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    rank = np.arange(len(key)) - np.searchsorted(ordered, ordered)
    fits = np.zeros(len(key), bool)
    fits[order] = rank < room[ordered]
    return fits


def mend(
    instance: Instance,
    before: Plan,
    *,
    gap: float = 0.02,
    seconds: float = 20.0,
    progress: Listener | None = None,
    threads: int = 2,
) -> Plan:
    """Plan around what stands. Ends at the proven gap, at the time, or when little is won."""
    return Mending(
        instance, before, gap=gap, seconds=seconds, progress=progress, threads=threads
    ).run()
