"""State the whole question to HiGHS, a variable per person, shift and kind: exact, and slow.

For what is small: tests hold the solver to it, and `groundwork roster check --prove` proves a
bound again without a line of the solver's. The linear relaxation alone gives a bound. A city of
28,000 would have a hundred million variables; see `MOST_COLUMNS`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from groundwork.duty.solver.check import judge
from groundwork.duty.solver.cost import Rows, travel_prices
from groundwork.duty.solver.instance import DAY, Bools, Instance, Ints, Plan

Floats = npt.NDArray[np.float64]
MOST_COLUMNS = 800_000
"""Beyond it HiGHS takes longer than anybody waits."""
MOST_PAIRS = 60_000_000


class TooLarge(Exception):
    """Refuse a question that is beyond this way of proving; `args` holds its size."""


@dataclass(frozen=True)
class Proof:
    """What HiGHS says: a lower bound, and the best plan if whole numbers were asked for."""

    bound: int
    plan: Plan | None
    optimal: bool


@dataclass(frozen=True)
class _Columns:
    """Who could stand which shift as which kind, beside what is locked."""

    person: Ints
    shift: Ints
    kind: Ints


class _Model:
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

    def add_columns(self, prices: Ints, tops: Floats) -> Ints:
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


def prove(instance: Instance, *, whole: bool = False, seconds: float = 60.0) -> Proof:
    """Bound the cost of every plan from below, and find the best one if `whole` numbers are asked.

    Raises TooLarge before anything is built that would not fit, and ArithmeticError when HiGHS
    runs out of time with no bound at all.
    """
    columns = _columns(instance)
    if len(columns.person) > MOST_COLUMNS:
        raise TooLarge(len(columns.person))
    model = _Model()
    stands = model.add_columns(_prices(instance, columns), np.ones(len(columns.person)))
    model.constant += _locked_cost(instance)
    _one_at_a_time(model, instance, columns, stands)
    _fill(model, instance, columns, stands)
    _spare(model, instance, columns, stands)
    _count_weeks(model, instance, columns, stands)
    _count_units(model, instance, columns, stands)
    return _ask(model, instance, columns, whole=whole, seconds=seconds)


def _ask(
    model: _Model, instance: Instance, columns: _Columns, *, whole: bool, seconds: float
) -> Proof:
    """Let HiGHS solve it and read its answer; costs are whole, so a bound may be rounded up."""
    size = len(columns.person)
    whole = whole and size > 0
    if not model.columns:
        return Proof(model.constant, _plan(instance, columns, np.zeros(0, bool)), True)
    at = [np.concatenate(parts) for parts in zip(*model.entries, strict=True)]
    matrix = sparse.csr_array((at[2], (at[0], at[1])), shape=(model.rows, model.columns))
    answer = milp(
        np.concatenate(model.prices).astype(float),
        integrality=np.arange(model.columns) < size if whole else np.zeros(model.columns),
        bounds=Bounds(0, np.concatenate(model.tops)),
        constraints=LinearConstraint(
            matrix, np.concatenate(model.lows), np.concatenate(model.highs)
        ),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    reached = answer.mip_dual_bound if whole else answer.fun
    if reached is None or (not whole and answer.status != 0):
        raise ArithmeticError(answer.message)
    bound = math.ceil(model.constant + reached - 1e-6 * max(1.0, abs(reached)))
    found = answer.x is not None and (whole or not size)
    plan = _plan(instance, columns, answer.x[:size] > 0.5) if found else None
    return Proof(bound, plan, found and answer.status == 0)


def _plan(instance: Instance, columns: _Columns, taken: Bools) -> Plan:
    """Read the plan out of the columns that are taken; its cost is the judge's."""
    rows = (
        np.concatenate([instance.locked_person, columns.person[taken]]),
        np.concatenate([instance.locked_shift, columns.shift[taken]]),
        np.concatenate([instance.locked_kind, columns.kind[taken]]),
    )
    cost = judge(instance, Plan(*rows, cost=0, bound=0)).cost
    return Plan(*rows, cost=cost, bound=0)


def _wanted(instance: Instance) -> tuple[Ints, Ints]:
    """Count what each shift and kind needs, and what locked rows leave of it."""
    wanted = np.zeros((len(instance.shift_ids), len(instance.kinds)), np.int64)
    np.add.at(wanted, (instance.need_shift, instance.need_kind), instance.need_count)
    left = wanted.copy()
    np.subtract.at(left, (instance.locked_shift, instance.locked_kind), 1)
    return wanted, np.maximum(0, left)


def _columns(instance: Instance) -> _Columns:
    """List whom the planner may put where."""
    if len(instance.person_ids) * len(instance.shift_ids) > MOST_PAIRS:
        raise TooLarge(len(instance.person_ids) * len(instance.shift_ids))
    can = np.zeros((len(instance.person_ids), len(instance.shift_ids)), bool)
    spans = (instance.window_person, instance.window_start, instance.window_end)
    for person, start, end in zip(*(column.tolist() for column in spans), strict=True):
        can[person] |= (instance.shift_start >= start) & (instance.shift_end <= end)
    locks = (instance.locked_person.tolist(), instance.locked_shift.tolist())
    for person, shift in zip(*locks, strict=True):
        can[person] &= (instance.shift_start >= instance.shift_end[shift] + instance.rest) | (
            instance.shift_end + instance.rest <= instance.shift_start[shift]
        )
    person, shift = np.nonzero(can)
    prices = _travel(instance, person, shift)
    person, shift = person[prices >= 0], shift[prices >= 0]
    pair, kind = np.nonzero(_wanted(instance)[1][shift] > 0)
    return _Columns(person[pair], shift[pair], kind)


def _travel(instance: Instance, person: Ints, shift: Ints) -> Ints:
    """Price the ways from homes to gates."""
    start, end = instance.shift_start[shift], instance.shift_end[shift]
    none = np.zeros(len(person), np.int64)
    rows = Rows(none, person, shift, none, start, end, none.astype(bool))
    return travel_prices(instance, rows)


def _mismatched(instance: Instance, person: Ints, kind: Ints) -> Ints:
    """Price people without what the kind asks for."""
    asked = instance.kind_mask[kind]
    lacks = (asked != 0) & (instance.person_mask[person] & asked == 0)
    prices: Ints = lacks * np.array(instance.weights.mismatch, np.int64)[kind]
    return prices


def _prices(instance: Instance, columns: _Columns) -> Ints:
    """Price a column: the way and the mismatch, less what it saves."""
    size = len(instance.shift_ids)
    saved = np.zeros(len(instance.person_ids) * size, np.int64)
    np.add.at(saved, instance.kept_person * size + instance.kept_shift, instance.kept_bonus)
    prices: Ints = (
        _travel(instance, columns.person, columns.shift)
        + _mismatched(instance, columns.person, columns.kind)
        - np.array(instance.weights.unfilled, np.int64)[columns.kind]
        - saved[columns.person * size + columns.shift]
    )
    return prices


def _locked_cost(instance: Instance) -> int:
    """Add up what is paid whatever the planner does."""
    size = len(instance.shift_ids)
    person, shift = instance.locked_person, instance.locked_shift
    stays = np.isin(instance.kept_person * size + instance.kept_shift, person * size + shift)
    unfilled = np.array(instance.weights.unfilled, np.int64)
    return int(
        (_wanted(instance)[1] * unfilled).sum()
        + np.maximum(0, _travel(instance, person, shift)).sum()
        + _mismatched(instance, person, instance.locked_kind).sum()
        + instance.kept_bonus[~stays].sum()
    )


def _group(model: _Model, key: Ints, limit: Ints, rows_of: Ints) -> None:
    """Let the columns `rows_of` of each key sum to at most the key's limit."""
    keys, back = np.unique(key, return_inverse=True)
    rows = model.add_rows(np.full(len(keys), -np.inf), limit[keys])
    model.enter(rows[back], rows_of, 1.0)


def _one_at_a_time(model: _Model, instance: Instance, columns: _Columns, stands: Ints) -> None:
    """Let a person stand one shift at a time, with rest.

    A shift with the rest after it is an interval; of the intervals that hold the start of any
    shift, a person takes one at most, and that is all the rule says.
    """
    start = instance.shift_start[columns.shift]
    end = instance.shift_end[columns.shift] + instance.rest
    one = np.ones(len(instance.person_ids), np.int64)
    for moment in np.unique(start).tolist():
        here = (start <= moment) & (moment < end)
        _group(model, columns.person[here], one, stands[here])


def _fill(model: _Model, instance: Instance, columns: _Columns, stands: Ints) -> None:
    """Fill no need beyond what it asks for."""
    left = _wanted(instance)[1].ravel()
    _group(model, columns.shift * len(instance.kinds) + columns.kind, left, stands)


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


def _spare(model: _Model, instance: Instance, columns: _Columns, stands: Ints) -> None:
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
    _group(model, unit * days + keys % days, np.maximum(0, left), away)


def _count_weeks(model: _Model, instance: Instance, columns: _Columns, stands: Ints) -> None:
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
    _group(model, key, np.maximum(0, cap - locked), stands)
    tops = [1.0] * (len(prices) - 1) + [np.inf]
    _count(model, key, stands, locked, np.tile(prices, (size, 1)), np.tile(tops, (size, 1)))


def _count_units(model: _Model, instance: Instance, columns: _Columns, stands: Ints) -> None:
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


def _count(
    model: _Model, key: Ints, stands: Ints, locked: Ints, prices: Ints, tops: Floats
) -> None:
    """Price how many stand of each key: the cheap parts first, since prices do not fall."""
    used = np.unique(np.concatenate([key, np.flatnonzero(locked)]))
    place = np.zeros(len(locked), np.int64)
    place[used] = np.arange(len(used))
    rows = model.add_rows(locked[used], locked[used])
    for part in range(prices.shape[1]):
        numbers = model.add_columns(prices[used, part], tops[used, part])
        model.enter(rows, numbers, 1.0)
    model.enter(rows[place[key]], stands, -1.0)
