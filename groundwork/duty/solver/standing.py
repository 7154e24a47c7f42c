"""Who may stand one more shift beside a plan, rule by rule and counted; what it would cost.

Array tests over all people for one shift, some milliseconds at 28,000. What explains a plan
and what it leaves empty asks here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.duty.solver.hours import week_of
from groundwork.duty.solver.instance import DAY, Bools, Instance, Ints, Plan
from groundwork.duty.solver.weigh import lineage


@dataclass(frozen=True)
class Tests:
    """Per person: whether each rule lets them stand the shift; `near` 0 is the own community."""

    near: Ints
    reach: Bools
    window: Bools
    rest: Bools
    week: Bools
    office: Bools

    @property
    def fits(self) -> Bools:
        """Tell for whom every rule holds."""
        every: Bools = self.reach & self.window & self.rest & self.week & self.office
        return every


class Standing:
    """A plan's rows by person, week and unit, without some of them."""

    def __init__(self, instance: Instance, plan: Plan, without: Ints | None = None) -> None:
        """Read a plan; `without` are rows to leave out, as if nobody stood there."""
        stays = np.ones(len(plan.person), bool)
        if without is not None:
            stays[without] = False
        q = self.instance = instance
        self.person, self.shift, self.kind = (
            plan.person[stays], plan.shift[stays], plan.kind[stays]
        )  # fmt: skip
        self.start, self.end = q.shift_start[self.shift], q.shift_end[self.shift]
        self.week = week_of(self.start, q.first_weekday)
        self.load = np.bincount(q.person_unit[self.person], minlength=len(q.unit_ids))
        self.levels = lineage(q)

    def in_week(self, shift: int) -> Ints:
        """Count everybody's shifts in the week of a shift."""
        q = self.instance
        week = int(week_of(q.shift_start[shift : shift + 1], q.first_weekday)[0])
        count: Ints = np.bincount(
            self.person[self.week == week], minlength=len(q.person_ids)
        ).astype(np.int64)
        return count

    def away(self, day: int) -> Bools:
        """Tell who is out of the office on a day."""
        q = self.instance
        opens, closes = day * DAY + q.office[0], day * DAY + q.office[1]
        out = np.zeros(len(q.person_ids), bool)
        out[self.person[(self.start < closes) & (self.end > opens)]] = True
        return out

    def near(self, shift: int) -> Ints:
        """Give everybody's distance to a shift: 0 community, 1 township, 2 district, 3 city."""
        q = self.instance
        there = self.levels[q.gate_place[q.shift_gate[shift]]]
        home = self.levels[q.person_place]
        level: Ints = np.argmax((home == there[None, :]) & (home >= 0), 1)
        return level

    def tests(self, shift: int) -> Tests:
        """Test every rule for every person on one more shift."""
        q = self.instance
        size = len(q.person_ids)
        start, end = int(q.shift_start[shift]), int(q.shift_end[shift])
        near = self.near(shift)
        window = np.zeros(size, bool)
        window[q.window_person[(q.window_start <= start) & (q.window_end >= end)]] = True
        rest = np.ones(size, bool)
        rest[self.person[(self.start < end + q.rest) & (start < self.end + q.rest)]] = False
        office = np.ones(size, bool)
        for day in self.office_days(shift):
            out = self.away(day)
            gone = np.bincount(q.person_unit[out], minlength=len(q.unit_ids))
            office &= out | (gone < q.unit_out)[q.person_unit]
        return Tests(
            near, np.array(q.weights.travel)[near] >= 0, window, rest,
            self.in_week(shift) < q.person_cap, office,
        )  # fmt: skip

    def office_days(self, shift: int) -> list[int]:
        """List the working days whose office hours a shift meets."""
        q = self.instance
        start, end = int(q.shift_start[shift]), int(q.shift_end[shift])
        return [
            day
            for day in range(max(0, start // DAY), min(q.days, end // DAY + 1))
            if q.workday[day] and start < day * DAY + q.office[1] and end > day * DAY + q.office[0]
        ]

    def price(self, shift: int, kind: int) -> Ints:
        """Price one more shift for every person: way, mismatch, week and the unit's fair share."""
        q, w = self.instance, self.instance.weights
        way = np.maximum(0, np.array(w.travel, np.int64)[self.near(shift)])
        mask = int(q.kind_mask[kind])
        lacks = (mask != 0) & ((q.person_mask & mask) == 0)
        nth = np.minimum(self.in_week(shift), len(w.week) - 1)
        total: Ints = way + lacks * w.mismatch[kind] + np.array(w.week, np.int64)[nth]
        return total + self.unit_price()[q.person_unit]

    def unit_price(self) -> Ints:
        """Price one more shift of each unit by its fair share."""
        q = self.instance
        over = self.load - q.unit_share
        price = np.zeros(len(over), np.int64)
        steps = q.weights.unit
        for j in range(len(steps) - 1, -1, -1):
            part, cost = steps[j]
            below = over >= 0
            if j < len(steps) - 1:
                below &= over < np.floor(part * q.unit_share).astype(np.int64)
            price[below] = cost
        return price
