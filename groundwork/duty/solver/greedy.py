"""A plan at once, good or not: what is in hand when somebody stops the search after a breath."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from groundwork.duty.solver.compiled import compiled
from groundwork.duty.solver.decode import shifts_of
from groundwork.duty.solver.instance import Ints
from groundwork.duty.solver.layout import Layout

Table = npt.NDArray[Any]
LOOKS = 400
"""How many people are asked for one slot before it is left empty."""


@compiled
def _fill(
    order: Table, slot_place: Table, slot_block: Table, slot_count: Table, slot_kind: Table,
    list_first: Table, near_first: Table, columns: Table, root_of: Table, person: Table,
    block: Table, week: Table, room: Table, start: Table, end: Table, rest: int, klass: Table,
    match: Table, office_first: Table, office_row: Table, office_left: Table, blocks: int,
    person_first: Table, by_person: Table, near: Table, looks: int, slot: Table, used: Table,
    next_at: Table,
) -> None:  # fmt: skip
    """Fill slots in this order: neighbours first, then whoever is next in the root's list."""
    for o in range(len(order)):
        s = order[o]
        p, b = slot_place[s], slot_block[s]
        if root_of[p] < 0:
            continue
        for _ in range(slot_count[s]):
            key = root_of[p] * blocks + b
            size = list_first[key + 1] - list_first[key]
            found = -1
            nearby = near_first[p * blocks + b + 1] - near_first[p * blocks + b]
            for look in range(min(looks, nearby + size)):
                if look < nearby:
                    c = near[near_first[p * blocks + b] + look]
                else:
                    c = columns[next_at[key]]
                    next_at[key] += 1
                    if next_at[key] == list_first[key + 1]:
                        next_at[key] = list_first[key]
                who = person[c]
                if slot[c] >= 0 or used[who, week[b]] >= room[who, week[b]]:
                    continue
                fits = True
                for i in range(person_first[who], person_first[who + 1]):
                    d = by_person[i]
                    if slot[d] >= 0:
                        e = block[d]
                        if start[b] < end[e] + rest and start[e] < end[b] + rest:
                            fits = False
                            break
                for j in range(office_first[c], office_first[c + 1]):
                    if office_left[office_row[j]] <= 0:
                        fits = False
                if fits and (match[klass[who], slot_kind[s]] or look > looks // 2):
                    found = c
                    break
            if found >= 0:
                slot[found] = s
                used[person[found], week[b]] += 1
                for j in range(office_first[found], office_first[found + 1]):
                    office_left[office_row[j]] -= 1


def plan_at_once(city: Layout) -> tuple[Ints, Ints, Ints]:
    """Fill the dearest slots first, and of these the ones with the fewest people at hand."""
    q, slots = city.instance, city.slots
    blocks = max(1, len(city.blocks.start))
    places = len(city.root)
    home = city.base[q.person_place[city.person]]
    key = city.root[home] * blocks + city.block
    columns = np.argsort(key, kind="stable")
    list_first = np.searchsorted(key[columns], np.arange(places * blocks + 1))
    near_key = home * blocks + city.block
    near = np.argsort(near_key, kind="stable")
    near_first = np.searchsorted(near_key[near], np.arange(places * blocks + 1))
    at = city.root[slots.place] * blocks + slots.block
    plenty = np.where(at >= 0, np.diff(list_first)[np.maximum(0, at)], 0)
    order = np.lexsort((plenty, -np.array(q.weights.unfilled)[slots.kind]))
    by_person = np.lexsort((city.block, city.person))
    person_first = np.searchsorted(city.person[by_person], np.arange(len(q.person_place) + 1))
    slot = np.full(len(city.person), -1, np.int64)
    _fill(
        order, slots.place, slots.block, slots.count, slots.kind, list_first, near_first, columns,
        city.root, city.person, city.block, city.blocks.week, city.room, city.blocks.start,
        city.blocks.end, q.rest, city.klass, city.match, city.office_first, city.office_row,
        city.office_left.copy(), blocks, person_first, by_person, near, LOOKS,
        slot, np.zeros_like(city.room), list_first.copy(),
    )  # fmt: skip
    stands = np.flatnonzero(slot >= 0)
    shift = shifts_of(city, city.person[stands], slot[stands], q.kept_person, q.kept_shift)
    return (
        np.r_[q.locked_person, city.person[stands]],
        np.r_[q.locked_shift, shift],
        np.r_[q.locked_kind, slots.kind[slot[stands]]],
    )
