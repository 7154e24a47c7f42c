"""Why slots stay empty in a plan, and where one more person would help: for who reads the run."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundwork.duty.queries.instance import LEVELS, Question
from groundwork.duty.rules.kinds import KINDS
from groundwork.duty.solver.explain import one_more
from groundwork.duty.solver.instance import Instance, Ints, Plan
from groundwork.duty.solver.standing import Standing
from groundwork.registry.models import Place

MOST_TOLD, MOST_PLACES = 200, 20


def empty_slots(asked: Question, plan: Plan) -> list[dict[str, Any]]:
    """List what a plan leaves empty, by shift and kind, with a count of people per reason.

    Each person is counted once, by the first rule in the way.
    """
    instance = asked.instance
    needs = _lacking(instance, plan)
    standing = Standing(instance, plan)
    left = needs[:, 2]
    order = np.argsort(instance.shift_start[needs[:, 0]], kind="stable")[:MOST_TOLD]
    shifts = asked.shifts.tolist()
    return [
        {
            "shift": shifts[shift],
            "kind": KINDS[kind],
            "n": int(left[row]),
            "why": _sieve(standing, shift),
        }
        for row, (shift, kind) in zip(order.tolist(), needs[order][:, :2].tolist(), strict=True)
    ]


def _lacking(instance: Instance, plan: Plan) -> Ints:
    """Give shift, kind and number of all that is empty."""
    kinds = len(instance.kinds)
    filled = np.bincount(plan.shift * kinds + plan.kind, minlength=len(instance.shift_ids) * kinds)
    left = instance.need_count - filled[instance.need_shift * kinds + instance.need_kind]
    at = np.flatnonzero(left > 0)
    found: Ints = np.stack([instance.need_shift[at], instance.need_kind[at], left[at]], 1)
    return found


def _sieve(standing: Standing, shift: int) -> dict[str, int]:
    """Count those near enough by the first thing that keeps them off."""
    tests = standing.tests(shift)
    left = tests.reach.copy()
    counts = {"reach": int(left.sum())}
    for code, holds in (
        ("unable", tests.window),
        ("busy", tests.rest),
        ("week", tests.week),
        ("office", tests.office),
    ):
        counts[code] = int((left & ~holds).sum())
        left &= holds
    counts["free"] = int(left.sum())
    return {code: n for code, n in counts.items() if n or code == "reach"}


def one_more_each(asked: Question, plan: Plan) -> list[dict[str, int]]:
    """Say for townships with empty slots how many of them one more person there would fill.

    In the directory's order, the first twenty.
    """
    q = asked.instance
    township = LEVELS[Place.Level.TOWNSHIP]
    homes = set()
    for place in q.gate_place[q.shift_gate[_lacking(q, plan)[:, 0]]].tolist():
        while place >= 0 and q.place_level[place] > township:
            place = int(q.place_parent[place])
        homes.add(place)
    return [
        {"place": int(q.place_ids[place]), "fills": one_more(q, plan, place).fills}
        for place in sorted(homes - {-1})[:MOST_PLACES]
    ]
