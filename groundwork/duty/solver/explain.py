"""Why this person, why nobody, and what one more would change: numbers, not words.

Every reason is a code with counts over the real question; words are made where people read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.duty.solver.hours import week_of
from groundwork.duty.solver.instance import Instance, Ints, Plan
from groundwork.duty.solver.standing import Standing, Tests

NEAR = ("community", "township", "district", "city")


@dataclass(frozen=True)
class WhyPerson:
    """Why a person stands where they stand.

    `near` names the distance; `nth` is which shift of their week this is. `could` counts the
    others who might have stood here by every rule, `nearer` those of them who live nearer and
    `cheaper` those who would cost less in this place alone: they are wanted more elsewhere or
    would leave a dearer gap.
    """

    near: str
    matches: bool
    asked: bool
    nth: int
    cap: int
    locked: bool
    kept: bool
    could: int
    nearer: int
    cheaper: int
    unit_load: int
    unit_share: int


@dataclass(frozen=True)
class WhyEmpty:
    """Why a slot is empty: everybody is counted once, at the first rule that stands against it.

    `far` live too far, `unavailable` did not say they can, `standing` stand another shift then,
    `resting` are too near another shift, `at_cap` have their week full, `office` are needed in the
    office; `free` could still come, the cheapest at `price` against `unfilled` for leaving it.
    """

    open: int
    people: int
    far: int
    unavailable: int
    standing: int
    resting: int
    at_cap: int
    office: int
    free: int
    matching: int
    price: int | None
    unfilled: int


@dataclass(frozen=True)
class OneMore:
    """What one more volunteer living at a place would change, whenever free and up to `cap` a week.

    `saves` is what the plan would cost less if that person stood `shifts` (open slots, or in place
    of somebody whose way, week or mismatch costs more); moving others further could save more.
    """

    place: int
    saves: int
    fills: int
    relieves: int
    shifts: tuple[int, ...]


def why_person(instance: Instance, plan: Plan, i: int) -> WhyPerson:
    """Say why row i of a plan is this person."""
    q = instance
    person, shift, kind = int(plan.person[i]), int(plan.shift[i]), int(plan.kind[i])
    others = Standing(q, plan, np.array([i], np.int64))
    tests = others.tests(shift)
    price = others.price(shift, kind)
    could = tests.fits.copy()
    could[person] = False
    mask = int(q.kind_mask[kind])
    return WhyPerson(
        near=NEAR[int(tests.near[person])],
        matches=mask == 0 or bool(int(q.person_mask[person]) & mask),
        asked=mask != 0,
        nth=int(others.in_week(shift)[person]) + 1,
        cap=int(q.person_cap[person]),
        locked=bool(((q.locked_person == person) & (q.locked_shift == shift)).any()),
        kept=bool(((q.kept_person == person) & (q.kept_shift == shift)).any()),
        could=int(could.sum()),
        nearer=int((could & (tests.near < tests.near[person])).sum()),
        cheaper=int((could & (price < price[person])).sum()),
        unit_load=int(others.load[q.person_unit[person]]) + 1,
        unit_share=int(q.unit_share[q.person_unit[person]]),
    )


def why_empty(instance: Instance, plan: Plan, shift: int, kind: int) -> WhyEmpty:
    """Say why slots of a kind on a shift stay empty."""
    q = instance
    standing = Standing(q, plan)
    tests = standing.tests(shift)
    start, end = int(q.shift_start[shift]), int(q.shift_end[shift])
    now = np.zeros(len(q.person_ids), bool)
    now[standing.person[(standing.start < end) & (start < standing.end)]] = True
    left = np.ones(len(now), bool)
    counts: list[int] = []
    for against in (
        ~tests.reach, ~tests.window, now, ~tests.rest, ~tests.week, ~tests.office
    ):  # fmt: skip
        counts.append(int((left & against).sum()))
        left &= ~against
    mask = int(q.kind_mask[kind])
    matching = left & ((q.person_mask & mask) != 0) if mask else left
    price = standing.price(shift, kind)
    far, unavailable, standing_now, resting, at_cap, office = counts
    return WhyEmpty(
        open=open_slots(q, plan, shift, kind),
        people=len(now),
        far=far,
        unavailable=unavailable,
        standing=standing_now,
        resting=resting,
        at_cap=at_cap,
        office=office,
        free=int(left.sum()),
        matching=int(matching.sum()),
        price=int(price[left].min()) if left.any() else None,
        unfilled=q.weights.unfilled[kind],
    )


def open_slots(q: Instance, plan: Plan, shift: int, kind: int) -> int:
    """Count the slots of a kind that a shift still lacks."""
    asked = q.need_count[(q.need_shift == shift) & (q.need_kind == kind)].sum()
    return max(0, int(asked) - int(((plan.shift == shift) & (plan.kind == kind)).sum()))


def one_more(instance: Instance, plan: Plan, place: int, cap: int = 3, mask: int = 0) -> OneMore:
    """Work out the best use of one more person at a place, others staying where they are."""
    q, w = instance, instance.weights
    standing = Standing(q, plan)
    home = standing.levels[place]
    there = standing.levels[q.gate_place[q.shift_gate]]
    near = np.argmax((there == home) & (home >= 0), 1)
    travel = np.array(w.travel, np.int64)[near]
    shift, kind, gain, relief = _openings(standing, plan)
    lacks = (q.kind_mask[kind] != 0) & ((mask & q.kind_mask[kind]) == 0)
    gain = gain - travel[shift] - lacks * np.array(w.mismatch, np.int64)[kind]
    worth = (travel[shift] >= 0) & (gain > 0)
    shift, gain, relief = shift[worth], gain[worth], relief[worth]
    best = _best_of_weeks(q, shift, gain, cap)
    chosen = np.array(best, np.int64)
    week = week_of(q.shift_start[shift[chosen]], q.first_weekday)
    counts = np.unique(week, return_counts=True)[1].tolist()
    paid = sum(w.week[min(n, len(w.week) - 1)] for count in counts for n in range(count))
    return OneMore(
        place, int(gain[chosen].sum()) - paid, int((~relief[chosen]).sum()),
        int(relief[chosen].sum()), tuple(shift[chosen].tolist()),
    )  # fmt: skip


def _openings(standing: Standing, plan: Plan) -> tuple[Ints, Ints, Ints, np.ndarray]:
    """List where somebody new could stand: shift, kind, what it saves, whether in place of one."""
    q, w = standing.instance, standing.instance.weights
    kinds = len(q.kinds)
    filled = np.bincount(plan.shift * kinds + plan.kind, minlength=len(q.shift_ids) * kinds)
    lacks = np.flatnonzero(q.need_count > filled[q.need_shift * kinds + q.need_kind])
    count = np.bincount(standing.person * 64 + standing.week, minlength=len(q.person_ids) * 64)[
        standing.person * 64 + standing.week
    ]
    week = np.array(w.week, np.int64)[np.minimum(count - 1, len(w.week) - 1)]
    there = standing.levels[q.gate_place[q.shift_gate[standing.shift]]]
    home = standing.levels[q.person_place[standing.person]]
    way = np.array(w.travel, np.int64)[np.argmax((there == home) & (home >= 0), 1)]
    asked = q.kind_mask[standing.kind]
    miss = (asked != 0) & ((q.person_mask[standing.person] & asked) == 0)
    saved = week + np.maximum(0, way) + miss * np.array(w.mismatch, np.int64)[standing.kind]
    return (
        np.r_[q.need_shift[lacks], standing.shift],
        np.r_[q.need_kind[lacks], standing.kind],
        np.r_[np.array(w.unfilled, np.int64)[q.need_kind[lacks]], saved],
        np.r_[np.zeros(len(lacks), bool), np.ones(len(standing.shift), bool)],
    )


def _best_of_weeks(q: Instance, shift: Ints, gain: Ints, cap: int) -> list[int]:
    """Choose at most `cap` openings a week with rest between them: the most gain, week by week."""
    week = week_of(q.shift_start[shift], q.first_weekday)
    chosen: list[int] = []
    until = -(1 << 60)
    for number in np.unique(week).tolist():
        here = np.flatnonzero(week == number)
        # Of openings with the same hours only the best matters.
        order = here[
            np.lexsort((-gain[here], q.shift_end[shift[here]], q.shift_start[shift[here]]))
        ]
        hours = q.shift_start[shift[order]] * (1 << 22) + q.shift_end[shift[order]]
        order = order[np.unique(hours, return_index=True)[1]]
        order = order[q.shift_start[shift[order]] >= until]
        picked = _best_chain(q, shift[order], gain[order], cap)
        chosen += order[picked].tolist()
        if picked:
            until = int(q.shift_end[shift[order[picked[-1]]]]) + q.rest
    return chosen


def _best_chain(q: Instance, shift: Ints, gain: Ints, cap: int) -> list[int]:
    """Choose up to `cap` hours with rest between, for the most gain less the week's prices."""
    price = q.weights.week
    best: list[list[tuple[int, int]]] = []
    ends = q.shift_end[shift]
    for i in range(len(shift)):
        row = [(int(gain[i]) - price[0], -1)]
        for n in range(1, cap):
            paid = price[min(n, len(price) - 1)]
            came = [
                (best[j][n - 1][0] + int(gain[i]) - paid, j)
                for j in range(i)
                if len(best[j]) >= n and ends[j] + q.rest <= q.shift_start[shift[i]]
            ]
            if not came:
                break
            row.append(max(came))
        best.append(row)
    if cap < 1 or not best:
        return []
    value, i, n = max((row[n][0], i, n) for i, row in enumerate(best) for n in range(len(row)))
    if value <= 0:
        return []
    picked = []
    while i >= 0:
        picked.append(i)
        i, n = best[i][n][1], n - 1
    return picked[::-1]


__all__ = ["OneMore", "Tests", "WhyEmpty", "WhyPerson", "one_more", "why_empty", "why_person"]
