"""Planning again and explaining: what they say is held to the judge and to counting."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from groundwork.duty.solver import explain
from groundwork.duty.solver.check import judge
from groundwork.duty.solver.generate import generate
from groundwork.duty.solver.instance import Instance, Plan
from groundwork.duty.solver.mend import mend
from groundwork.duty.solver.solve import solve


@pytest.fixture(scope="module")
def city() -> Instance:
    return generate(0.02, days=7)


@pytest.fixture(scope="module")
def plan(city) -> Plan:
    return solve(city, gap=0.02, seconds=600)


def with_rows(plan: Plan, keep: np.ndarray, *rows: tuple[int, int, int]) -> Plan:
    """Take a plan's kept rows and add some."""
    more = np.array(rows, np.int64).reshape(-1, 3)
    person, shift, kind = (
        np.r_[old[keep], more[:, i]] for i, old in enumerate((plan.person, plan.shift, plan.kind))
    )
    return Plan(person, shift, kind, 0, 0)


def broken(instance: Instance, plan: Plan) -> set[str]:
    return {found.rule for found in judge(instance, plan).violations} - {"cost", "bound"}


def test_whoever_stands_keeps_hour_and_gate_and_the_empty_places_are_filled(city, plan):
    absent = sorted(set(plan.person.tolist()))[::33]
    stays = ~np.isin(plan.person, absent)
    offers = ~np.isin(city.window_person, absent)
    bonus = np.full(int(stays.sum()), min(city.weights.unfilled) // 4, np.int64)
    asked = replace(
        city,
        window_person=city.window_person[offers],
        window_start=city.window_start[offers],
        window_end=city.window_end[offers],
        kept_person=plan.person[stays],
        kept_shift=plan.shift[stays],
        kept_bonus=bonus,
    )
    after = mend(asked, with_rows(plan, stays), gap=0.0, seconds=600)
    assert not judge(asked, after).violations
    assert not set(after.person.tolist()) & set(absent)
    rows = [set(zip(p.person[at].tolist(), p.shift[at].tolist(), strict=True))
            for p, at in ((plan, stays), (after, slice(None)))]  # fmt: skip
    assert len(rows[0] - rows[1]) < 0.005 * len(rows[0])
    assert judge(city, after).cost < judge(city, with_rows(plan, stays)).cost * 0.7


def test_an_empty_slot_counts_everybody_once(city, plan):
    verdict = judge(city, plan)
    kinds = len(city.kinds)
    filled = np.bincount(plan.shift * kinds + plan.kind, minlength=len(city.shift_ids) * kinds)
    for need in range(0, len(city.need_shift), 97):
        shift, kind = int(city.need_shift[need]), int(city.need_kind[need])
        why = explain.why_empty(city, plan, shift, kind)
        assert why.open == city.need_count[need] - filled[shift * kinds + kind]
        against = why.far + why.unavailable + why.standing + why.resting + why.at_cap + why.office
        assert against + why.free == why.people == len(city.person_ids)
        assert why.matching <= why.free
    assert verdict.good


def test_why_a_person_stands_here_agrees_with_the_plan(city, plan):
    for i in range(0, len(plan.person), 61):
        why = explain.why_person(city, plan, i)
        week = city.shift_start[plan.shift] // (7 * 24 * 60)
        mine = (plan.person == plan.person[i]) & (week == week[i])
        assert why.nth == int(mine.sum()) <= why.cap
        assert why.nearer <= why.could
        assert why.unit_load == int(
            (city.person_unit[plan.person] == city.person_unit[plan.person[i]]).sum()
        )


def test_one_more_volunteer_saves_what_is_said(city, plan):
    place = int(city.person_place[5])
    said = explain.one_more(city, plan, place, cap=2)
    assert said.fills + said.relieves == len(said.shifts) <= 2
    whole = np.array([city.days * 24 * 60])
    more = replace(
        city,
        person_ids=(*city.person_ids, "one-more"),
        person_place=np.r_[city.person_place, place],
        person_unit=np.r_[city.person_unit, 0],
        person_mask=np.r_[city.person_mask, 0],
        person_cap=np.r_[city.person_cap, 2],
        window_person=np.r_[city.window_person, len(city.person_ids)],
        window_start=np.r_[city.window_start, 0],
        window_end=np.r_[city.window_end, whole],
        unit_share=city.unit_share + 10_000,
        unit_out=city.unit_out + 10_000,
    )
    person, shift, kind = plan.person, plan.shift, plan.kind
    keep = np.ones(len(person), bool)
    rows = []
    for s in said.shifts:
        filled = np.flatnonzero((shift == s) & keep)
        kinds = city.need_kind[city.need_shift == s]
        counts = city.need_count[city.need_shift == s]
        opens = [
            k
            for k, n in zip(kinds.tolist(), counts.tolist(), strict=True)
            if (kind[filled] == k).sum() < n
        ]
        options = [(k, None) for k in opens] + [(int(kind[i]), int(i)) for i in filled]
        costs = []
        for k, i in options:
            trial = keep.copy()
            if i is not None:
                trial[i] = False
            done = with_rows(plan, trial, *rows, (len(city.person_ids), s, k))
            costs.append((judge(more, done).cost, k, i))
        _, k, i = min(costs, key=lambda found: found[0])
        if i is not None:
            keep[i] = False
        rows.append((len(city.person_ids), s, k))
    base = judge(more, with_rows(plan, np.ones(len(person), bool))).cost
    assert judge(more, with_rows(plan, keep, *rows)).cost == base - said.saves
