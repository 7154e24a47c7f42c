"""May two people exchange their shifts? Every rule that this would break, by name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.duty.solver.instance import Instance, Plan
from groundwork.duty.solver.standing import Standing, rows_of

NOT_THEIRS = "not_theirs"
SAME = "same"
LOCKED = "locked"
DISTANCE = "distance"
OUTSIDE = "outside"
REST = "rest"
WEEK = "week"
OFFICE = "office"


@dataclass(frozen=True)
class Broken:
    """A rule that the exchange would break for a person on a shift."""

    rule: str
    person: int
    shift: int


@dataclass(frozen=True)
class Swap:
    """The answer: may they, what stands against it, what it changes of the cost.

    `mismatched` lists the people who would lack what their new post asks for: allowed, but known.
    """

    broken: tuple[Broken, ...]
    mismatched: tuple[int, ...]
    change: int

    @property
    def may(self) -> bool:
        """Tell whether no rule stands against it."""
        return not self.broken


def check(instance: Instance, plan: Plan, a: tuple[int, int], b: tuple[int, int]) -> Swap:
    """Tell whether person a[0] on shift a[1] and b[0] on b[1] may exchange shifts."""
    rows = [rows_of(plan, *a), rows_of(plan, *b)]
    absent = [
        Broken(NOT_THEIRS, *pair) for pair, row in zip((a, b), rows, strict=True) if not len(row)
    ]
    if absent:
        return Swap(tuple(absent), (), 0)
    if a[0] == b[0] or a[1] == b[1]:
        return Swap((Broken(SAME, *a),), (), 0)
    first, second = int(rows[0][0]), int(rows[1][0])
    locked = set(zip(instance.locked_person.tolist(), instance.locked_shift.tolist(), strict=True))
    broken = [Broken(LOCKED, *pair) for pair in (a, b) if pair in locked]
    without = np.array([first, second], np.int64)
    kinds = int(plan.kind[first]), int(plan.kind[second])
    mismatched, change = [], 0
    # Each is tested with the other already moved: both may be of one unit on one office day.
    moves = (
        (a[0], b[1], kinds[1], b[0], a[1], kinds[0]),
        (b[0], a[1], kinds[0], a[0], b[1], kinds[1]),
    )
    for person, shift, kind, other, others_shift, others_kind in moves:
        moved = _with(instance, plan, without, other, others_shift, others_kind)
        broken += _against(moved, person, shift)
        mask = int(instance.kind_mask[kind])
        if mask and not int(instance.person_mask[person]) & mask:
            mismatched.append(person)
    bare = Standing(instance, plan, without)
    for person, shift, kind, sign in (
        (a[0], b[1], kinds[1], 1), (b[0], a[1], kinds[0], 1),
        (a[0], a[1], kinds[0], -1), (b[0], b[1], kinds[1], -1),
    ):  # fmt: skip
        change += sign * int(bare.price(shift, kind)[person])
    return Swap(tuple(broken), tuple(mismatched), change)


def _with(
    instance: Instance, plan: Plan, without: np.ndarray, person: int, shift: int, kind: int
) -> Standing:
    """Read the plan without the two rows and with one of them in its new hands."""
    moved = Plan(
        np.r_[np.delete(plan.person, without), person],
        np.r_[np.delete(plan.shift, without), shift],
        np.r_[np.delete(plan.kind, without), kind],
        plan.cost, plan.bound,
    )  # fmt: skip
    return Standing(instance, moved)


def _against(standing: Standing, person: int, shift: int) -> list[Broken]:
    """List the rules against a person on a shift."""
    tests = standing.tests(shift)
    rules = (
        (DISTANCE, tests.reach), (OUTSIDE, tests.window), (REST, tests.rest),
        (WEEK, tests.week), (OFFICE, tests.office),
    )  # fmt: skip
    return [Broken(rule, person, shift) for rule, holds in rules if not holds[person]]
