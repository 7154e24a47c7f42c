"""An order and some days as the planner's question, and the planner's answer as people and shifts.

The number of statements does not depend on the size of the city. Rows are keyed by the database's
keys, so that an answer kept for a day still says who and where.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from django.db.models import Count

from groundwork.base import clock
from groundwork.base.days import calendar
from groundwork.duty.models import Need, Order, Post, Shift, UnitPart, Volunteer
from groundwork.duty.queries.columns import Spans, columns, cut, mask_of, prices
from groundwork.duty.queries.packing import Row
from groundwork.duty.rules.kinds import ATTRIBUTES, KINDS, OFFICE, REST_MINUTES, WANTS
from groundwork.duty.rules.posts import HOLDS
from groundwork.duty.rules.times import windows
from groundwork.duty.rules.weights import merged
from groundwork.duty.solver.instance import Instance, Ints, Plan
from groundwork.registry.models import Person, Place
from groundwork.registry.rules.people import EXPECTED

LEVELS = {level: number for number, level in enumerate(Place.Level.values)}
WEEK = timedelta(days=7)
GONE = ("declined", "swapped")  # whoever gave a shift away is not given it again


@dataclass(frozen=True)
class Question:
    """An instance, with what its rows are in the database, and what stands there already."""

    instance: Instance
    first: date  # midnight of this day is minute 0; a Monday before the days planned
    people: Ints
    shifts: Ints
    standing: Mapping[Row, int]  # unlocked posts in the days planned, by their key

    @cached_property
    def person_row(self) -> dict[int, int]:
        """Give the row of each person."""
        return {pk: row for row, pk in enumerate(self.people.tolist())}

    @cached_property
    def shift_row(self) -> dict[int, int]:
        """Give the row of each shift."""
        return {pk: row for row, pk in enumerate(self.shifts.tolist())}

    def knows(self, row: Row) -> bool:
        """Tell whether person and shift are still asked about, and the row is not locked."""
        person, shift = self.person_row.get(row[0]), self.shift_row.get(row[1])
        if person is None or shift is None:
            return False
        return (person, shift, KINDS.index(row[2])) not in self.locked

    @cached_property
    def locked(self) -> set[tuple[int, int, int]]:
        """Give the rows that stand as they are."""
        asked = self.instance
        return set(
            zip(
                asked.locked_person.tolist(),
                asked.locked_shift.tolist(),
                asked.locked_kind.tolist(),
                strict=True,
            )
        )

    @property
    def stands(self) -> Plan:
        """Give what stands already and may still change, as a plan."""
        rows = [
            (self.person_row[person], self.shift_row[shift], KINDS.index(kind))
            for person, shift, kind in self.standing
        ]
        person, shift, kind = columns(rows, 3)
        return Plan(person, shift, kind, 0, 0)

    def rows_of(self, plan: Plan) -> list[Row]:
        """Say a plan in the database's keys, without what was locked."""
        people, shifts = self.people.tolist(), self.shifts.tolist()
        triples = zip(plan.person.tolist(), plan.shift.tolist(), plan.kind.tolist(), strict=True)
        return [
            (people[p], shifts[s], KINDS[k]) for p, s, k in triples if (p, s, k) not in self.locked
        ]

    def plan_of(self, rows: Sequence[Row], *, cost: int = 0, bound: int = 0) -> Plan:
        """Make a plan of these rows, in this order, and then of what is locked."""
        said = [(self.person_row[p], self.shift_row[s], KINDS.index(k)) for p, s, k in rows]
        columns = np.array([*said, *sorted(self.locked)], np.int64).reshape(-1, 3).T
        return Plan(columns[0].copy(), columns[1].copy(), columns[2].copy(), cost, bound)


def question(
    order: Order,
    first_day: date,
    days: int,
    weights: Mapping[str, Any],
    *,
    at: datetime,
) -> Question:
    """Ask who should stand the shifts of an order that begin in some days and after `at`.

    Locked is what a person confirmed, chose, took in a swap or stands, and whatever lies around
    the days: the week's cap and the rest before and after count it. What was only told earns the
    bonus `keep` when it stays.
    """
    return _Builder(order, first_day, days, merged(weights), at).build()


class _Builder:
    """The parts of one question, each read in one statement."""

    def __init__(
        self, order: Order, first_day: date, days: int, weights: dict[str, Any], at: datetime
    ) -> None:
        self.order, self.weights, self.at = order, weights, at
        self.first_day, self.last_day = first_day, first_day + timedelta(days=days - 1)
        before = first_day - timedelta(days=1)
        self.first = before - timedelta(days=before.weekday())
        after = self.last_day + timedelta(days=1)
        self.days = (after + timedelta(days=6 - after.weekday()) - self.first).days + 1
        self.midnight = clock.local(self.first, datetime.min.time())

    def minute(self, moment: datetime) -> int:
        """Give a moment in minutes from the first midnight."""
        return int((moment - self.midnight).total_seconds() // 60)

    def build(self) -> Question:
        self._read_places()
        self._read_shifts()
        self._read_posts()
        self._read_people()
        self._read_elsewhere()
        self._read_needs()
        self._read_units()
        return Question(
            self._instance(),
            self.first,
            np.array(self.people, np.int64),
            np.array(self.shifts, np.int64),
            {(p, s, k): pk for pk, p, s, k in self.kept},
        )

    # ---- reading ---------------------------------------------------------------------------------
    def _read_places(self) -> None:
        """Read the tree under the root of the order's place, the root first."""
        root = self.order.place.path[: Place.steplen]
        rows = Place.objects.filter(path__startswith=root).order_by("path")
        found = list(rows.values_list("pk", "path", "level"))
        at = {path: row for row, (_pk, path, _level) in enumerate(found)}
        self.place_ids = [pk for pk, _path, _level in found]
        self.place_row = {pk: row for row, pk in enumerate(self.place_ids)}
        self.parents = [at.get(path[: -Place.steplen], -1) for _pk, path, _level in found]
        self.levels = [LEVELS[level] for _pk, _path, level in found]

    def _read_shifts(self) -> None:
        """Read the shifts of all days; those of the days planned that have not begun are open."""
        last = self.first + timedelta(days=self.days)
        rows = Shift.objects.filter(order=self.order, called_off_at=None, day__gte=self.first)
        rows = rows.filter(day__lt=last).order_by("starts_at", "pk")
        self.shifts: list[int] = []
        self.gates: dict[int, int] = {}
        self.gate_place: list[int] = []
        self.shift_gate: list[int] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.open: set[int] = set()
        for pk, gate, place, day, start, end in rows.values_list(
            "pk", "gate_id", "place_id", "day", "starts_at", "ends_at"
        ):
            if gate not in self.gates:
                self.gates[gate] = len(self.gates)
                self.gate_place.append(self.place_row.get(place, 0))
            if self.first_day <= day <= self.last_day and start > self.at:
                self.open.add(pk)
            self.shifts.append(pk)
            self.shift_gate.append(self.gates[gate])
            self.starts.append(self.minute(start))
            self.ends.append(self.minute(end))
        self.row_of = {pk: row for row, pk in enumerate(self.shifts)}

    def _of_all_days(self) -> dict[str, Any]:
        last = self.first + timedelta(days=self.days)
        return {"shift__day__gte": self.first, "shift__day__lt": last}

    def _read_posts(self) -> None:
        """Part the posts into those that stand as they are and those that may still change."""
        rows = Post.objects.filter(
            shift__order=self.order, shift__called_off_at=None, state__in=HOLDS
        ).filter(**self._of_all_days())
        self.locked: list[Row] = []
        self.kept: list[tuple[int, int, int, str]] = []
        for pk, person, shift, kind, state, source in rows.order_by("pk").values_list(
            "pk", "person_id", "shift_id", "kind", "state", "source"
        ):
            told = state == "planned" and source in (Post.Source.PLAN, Post.Source.FILL)
            if shift in self.open and told:
                self.kept.append((pk, person, shift, kind))
            else:
                self.locked.append((person, shift, kind))

    def _read_people(self) -> None:
        """Read those called up, and those who stand a shift without having been."""
        experienced = set(
            Post.objects.filter(state__in=("stood", "approved"))
            .order_by()
            .values_list("person_id", flat=True)
            .distinct()
        )
        self.people: list[int] = []
        self.homes: list[int] = []
        self.units: list[int] = []
        self.masks: list[int] = []
        self.caps: list[int] = []
        self.spans: list[Spans] = []
        cache: dict[str, Spans] = {}
        called = Volunteer.objects.filter(
            order=self.order, excused_at=None, held_at=None, person__status__in=EXPECTED
        )
        for person, unit, times, cap, skills, party, home, away in called.order_by(
            "pk"
        ).values_list(
            "person_id",
            "unit_id",
            "times",
            "cap",
            "skills",
            "person__party_member",
            "person__home_community_id",
            "unit__place_id",
        ):
            key = repr(times)
            if key not in cache:
                cache[key] = list(windows(times, self.first, self.days))
            has = {"party": party, "experienced": person in experienced}
            self._add(person, unit, home or away, mask_of(has, skills), cap, cache[key])
        known = set(self.people)
        others = {person for person, _shift, _kind in self.locked} - known
        others |= {person for _pk, person, _shift, _kind in self.kept} - known
        self._read_others(others, experienced)

    def _read_others(self, others: set[int], experienced: set[int]) -> None:
        """Read who stands a shift and is not called up (any more); they are asked for nothing."""
        ids = sorted(others)
        for start in range(0, max(1, len(ids)), 5000):
            rows = Person.objects.filter(pk__in=ids[start : start + 5000]).order_by("pk")
            for person, unit, party, home, away in rows.values_list(
                "pk", "unit_id", "party_member", "home_community_id", "unit__place_id"
            ):
                has = {"party": party, "experienced": person in experienced}
                self._add(person, unit, home or away, mask_of(has, ()), 0, [])

    def _add(
        self, person: int, unit: int, home: int | None, mask: int, cap: int, spans: Spans
    ) -> None:
        self.people.append(person)
        self.units.append(unit)
        self.homes.append(self.place_row.get(home, 0) if home is not None else 0)
        self.masks.append(mask)
        self.caps.append(cap)
        self.spans.append(spans)

    def _read_elsewhere(self) -> None:
        """Cut out of people's times what they stand under other orders, and what they gave away."""
        cuts: dict[int, Spans] = defaultdict(list)
        rows = Post.objects.filter(**self._of_all_days())
        own = rows.filter(shift__order=self.order, state__in=GONE)
        for person, start, end in own.values_list(
            "person_id", "shift__starts_at", "shift__ends_at"
        ):
            cuts[person].append((self.minute(start), self.minute(end)))
        called = Volunteer.objects.filter(order=self.order).values("person")
        other = rows.exclude(shift__order=self.order).filter(state__in=HOLDS, person__in=called)
        for person, start, end in other.values_list(
            "person_id", "shift__starts_at", "shift__ends_at"
        ):
            cuts[person].append(
                (self.minute(start) - REST_MINUTES, self.minute(end) + REST_MINUTES)
            )
        for row, person in enumerate(self.people):
            if person in cuts:
                self.spans[row] = cut(self.spans[row], cuts[person])

    def _read_needs(self) -> None:
        """Read what open shifts ask for; the others ask for just those who stand them."""
        self.needs: list[tuple[int, int, int]] = []
        rows = Need.objects.filter(
            shift__order=self.order,
            shift__called_off_at=None,
            shift__day__gte=self.first_day,
            shift__day__lte=self.last_day,
            shift__starts_at__gt=self.at,
        )
        for shift, kind, count in rows.order_by("pk").values_list("shift_id", "kind", "count"):
            if shift in self.row_of:
                self.needs.append((self.row_of[shift], KINDS.index(kind), count))
        around: dict[tuple[int, int], int] = defaultdict(int)
        for _person, shift, kind in self.locked:
            if shift not in self.open:
                around[self.row_of[shift], KINDS.index(kind)] += 1
        self.needs += [(shift, kind, count) for (shift, kind), count in around.items()]

    def _read_units(self) -> None:
        """Read how many of each unit may be away, and share all slots out by what people offer."""
        ids = sorted(set(self.units))
        self.unit_ids = ids
        self.unit_row = {pk: row for row, pk in enumerate(ids)}
        stays = dict(UnitPart.objects.filter(order=self.order).values_list("unit_id", "stay"))
        held = [pk for pk in stays if pk in self.unit_row]
        size = office_sizes(held)
        self.unit_out = [
            max(0, size.get(pk, 0) - stays[pk]) if pk in stays else len(self.people) for pk in ids
        ]

    # ---- the arrays ------------------------------------------------------------------------------
    def _instance(self) -> Instance:
        workdays = calendar()
        days = [self.first + timedelta(days=n) for n in range(self.days)]
        needs = columns(self.needs, 3)
        return Instance(
            days=self.days,
            first_weekday=0,
            attributes=ATTRIBUTES,
            kinds=KINDS,
            weights=prices(self.weights),
            rest=REST_MINUTES,
            office=OFFICE,
            workday=np.array([workdays.is_working(day) for day in days], bool),
            place_ids=tuple(map(str, self.place_ids)),
            place_parent=np.array(self.parents, np.int64),
            place_level=np.array(self.levels, np.int64),
            gate_ids=tuple(map(str, self.gates)),
            gate_place=np.array(self.gate_place, np.int64),
            shift_ids=tuple(map(str, self.shifts)),
            shift_gate=np.array(self.shift_gate, np.int64),
            shift_start=np.array(self.starts, np.int64),
            shift_end=np.array(self.ends, np.int64),
            need_shift=needs[0],
            need_kind=needs[1],
            need_count=needs[2],
            kind_mask=np.array([mask_of(dict.fromkeys(WANTS[kind], True), ()) for kind in KINDS]),
            **self._people_arrays(int(needs[2].sum())),
            **self._standing_arrays(),
        )

    def _people_arrays(self, slots: int) -> dict[str, Any]:
        """Give the columns of people, their units and their times."""
        counts = [len(spans) for spans in self.spans]
        spans = columns([span for row in self.spans for span in row], 2)
        units = np.array([self.unit_row[pk] for pk in self.units], np.int64)
        offered = np.bincount(units, self.caps, minlength=len(self.unit_ids)).astype(np.int64)
        return {
            "unit_ids": tuple(map(str, self.unit_ids)),
            "unit_out": np.array(self.unit_out, np.int64),
            "unit_share": -(-slots * offered // max(1, int(offered.sum()))),
            "person_ids": tuple(map(str, self.people)),
            "person_place": np.array(self.homes, np.int64),
            "person_unit": units,
            "person_mask": np.array(self.masks, np.int64),
            "person_cap": np.array(self.caps, np.int64),
            "window_person": np.repeat(np.arange(len(counts)), counts).astype(np.int64),
            "window_start": spans[0],
            "window_end": spans[1],
        }

    def _standing_arrays(self) -> dict[str, Any]:
        """Give the columns of what stands already: what may move at a price, and what may not."""
        row = {pk: row for row, pk in enumerate(self.people)}
        kept = columns([(row[p], self.row_of[s]) for _pk, p, s, _k in self.kept], 2)
        locked = columns([(row[p], self.row_of[s], KINDS.index(k)) for p, s, k in self.locked], 3)
        return {
            "kept_person": kept[0],
            "kept_shift": kept[1],
            "kept_bonus": np.full(len(kept[0]), int(self.weights["keep"]), np.int64),
            "locked_person": locked[0],
            "locked_shift": locked[1],
            "locked_kind": locked[2],
        }


def office_sizes(units: Sequence[int]) -> dict[int, int]:
    """Count who works in each of these units."""
    rows = Person.objects.filter(unit__in=units, status__in=EXPECTED).order_by()
    return dict(rows.values_list("unit_id").annotate(n=Count("pk")))
