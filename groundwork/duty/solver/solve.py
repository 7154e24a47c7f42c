"""Plan a city: prices for the proof, repair for the plan, until the gap or the time is reached."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from groundwork.duty.solver import nets as networks
from groundwork.duty.solver.decode import read
from groundwork.duty.solver.greedy import plan_at_once
from groundwork.duty.solver.hours import week_of
from groundwork.duty.solver.instance import Instance, Ints, Plan
from groundwork.duty.solver.layout import Layout, lay_out
from groundwork.duty.solver.nets import SCALE, Net
from groundwork.duty.solver.prices import Prices
from groundwork.duty.solver.repair import Repair
from groundwork.duty.solver.weigh import cost_of, travel_of, unit_cost

FIRST_ROUNDS = 2
"""Rounds of prices before the first plan: the first one brings most of the bound."""
MORE_ROUNDS = 6
PASSES = 6
STILL = 3
"""Rounds without a better bound before the first plan is tried: a slack city needs no prices."""


@dataclass(frozen=True)
class Progress:
    """How far a search is. `seconds` since it began, `gap` 0 to 1; no cost before the first plan.

    `stage` is what was just done: greedy, flows, prices, repair, better; or routing, amid one.
    """

    seconds: float
    cost: int | None
    bound: int
    gap: float
    stage: str


Listener = Callable[[Progress], bool]


class Stopped(Exception):
    """Somebody wants no better plan, or the time is up."""


class Search:
    """One search for a plan, and what it has so far. Keep it to plan again from where it stands."""

    def __init__(
        self, instance: Instance, *, gap: float, seconds: float, progress: Listener | None,
        threads: int,
    ) -> None:  # fmt: skip
        """Remember the question; nothing is worked out yet."""
        self.instance, self.gap, self.seconds = instance, gap, seconds
        self.progress, self.threads = progress, threads
        self.began = time.monotonic()
        self.rows: tuple[Ints, Ints, Ints] = _no_rows(instance)
        self.cost: int | None = None
        self.bound = 0
        self.constant = 0
        self.city: Layout | None = None
        self.nets: list[Net] = []
        self.ready = False
        self.planned = False
        self.said = self.began
        self.running = False

    def run(self) -> Plan:
        """Search until the gap or the time is reached, or the listener says stop."""
        self.running = True
        try:
            with ThreadPoolExecutor(max(1, self.threads)) as pool:
                self._run(pool)
        except Stopped:
            pass
        self.running = False
        return self.plan()

    def plan(self) -> Plan:
        """Give the best plan so far, by person and shift."""
        person, shift, kind = self.rows
        order = np.lexsort((kind, shift, person))
        cost = cost_of(self.instance, *self.rows) if self.cost is None else self.cost
        spent = time.monotonic() - self.began
        return Plan(
            person[order], shift[order], kind[order], cost, min(self.bound, cost), round(spent, 3)
        )

    def _run(self, pool: ThreadPoolExecutor) -> None:
        city = self.city = lay_out(self.instance)
        self.constant = constant_of(city)
        self._offer(plan_at_once(city), "greedy")
        self.nets = networks.build(city, pool)
        prices = self.prices = Prices(city, self.nets, pool)
        repair = self.repair = Repair(city, self.nets, pool)
        prices.pause = repair.pause = self._pause
        prices.first()
        self._raise(prices, "flows")
        rounds = FIRST_ROUNDS
        while True:
            self._turn(prices, rounds)
            repair.start(prices)
            self.ready = self.planned = True
            self._offer(read(city, self.nets), "repair")
            worth = repair.value
            for _ in range(PASSES):
                repair.again()
                self._offer(read(city, self.nets), "better")
                if worth - repair.value < worth // 20_000:
                    break
                worth = repair.value
            rounds = MORE_ROUNDS
            self.ready = False
            repair.open_all(prices)

    def _turn(self, prices: Prices, rounds: int) -> None:
        """Turn prices some rounds; fewer if the bound stands still or half the time is gone."""
        still, before = 0, prices.best
        for _ in range(rounds):
            prices.turn()
            self._raise(prices, "prices")
            still = 0 if prices.best > before else still + 1
            before = prices.best
            late = time.monotonic() - self.began > self.seconds / 2
            if not self.planned and (late or still >= STILL):
                return

    def _raise(self, prices: Prices, stage: str) -> None:
        """Take the bound of the prices, if it is higher."""
        self.bound = max(self.bound, -(-prices.best // SCALE) + self.constant)
        self._say(stage)

    def _offer(self, rows: tuple[Ints, Ints, Ints], stage: str) -> None:
        """Take a plan, if it is cheaper."""
        cost = cost_of(self.instance, *rows)
        if self.cost is None or cost < self.cost:
            self.cost, self.rows = cost, rows
        self._say(stage)

    def _pause(self) -> None:
        """Let a long stage be stopped between two nets, asking at most every second."""
        if self.running and time.monotonic() - self.said >= 1.0:
            self._say("routing")

    def _say(self, stage: str) -> None:
        """Report, and stop when there is reason to."""
        self.said = time.monotonic()
        spent = time.monotonic() - self.began
        cost = self.cost
        gap = 1.0 if cost is None else max(0, cost - self.bound) / max(cost, 1)
        goes_on = self.progress is None or self.progress(
            Progress(spent, cost, self.bound, gap, stage)
        )
        if not goes_on or gap <= self.gap or spent >= self.seconds:
            raise Stopped


def solve(
    instance: Instance,
    *,
    gap: float = 0.01,
    seconds: float = 20.0,
    progress: Listener | None = None,
    threads: int = 2,
) -> Plan:
    """Plan a city. Stops at the proven gap, at the time, or when `progress` says False."""
    return Search(instance, gap=gap, seconds=seconds, progress=progress, threads=threads).run()


def _no_rows(q: Instance) -> tuple[Ints, Ints, Ints]:
    """Give the locked rows alone: they stand whatever happens."""
    return q.locked_person, q.locked_shift, q.locked_kind


def constant_of(city: Layout) -> int:
    """Add up what every plan pays: locked rows, slots nobody may reach, kept rows at stake."""
    q, w = city.instance, city.instance.weights
    first = int(city.slot_first[0]) if len(city.slot_first) else len(city.slots.place)
    lost = city.slot_order[:first]
    total = int((city.slots.count[lost] * np.array(w.unfilled)[city.slots.kind[lost]]).sum())
    person, shift, kind = _no_rows(q)
    total += int(np.maximum(0, travel_of(q, person, q.gate_place[q.shift_gate[shift]])).sum())
    mask = q.kind_mask[kind]
    lacks = (mask != 0) & ((q.person_mask[person] & mask) == 0)
    total += int(np.array(w.mismatch, np.int64)[kind[lacks]].sum())
    weeks = int(week_of(q.shift_start, q.first_weekday).max(initial=0)) + 1
    count = np.bincount(person * weeks + week_of(q.shift_start[shift], q.first_weekday))
    steps = [0, *(w.week[min(k, len(w.week) - 1)] for k in range(int(count.max(initial=0))))]
    total += int(np.cumsum(np.array(steps, np.int64))[count].sum())
    total += unit_cost(q, np.bincount(q.person_unit[person], minlength=len(q.unit_share)))
    size = len(q.shift_start)
    stays = np.isin(q.kept_person * size + q.kept_shift, person * size + shift)
    return total + int(q.kept_bonus[~stays].sum())
