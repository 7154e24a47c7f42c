"""After no-shows, a single absence or an exchange: what the planner says holds before the judge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from groundwork.duty.solver import swap
from groundwork.duty.solver.check import judge
from groundwork.duty.solver.exact import best_plan
from groundwork.duty.solver.instance import Instance, Plan
from groundwork.duty.solver.mend import mend
from groundwork.duty.solver.replan import Session, fill_one
from groundwork.duty.tests.rosters import careless_plan, small_instance

SEEDS = st.integers(0, 2**32 - 1)


def absent_of(instance: Instance, seed: int) -> list[int]:
    """Draw who does not come: some, never all."""
    draw = np.random.default_rng(seed)
    size = len(instance.person_ids)
    drawn = draw.choice(size, min(size - 1, int(draw.integers(0, 3))), replace=False)
    return [int(person) for person in drawn]


def without(instance: Instance, absent: list[int]) -> Instance:
    """Make the question that is left: the absent offer no time and hold no place."""
    offers = ~np.isin(instance.window_person, absent)
    holds = ~np.isin(instance.locked_person, absent)
    return replace(
        instance,
        window_person=instance.window_person[offers],
        window_start=instance.window_start[offers],
        window_end=instance.window_end[offers],
        locked_person=instance.locked_person[holds],
        locked_shift=instance.locked_shift[holds],
        locked_kind=instance.locked_kind[holds],
    )


def pairs(plan: Plan) -> set[tuple[int, int]]:
    return set(zip(plan.person.tolist(), plan.shift.tolist(), strict=True))


def broken(instance: Instance, plan: Plan) -> list[str]:
    """Name what a plan breaks, what it states of itself apart."""
    faults = judge(instance, plan).violations
    return [fault.rule for fault in faults if fault.rule not in ("cost", "bound")]


@settings(max_examples=30, deadline=None)
@given(SEEDS, SEEDS)
@example(1, 2).via("the absent one holds a locked shift")
def test_after_no_shows_every_rule_holds_and_the_changes_are_those_told(city, morning):
    instance = small_instance(city)
    absent = absent_of(instance, morning)
    session = Session(instance, gap=0.01, seconds=0.1)
    before = session.plan
    told = session.replan(absent=absent)
    left = without(instance, absent)
    assert broken(left, told.plan) == []
    assert told.plan.cost == judge(instance, told.plan).cost
    assert session.prove() <= best_plan(left).bound <= told.plan.cost
    away = {pair for pair in pairs(before) if pair[0] in absent}
    gone = set(zip(told.gone_person.tolist(), told.gone_shift.tolist(), strict=True))
    moved = set(zip(told.left_person.tolist(), told.left_shift.tolist(), strict=True))
    new = set(zip(told.new_person.tolist(), told.new_shift.tolist(), strict=True))
    assert gone == away
    assert pairs(told.plan) == (pairs(before) - gone - moved) | new


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
    cover = fill_one(instance, plan, person, shift, most=99)
    prices = []
    for other in range(len(instance.person_ids)):
        if other == person:
            continue
        who = plan.person.copy()
        who[row] = other
        moved = replace(plan, person=who)
        assert (other in cover.person.tolist()) == (broken(instance, moved) == []), other
    # What it costs: the plan with the cover against the plan with the place empty.
    stays = np.arange(len(plan.person)) != row
    empty = judge(instance, rows_of(plan, stays)).cost
    for other, price in zip(cover.person.tolist(), cover.price.tolist(), strict=True):
        who = plan.person.copy()
        who[row] = other
        back = bonus_back(instance, other, shift)
        prices.append(judge(instance, replace(plan, person=who)).cost - empty + cover.unfilled)
        assert prices[-1] in (price, price - back)
    assert cover.price.tolist() == sorted(cover.price.tolist())


def bonus_back(instance: Instance, person: int, shift: int) -> int:
    """Give the bonus of a kept pair, 0 where it is none."""
    kept = (instance.kept_person == person) & (instance.kept_shift == shift)
    return int(instance.kept_bonus[kept].sum())


def rows_of(plan: Plan, stays: np.ndarray) -> Plan:
    return replace(plan, person=plan.person[stays], shift=plan.shift[stays], kind=plan.kind[stays])


@settings(max_examples=60, deadline=None)
@given(SEEDS, SEEDS)
def test_two_may_exchange_exactly_when_the_judge_finds_nothing_in_it(city, picked):
    instance = small_instance(city, locked=False, kept=False)
    plan = best_plan(instance).plan
    if len(plan.person) < 2:
        return
    draw = np.random.default_rng(picked)
    one, two = draw.choice(len(plan.person), 2, replace=False).tolist()
    if plan.person[one] == plan.person[two] or plan.shift[one] == plan.shift[two]:
        return
    who = plan.person.copy()
    who[[one, two]] = who[[two, one]]
    exchanged = replace(plan, person=who)
    told = swap.check(
        instance,
        plan,
        (int(plan.person[one]), int(plan.shift[one])),
        (int(plan.person[two]), int(plan.shift[two])),
    )
    faults = broken(instance, exchanged)
    assert told.may == (faults == [])
    assert {fault.rule for fault in told.broken} <= {*faults, "rest", "overlap"}
    if told.may:
        assert told.change == judge(instance, exchanged).cost - plan.cost
