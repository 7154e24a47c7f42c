"""Why slots stay empty in a plan: what kept each of those off who could be sent there."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundwork.duty.queries.instance import Question
from groundwork.duty.rules.kinds import KINDS
from groundwork.duty.solver.cost import Rows, open_slots, travel_prices, week_of
from groundwork.duty.solver.instance import DAY, Bools, Instance, Ints, Plan

MOST_TOLD = 200


def empty_slots(asked: Question, plan: Plan) -> list[dict[str, Any]]:
    """List what a plan leaves empty, by shift and kind, with a count of people per reason.

    Each person is counted once, by the first thing in the way.
    """
    instance = asked.instance
    rows = _rows(instance, plan)
    left = open_slots(instance, rows)
    at = np.flatnonzero(left)
    order = np.argsort(instance.shift_start[instance.need_shift[at]], kind="stable")
    shifts, found = asked.shifts.tolist(), []
    known = _Known(instance, rows)
    for need in at[order][:MOST_TOLD].tolist():
        shift = int(instance.need_shift[need])
        found.append(
            {
                "shift": shifts[shift],
                "kind": KINDS[int(instance.need_kind[need])],
                "n": int(left[need]),
                "why": known.sieve(shift),
            }
        )
    return found


def _rows(instance: Instance, plan: Plan) -> Rows:
    order = np.lexsort((instance.shift_start[plan.shift], plan.person))
    person, shift, kind = plan.person[order], plan.shift[order], plan.kind[order]
    start, end = instance.shift_start[shift], instance.shift_end[shift]
    return Rows(order, person, shift, kind, start, end, np.zeros(len(order), bool))


class _Known:
    """What the sieve asks of a plan again and again."""

    def __init__(self, instance: Instance, rows: Rows) -> None:
        self.instance, self.rows = instance, rows
        week, self.weeks = week_of(instance, rows)
        size = len(instance.person_ids)
        self.in_week = np.bincount(
            rows.person * self.weeks + week, minlength=size * self.weeks
        ).reshape(size, self.weeks)
        self.reach: dict[int, Bools] = {}
        self.away = self._away()

    def _away(self) -> Ints:
        """Count by unit and day who is away in office hours."""
        asked, rows = self.instance, self.rows
        day = rows.start // DAY
        opens, closes = asked.office
        meets = (rows.start < day * DAY + closes) & (rows.end > day * DAY + opens)
        meets &= (day >= 0) & (day < asked.days)
        meets[meets] = asked.workday[day[meets]]
        key = np.unique(rows.person[meets] * asked.days + day[meets])
        unit = asked.person_unit[key // asked.days]
        size = len(asked.unit_ids) * asked.days
        return np.bincount(unit * asked.days + key % asked.days, minlength=size)

    def sieve(self, shift: int) -> dict[str, int]:
        """Count those near enough by the first thing that keeps them off."""
        asked = self.instance
        start, end = int(asked.shift_start[shift]), int(asked.shift_end[shift])
        left = self._near(shift)
        counts = {"reach": int(left.sum())}
        for code, kept_off in (
            ("unable", ~self._can(start, end)),
            ("busy", self._busy(start, end)),
            ("week", self._full(start)),
            ("office", self._office(start, end)),
        ):
            counts[code] = int((left & kept_off).sum())
            left = left & ~kept_off
        counts["free"] = int(left.sum())
        return {code: n for code, n in counts.items() if n or code == "reach"}

    def _near(self, shift: int) -> Bools:
        gate = int(self.instance.shift_gate[shift])
        if gate not in self.reach:
            people = np.arange(len(self.instance.person_ids))
            nothing = np.zeros(len(people), np.int64)
            rows = Rows(
                people,
                people,
                np.full(len(people), shift),
                nothing,
                nothing,
                nothing,
                np.zeros(len(people), bool),
            )
            self.reach[gate] = travel_prices(self.instance, rows) >= 0
        return self.reach[gate]

    def _can(self, start: int, end: int) -> Bools:
        asked = self.instance
        can = np.zeros(len(asked.person_ids), bool)
        holds = (asked.window_start <= start) & (asked.window_end >= end)
        can[asked.window_person[holds]] = True
        return can

    def _busy(self, start: int, end: int) -> Bools:
        rest, rows = self.instance.rest, self.rows
        busy = np.zeros(len(self.instance.person_ids), bool)
        busy[rows.person[(rows.start < end + rest) & (start < rows.end + rest)]] = True
        return busy

    def _full(self, start: int) -> Bools:
        week = (self.instance.first_weekday + start // DAY) // 7
        if week >= self.weeks:
            return self.instance.person_cap < 1
        full: Bools = self.in_week[:, week] >= self.instance.person_cap
        return full

    def _office(self, start: int, end: int) -> Bools:
        asked, day = self.instance, start // DAY
        opens, closes = asked.office
        meets = start < day * DAY + closes and end > day * DAY + opens
        if not meets or not asked.workday[day]:
            return np.zeros(len(asked.person_ids), bool)
        units = np.arange(len(asked.unit_ids))
        full = self.away[units * asked.days + day] >= asked.unit_out
        return full[asked.person_unit]
