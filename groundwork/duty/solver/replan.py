"""Plan again after somebody fell out, changing as little as possible, and say what changed.

`Session` keeps a search's networks in hand: a morning's no-shows are then re-routed where they
hurt, every other column staying allowed as it was, so that no rule can break. `fill_one` answers a
single absence from the plan alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from groundwork.duty.solver.instance import Bools, Instance, Ints, Plan
from groundwork.duty.solver.mend import mend
from groundwork.duty.solver.nets import SCALE
from groundwork.duty.solver.refill import refill
from groundwork.duty.solver.solve import Listener, Search
from groundwork.duty.solver.standing import Standing, rows_of
from groundwork.duty.solver.weigh import cost_of

BONUS = 4
"""What a kept assignment is worth: about a short way. Much more would leave slots empty."""

PROOF_ROUNDS = 30


@dataclass(frozen=True)
class Replan:
    """A plan after a change, and what it changed, as arrays of indexes.

    `gone_*` are rows of the absent, `left_*` people who still could but stand elsewhere or rest
    now, `new_*` rows that were not in the plan before. `gap` is what was proven, bonuses counted;
    1 where nothing was.
    """

    plan: Plan
    gone_person: Ints
    gone_shift: Ints
    left_person: Ints
    left_shift: Ints
    new_person: Ints
    new_shift: Ints
    kept: int
    gap: float = 1.0

    @property
    def changed(self) -> float:
        """Give the share of kept assignments that changed, 0 to 1."""
        return len(self.left_person) / max(1, self.kept)


class Session:
    """A planned city kept in memory, ready to be planned again."""

    def __init__(
        self,
        instance: Instance,
        *,
        gap: float = 0.01,
        seconds: float = 20.0,
        progress: Listener | None = None,
        threads: int = 2,
    ) -> None:
        """Plan the city and keep everything that was worked out."""
        self.instance, self.threads = instance, threads
        self.search = Search(instance, gap=gap, seconds=seconds, progress=progress, threads=threads)
        self.plan = self.search.run()
        self.absent = np.zeros(len(instance.person_ids), bool)
        self.lost = np.zeros(0, np.int64)

    def replan(
        self,
        *,
        absent: Iterable[int] = (),
        lost: Iterable[tuple[int, int]] = (),
        bonus: int = BONUS,
    ) -> Replan:
        """Plan without the absent people and the lost (person, shift) pairs.

        `plan.bound` of the answer is 0: ask `prove` for one, it takes a round of prices.
        """
        began = time.monotonic()
        search, q = self.search, self.instance
        before = self.plan
        self._note(absent, lost)
        if search.city is None or not search.ready or self._locked_hit():
            return self._anew(before, bonus, began)
        city, repair = search.city, search.repair
        repair.barred |= self.absent[city.person]
        repair.barred[self._columns(self.lost)] = True
        repair.allowed[repair.barred] = 0
        with ThreadPoolExecutor(self.threads) as pool:
            repair.pool = pool
            repair.keep(bonus * SCALE)
        rows = refill(city, before, repair.x > 0, repair.allowed > 0, bonus)
        # The next change starts from here: who stands now earns the bonus then.
        repair.x[:] = 0
        repair.x[city.columns_of(rows[0], rows[1])] = 1
        after = self._plan(rows, 0, began)
        self.plan = after
        return told(q, before, after, self.absent, self.lost)

    def prove(self) -> int:
        """Give a bound for the question as it is now, absences and all, kept bonuses aside.

        Takes rounds of prices: on the figures of a city, some seconds.
        """
        search = self.search
        # A locked row that fell out is in no network: the old bound would still count on it.
        if search.city is None or not search.ready or self._locked_hit():
            return 0
        with ThreadPoolExecutor(self.threads) as pool:
            search.repair.pool = search.prices.pool = pool
            search.prices.best = -(1 << 60)
            search.repair.open_all(search.prices)
            for _ in range(PROOF_ROUNDS):
                search.prices.turn()
            bound = -(-search.prices.best // SCALE) + search.constant
            search.repair.keep(BONUS * SCALE)
        self.plan = replace(self.plan, bound=min(bound, self.plan.cost))
        return bound

    def _note(self, absent: Iterable[int], lost: Iterable[tuple[int, int]]) -> None:
        """Add to who is away."""
        self.absent[np.array(list(absent), np.int64)] = True
        size = len(self.instance.shift_ids)
        pairs = [person * size + shift for person, shift in lost]
        self.lost = np.union1d(self.lost, np.array(pairs, np.int64))

    def _locked_hit(self) -> bool:
        """Tell whether a locked row falls out: its place is then in no network."""
        q = self.instance
        locked = q.locked_person * len(q.shift_ids) + q.locked_shift
        return bool(self.absent[q.locked_person].any() or np.isin(locked, self.lost).any())

    def _columns(self, pairs: Ints) -> Ints:
        """Find the columns of lost pairs: that person in those hours."""
        city = self.search.city
        if city is None or not len(pairs):
            return np.zeros(0, np.int64)
        size = len(self.instance.shift_ids)
        return city.columns_of(pairs // size, pairs % size)

    def _plan(self, rows: tuple[Ints, Ints, Ints], bound: int, began: float) -> Plan:
        """Put rows in order and count their cost."""
        person, shift, kind = rows
        order = np.lexsort((kind, shift, person))
        cost = cost_of(self.instance, *rows)
        spent = round(time.monotonic() - began, 3)
        return Plan(person[order], shift[order], kind[order], cost, bound, spent)

    def _anew(self, before: Plan, bonus: int, began: float) -> Replan:
        """Build networks anew when the first search was stopped before it had any."""
        asked = without(self.instance, before, self.absent, self.lost, bonus)
        plan = mend(asked, before, threads=self.threads)
        self.plan = self._plan((plan.person, plan.shift, plan.kind), 0, began)
        answer = told(self.instance, before, self.plan, self.absent, self.lost)
        return replace(answer, gap=plan.gap)


def replan(
    instance: Instance,
    plan: Plan,
    *,
    absent: Iterable[int] = (),
    lost: Iterable[tuple[int, int]] = (),
    bonus: int = BONUS,
    gap: float = 0.02,
    seconds: float = 20.0,
    progress: Listener | None = None,
    threads: int = 2,
) -> Replan:
    """Plan again around a plan made elsewhere; without a `Session` the nets are built first."""
    size = len(instance.shift_ids)
    away = np.zeros(len(instance.person_ids), bool)
    away[np.array(list(absent), np.int64)] = True
    pairs = np.unique(np.array([p * size + s for p, s in lost], np.int64))
    asked = without(instance, plan, away, pairs, bonus)
    found = mend(asked, plan, gap=gap, seconds=seconds, progress=progress, threads=threads)
    cost = cost_of(instance, found.person, found.shift, found.kind)
    after = replace(found, cost=cost, bound=0)
    return replace(told(instance, plan, after, away, pairs), gap=found.gap)


def without(q: Instance, plan: Plan, absent: np.ndarray, lost: Ints, bonus: int) -> Instance:
    """Ask the same without the absent; the plan's other rows are kept for a bonus."""
    size = len(q.shift_ids)
    stays = ~absent[q.window_person]
    lost_person, lost_shift = lost // size, lost % size
    # Windows are cut where a lost shift stands: the person cannot in those hours.
    person, start, end = q.window_person[stays], q.window_start[stays], q.window_end[stays]
    for who, shift in zip(lost_person.tolist(), lost_shift.tolist(), strict=True):
        on, off = int(q.shift_start[shift]), int(q.shift_end[shift])
        hit = (person == who) & (start < off) & (end > on)
        person = np.r_[person[~hit], person[hit], person[hit]]
        start, end = (
            np.r_[start[~hit], start[hit], np.maximum(start[hit], off)],
            np.r_[end[~hit], np.minimum(end[hit], on), end[hit]],
        )
    solid = end > start
    gone = absent[plan.person] | np.isin(plan.person * size + plan.shift, lost)
    locked = ~absent[q.locked_person] & ~np.isin(q.locked_person * size + q.locked_shift, lost)
    kept = ~gone
    return replace(
        q, window_person=person[solid], window_start=start[solid], window_end=end[solid],
        kept_person=plan.person[kept], kept_shift=plan.shift[kept],
        kept_bonus=np.full(int(kept.sum()), bonus, np.int64),
        locked_person=q.locked_person[locked], locked_shift=q.locked_shift[locked],
        locked_kind=q.locked_kind[locked],
    )  # fmt: skip


def told(q: Instance, before: Plan, after: Plan, absent: np.ndarray, lost: Ints) -> Replan:
    """Say what is different between two plans."""
    size = len(q.shift_ids)
    # A plan's rows are in order of person and shift.
    old, new = before.person * size + before.shift, after.person * size + after.shift
    gone = absent[before.person] | _among(old, lost)
    left = old[~gone & ~_among(old, new)]
    fresh = new[~_among(new, old)]
    return Replan(
        after, before.person[gone], before.shift[gone], left // size, left % size,
        fresh // size, fresh % size, int((~gone).sum()),
    )  # fmt: skip


def _among(keys: Ints, ordered: Ints) -> Bools:
    """Tell which keys are among others that are in order."""
    if not len(ordered):
        return np.zeros(len(keys), bool)
    at = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    found: Bools = ordered[at] == keys
    return found


@dataclass(frozen=True)
class Cover:
    """Who could take one place over, cheapest for the plan first; nobody else is moved.

    `price` is what the plan pays for each, `unfilled` what an empty place costs.
    """

    person: Ints
    near: Ints
    price: Ints
    unfilled: int


def fill_one(instance: Instance, plan: Plan, person: int, shift: int, *, most: int = 10) -> Cover:
    """Find who can take over one shift at once; every rule holds beside the rest of the plan."""
    rows = rows_of(plan, person, shift)
    kind = (
        int(plan.kind[rows[0]])
        if len(rows)
        else int(instance.need_kind[instance.need_shift == shift][0])
    )
    standing = Standing(instance, plan, rows)
    tests = standing.tests(shift)
    fits = tests.fits
    fits[person] = False
    price = standing.price(shift, kind)
    who = np.flatnonzero(fits)
    order = who[np.lexsort((who, tests.near[who], price[who]))][:most]
    return Cover(order, tests.near[order], price[order], instance.weights.unfilled[kind])
