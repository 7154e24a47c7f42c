"""The planner before an independent judge, and against the true optimum where that can be known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from groundwork.duty.solver.check import judge
from groundwork.duty.solver.exact import best_plan
from groundwork.duty.solver.format import decode
from groundwork.duty.solver.generate import generate
from groundwork.duty.solver.instance import Instance, Plan
from groundwork.duty.solver.pooled import prove_bound
from groundwork.duty.solver.solve import Progress, solve
from groundwork.duty.tests.rosters import ints, small_instance
from groundwork.duty.tests.test_format import block

SEEDS = st.integers(0, 2**32 - 1)


def assert_holds(instance: Instance, plan: Plan) -> None:
    """Hold a plan to every rule, and what it says of itself to the truth."""
    verdict = judge(instance, plan)
    assert not verdict.violations
    assert plan.bound <= plan.cost == verdict.cost


@settings(max_examples=50, deadline=None)
@given(SEEDS)
@example(10002).via("a community right under its district, and nobody sent out of a township")
def test_no_plan_of_the_planner_breaks_a_rule_and_no_bound_is_above_the_optimum(seed):
    instance = small_instance(seed)
    plan = solve(instance, gap=0.01, seconds=0.1)
    assert_holds(instance, plan)
    best = best_plan(instance)
    assert best.optimal
    assert plan.bound <= best.bound <= plan.cost


def test_small_questions_are_mostly_answered_with_the_optimum():
    instances = [small_instance(seed) for seed in range(1000, 1020)]
    costs = [solve(instance, gap=0.0, seconds=0.1).cost for instance in instances]
    best = [best_plan(instance).bound for instance in instances]
    assert sum(costs) <= 1.03 * sum(best)
    assert sum(cost == least for cost, least in zip(costs, best, strict=True)) >= 14


@pytest.mark.parametrize("hours", ["three", "odd", "long", "overlap"])
@pytest.mark.parametrize("load", [0.7, 1.0])
def test_cities_of_any_shift_hours_are_planned_within_the_rules_and_near_the_bound(hours, load):
    instance = generate(0.01, seed=3, days=9, load=load, hours=hours)
    plan = solve(instance, gap=0.04, seconds=5)
    assert_holds(instance, plan)
    assert plan.gap <= 0.04


def test_the_bound_of_a_made_city_is_below_its_optimum():
    instance = generate(0.002, days=7)
    plan = solve(instance, gap=0.0, seconds=1)
    best = best_plan(instance)
    assert_holds(instance, plan)
    assert plan.bound <= best.bound <= plan.cost
    assert plan.cost <= 1.02 * best.bound


def test_people_cross_districts_where_the_city_has_a_price_for_it():
    instance = generate(0.01, seed=2, days=7, load=1.0, districts=3)
    open_city = replace(instance.weights, travel=(0, 2, 6, 15))
    crossing = replace(instance, weights=open_city)
    apart, across = (solve(each, gap=0.02, seconds=5) for each in (instance, crossing))
    assert_holds(instance, apart)
    assert_holds(crossing, across)
    assert judge(crossing, across).unfilled < judge(instance, apart).unfilled


def test_what_is_locked_stands_and_what_is_kept_mostly_stays():
    instance = generate(0.01, days=7)
    plan = solve(instance, gap=0.02, seconds=5)
    told = np.arange(0, len(plan.person), 9)
    locked = replace(
        instance,
        kept_person=plan.person,
        kept_shift=plan.shift,
        kept_bonus=np.full(len(plan.person), 4),
        locked_person=plan.person[told],
        locked_shift=plan.shift[told],
        locked_kind=plan.kind[told],
    )
    again = solve(locked, gap=0.02, seconds=2)
    assert_holds(locked, again)
    stood = set(zip(again.person.tolist(), again.shift.tolist(), strict=True))
    before = set(zip(plan.person.tolist(), plan.shift.tolist(), strict=True))
    # The old plan, which loses no bonus, is one of the plans that may be found.
    assert again.bound <= plan.cost
    assert len(before & stood) >= 0.9 * len(before)


def test_who_stops_the_planner_gets_a_plan_within_the_rules():
    instance = generate(0.02)
    heard: list[Progress] = []

    def stop(now: Progress) -> bool:
        heard.append(now)
        return False

    assert_holds(instance, solve(instance, gap=0.0, seconds=60, progress=stop))
    assert heard
    assert_holds(instance, solve(instance, gap=0.0, seconds=0.001))


def test_the_planner_is_told_how_far_it_is_and_the_bound_only_rises():
    instance = generate(0.02)
    heard: list[Progress] = []

    def listen(now: Progress) -> bool:
        heard.append(now)
        return True

    solve(instance, gap=0.0, seconds=1, progress=listen)
    bounds = [now.bound for now in heard]
    costs = [now.cost for now in heard if now.cost is not None]
    assert bounds == sorted(bounds)
    assert costs == sorted(costs, reverse=True)


def test_the_same_question_has_the_same_answer():
    instance = generate(0.01, days=7)
    one, two = (solve(instance, gap=0.05, seconds=30) for _ in range(2))
    assert (one.cost, one.bound) == (two.cost, two.bound)
    assert (one.person.tolist(), one.shift.tolist()) == (two.person.tolist(), two.shift.tolist())


def test_the_example_of_the_guide_is_solved_to_its_optimum():
    instance = decode(block("roster")).instance
    plan = solve(instance, gap=0.0, seconds=1)
    assert_holds(instance, plan)
    assert plan.cost == 110


@pytest.mark.parametrize("part", ["person", "shift", "need", "window"])
def test_a_city_without_people_shifts_needs_or_windows_is_planned(part):
    instance = small_instance(5, locked=False, kept=False)
    none = ints([])
    empty = {
        "person": {
            "person_ids": (),
            "window_person": none,
            "window_start": none,
            "window_end": none,
            **dict.fromkeys(("person_place", "person_unit", "person_mask", "person_cap"), none),
        },
        "shift": {
            "shift_ids": (),
            **dict.fromkeys(("shift_gate", "shift_start", "shift_end"), none),
            **dict.fromkeys(("need_shift", "need_kind", "need_count"), none),
        },
        "need": dict.fromkeys(("need_shift", "need_kind", "need_count"), none),
        "window": dict.fromkeys(("window_person", "window_start", "window_end"), none),
    }
    bare = replace(instance, **empty[part])
    plan = solve(bare, gap=0.01, seconds=1)
    assert_holds(bare, plan)
    assert not len(plan.person)
    assert plan.cost == plan.bound == prove_bound(bare)
