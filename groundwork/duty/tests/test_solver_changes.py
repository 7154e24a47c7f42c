"""Planning again, explaining and exchanging: what they say is held to the judge and to counting."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from groundwork.duty.solver import explain, swap
from groundwork.duty.solver.check import judge
from groundwork.duty.solver.generate import generate
from groundwork.duty.solver.instance import Instance, Plan
from groundwork.duty.solver.replan import Session, fill_one, replan


@pytest.fixture(scope="module")
def city() -> Instance:
    return generate(0.02, days=7)


@pytest.fixture(scope="module")
def plan(city) -> Plan:
    return Session(city, gap=0.02, seconds=600).plan


def with_rows(plan: Plan, keep: np.ndarray, *rows: tuple[int, int, int]) -> Plan:
    """Take a plan's kept rows and add some."""
    more = np.array(rows, np.int64).reshape(-1, 3)
    person, shift, kind = (
        np.r_[old[keep], more[:, i]] for i, old in enumerate((plan.person, plan.shift, plan.kind))
    )
    return Plan(person, shift, kind, 0, 0)


def broken(instance: Instance, plan: Plan) -> set[str]:
    return {found.rule for found in judge(instance, plan).violations} - {"cost", "bound"}


def test_a_session_fills_in_for_no_shows_moves_few_and_says_whom(city):
    session = Session(city, gap=0.02, seconds=600)
    before = session.plan
    absent = np.random.default_rng(7).choice(len(city.person_ids), 17, replace=False).tolist()
    lost = [(int(before.person[i]), int(before.shift[i])) for i in (3, 40)]
    answer = session.replan(absent=absent, lost=lost)
    after = answer.plan
    verdict = judge(city, after)
    assert not verdict.violations
    assert not set(after.person.tolist()) & set(absent)
    rows = [set(zip(p.person.tolist(), p.shift.tolist(), strict=True)) for p in (before, after)]
    assert not rows[1] & set(lost)
    gone = {pair for pair in rows[0] if pair[0] in absent or pair in lost}
    assert gone == set(zip(answer.gone_person.tolist(), answer.gone_shift.tolist(), strict=True))
    left = set(zip(answer.left_person.tolist(), answer.left_shift.tolist(), strict=True))
    assert left == rows[0] - rows[1] - gone
    assert answer.changed < 0.03
    bound = session.prove()
    assert 0 < bound <= after.cost


def test_without_a_session_whoever_stands_keeps_hour_and_gate_and_the_empty_places_are_filled(
    city, plan
):
    absent = sorted(set(plan.person.tolist()))[::33]
    answer = replan(city, plan, absent=absent, gap=0.0, seconds=600)
    assert not judge(city, answer.plan).violations
    assert not set(answer.plan.person.tolist()) & set(absent)
    assert answer.changed < 0.005
    left = ~np.isin(plan.person, absent)
    assert answer.plan.cost < judge(city, with_rows(plan, left)).cost * 0.7


def test_everybody_offered_for_a_lost_shift_may_stand_it_at_the_price_said(city, plan):
    for i in (0, 7, 90):
        person, shift, kind = (int(column[i]) for column in (plan.person, plan.shift, plan.kind))
        keep = np.arange(len(plan.person)) != i
        empty = judge(city, with_rows(plan, keep))
        cover = fill_one(city, plan, person, shift)
        assert person not in cover.person
        assert cover.price.tolist() == sorted(cover.price.tolist())
        for who, price in zip(cover.person.tolist(), cover.price.tolist(), strict=True):
            filled = with_rows(plan, keep, (who, shift, kind))
            assert not broken(city, filled)
            assert judge(city, filled).cost == empty.cost + price - cover.unfilled


def test_whom_the_cover_leaves_out_would_break_a_rule(city, plan):
    i = 11
    person, shift, kind = (int(column[i]) for column in (plan.person, plan.shift, plan.kind))
    keep = np.arange(len(plan.person)) != i
    offered = set(fill_one(city, plan, person, shift, most=10_000).person.tolist()) | {person}
    others = [p for p in range(len(city.person_ids)) if p not in offered]
    for who in np.random.default_rng(1).choice(others, 60, replace=False).tolist():
        assert broken(city, with_rows(plan, keep, (who, shift, kind)))


def test_an_exchange_is_allowed_exactly_when_the_judge_finds_no_rule_broken(city, plan):
    draw = np.random.default_rng(3)
    seen = {True: 0, False: 0}
    # People of one place and the same hours mostly may; any two mostly may not.
    start = city.shift_start[plan.shift]
    for _ in range(250):
        i = int(draw.integers(0, len(plan.person)))
        same = np.flatnonzero((start == start[i]) & (plan.person != plan.person[i]))
        j = (
            int(draw.choice(same))
            if len(same) and draw.random() < 0.6
            else int(draw.integers(0, len(plan.person)))
        )
        a, b = ((int(plan.person[k]), int(plan.shift[k])) for k in (i, j))
        if a[0] == b[0] or a[1] == b[1]:
            continue
        answer = swap.check(city, plan, a, b)
        keep = np.ones(len(plan.person), bool)
        keep[[i, j]] = False
        moved = with_rows(
            plan, keep, (a[0], b[1], int(plan.kind[j])), (b[0], a[1], int(plan.kind[i]))
        )
        assert answer.may == (not broken(city, moved))
        if answer.may and city.person_unit[a[0]] != city.person_unit[b[0]]:
            assert judge(city, moved).cost == plan.cost + answer.change
        seen[answer.may] += 1
    assert min(seen.values()) >= 5


def test_a_locked_shift_and_somebody_elses_shift_are_not_exchanged(city, plan):
    a, b = ((int(plan.person[k]), int(plan.shift[k])) for k in (0, 100))
    locked = replace(
        city,
        locked_person=plan.person[:1],
        locked_shift=plan.shift[:1],
        locked_kind=plan.kind[:1],
    )
    assert swap.LOCKED in {found.rule for found in swap.check(locked, plan, a, b).broken}
    assert {f.rule for f in swap.check(city, plan, (a[0], b[1]), b).broken} == {swap.NOT_THEIRS}


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
