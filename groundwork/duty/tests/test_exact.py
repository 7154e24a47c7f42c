"""The exact model is exact: no plan at all is cheaper, and the judge agrees on its cost."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.duty.solver.check import judge
from groundwork.duty.solver.exact import best_plan
from groundwork.duty.solver.generate import generate
from groundwork.duty.solver.instance import Instance, Plan
from groundwork.duty.solver.linear import TooLarge
from groundwork.duty.solver.pooled import prove_bound
from groundwork.duty.tests.reference import judge_slowly, price_slowly
from groundwork.duty.tests.rosters import ints, small_instance

SEEDS = st.integers(0, 2**32 - 1)


def every_row(instance: Instance) -> list[tuple[int, int, int]]:
    """List the rows that break nothing by themselves; the locked ones are always there."""
    sizes = (len(instance.person_ids), len(instance.shift_ids), len(instance.kinds))
    locked = set(locks(instance))
    return [
        row
        for row in product(range(sizes[0]), range(sizes[1]), range(sizes[2]))
        if row not in locked and not judge_slowly(instance, plan_of([row, *locked]))[0]
    ]


def locks(instance: Instance) -> list[tuple[int, int, int]]:
    columns = (instance.locked_person, instance.locked_shift, instance.locked_kind)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def plan_of(rows: list[tuple[int, int, int]]) -> Plan:
    table = ints(rows).reshape(-1, 3)
    return Plan(table[:, 0], table[:, 1], table[:, 2], 0, 0)


def cheapest(instance: Instance, rows: list[tuple[int, int, int]]) -> int:
    """Try every plan there is."""
    subsets = chain.from_iterable(combinations(rows, size) for size in range(len(rows) + 1))
    plans = (plan_of([*locks(instance), *chosen]) for chosen in subsets)
    return min(
        sum(price_slowly(instance, plan).values())
        for plan in plans
        if not judge_slowly(instance, plan)[0]
    )


def test_no_plan_of_all_there_are_is_cheaper_than_the_exact_one():
    tried = 0
    for seed in range(100):
        instance = small_instance(seed)
        rows = every_row(instance)
        if 2 <= len(rows) <= 7:
            tried += 1
            assert best_plan(instance).bound == cheapest(instance, rows), seed
    assert tried >= 10


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_the_exact_plan_is_good_and_the_proven_bound_is_never_above_it(seed):
    instance = small_instance(seed)
    best = best_plan(instance)
    verdict = judge(instance, best.plan)
    assert best.optimal
    assert verdict.good
    assert prove_bound(instance) <= best.bound == verdict.cost


def test_the_proven_bound_is_mostly_the_optimum():
    instances = [small_instance(seed) for seed in range(2000, 2020)]
    same = [prove_bound(instance) == best_plan(instance).bound for instance in instances]
    assert sum(same) >= 18


def test_what_is_too_large_is_refused_before_it_is_built():
    for prove in (best_plan, prove_bound):
        with pytest.raises(TooLarge):
            prove(generate(0.4))


def test_a_city_without_needs_costs_nothing():
    instance = small_instance(3, locked=False, kept=False)
    quiet = replace(instance, need_count=np.zeros_like(instance.need_count))
    best = best_plan(quiet)
    assert (best.bound, best.plan.cost, len(best.plan.person)) == (0, 0, 0)
    assert prove_bound(quiet) == 0
