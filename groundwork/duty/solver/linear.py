"""The rows and prices of people, weeks, offices and units, as HiGHS wants them.

Nothing here is the solver's: what is proven with it is proven apart. A column is a person who may
stand a shift, or one of the shifts at the same hours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from groundwork.duty.solver.cost import Rows, travel_prices
from groundwork.duty.solver.instance import DAY, Instance, Ints

Floats = npt.NDArray[np.float64]


class TooLarge(Exception):
    """Refuse a question that is beyond this way of proving; `args` holds its size."""


@dataclass(frozen=True)
class Columns:
    """Who could stand which shift, beside what is locked."""

    person: Ints
    shift: Ints


class Model:
    """Columns with prices and ranges, rows with ranges, gathered before HiGHS sees them."""

    def __init__(self) -> None:
        self.prices: list[Ints] = []
        self.tops: list[Floats] = []
        self.columns = 0
        self.entries: list[tuple[Ints, Ints, Floats]] = []
        self.lows: list[Floats] = []
        self.highs: list[Floats] = []
        self.rows = 0
        self.constant = 0

    def add_columns(self, prices: Ints, tops: Floats | Ints) -> Ints:
        """Add columns from 0 to `tops`; give their numbers."""
        numbers = np.arange(self.columns, self.columns + len(prices))
        self.prices.append(prices)
        self.tops.append(np.broadcast_to(np.asarray(tops, float), (len(prices),)))
        self.columns += len(prices)
        return numbers

    def add_rows(self, lows: Floats | Ints, highs: Floats | Ints) -> Ints:
        """Add rows whose sums lie between `lows` and `highs`; give their numbers."""
        numbers = np.arange(self.rows, self.rows + len(lows))
        self.lows.append(lows.astype(float))
        self.highs.append(highs.astype(float))
        self.rows += len(lows)
        return numbers

    def enter(self, rows: Ints, columns: Ints, value: float) -> None:
        """Put columns into rows."""
        self.entries.append((rows, columns, np.full(len(rows), value)))

    def matrix(self) -> sparse.csr_array:
        """Put all entries together."""
        rows, columns, values = (np.concatenate(parts) for parts in zip(*self.entries, strict=True))
        return sparse.csr_array((values, (rows, columns)), shape=(self.rows, self.columns))

    def whole(self, first: int, seconds: float) -> tuple[int, Floats, bool]:
        """Solve with the `first` columns whole: a bound, their values, whether that is optimal.

        Raises ArithmeticError when HiGHS found nothing in time.
        """
        if not self.columns:
            return self.constant, np.zeros(0), True
        answer = milp(
            np.concatenate(self.prices).astype(float),
            integrality=np.arange(self.columns) < first,
            bounds=Bounds(0, np.concatenate(self.tops)),
            constraints=LinearConstraint(
                self.matrix(), np.concatenate(self.lows), np.concatenate(self.highs)
            ),
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )
        if answer.x is None:
            raise ArithmeticError(answer.message)
        reached = answer.mip_dual_bound if first else answer.fun
        return self._rounded(reached), answer.x[:first], answer.status == 0

    def relaxed(self, seconds: float) -> int:
        """Bound the cost from below by the linear relaxation, or raise ArithmeticError."""
        if not self.columns:
            return self.constant
        matrix = self.matrix()
        lows, highs = np.concatenate(self.lows), np.concatenate(self.highs)
        same = lows == highs
        under, over = np.isfinite(highs) & ~same, np.isfinite(lows) & ~same
        answer = linprog(
            np.concatenate(self.prices).astype(float),
            A_ub=sparse.vstack([matrix[under], -matrix[over]]),
            b_ub=np.concatenate([highs[under], -lows[over]]),
            A_eq=matrix[same],
            b_eq=highs[same],
            bounds=np.stack([np.zeros(self.columns), np.concatenate(self.tops)], 1),
            method="highs-ipm",
            options={"time_limit": seconds},
        )
        if answer.status != 0:
            raise ArithmeticError(answer.message)
        return self._rounded(answer.fun)

    def _rounded(self, reached: float) -> int:
        """Round a bound up, as costs are whole, with room for what floats lose."""
        return math.ceil(self.constant + reached - 1e-6 * max(1.0, abs(reached)))


def limit_groups(model: Model, key: Ints, limit: Ints, rows_of: Ints) -> None:
    """Let the columns `rows_of` of each key sum to at most the key's limit."""
    keys, back = np.unique(key, return_inverse=True)
    rows = model.add_rows(np.full(len(keys), -np.inf), limit[keys])
    model.enter(rows[back], rows_of, 1.0)


def rules_of_people(model: Model, instance: Instance, columns: Columns, stands: Ints) -> None:
    """Enter all that is about people and units; what remains is who fills which need."""
    _one_at_a_time(model, instance, columns, stands)
    _spare_offices(model, instance, columns, stands)
    _count_weeks(model, instance, columns, stands)
    _count_units(model, instance, columns, stands)


def _one_at_a_time(model: Model, instance: Instance, columns: Columns, stands: Ints) -> None:
    """Let a person stand one shift at a time, with rest.

    A shift with the rest after it is an interval; of the intervals that hold the start of any
    shift, a person takes one at most, and that is all the rule says.
    """
    start = instance.shift_start[columns.shift]
    end = instance.shift_end[columns.shift] + instance.rest
    one = np.ones(len(instance.person_ids), np.int64)
    for moment in np.unique(start).tolist():
        here = (start <= moment) & (moment < end)
        limit_groups(model, columns.person[here], one, stands[here])


def _away_days(instance: Instance, shift: Ints) -> tuple[Ints, Ints]:
    """List place and day of each shift that meets the office hours of a working day."""
    start, end = instance.shift_start[shift], instance.shift_end[shift]
    meets = [
        (start < day * DAY + instance.office[1]) & (end > day * DAY + instance.office[0])
        for day in np.flatnonzero(instance.workday).tolist()
    ]
    if not meets:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    day, at = np.nonzero(np.stack(meets))
    return at, np.flatnonzero(instance.workday)[day]


def _spare_offices(model: Model, instance: Instance, columns: Columns, stands: Ints) -> None:
    """Let no more of a unit be away in office hours than it can spare."""
    days = instance.days
    lock, lock_day = _away_days(instance, instance.locked_shift)
    gone = np.unique(instance.locked_person[lock] * days + lock_day)
    left = np.repeat(instance.unit_out, days)
    np.subtract.at(left, instance.person_unit[gone // days] * days + gone % days, 1)
    at, day = _away_days(instance, columns.shift)
    key = columns.person[at] * days + day
    planned = ~np.isin(key, gone)
    at, key = at[planned], key[planned]
    keys, back = np.unique(key, return_inverse=True)
    away = model.add_columns(np.zeros(len(keys), np.int64), np.ones(len(keys)))
    # Who stands is away, and stands one shift at a time: that of a moment takes away whole.
    start = instance.shift_start[columns.shift[at]]
    end = instance.shift_end[columns.shift[at]] + instance.rest
    for moment in np.unique(start).tolist():
        here = np.flatnonzero((start <= moment) & (moment < end))
        who, among = np.unique(back[here], return_inverse=True)
        rows = model.add_rows(np.zeros(len(who)), np.full(len(who), np.inf))
        model.enter(rows, away[who], 1.0)
        model.enter(rows[among], stands[at[here]], -1.0)
    unit = instance.person_unit[keys // days]
    limit_groups(model, unit * days + keys % days, np.maximum(0, left), away)


def _count_weeks(model: Model, instance: Instance, columns: Columns, stands: Ints) -> None:
    """Hold the weekly caps, and price the first shift of a week, the second, and so on."""
    prices = instance.weights.week
    week = (instance.first_weekday + instance.shift_start // DAY) // 7
    weeks = int(week.max()) + 1 if len(week) else 1
    size = len(instance.person_ids) * weeks
    locked = np.bincount(
        instance.locked_person * weeks + week[instance.locked_shift], minlength=size
    )
    cap = np.repeat(instance.person_cap, weeks)
    key = columns.person * weeks + week[columns.shift]
    limit_groups(model, key, np.maximum(0, cap - locked), stands)
    tops = [1.0] * (len(prices) - 1) + [np.inf]
    _count(model, key, stands, locked, np.tile(prices, (size, 1)), np.tile(tops, (size, 1)))


def _count_units(model: Model, instance: Instance, columns: Columns, stands: Ints) -> None:
    """Price what a unit does above its share, dearer the further above."""
    steps = instance.weights.unit
    ends = np.stack([np.floor(part * instance.unit_share) for part, _ in steps], 1)
    widths = np.diff(np.maximum.accumulate(ends, 1), axis=1, prepend=0.0)
    widths[:, -1] = np.inf
    tops = np.concatenate([instance.unit_share[:, None].astype(float), widths], 1)
    prices = np.tile([0, *(price for _, price in steps)], (len(instance.unit_ids), 1))
    locked = np.bincount(
        instance.person_unit[instance.locked_person], minlength=len(instance.unit_ids)
    )
    _count(model, instance.person_unit[columns.person], stands, locked, prices, tops)


def _count(model: Model, key: Ints, stands: Ints, locked: Ints, prices: Ints, tops: Floats) -> None:
    """Price how many stand of each key: the cheap parts first, since prices do not fall."""
    used = np.unique(np.concatenate([key, np.flatnonzero(locked)]))
    place = np.zeros(len(locked), np.int64)
    place[used] = np.arange(len(used))
    rows = model.add_rows(locked[used], locked[used])
    for part in range(prices.shape[1]):
        numbers = model.add_columns(prices[used, part], tops[used, part])
        model.enter(rows, numbers, 1.0)
    model.enter(rows[place[key]], stands, -1.0)


def left_to_fill(instance: Instance) -> Ints:
    """Count what locked rows leave of each need: shift × kind."""
    left = np.zeros((len(instance.shift_ids), len(instance.kinds)), np.int64)
    np.add.at(left, (instance.need_shift, instance.need_kind), instance.need_count)
    np.subtract.at(left, (instance.locked_shift, instance.locked_kind), 1)
    return np.maximum(0, left)


def mismatch_prices(instance: Instance, person: Ints, kind: Ints) -> Ints:
    """Price people without what the kind asks for."""
    asked = instance.kind_mask[kind]
    lacks = (asked != 0) & (instance.person_mask[person] & asked == 0)
    prices: Ints = lacks * np.array(instance.weights.mismatch, np.int64)[kind]
    return prices


def travel_of(instance: Instance, person: Ints, shift: Ints) -> Ints:
    """Price the ways from homes to gates."""
    start, end = instance.shift_start[shift], instance.shift_end[shift]
    none = np.zeros(len(person), np.int64)
    rows = Rows(none, person, shift, none, start, end, none.astype(bool))
    return travel_prices(instance, rows)


def locked_cost(instance: Instance) -> int:
    """Add up what is paid whatever the planner does."""
    size = len(instance.shift_ids)
    person, shift = instance.locked_person, instance.locked_shift
    stays = np.isin(instance.kept_person * size + instance.kept_shift, person * size + shift)
    unfilled = np.array(instance.weights.unfilled, np.int64)
    return int(
        (left_to_fill(instance) * unfilled).sum()
        + np.maximum(0, travel_of(instance, person, shift)).sum()
        + mismatch_prices(instance, person, instance.locked_kind).sum()
        + instance.kept_bonus[~stays].sum()
    )
