"""After no-shows or a single absence: what the planner says holds before the judge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from groundwork.duty.solver.check import judge
from groundwork.duty.solver.exact import best_plan
from groundwork.duty.solver.instance import Instance, Plan
from groundwork.duty.solver.mend import mend
from groundwork.duty.solver.standing import Standing
from groundwork.duty.tests.rosters import careless_plan, small_instance

SEEDS = st.integers(0, 2**32 - 1)


def broken(instance: Instance, plan: Plan) -> list[str]:
    """Name what a plan breaks, what it states of itself apart."""
    faults = judge(instance, plan).violations
    return [fault.rule for fault in faults if fault.rule not in ("cost", "bound")]


@settings(max_examples=30, deadline=None)
@given(SEEDS, SEEDS)
@example(10099, 70694).via("somebody stands where the prices no longer let them be sent")
def test_a_plan_of_any_kind_is_mended_to_one_that_keeps_every_rule(city, drawn):
    instance = small_instance(city)
    careless = careless_plan(instance, drawn)
    before = rows_of(careless, (careless.shift >= 0) & (careless.shift < len(instance.shift_ids)))
    plan = mend(instance, before, gap=0.0, seconds=0.1)
    verdict = judge(instance, plan)
    assert verdict.violations == ()
    assert plan.bound <= best_plan(instance).bound <= plan.cost


@settings(max_examples=40, deadline=None)
@given(SEEDS, SEEDS)
def test_who_is_offered_for_one_place_can_stand_it_and_nobody_else_can(city, row):
    instance = small_instance(city, locked=False)
    plan = best_plan(instance).plan
    if not len(plan.person):
        return
    row %= len(plan.person)
    person, shift = int(plan.person[row]), int(plan.shift[row])
    standing = Standing(instance, plan, np.array([row]))
    fits = standing.tests(shift).fits
    said = standing.price(shift, int(plan.kind[row]))
    unfilled = instance.weights.unfilled[int(plan.kind[row])]
    for other in range(len(instance.person_ids)):
        if other == person:
            continue
        who = plan.person.copy()
        who[row] = other
        moved = replace(plan, person=who)
        assert fits[other] == (broken(instance, moved) == []), other
    # What it costs: the plan with another against the plan with the place empty.
    stays = np.arange(len(plan.person)) != row
    empty = judge(instance, rows_of(plan, stays)).cost
    for other in np.flatnonzero(fits).tolist():
        who = plan.person.copy()
        who[row] = other
        cost = judge(instance, replace(plan, person=who)).cost - empty + unfilled
        assert cost in (said[other], said[other] - bonus_back(instance, other, shift))


def bonus_back(instance: Instance, person: int, shift: int) -> int:
    """Give the bonus of a kept pair, 0 where it is none."""
    kept = (instance.kept_person == person) & (instance.kept_shift == shift)
    return int(instance.kept_bonus[kept].sum())


def rows_of(plan: Plan, stays: np.ndarray) -> Plan:
    return replace(plan, person=plan.person[stays], shift=plan.shift[stays], kind=plan.kind[stays])
