"""Judge a plan: every rule broken, and what the plan truly costs.

Written apart from the solver, on purpose and without its helpers, so that a fault there is seen
here. A rule broken by locked rows alone is a caution: they stand as they are. As soon as a planned
row has a part in it, it is a violation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from groundwork.duty.solver.cost import Rows, open_slots, parts_of, travel_prices, week_of
from groundwork.duty.solver.instance import DAY, Bools, Instance, Ints, Plan

UNKNOWN = "unknown"  # a row names a person, shift or kind that is not in the instance
TWICE = "twice"  # a person stands one shift in two rows
OVERLAP = "overlap"  # two shifts of a person at the same time
REST = "rest"  # too little rest between two shifts of a person
OUTSIDE = "outside"  # the person did not say that they can
WEEK = "week"  # more shifts in a week than the person allows
OFFICE = "office"  # more of a unit away in office hours than it can spare
OVERFILLED = "overfilled"  # more people of a kind than the shift needs
DISTANCE = "distance"  # further than anybody is sent
MISSING = "missing"  # a locked row is not in the plan
COST = "cost"  # the stated cost is not what the plan costs
BOUND = "bound"  # the stated bound is above the cost: it proves nothing


class Violation(NamedTuple):
    """One breach, as a code and indexes into the instance; -1 where an index says nothing.

    `row` is the first plan row that takes part. `found` is what there was where the rule allows
    `limit`; for rest both are minutes.
    """

    rule: str
    row: int = -1
    person: int = -1
    shift: int = -1
    other: int = -1
    kind: int = -1
    unit: int = -1
    day: int = -1
    week: int = -1
    found: int = 0
    limit: int = 0


@dataclass(frozen=True)
class Verdict:
    """What the judge found: breaches, cautions, and the cost with its parts."""

    violations: tuple[Violation, ...]
    cautions: tuple[Violation, ...]
    parts: dict[str, int]
    unfilled: int
    slots: int
    cost: int

    @property
    def good(self) -> bool:
        """Tell whether the plan may be published."""
        return not self.violations


class _Docket:
    """The case: what is judged, and what was found so far."""

    def __init__(self, instance: Instance, rows: Rows) -> None:
        self.instance = instance
        self.rows = rows
        self.violations: list[Violation] = []
        self.cautions: list[Violation] = []

    def tell(self, rules: str | list[str], by_locked: Bools, **columns: Ints) -> None:
        """Note faults, one per place of the columns; a caution where only locked rows took part."""
        size = len(by_locked)
        said = {name: column.tolist() for name, column in columns.items()}
        names = [rules] * size if isinstance(rules, str) else rules
        silent = Violation("")._asdict() | {"rule": names}
        whole = [
            said.get(name, value if isinstance(value, list) else [value] * size)
            for name, value in silent.items()
        ]
        for locked, values in zip(by_locked.tolist(), zip(*whole, strict=True), strict=True):
            (self.cautions if locked else self.violations).append(Violation._make(values))

    def tell_rows(self, rule: str, broken: Bools) -> None:
        """Note a fault of single rows."""
        rows = self.rows
        at = np.flatnonzero(broken)
        self.tell(
            rule,
            rows.locked[at],
            row=rows.row[at],
            person=rows.person[at],
            shift=rows.shift[at],
            kind=rows.kind[at],
        )


def judge(instance: Instance, plan: Plan) -> Verdict:
    """Check every rule of `instance` on `plan` and work out the cost anew."""
    known = _known(instance, plan)
    rows = _rows(instance, plan, known)
    docket = _Docket(instance, rows)
    unknown = ~known
    docket.tell(
        UNKNOWN,
        np.zeros(int(unknown.sum()), bool),
        row=np.flatnonzero(unknown),
        person=plan.person[unknown],
        shift=plan.shift[unknown],
        kind=plan.kind[unknown],
    )
    for check in (_pairs, _windows, _weeks, _office, _needs, _missing):
        check(docket)
    docket.tell_rows(DISTANCE, travel_prices(instance, rows) < 0)
    parts = parts_of(instance, rows)
    cost = sum(parts.values())
    if plan.cost != cost:
        docket.violations.append(Violation(COST, found=int(plan.cost), limit=cost))
    if plan.bound > cost:
        docket.violations.append(Violation(BOUND, found=int(plan.bound), limit=cost))
    return Verdict(
        violations=tuple(sorted(docket.violations)),
        cautions=tuple(sorted(docket.cautions)),
        parts=parts,
        unfilled=int(open_slots(instance, rows).sum()),
        slots=int(instance.need_count.sum()),
        cost=cost,
    )


def _known(instance: Instance, plan: Plan) -> Bools:
    """Tell the rows that name a person, a shift and a kind of the instance."""
    known = np.ones(len(plan.person), bool)
    for column, size in (
        (plan.person, len(instance.person_ids)),
        (plan.shift, len(instance.shift_ids)),
        (plan.kind, len(instance.kinds)),
    ):
        known &= (column >= 0) & (column < size)
    return known


def _rows(instance: Instance, plan: Plan, known: Bools) -> Rows:
    """Sort the known rows by person and start, and tell which are the locked ones."""
    at = np.flatnonzero(known)
    start = instance.shift_start[plan.shift[at]]
    at = at[np.lexsort((at, plan.shift[at], start, plan.person[at]))]
    person, shift, kind = plan.person[at], plan.shift[at], plan.kind[at]
    locked = np.zeros(len(at), bool)
    # Of two rows that are the same, one is the locked one and the other is too many.
    keys, first = np.unique(_triples(instance, person, shift, kind), return_index=True)
    locked[first[np.isin(keys, _locked_triples(instance))]] = True
    start, end = instance.shift_start[shift], instance.shift_end[shift]
    return Rows(at, person, shift, kind, start, end, locked)


def _triples(instance: Instance, person: Ints, shift: Ints, kind: Ints) -> Ints:
    """Make one number of person, shift and kind."""
    key: Ints = (person * len(instance.shift_ids) + shift) * len(instance.kinds) + kind
    return key


def _locked_triples(instance: Instance) -> Ints:
    """Make one number of each locked row."""
    return _triples(instance, instance.locked_person, instance.locked_shift, instance.locked_kind)


def _pairs(docket: _Docket) -> None:
    """Find pairs of a person's rows that overlap or leave too little rest.

    Rows are sorted by start, so a row's conflict with the one `step` further implies all nearer.
    """
    rows, rest = docket.rows, docket.instance.rest
    for step in range(1, len(rows.person)):
        near = rows.person[step:] == rows.person[:-step]
        near &= rows.start[step:] < rows.end[:-step] + rest
        first = np.flatnonzero(near)
        if not len(first):
            return
        second = first + step
        pause = rows.start[second] - rows.end[first]
        same = rows.shift[first] == rows.shift[second]
        docket.tell(
            np.where(same, TWICE, np.where(pause < 0, OVERLAP, REST)).tolist(),
            rows.locked[first] & rows.locked[second],
            row=np.minimum(rows.row[first], rows.row[second]),
            person=rows.person[first],
            shift=rows.shift[first],
            other=rows.shift[second],
            found=pause,
            limit=np.full(len(first), rest),
        )


def _windows(docket: _Docket) -> None:
    """Find rows that lie in none of the person's windows.

    Of a person's windows that begin in time, the one that ends last covers the shift if any does.
    """
    rows, instance = docket.rows, docket.instance
    order = np.lexsort((instance.window_start, instance.window_person))
    who = instance.window_person[order]
    start, end = instance.window_start[order], instance.window_end[order]
    edges = np.concatenate([start, end, rows.start, rows.end, np.zeros(1, np.int64)])
    lowest, reach = int(edges.min()), int(edges.max() - edges.min()) + 1
    # Numbers of one person lie above all those of the persons before.
    begun = np.searchsorted(
        who * reach + (start - lowest), rows.person * reach + (rows.start - lowest), side="right"
    )
    latest = np.concatenate([np.full(1, -1), np.maximum.accumulate(who * reach + (end - lowest))])
    docket.tell_rows(OUTSIDE, latest[begun] < rows.person * reach + (rows.end - lowest))


def _groups(key: Ints, locked: Bools, row: Ints) -> tuple[Ints, Ints, Bools, Ints]:
    """Count rows by key: the keys, how many each, whether all are locked, the first row.

    The first row is a planned one where there is one: that is the row to take away.
    """
    order = np.lexsort((row, locked, key))
    keys, first, counts = np.unique(key[order], return_index=True, return_counts=True)
    return keys, counts, locked[order][first], row[order][first]


def _weeks(docket: _Docket) -> None:
    """Find people with more shifts in a week than they allow."""
    rows = docket.rows
    week, weeks = week_of(docket.instance, rows)
    keys, counts, by_locked, row = _groups(rows.person * weeks + week, rows.locked, rows.row)
    limit = docket.instance.person_cap[keys // weeks]
    over = counts > limit
    docket.tell(
        WEEK,
        by_locked[over],
        row=row[over],
        person=keys[over] // weeks,
        week=keys[over] % weeks,
        found=counts[over],
        limit=limit[over],
    )


def _away(docket: _Docket) -> tuple[Ints, Ints]:
    """List place and day of every row that takes a person out of a working day's office hours."""
    instance, rows = docket.instance, docket.rows
    opens, closes = instance.office
    first, last = rows.start // DAY, (rows.end - 1) // DAY
    at, days = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for more in range(int((last - first).max()) + 1 if len(first) else 0):
        day = first + more
        meets = (rows.start < day * DAY + closes) & (rows.end > day * DAY + opens)
        meets &= (day <= last) & (day >= 0) & (day < instance.days)
        meets[meets] = instance.workday[day[meets]]
        at.append(np.flatnonzero(meets))
        days.append(day[meets])
    return np.concatenate(at), np.concatenate(days)


def _office(docket: _Docket) -> None:
    """Find units of which more people are away in office hours than they can spare.

    A person counts once a day; who is away by a locked row is not away by the planner.
    """
    instance, rows, days = docket.instance, docket.rows, docket.instance.days
    at, day = _away(docket)
    order = np.lexsort((rows.row[at], ~rows.locked[at]))
    at, day = at[order], day[order]
    once = np.unique(rows.person[at] * days + day, return_index=True)[1]
    at, day = at[once], day[once]
    unit = instance.person_unit[rows.person[at]]
    keys, counts, by_locked, row = _groups(unit * days + day, rows.locked[at], rows.row[at])
    limit = instance.unit_out[keys // days]
    over = counts > limit
    docket.tell(
        OFFICE,
        by_locked[over],
        row=row[over],
        unit=keys[over] // days,
        day=keys[over] % days,
        found=counts[over],
        limit=limit[over],
    )


def _needs(docket: _Docket) -> None:
    """Find shifts that got more people of a kind than they need."""
    instance, rows, kinds = docket.instance, docket.rows, len(docket.instance.kinds)
    wanted = np.zeros((len(instance.shift_ids), kinds), np.int64)
    np.add.at(wanted, (instance.need_shift, instance.need_kind), instance.need_count)
    keys, counts, by_locked, row = _groups(rows.shift * kinds + rows.kind, rows.locked, rows.row)
    limit = wanted.ravel()[keys]
    over = counts > limit
    docket.tell(
        OVERFILLED,
        by_locked[over],
        row=row[over],
        shift=keys[over] // kinds,
        kind=keys[over] % kinds,
        found=counts[over],
        limit=limit[over],
    )


def _missing(docket: _Docket) -> None:
    """Find locked rows that the plan left out."""
    instance, rows = docket.instance, docket.rows
    planned = _triples(instance, rows.person, rows.shift, rows.kind)
    gone = ~np.isin(_locked_triples(instance), planned)
    docket.tell(
        MISSING,
        np.zeros(int(gone.sum()), bool),
        person=instance.locked_person[gone],
        shift=instance.locked_shift[gone],
        kind=instance.locked_kind[gone],
    )
