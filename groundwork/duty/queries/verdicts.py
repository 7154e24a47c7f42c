"""What the judge said of a plan, in the database's keys: breaches, what stays and what goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from groundwork.duty.queries.instance import Question
from groundwork.duty.queries.packing import Row
from groundwork.duty.solver.check import BOUND, COST, DISTANCE, OUTSIDE, Verdict, judge

MOST_TOLD = 100
ROUNDS = 50


def told(asked: Question, verdict: Verdict) -> list[dict[str, Any]]:
    """Write the breaches down with the people and shifts they name, a hundred at most."""
    people, shifts = asked.people.tolist(), asked.shifts.tolist()
    return [
        {
            "rule": one.rule,
            "person": people[one.person] if one.person >= 0 else None,
            "shift": shifts[one.shift] if one.shift >= 0 else None,
            "found": int(one.found),
            "limit": int(one.limit),
        }
        for one in verdict.violations[:MOST_TOLD]
    ]


def kept(asked: Question, rows: Sequence[Row]) -> dict[str, int]:
    """Count what a plan keeps, takes and gives of what people were told already."""
    before = {(person, shift) for person, shift, _kind in asked.standing}
    after = {(person, shift) for person, shift, _kind in rows}
    taken, given = before - after, after - before
    return {
        "kept": len(before & after),
        "takes": len(taken),
        "gives": len(given),
        "people": len({person for person, _shift in taken}),
    }


def settled(asked: Question, rows: Sequence[Row]) -> list[Row] | None:
    """Leave out the rows that no longer fit what stands now, until the judge finds nothing.

    None where something is broken that no single row is to blame for.
    """
    left = [row for row in dict.fromkeys(rows) if asked.knows(row)]
    for _round in range(ROUNDS):
        verdict = judge(asked.instance, asked.plan_of(left))
        broken = [one for one in verdict.violations if one.rule not in (COST, BOUND)]
        if not broken:
            return left
        # A row that is wrong by itself goes before one of a crowd, which may then be none too many.
        alone = [one for one in broken if one.rule in (OUTSIDE, DISTANCE)]
        blamed = {one.row for one in alone or broken}
        if not all(0 <= row < len(left) for row in blamed):
            return None
        left = [row for number, row in enumerate(left) if number not in blamed]
    return None
