"""The best plan of a small question: a variable per person, shift and kind, given to HiGHS.

Exact and slow. Tests hold the solver to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.duty.solver import linear
from groundwork.duty.solver.check import judge
from groundwork.duty.solver.instance import Bools, Instance, Ints, Plan
from groundwork.duty.solver.linear import Columns, Model, TooLarge

MOST_COLUMNS = 200_000
"""Beyond it HiGHS takes longer than anybody waits."""
MOST_PAIRS = 20_000_000


@dataclass(frozen=True)
class Best:
    """The best plan HiGHS found; no plan costs less than `bound`."""

    plan: Plan
    bound: int
    optimal: bool


def best_plan(instance: Instance, seconds: float = 60.0) -> Best:
    """Find the cheapest plan of all.

    Raises TooLarge before anything is built that would not fit, and ArithmeticError when HiGHS
    finds none in time.
    """
    columns, kind = _columns(instance)
    size = len(columns.person)
    if size > MOST_COLUMNS:
        raise TooLarge(size)
    model = Model()
    model.constant += linear.locked_cost(instance)
    stands = model.add_columns(_prices(instance, columns, kind), np.ones(size))
    linear.rules_of_people(model, instance, columns, stands)
    left = linear.left_to_fill(instance).ravel()
    linear.limit_groups(model, columns.shift * len(instance.kinds) + kind, left, stands)
    bound, values, optimal = model.whole(size, seconds)
    return Best(_plan(instance, columns, kind, values > 0.5), bound, optimal)


def _plan(instance: Instance, columns: Columns, kind: Ints, taken: Bools) -> Plan:
    """Read the plan out of the columns that are taken; its cost is the judge's."""
    rows = (
        np.concatenate([instance.locked_person, columns.person[taken]]),
        np.concatenate([instance.locked_shift, columns.shift[taken]]),
        np.concatenate([instance.locked_kind, kind[taken]]),
    )
    cost = judge(instance, Plan(*rows, cost=0, bound=0)).cost
    return Plan(*rows, cost=cost, bound=0)


def _columns(instance: Instance) -> tuple[Columns, Ints]:
    """List whom the planner may put where, and as what."""
    if len(instance.person_ids) * len(instance.shift_ids) > MOST_PAIRS:
        raise TooLarge(len(instance.person_ids) * len(instance.shift_ids))
    can = np.zeros((len(instance.person_ids), len(instance.shift_ids)), bool)
    spans = (instance.window_person, instance.window_start, instance.window_end)
    for person, start, end in zip(*(column.tolist() for column in spans), strict=True):
        can[person] |= (instance.shift_start >= start) & (instance.shift_end <= end)
    locks = (instance.locked_person.tolist(), instance.locked_shift.tolist())
    for person, shift in zip(*locks, strict=True):
        can[person] &= (instance.shift_start >= instance.shift_end[shift] + instance.rest) | (
            instance.shift_end + instance.rest <= instance.shift_start[shift]
        )
    person, shift = np.nonzero(can)
    prices = linear.travel_of(instance, person, shift)
    person, shift = person[prices >= 0], shift[prices >= 0]
    pair, kind = np.nonzero(linear.left_to_fill(instance)[shift] > 0)
    return Columns(person[pair], shift[pair]), kind


def _prices(instance: Instance, columns: Columns, kind: Ints) -> Ints:
    """Price a column: the way and the mismatch, less what it saves."""
    size = len(instance.shift_ids)
    saved = np.zeros(len(instance.person_ids) * size, np.int64)
    np.add.at(saved, instance.kept_person * size + instance.kept_shift, instance.kept_bonus)
    prices: Ints = (
        linear.travel_of(instance, columns.person, columns.shift)
        + linear.mismatch_prices(instance, columns.person, kind)
        - np.array(instance.weights.unfilled, np.int64)[kind]
        - saved[columns.person * size + columns.shift]
    )
    return prices
