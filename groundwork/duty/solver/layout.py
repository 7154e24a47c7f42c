"""Turn a question into columns: who could stand which block, and the rules that bind columns.

A *block* is a pair of hours (start, end) that some shift has; a *column* is a person and a block
that lies in one of their windows, conflicts with nothing locked, and is asked for somewhere they
may go. Whoever is in a column stands at exactly one gate, which the flows decide later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from groundwork.duty.solver.compiled import compiled
from groundwork.duty.solver.hours import Blocks, make_blocks, week_of
from groundwork.duty.solver.instance import DAY, Instance, Ints

Table = npt.NDArray[Any]


@dataclass(frozen=True)
class Slots:
    """What is asked for after the locked rows are served, per (place, block, kind)."""

    place: Ints
    block: Ints
    kind: Ints
    count: Ints
    need_slot: Ints
    need_left: Ints


@dataclass
class Layout:
    """Columns and rows of one question; everything the flows and the prices read.

    Columns (person, block, net) are sorted by net, home, person and block. `clique_*` is a CSR of
    columns of one person that exclude each other and are not in one group; `office_*` a CSR by
    column of rows unit × days + day; `net_first` the first column of each net, `slot_first`
    into `slot_order` its first slot; slots that nobody may reach come before all nets.
    """

    instance: Instance
    blocks: Blocks
    slots: Slots
    weeks: int
    base: Ints
    above: Ints
    step: Ints
    root: Ints
    net_of_root: Ints
    nets: int
    klass: Ints
    match: npt.NDArray[np.bool_]
    room: Ints
    stood: Ints
    person: Ints
    block: Ints
    net: Ints
    net_first: Ints
    clique_first: Ints
    clique_column: Ints
    office_first: Ints
    office_row: Ints
    office_left: Ints
    unit_base: Ints
    bonus: Ints
    slot_order: Ints
    slot_first: Ints
    shift_block: Ints
    _sorted: tuple[Ints, Ints] | None = None

    def columns_of(self, person: Ints, shift: Ints) -> Ints:
        """Find the columns of pairs (person, shift); pairs without one are left out."""
        found = self.column_of(person, self.shift_block[shift])
        return found[found >= 0]

    def column_of(self, person: Ints, block: Ints) -> Ints:
        """Find the column of each pair (person, block), -1 for none."""
        blocks = max(1, len(self.blocks.start))
        if self._sorted is None:
            key = self.person * blocks + self.block
            order = np.argsort(key)
            self._sorted = key[order], order
        key, order = self._sorted
        if not len(key):
            return np.full(len(person), -1, np.int64)
        asked = np.where(block >= 0, person * blocks + block, -1)
        at = np.minimum(np.searchsorted(key, asked), len(key) - 1)
        columns: Ints = np.where(key[at] == asked, order[at], -1)
        return columns


@compiled
def _free(
    free: Table, starts: Table, ends: Table, person: Table, closes: Table, first: Table
) -> None:
    """Tell person × block whether a window, from its first block on, holds the whole block."""
    for w in range(len(person)):
        b = first[w]
        while b < len(starts) and starts[b] < closes[w]:
            if ends[b] <= closes[w]:
                free[person[w], b] = True
            b += 1


@compiled
def _cliques(
    person: Table, block: Table, order: Table, start: Table, end: Table, group: Table, rest: int
) -> Any:
    """List, per person, the largest sets of conflicting columns that no group holds already.

    Blocks extended by the rest are intervals, so the columns still running when one starts exclude
    each other, and these sets describe every conflict exactly.
    """
    n = len(order)
    first = np.zeros(2 * n + 1, np.int64)
    column = np.empty(8 * n + 8, np.int64)
    rows = 0
    used = 0
    i = 0
    while i < n:
        stop = i
        who = person[order[i]]
        while stop < n and person[order[stop]] == who:
            stop += 1
        for j in range(i, stop):
            b = block[order[j]]
            # Leave out what a later start repeats with more in it.
            mixed = False
            alone = False
            next_start = start[block[order[j + 1]]] if j + 1 < stop else np.int64(1) << 60
            if end[b] + rest <= next_start:
                alone = True
            size = 0
            for k in range(i, j):
                c = block[order[k]]
                if end[c] + rest > start[b]:
                    size += 1
                    if group[c] != group[b]:
                        mixed = True
                    if end[c] + rest <= next_start:
                        alone = True
            if not mixed or not alone:
                continue
            if used + size + 1 > len(column):
                more = np.empty(2 * len(column) + size, np.int64)
                for k in range(used):
                    more[k] = column[k]
                column = more
            for k in range(i, j):
                if end[block[order[k]]] + rest > start[b]:
                    column[used] = order[k]
                    used += 1
            column[used] = order[j]
            used += 1
            rows += 1
            first[rows] = used
        i = stop
    return first, column, rows, used


def _make_tree(q: Instance) -> tuple[Ints, Ints, Ints, Ints]:
    """Give each place its community for a cell, its parent, its travel step and its root.

    The root is the highest place that people of the place may be sent within; -1 for nowhere.
    """
    size = len(q.place_parent)
    base, above = np.arange(size), q.place_parent.copy()
    for p in np.argsort(q.place_level, kind="stable").tolist():
        if q.place_level[p] > 3 and above[p] >= 0:
            base[p] = base[above[p]]
    travel = q.weights.travel
    allowed = [t for t in range(4) if travel[t] >= 0]
    root = np.full(size, -1, np.int64)
    if allowed:
        top = 3 - allowed[-1]
        for p in np.argsort(q.place_level, kind="stable").tolist():
            level = q.place_level[p]
            if level == top:
                root[p] = p
            elif level > top:
                # Where a level is skipped, the highest place that is allowed is below it.
                higher = root[above[p]] if above[p] >= 0 else -1
                root[p] = higher if higher >= 0 else p
    return base, above, 3 - np.minimum(q.place_level, 3), root


def _serve_locked(q: Instance) -> tuple[Ints, Ints]:
    """Take the locked rows off the needs; what is left per need, and the rows above need."""
    left = q.need_count.copy()
    if not len(q.locked_shift):
        return left, np.zeros(0, np.int64)
    by_key: dict[tuple[int, int], list[int]] = {}
    for row, key in enumerate(zip(q.need_shift.tolist(), q.need_kind.tolist(), strict=True)):
        by_key.setdefault(key, []).append(row)
    over = []
    for i, key in enumerate(zip(q.locked_shift.tolist(), q.locked_kind.tolist(), strict=True)):
        for row in by_key.get(key, ()):
            if left[row] > 0:
                left[row] -= 1
                break
        else:
            over.append(i)
    return left, np.array(over, np.int64)


def _pack(root: Ints, homes: Ints, weight: Ints, least: int) -> tuple[Ints, int]:
    """Put small roots together until a net has `least` columns; net of each root's place."""
    net = np.full(len(root), -1, np.int64)
    lives = root[homes] >= 0
    sizes = np.bincount(root[homes][lives], weights=weight[lives], minlength=len(root))
    now, filled, started = 0, 0, False
    for r in np.flatnonzero(sizes).tolist():
        if started and filled + sizes[r] > least:
            now, filled = now + 1, 0
        net[r] = now
        filled += int(sizes[r])
        started = True
    return net, now + 1


def _room(q: Instance, weeks: int) -> tuple[Ints, Ints]:
    """Give how many shifts each person may still take a week, and how many are locked already."""
    stood = np.zeros((len(q.person_place), weeks), np.int64)
    week = week_of(q.shift_start[q.locked_shift], q.first_weekday)
    np.add.at(stood, (q.locked_person, week), 1)
    return np.maximum(0, q.person_cap[:, None] - stood), stood


def _chances(
    q: Instance, blocks: Blocks, slots: Slots, room: Ints, home_root: Ints, slot_root: Ints,
    roots: int,
) -> Table:  # fmt: skip
    """Tell for each person and block whether the person could stand one of its slots."""
    free = np.zeros((len(q.person_place), len(blocks.start)), bool)
    first = np.searchsorted(blocks.start, q.window_start)
    _free(free, blocks.start, blocks.end, q.window_person, q.window_end, first)
    # A locked shift leaves no rest for what is near it.
    on, off = q.shift_start[q.locked_shift], q.shift_end[q.locked_shift]
    for who, begins, ends in zip(q.locked_person.tolist(), on.tolist(), off.tolist(), strict=True):
        free[who] &= (blocks.start >= ends + q.rest) | (blocks.end + q.rest <= begins)
    if len(blocks.start):
        asked = np.zeros((roots, len(blocks.start)), bool)
        asked[slot_root[slot_root >= 0], slots.block[slot_root >= 0]] = True
        free &= (room[:, blocks.week] > 0) & asked[home_root] & (home_root >= 0)[:, None]
    return free


def _slots_by_net(first_net: Ints, week: Ints, nets: int) -> tuple[Ints, Ints]:
    """Order the slots by their net (negative: none); give the order and where each net begins."""
    net = np.where(first_net >= 0, first_net + week, -1)
    order = np.argsort(net, kind="stable")
    return order, np.searchsorted(net[order], np.arange(nets + 1))


def _weeks(q: Instance, blocks: Blocks) -> int:
    """Count the calendar weeks that the days or the shifts reach into."""
    weeks = int(week_of(np.array([max(1, q.days) * DAY - 1]), q.first_weekday)[0]) + 1
    return max(weeks, int(blocks.week.max(initial=0)) + 1)


def lay_out(q: Instance, least: int = 12_000) -> Layout:
    """Make the columns and rows of a question."""
    left, _ = _serve_locked(q)
    open_needs = np.flatnonzero(left > 0)
    open_shifts = np.unique(q.need_shift[open_needs])
    blocks, block_of = make_blocks(q, open_shifts)
    shift_block = np.full(len(q.shift_start), -1, np.int64)
    shift_block[open_shifts] = block_of
    base, above, step, root = _make_tree(q)
    slots = _make_slots(q, open_needs, left, shift_block, base)
    weeks = _weeks(q, blocks)
    room, stood = _room(q, weeks)
    home_root, slot_root = root[base[q.person_place]], root[slots.place]
    free = _chances(q, blocks, slots, room, home_root, slot_root, len(root))
    out_left, away = _office(q)
    person, block = np.nonzero(free)
    weight = np.bincount(person, minlength=len(q.person_place))
    net_of_root, groups = _pack(root, base[q.person_place], weight, least * weeks)
    net = net_of_root[home_root[person]] * weeks + blocks.week[block]
    # Neighbours beside each other: the loops over a net then stay in the cache.
    order = np.lexsort((block, person, base[q.person_place[person]], net))
    person, block, net = person[order], block[order], net[order]
    nets = groups * weeks
    by_person = np.lexsort((block, person))
    clique_first, clique_column, rows, used = _cliques(
        person, block, by_person, blocks.start, blocks.end, blocks.group, q.rest
    )
    office_first, office_row = _office_rows(q, blocks, person, block, away)
    klass, match = _classes(q)
    slot_net = np.where(slot_root >= 0, net_of_root[slot_root] * weeks, -1)
    slot_order, slot_first = _slots_by_net(slot_net, blocks.week[slots.block], nets)
    city = Layout(
        q, blocks, slots, weeks, base, above, step, root, net_of_root, nets, klass, match, room,
        stood, person, block, net, np.searchsorted(net, np.arange(nets + 1)),
        clique_first[: rows + 1].copy(), clique_column[:used].copy(), office_first, office_row,
        out_left, np.bincount(q.person_unit[q.locked_person], minlength=len(q.unit_ids)),
        np.zeros(len(person), np.int64),
        slot_order, slot_first, shift_block,
    )  # fmt: skip
    column = city.column_of(q.kept_person, shift_block[q.kept_shift])
    np.add.at(city.bonus, column[column >= 0], q.kept_bonus[column >= 0])
    return city


def _make_slots(q: Instance, needs: Ints, left: Ints, shift_block: Ints, base: Ints) -> Slots:
    """Add up the needs left per place, block and kind, and remember which need is where."""
    place = base[q.gate_place[q.shift_gate[q.need_shift[needs]]]]
    blocks, kinds = int(shift_block.max(initial=0)) + 1, len(q.kinds)
    key = (place * blocks + shift_block[q.need_shift[needs]]) * kinds + q.need_kind[needs]
    unique, slot = np.unique(key, return_inverse=True)
    count = np.bincount(slot, weights=left[needs], minlength=len(unique)).astype(np.int64)
    need_slot = np.full(len(q.need_shift), -1, np.int64)
    need_slot[needs] = slot
    place, block, kind = unique // kinds // blocks, unique // kinds % blocks, unique % kinds
    return Slots(place, block, kind, count, need_slot, left)


def _office(q: Instance) -> tuple[Ints, set[tuple[int, int]]]:
    """Give the office places left (unit × days, flat) and who is away already by a locked shift."""
    away: set[tuple[int, int]] = set()
    for p, s in zip(q.locked_person.tolist(), q.locked_shift.tolist(), strict=True):
        start, end = int(q.shift_start[s]), int(q.shift_end[s])
        for d in range(max(0, start // DAY), min(q.days, end // DAY + 1)):
            opens, closes = d * DAY + q.office[0], d * DAY + q.office[1]
            if q.workday[d] and start < closes and end > opens:
                away.add((p, d))
    left = np.repeat(q.unit_out, q.days)
    for p, d in away:
        left[q.person_unit[p] * q.days + d] -= 1
    return np.maximum(0, left), away


def _office_rows(
    q: Instance, blocks: Blocks, person: Ints, block: Ints, away: set[tuple[int, int]]
) -> tuple[Ints, Ints]:
    """List the office rows (unit × days + day) of each column."""
    per_block = np.bincount(blocks.office_block, minlength=max(1, len(blocks.start)))
    first_of = np.r_[0, np.cumsum(per_block)]
    times = per_block[block] if len(block) else np.zeros(0, np.int64)
    column = np.repeat(np.arange(len(block)), times)
    within = np.arange(len(column)) - np.repeat(np.cumsum(times) - times, times)
    day = blocks.office_day[first_of[block[column]] + within]
    if away:
        gone = np.zeros((len(q.person_place), q.days), bool)
        gone[tuple(np.array(sorted(away)).T)] = True
        stays = ~gone[person[column], day]
        column, day = column[stays], day[stays]
    first = np.r_[0, np.cumsum(np.bincount(column, minlength=len(block)))]
    return first, q.person_unit[person[column]] * q.days + day


def _classes(q: Instance) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Number people by which kinds of need they match; class × kind whether it matches."""
    masks, of_mask = np.unique(q.person_mask, return_inverse=True)
    match = (q.kind_mask[None, :] == 0) | ((masks[:, None] & q.kind_mask[None, :]) != 0)
    unique, klass = np.unique(match, axis=0, return_inverse=True)
    return klass.reshape(-1)[of_mask], unique
