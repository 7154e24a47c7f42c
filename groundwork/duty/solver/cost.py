"""What a plan truly costs, part by part. Belongs to the judge; the solver counts for itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.duty.solver.instance import DAY, Bools, Instance, Ints


@dataclass(frozen=True)
class Rows:
    """A plan's rows that name something, sorted by person and start; `row` is the plan's."""

    row: Ints
    person: Ints
    shift: Ints
    kind: Ints
    start: Ints
    end: Ints
    locked: Bools


def parts_of(instance: Instance, rows: Rows) -> dict[str, int]:
    """Work out each part of the cost."""
    prices = np.array(instance.weights.unfilled, np.int64)[instance.need_kind]
    return {
        "unfilled": int((open_slots(instance, rows) * prices).sum()),
        "travel": int(np.maximum(0, travel_prices(instance, rows)).sum()),
        "mismatch": _mismatch(instance, rows),
        "week": _week_prices(instance, rows),
        "unit": _unit_prices(instance, rows),
        "kept": _kept_lost(instance, rows),
    }


def open_slots(instance: Instance, rows: Rows) -> Ints:
    """Count the slots of each need that nobody fills."""
    filled = np.zeros((len(instance.shift_ids), len(instance.kinds)), np.int64)
    np.add.at(filled, (rows.shift, rows.kind), 1)
    taken = filled[instance.need_shift, instance.need_kind]
    left: Ints = np.maximum(0, instance.need_count - taken)
    return left


def week_of(instance: Instance, rows: Rows) -> tuple[Ints, int]:
    """Give the calendar week of each row, from Monday, and how many weeks there can be."""
    week = (instance.first_weekday + rows.start // DAY) // 7
    return week, int(week.max()) + 1 if len(week) else 1


def _ancestors(instance: Instance) -> Ints:
    """Give each place's own community, township, district and city: place × 4; -1 for none."""
    above = np.full((len(instance.place_ids), 4), -1, np.int64)
    for place, level in enumerate(np.minimum(instance.place_level, 3).tolist()):
        if instance.place_level[place] <= 3:
            above[place, 3 - level] = place
    # Walk everybody up one step at a time; the tree is at most as deep as its levels.
    at = instance.place_parent.copy()
    while (at >= 0).any():
        here = np.flatnonzero(at >= 0)
        level = instance.place_level[at[here]]
        named = level <= 3
        above[here[named], 3 - level[named]] = at[here[named]]
        at[here] = instance.place_parent[at[here]]
    return above


def travel_prices(instance: Instance, rows: Rows) -> Ints:
    """Price each row by the lowest place that holds both home and gate; negative is forbidden."""
    above = _ancestors(instance)
    home = above[instance.person_place[rows.person]]
    gate = above[instance.gate_place[instance.shift_gate[rows.shift]]]
    same = (home == gate) & (home >= 0)
    prices: Ints = np.array(instance.weights.travel)[np.argmax(same, axis=1)]
    return prices


def _mismatch(instance: Instance, rows: Rows) -> int:
    """Price the rows whose person has none of the attributes that the kind asks for."""
    asked = instance.kind_mask[rows.kind]
    lacks = (asked != 0) & (instance.person_mask[rows.person] & asked == 0)
    return int(np.array(instance.weights.mismatch)[rows.kind[lacks]].sum())


def _week_prices(instance: Instance, rows: Rows) -> int:
    """Price each person's weeks: the first shift, the second, and so on."""
    week, weeks = week_of(instance, rows)
    counts = np.unique(rows.person * weeks + week, return_counts=True)[1]
    if not len(counts):
        return 0
    prices = instance.weights.week
    steps = [prices[min(k, len(prices) - 1)] for k in range(int(counts.max()))]
    return int(np.r_[0, np.cumsum(steps)][counts].sum())


def _unit_prices(instance: Instance, rows: Rows) -> int:
    """Price what units do above their fair share, dearer the further above."""
    done = np.bincount(instance.person_unit[rows.person], minlength=len(instance.unit_ids))
    over = np.maximum(0, done - instance.unit_share)
    total, reached = 0, np.zeros(len(over), np.int64)
    steps = instance.weights.unit
    for number, (part, price) in enumerate(steps, 1):
        ends = np.floor(part * instance.unit_share).astype(np.int64)
        top = over if number == len(steps) else np.minimum(over, np.maximum(ends, reached))
        total += int(np.maximum(0, top - reached).sum()) * price
        reached = np.maximum(reached, top)
    return total


def _kept_lost(instance: Instance, rows: Rows) -> int:
    """Add up the bonuses of kept rows that did not stay, in whatever kind."""
    size = len(instance.shift_ids)
    stays = np.isin(
        instance.kept_person * size + instance.kept_shift, rows.person * size + rows.shift
    )
    return int(instance.kept_bonus[~stays].sum())
