"""Deal the places that fell empty out again, everybody else standing exactly where they were.

The flows say who is free for an hour and what a person-hour is worth; which gate it is, they leave
open. Here it counts: within one root and block every place suits, so each such group is one small
assignment of people to places, among those whose column is allowed (no rule can break, see
`repair`), at the price of the way, the kind, the week and the unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from groundwork.duty.solver.instance import Bools, Instance, Ints, Plan
from groundwork.duty.solver.layout import Layout
from groundwork.duty.solver.weigh import lineage, travel_of

MUST = 1 << 40
"""What it is worth that whoever stood before still stands."""


@dataclass
class _State:
    """What a plan has used so far: shifts per person and week, groups of hours, units' loads."""

    week: Ints
    busy: Bools
    load: Ints

    def take(self, q: Instance, city: Layout, columns: Ints, by: int) -> None:
        """Let people stand (1) or rest again (-1) in their columns, all of one block."""
        who, block = city.person[columns], city.block[columns]
        np.add.at(self.week, (who, city.blocks.week[block]), by)
        self.busy[who, city.blocks.group[block]] = by > 0
        np.add.at(self.load, q.person_unit[who], by)


def refill(
    city: Layout, before: Plan, stands: Bools, allowed: Bools, bonus: int
) -> tuple[Ints, Ints, Ints]:
    """Give the rows of a plan in which whoever `stands` from before stays; the rest is dealt anew.

    `stands` and `allowed` tell the columns of the flows. Of those who stood before, only who pays
    more than half again the bonus may change the gate within the same hours, at that price.
    """
    q, kinds = city.instance, len(city.instance.kinds)
    bonus += bonus // 2
    column = city.column_of(before.person, city.shift_block[before.shift])
    # Locked rows have no column and stay.
    stays = (column < 0) | stands[column]
    known = np.zeros(len(stands), bool)
    known[column[stays & (column >= 0)]] = True
    new = np.flatnonzero(stands & ~known)
    group_of = _groups(city)
    moves = np.flatnonzero(_movable(city, before, column, stays, bonus))
    filled = _filled(q, before, stays)
    left = np.maximum(0, q.need_count - filled[q.need_shift * kinds + q.need_kind])
    left[city.slots.need_slot < 0] = 0
    wanted = np.unique(_group_of_needs(city, np.flatnonzero(left)))
    moves = moves[np.isin(group_of[column[moves]], wanted)]
    stays[moves] = False
    rows = before.person[stays], before.shift[stays], before.kind[stays]
    filled = _filled(q, before, stays)
    left = np.maximum(0, q.need_count - filled[q.need_shift * kinds + q.need_kind])
    left[city.slots.need_slot < 0] = 0
    needs = np.repeat(np.arange(len(left)), left)
    state = _state(city, stands)
    spare = np.flatnonzero(allowed & ~stands)
    parts = [
        _Part(group_of[new], new, np.full(len(new), -1)),
        _Part(group_of[column[moves]], column[moves], before.shift[moves]),
        _Part(group_of[spare], spare, np.full(len(spare), -1)),
        _Part(_group_of_needs(city, needs), needs, needs),
    ]
    return _deal(city, state, wanted, parts, rows, bonus)


@dataclass(frozen=True)
class _Part:
    """Columns (or needs) by group; `was` the shift someone stood before, -1 for none."""

    group: Ints
    item: Ints
    was: Ints

    def sorted(self) -> _Part:
        """Put them in order of group."""
        order = np.argsort(self.group, kind="stable")
        return _Part(self.group[order], self.item[order], self.was[order])

    def of(self, group: int) -> tuple[Ints, Ints]:
        """Give items and shifts of one group."""
        a, b = np.searchsorted(self.group, [group, group + 1])
        return self.item[a:b], self.was[a:b]


def _deal(
    city: Layout, state: _State, wanted: Ints, parts: list[_Part],
    rows: tuple[Ints, Ints, Ints], bonus: int,
) -> tuple[Ints, Ints, Ints]:  # fmt: skip
    """Solve group by group, each against what the others use at that moment."""
    q, levels = city.instance, lineage(city.instance)
    new, moves, spare, open_needs = (part.sorted() for part in parts)
    persons, needs = [rows[0]], [np.zeros(0, np.int64)]
    for group in wanted.tolist():
        drawn, _ = new.of(group)
        moved, was = moves.of(group)
        rest, _ = spare.of(group)
        where, _ = open_needs.of(group)
        state.take(q, city, drawn, -1)
        fresh = _fits(city, state, np.r_[drawn, rest])
        columns = np.r_[moved, fresh]
        old = np.r_[was, np.full(len(fresh), -1)]
        price = _prices(q, levels, city.person[columns], where)
        price += bonus * ((old >= 0)[:, None] & (old[:, None] != q.need_shift[where][None, :]))
        price[len(moved) :] += _turns(city, state, fresh)[:, None]
        price[: len(moved)] -= MUST
        pair = linear_sum_assignment(price)
        gains = price[pair] < 0
        taken, to = columns[pair[0][gains]], where[pair[1][gains]]
        state.take(q, city, taken[~np.isin(taken, moved)], 1)
        persons.append(city.person[taken])
        needs.append(to)
    need = np.concatenate(needs)
    return (
        np.concatenate(persons),
        np.r_[rows[1], q.need_shift[need]],
        np.r_[rows[2], q.need_kind[need]],
    )


def _groups(city: Layout) -> Ints:
    """Number each column's root and block."""
    root = city.root[city.base[city.instance.person_place]]
    groups: Ints = root[city.person] * max(1, len(city.blocks.start)) + city.block
    return groups


def _group_of_needs(city: Layout, needs: Ints) -> Ints:
    """Number each need's root and block."""
    slot = city.slots.need_slot[needs]
    root = city.root[city.slots.place[slot]]
    groups: Ints = root * max(1, len(city.blocks.start)) + city.slots.block[slot]
    return groups


def _filled(q: Instance, plan: Plan, stays: Bools) -> Ints:
    """Count who stands, per shift × kind."""
    kinds = len(q.kinds)
    keys = plan.shift[stays] * kinds + plan.kind[stays]
    return np.bincount(keys, minlength=len(q.shift_ids) * kinds).astype(np.int64)


def _state(city: Layout, stands: Bools) -> _State:
    """Count what the columns that stand use, and the locked rows."""
    q = city.instance
    groups = int(city.blocks.group.max(initial=-1)) + 1
    state = _State(
        city.stood.copy(), np.zeros((len(q.person_ids), groups), bool), city.unit_base.copy()
    )
    state.take(q, city, np.flatnonzero(stands), 1)
    return state


def _fits(city: Layout, state: _State, columns: Ints) -> Ints:
    """Keep the columns of people with room in their week and none of the same hours."""
    q = city.instance
    who, block = city.person[columns], city.block[columns]
    room = state.week[who, city.blocks.week[block]] < q.person_cap[who]
    fits: Ints = columns[room & ~state.busy[who, city.blocks.group[block]]]
    return fits


def _turns(city: Layout, state: _State, columns: Ints) -> Ints:
    """Price one more shift in each column's week, and for its unit."""
    q, w = city.instance, city.instance.weights
    who = city.person[columns]
    nth = state.week[who, city.blocks.week[city.block[columns]]]
    week: Ints = np.array(w.week, np.int64)[np.minimum(nth, len(w.week) - 1)]
    over = state.load - q.unit_share
    unit = np.zeros(len(over), np.int64)
    for j in range(len(w.unit) - 1, -1, -1):
        part, cost = w.unit[j]
        below = over >= 0
        if j < len(w.unit) - 1:
            below &= over < np.floor(part * q.unit_share).astype(np.int64)
        unit[below] = cost
    return week + unit[q.person_unit[who]]


def _movable(city: Layout, before: Plan, column: Ints, stays: Bools, bonus: int) -> Bools:
    """Tell whose gate may change within their hours: who pays more there than a change costs."""
    q = city.instance
    way = travel_of(q, before.person, q.gate_place[q.shift_gate[before.shift]])
    mask = q.kind_mask[before.kind]
    lacks = (mask != 0) & ((q.person_mask[before.person] & mask) == 0)
    price = way + lacks * np.array(q.weights.mismatch, np.int64)[before.kind]
    # A kept row of the question earns its bonus at its own gate only.
    own = city.bonus[column] == 0
    movable: Bools = stays & (column >= 0) & (price > bonus) & own
    return movable


def _prices(q: Instance, levels: Ints, who: Ints, needs: Ints) -> Ints:
    """Price everybody in every open place: way and mismatch, less what the place costs empty."""
    shift, kind = q.need_shift[needs], q.need_kind[needs]
    home, there = levels[q.person_place[who]], levels[q.gate_place[q.shift_gate[shift]]]
    same = (home[:, None, :] == there[None, :, :]) & (home >= 0)[:, None, :]
    way = np.array(q.weights.travel, np.int64)[np.argmax(same, 2)]
    mask = q.kind_mask[kind][None, :]
    lacks = (mask != 0) & ((q.person_mask[who][:, None] & mask) == 0)
    mismatch = lacks * np.array(q.weights.mismatch, np.int64)[kind]
    prices: Ints = way + mismatch - np.array(q.weights.unfilled, np.int64)[kind]
    return prices
