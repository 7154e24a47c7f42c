"""The rules of a plan once more, slow and obvious: what the judge is held to in tests."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from typing import Any

from groundwork.duty.solver.check import Violation
from groundwork.duty.solver.instance import DAY, Instance, Ints, Plan


def judge_slowly(instance: Instance, plan: Plan) -> tuple[list[Violation], list[Violation]]:
    """List the breaches and the cautions of a plan, cost and bound apart."""
    case = Case(instance, plan)
    case.rows_alone()
    case.pairs()
    case.crowds()
    return sorted(case.violations), sorted(case.cautions)


def rows_of(*columns: Ints) -> list[tuple[int, ...]]:
    """Turn columns into rows."""
    return list(zip(*(column.tolist() for column in columns), strict=True))


def above(instance: Instance, place: int) -> list[int]:
    """List the place and all that hold it."""
    chain = []
    while place >= 0:
        chain.append(place)
        place = int(instance.place_parent[place])
    return chain


def distance(instance: Instance, person: int, shift: int) -> int:
    """Price the way from home to gate."""
    home = above(instance, instance.person_place[person])
    gate = above(instance, instance.gate_place[instance.shift_gate[shift]])
    level = next(instance.place_level[place] for place in home if place in gate)
    return instance.weights.travel[3 - min(3, int(level))]


class Case:
    """One plan before the slow judge."""

    def __init__(self, instance: Instance, plan: Plan) -> None:
        self.of = instance
        self.violations: list[Violation] = []
        self.cautions: list[Violation] = []
        triples = rows_of(plan.person, plan.shift, plan.kind)
        self.rows = []
        for row, (person, shift, kind) in enumerate(triples):
            if (
                0 <= person < len(instance.person_ids)
                and 0 <= shift < len(instance.shift_ids)
                and 0 <= kind < len(instance.kinds)
            ):
                self.rows.append((row, person, shift, kind))
            else:
                self.violations.append(
                    Violation("unknown", row=row, person=person, shift=shift, kind=kind)
                )
        self.locked = set()
        for lock in rows_of(instance.locked_person, instance.locked_shift, instance.locked_kind):
            same = [row for row, *triple in self.rows if tuple(triple) == lock]
            if same:
                self.locked.add(same[0])
            else:
                person, shift, kind = map(int, lock)
                self.violations.append(Violation("missing", person=person, shift=shift, kind=kind))

    def tell(self, fault: Violation, rows: list[int]) -> None:
        """Note a fault that these rows make."""
        (self.cautions if self.locked.issuperset(rows) else self.violations).append(fault)

    def rows_alone(self) -> None:
        """Judge each row by itself."""
        windows = defaultdict(list)
        columns = (self.of.window_person, self.of.window_start, self.of.window_end)
        for person, start, end in rows_of(*columns):
            windows[person].append((start, end))
        for row, person, shift, kind in self.rows:
            start, end = self.of.shift_start[shift], self.of.shift_end[shift]
            if not any(opens <= start and end <= shuts for opens, shuts in windows[person]):
                self.tell(Violation("outside", row, person, shift, kind=kind), [row])
            if distance(self.of, person, shift) < 0:
                self.tell(Violation("distance", row, person, shift, kind=kind), [row])

    def pairs(self) -> None:
        """Judge each pair of one person's rows."""
        start, end = self.of.shift_start, self.of.shift_end
        for one, two in combinations(self.rows, 2):
            if one[1] != two[1]:
                continue
            first, second = sorted((one, two), key=lambda row: (start[row[2]], row[2], row[0]))
            pause = int(start[second[2]] - end[first[2]])
            if pause >= self.of.rest:
                continue
            same = first[2] == second[2]
            rule = "twice" if same else "overlap" if pause < 0 else "rest"
            rows = [first[0], second[0]]
            self.tell(
                Violation(
                    rule,
                    min(rows),
                    one[1],
                    first[2],
                    second[2],
                    found=pause,
                    limit=self.of.rest,
                ),
                rows,
            )

    def crowds(self) -> None:
        """Judge what many rows do together: weeks, offices, needs."""
        weeks: Any = defaultdict(list)
        offices: Any = defaultdict(lambda: defaultdict(list))
        needs: Counter[tuple[int, int]] = Counter()
        filled = defaultdict(list)
        for shift, kind, count in rows_of(
            self.of.need_shift, self.of.need_kind, self.of.need_count
        ):
            needs[int(shift), int(kind)] += int(count)
        for row, person, shift, kind in self.rows:
            start, end = int(self.of.shift_start[shift]), int(self.of.shift_end[shift])
            weeks[person, (self.of.first_weekday + start // DAY) // 7].append(row)
            filled[shift, kind].append(row)
            for day in range(self.of.days):
                opens, closes = (day * DAY + hour for hour in self.of.office)
                if self.of.workday[day] and start < closes and end > opens:
                    offices[int(self.of.person_unit[person]), day][person].append(row)
        for (person, week), rows in weeks.items():
            self.crowd("week", rows, int(self.of.person_cap[person]), person=person, week=week)
        for (shift, kind), rows in filled.items():
            self.crowd("overfilled", rows, needs[shift, kind], shift=shift, kind=kind)
        for (unit, day), away in offices.items():
            # Who is away by a locked row is away by that row.
            rows = [min(rows, key=lambda row: row not in self.locked) for rows in away.values()]
            self.crowd("office", rows, int(self.of.unit_out[unit]), unit=unit, day=day)

    def crowd(self, rule: str, rows: list[int], limit: int, **where: int) -> None:
        """Note too many rows; the one named is the first that could be taken away."""
        if len(rows) > limit:
            row = min(rows, key=lambda row: (row in self.locked, row))
            self.tell(Violation(rule, row, found=len(rows), limit=limit, **where), rows)


def price_slowly(instance: Instance, plan: Plan) -> dict[str, int]:
    """Work out the cost of a plan in parts."""
    case, weights = Case(instance, plan), instance.weights
    parts = dict.fromkeys(("unfilled", "travel", "mismatch", "week", "unit", "kept"), 0)
    filled = Counter((shift, kind) for _, _, shift, kind in case.rows)
    for shift, kind, count in rows_of(instance.need_shift, instance.need_kind, instance.need_count):
        left = max(0, int(count) - filled[int(shift), int(kind)])
        parts["unfilled"] += left * weights.unfilled[kind]
    weeks: Counter[Any] = Counter()
    units: Counter[Any] = Counter()
    for _, person, shift, kind in case.rows:
        parts["travel"] += max(0, distance(instance, person, shift))
        asked = int(instance.kind_mask[kind])
        if asked and not asked & int(instance.person_mask[person]):
            parts["mismatch"] += weights.mismatch[kind]
        week = (instance.first_weekday + int(instance.shift_start[shift]) // DAY) // 7
        parts["week"] += weights.week[min(weeks[person, week], len(weights.week) - 1)]
        weeks[person, week] += 1
        unit = int(instance.person_unit[person])
        units[unit] += 1
        over, share = units[unit] - int(instance.unit_share[unit]), int(instance.unit_share[unit])
        if over > 0:
            within = [price for part, price in weights.unit if over <= int(part * share)]
            parts["unit"] += within[0] if within else weights.unit[-1][1]
    there = {(person, shift) for _, person, shift, _ in case.rows}
    for person, shift, bonus in rows_of(
        instance.kept_person, instance.kept_shift, instance.kept_bonus
    ):
        parts["kept"] += bonus if (person, shift) not in there else 0
    return parts
