"""The judge of plans: each breach found, none invented, and the cost to the last unit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.duty.solver import check
from groundwork.duty.solver.check import Violation, judge
from groundwork.duty.solver.generate import generate
from groundwork.duty.solver.instance import DAY, Instance, Plan
from groundwork.duty.tests.reference import judge_slowly, price_slowly
from groundwork.duty.tests.rosters import careless_plan, ints, small_instance

SEEDS = st.integers(0, 2**32 - 1)
COMPARED = {check.COST, check.BOUND}


@settings(max_examples=100, deadline=None)
@given(SEEDS, SEEDS)
def test_the_judge_says_what_the_slow_and_obvious_judge_says(city, careless):
    instance = small_instance(city)
    plan = careless_plan(instance, careless)
    verdict = judge(instance, plan)
    found = [fault for fault in verdict.violations if fault.rule not in COMPARED]
    assert (found, list(verdict.cautions)) == judge_slowly(instance, plan)
    assert verdict.parts == price_slowly(instance, plan)


def test_the_random_plans_break_every_rule_by_planned_and_by_locked_rows():
    broken, cautioned = set(), set()
    for seed in range(150):
        instance = small_instance(seed)
        verdict = judge(instance, careless_plan(instance, seed))
        broken |= {fault.rule for fault in verdict.violations}
        cautioned |= {fault.rule for fault in verdict.cautions}
    rows_and_groups = {"overlap", "rest", "outside", "week", "office", "overfilled", "distance"}
    assert broken == rows_and_groups | {"unknown", "twice", "missing", "cost"}
    assert cautioned == rows_and_groups


@pytest.fixture
def quiet() -> tuple[Instance, Plan]:
    """Two gates, three evenings, two people of one unit; a plan that breaks nothing."""
    instance = replace(
        small_instance(1, locked=False, kept=False),
        days=7,
        first_weekday=0,
        rest=660,
        workday=np.arange(7) < 5,
        kinds=("general",),
        kind_mask=ints([0]),
        place_ids=("city", "east", "west", "quay", "hill"),
        place_parent=ints([-1, 0, 0, 1, 2]),
        place_level=ints([0, 1, 1, 3, 3]),
        person_ids=("ann", "bo"),
        person_place=ints([3, 3]),
        person_unit=ints([0, 0]),
        person_mask=ints([0, 0]),
        person_cap=ints([2, 2]),
        unit_ids=("bureau",),
        unit_out=ints([1]),
        unit_share=ints([2]),
        window_person=ints([0, 0, 1]),
        window_start=ints([0, DAY, 0]),
        window_end=ints([DAY, 2 * DAY, 3 * DAY]),
        gate_ids=("quay gate", "hill gate"),
        gate_place=ints([3, 4]),
        shift_ids=("mon evening", "tue morning", "tue evening", "tue hill", "mon night"),
        shift_gate=ints([0, 0, 0, 1, 0]),
        shift_start=ints([17 * 60, DAY + 480, DAY + 17 * 60, DAY + 17 * 60, 22 * 60]),
        shift_end=ints([22 * 60, DAY + 720, DAY + 22 * 60, DAY + 22 * 60, DAY + 360]),
        need_shift=ints([0, 1, 2, 3, 4]),
        need_kind=ints([0, 0, 0, 0, 0]),
        need_count=ints([1, 2, 1, 1, 1]),
    )
    weights = replace(instance.weights, unfilled=(50,), mismatch=(0,), travel=(0, 2, 6, -1))
    instance = replace(instance, weights=replace(weights, week=(0, 1), unit=((0.5, 2), (9.0, 5))))
    return instance, priced(instance, [(0, 0), (1, 1)])


def priced(instance: Instance, rows: list[tuple[int, int]], bound: int = 0) -> Plan:
    """Make a plan of (person, shift) that states its cost."""
    person, shift = ints([row[0] for row in rows]), ints([row[1] for row in rows])
    plan = Plan(person, shift, np.zeros(len(rows), np.int64), 0, bound)
    return replace(plan, cost=judge(instance, plan).cost)


def rules(instance: Instance, rows: list[tuple[int, int]]) -> list[str]:
    return [fault.rule for fault in judge(instance, priced(instance, rows)).violations]


def test_a_plan_that_breaks_nothing_is_good(quiet):
    verdict = judge(*quiet)
    assert verdict.good
    assert not verdict.cautions
    assert (verdict.unfilled, verdict.slots) == (4, 6)
    assert verdict.parts["unfilled"] == 4 * 50


def test_ten_hours_between_evening_and_morning_are_too_few(quiet):
    instance, _ = quiet
    verdict = judge(instance, priced(instance, [(1, 0), (1, 1)]))
    assert verdict.violations == (Violation("rest", 0, 1, 0, 1, found=600, limit=660),)
    assert rules(replace(instance, rest=600), [(1, 0), (1, 1)]) == []


def test_a_window_holds_a_shift_whole_or_not_at_all(quiet):
    instance, _ = quiet
    assert rules(instance, [(1, 4)]) == []
    # Ann's two windows meet at midnight, but the night lies in neither.
    assert rules(instance, [(0, 4)]) == ["outside"]


def test_nobody_is_sent_out_of_their_district_unless_the_city_says_so(quiet):
    instance, _ = quiet
    assert rules(instance, [(1, 3)]) == ["distance"]
    priceless = replace(instance.weights, travel=(0, 2, 6, 9))
    assert rules(replace(instance, weights=priceless), [(1, 3)]) == []


def test_a_unit_keeps_its_office_and_one_away_twice_is_one_away(quiet):
    instance, _ = quiet
    assert rules(instance, [(0, 1), (1, 1)]) == ["office"]
    assert rules(replace(instance, workday=np.zeros(7, bool)), [(0, 1), (1, 1)]) == []


def test_a_stated_cost_and_bound_are_not_believed(quiet):
    instance, plan = quiet
    wrong = judge(instance, replace(plan, cost=plan.cost - 1, bound=plan.cost + 1))
    assert [fault.rule for fault in wrong.violations] == ["bound", "cost"]
    assert wrong.cost == plan.cost


def test_what_only_locked_rows_break_is_a_caution_and_leaving_them_out_is_not(quiet):
    instance, _ = quiet
    locked = replace(
        instance, locked_person=ints([1, 1]), locked_shift=ints([0, 1]), locked_kind=ints([0, 0])
    )
    verdict = judge(locked, priced(locked, [(1, 0), (1, 1)]))
    assert verdict.good
    assert [fault.rule for fault in verdict.cautions] == ["rest"]
    assert rules(locked, [(1, 0)]) == ["missing"]
    # The week is full by locked rows; one more by the planner breaks it, and so does its rest.
    assert rules(locked, [(1, 0), (1, 1), (1, 2)]) == ["rest", "week"]


def test_a_city_that_plans_nobody_pays_for_every_slot():
    instance = generate(0.02)
    nobody = Plan(ints([]), ints([]), ints([]), 0, 0)
    verdict = judge(instance, nobody)
    assert verdict.unfilled == verdict.slots == int(instance.need_count.sum())
    assert [fault.rule for fault in verdict.violations] == ["cost"]
