"""Turn a roster file's shapes into an instance, refusing nonsense with its JSON path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np

from groundwork.duty.solver import shapes, times
from groundwork.duty.solver.instance import (
    DAY,
    Bools,
    Instance,
    Ints,
    Weights,
    fair_shares,
)
from groundwork.duty.solver.refusal import Nonsense

FURTHER = ("township", "district", "city")
LEVELS = {"city": 0, "district": 1, "township": 2, "community": 3, "cell": 4}
Path = Callable[[int], str]


def instance_of(roster: shapes.Roster) -> tuple[Instance, date]:
    """Read a roster's rows and its first day, or raise Nonsense at the first fault."""
    first_day = times.day(roster.first_day, "$.first_day")
    kinds = _index([kind.id for kind in roster.kinds], "$.kinds")
    attributes = _index(roster.attributes, "$.attributes", "")
    places = _index([place.id for place in roster.places], "$.places")
    people = _index([person.id for person in roster.people], "$.people")
    gates = _index([gate.id for gate in roster.gates], "$.gates")
    parent, level = _tree(roster.places, places)
    shifts = _Shifts(roster, gates, kinds, first_day)
    asked = [kind.any_of for kind in roster.kinds]
    instance = Instance(
        days=roster.days,
        first_weekday=first_day.weekday(),
        attributes=tuple(roster.attributes),
        kinds=tuple(kinds),
        weights=_weights(roster),
        rest=roster.rest_minutes,
        office=_office(roster.office),
        workday=_workdays(roster, first_day),
        place_ids=tuple(places),
        place_parent=parent,
        place_level=level,
        person_ids=tuple(people),
        **_people(roster, places, attributes, int(shifts.counts.sum())),
        **_windows(roster.people, first_day),
        gate_ids=tuple(gates),
        gate_place=_find([gate.place for gate in roster.gates], places, "$.gates[%d].place"),
        **shifts.rows,
        kind_mask=_masks(asked, attributes, "$.kinds[%d].any_of[%d]"),
        **_kept(roster, people, shifts),
        **_locked(roster, people, shifts, kinds),
    )
    return instance, first_day


def _people(
    roster: shapes.Roster, places: dict[str, int], attributes: dict[str, int], slots: int
) -> dict[str, Any]:
    """Read who can be asked and who releases them; fair shares follow from all caps."""
    units = _index([unit.id for unit in roster.units], "$.units")
    unit = _find([person.unit for person in roster.people], units, "$.people[%d].unit")
    cap = np.array([person.weekly_cap for person in roster.people], np.int64)
    said = [person.attributes for person in roster.people]
    size = np.bincount(unit, minlength=len(units))
    capacity = np.bincount(unit, cap, minlength=len(units)).astype(np.int64)
    return {
        "unit_ids": tuple(units),
        "unit_out": _out(roster.units, size),
        "unit_share": _shares(roster.units, fair_shares(slots, capacity)),
        "person_place": _find([p.place for p in roster.people], places, "$.people[%d].place"),
        "person_unit": unit,
        "person_mask": _masks(said, attributes, "$.people[%d].attributes[%d]"),
        "person_cap": cap,
    }


def _index(names: Sequence[str], path: str, field: str = ".id") -> dict[str, int]:
    """Number names that must not repeat."""
    index = {name: row for row, name in enumerate(names)}
    if len(index) < len(names):
        seen: set[str] = set()
        for row, name in enumerate(names):
            if name in seen:
                raise Nonsense(f"{path}[{row}]{field}", "twice", name=name)
            seen.add(name)
    return index


def _find(names: Sequence[str], index: dict[str, int], path: str) -> Ints:
    """Turn names into their rows."""
    try:
        return np.fromiter((index[name] for name in names), np.int64, len(names))
    except KeyError:
        row, name = next((row, name) for row, name in enumerate(names) if name not in index)
        raise Nonsense(path % row, "nothing", name=name) from None


def _masks(said: Sequence[list[str]], index: dict[str, int], path: str) -> Ints:
    """Turn lists of attributes into bits."""
    masks = np.zeros(len(said), np.int64)
    for row, names in enumerate(said):
        for at, name in enumerate(names):
            if name not in index:
                raise Nonsense(path % (row, at), "nothing", name=name)
            masks[row] |= 1 << index[name]
    return masks


def _tree(places: Sequence[shapes.Place], index: dict[str, int]) -> tuple[Ints, Ints]:
    """Read the tree: the city first, everybody else below somebody of a higher level."""
    level = np.array([LEVELS[place.level] for place in places], np.int64)
    if places[0].parent is not None or level[0]:
        raise Nonsense("$.places[0]", "first_place")
    parent = np.full(len(places), -1, np.int64)
    for row, place in enumerate(places[1:], 1):
        if not level[row]:
            raise Nonsense(f"$.places[{row}].level", "only_city")
        if place.parent is None:
            raise Nonsense(f"$.places[{row}].parent", "no_parent")
        if place.parent not in index:
            raise Nonsense(f"$.places[{row}].parent", "nothing", name=place.parent)
        parent[row] = index[place.parent]
    wrong = level[1:] <= level[parent[1:]]
    if wrong.any():
        raise Nonsense(f"$.places[{int(np.argmax(wrong)) + 1}].level", "level")
    stray = (level == LEVELS["cell"]) & (level[parent] != LEVELS["community"])
    if stray.any():
        raise Nonsense(f"$.places[{int(np.argmax(stray))}].parent", "stray_cell")
    return parent, level


def _weights(roster: shapes.Roster) -> Weights:
    """Read the prices; they must not fall, the solver relies on it."""
    weights, travel = roster.weights, roster.weights.travel
    _rising(weights.week, "$.weights.week[%d]")
    _rising([step.price for step in weights.unit], "$.weights.unit[%d].price")
    _rising([step.up_to for step in weights.unit], "$.weights.unit[%d].up_to")
    distances = (travel.community, travel.township, travel.district, travel.city)
    for name, nearer, price in zip(FURTHER, distances, distances[1:], strict=False):
        if price is not None and (nearer is None or price < nearer):
            raise Nonsense(f"$.weights.travel.{name}", "falls")
    near, township, district, city = (-1 if price is None else price for price in distances)
    return Weights(
        unfilled=tuple(kind.unfilled for kind in roster.kinds),
        mismatch=tuple(kind.mismatch for kind in roster.kinds),
        travel=(near, township, district, city),
        week=tuple(weights.week),
        unit=tuple((step.up_to, step.price) for step in weights.unit),
    )


def _rising(prices: Sequence[float], path: str) -> None:
    """Refuse a price below the one before."""
    for row, (price, before) in enumerate(zip(prices[1:], prices, strict=False), 1):
        if price < before:
            raise Nonsense(path % row, "falls")


def _office(office: shapes.Office) -> tuple[int, int]:
    """Read the office hours."""
    start = times.hour(office.start, "$.office.start")
    end = times.hour(office.end, "$.office.end")
    if end < start:
        raise Nonsense("$.office.end", "backwards")
    return start, end


def _workdays(roster: shapes.Roster, first_day: date) -> Bools:
    """Tell the working days: those given, or Monday to Friday."""
    given = roster.office.working_days
    if given is None:
        return (np.arange(roster.days) + first_day.weekday()) % 7 < 5
    works = np.zeros(roster.days, bool)
    for row, text in enumerate(given):
        path = f"$.office.working_days[{row}]"
        day = (times.day(text, path) - first_day).days
        if not 0 <= day < roster.days:
            raise Nonsense(path, "off_calendar")
        works[day] = True
    return works


def _out(units: Sequence[shapes.Unit], size: Ints) -> Ints:
    """Work out how many of each unit may be away: its staff less those who must stay."""
    out = np.zeros(len(units), np.int64)
    for row, unit in enumerate(units):
        staff = int(size[row]) if unit.staff is None else unit.staff
        if staff < size[row]:
            raise Nonsense(f"$.units[{row}].staff", "staff")
        out[row] = max(0, staff - unit.min_in_office)
    return out


def _shares(units: Sequence[shapes.Unit], fair: Ints) -> Ints:
    """Take the shares that are given, and the fair ones for the rest."""
    given = [
        fair_share if unit.fair_share is None else unit.fair_share
        for unit, fair_share in zip(units, fair.tolist(), strict=True)
    ]
    return np.array(given, np.int64)


def _spans(lists: Iterable[Sequence[shapes.Span]], first_day: date, path: str) -> tuple[Ints, ...]:
    """Read all spans of all rows: whose, start, end."""
    whole = list(lists)
    sizes = np.array([len(spans) for spans in whole], np.int64)
    owner = np.repeat(np.arange(len(whole)), sizes)
    begins = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])

    def at(field: str) -> Path:
        return lambda row: f"{path % (owner[row], row - begins[owner[row]])}.{field}"

    start = times.minutes([s.start for spans in whole for s in spans], first_day, at("start"))
    end = times.minutes([s.end for spans in whole for s in spans], first_day, at("end"))
    wrong = end <= start
    if wrong.any():
        raise Nonsense(at("end")(int(np.argmax(wrong))), "backwards")
    return owner, start, end


def _windows(people: Sequence[shapes.Person], first_day: date) -> dict[str, Any]:
    """Read when people can, joining windows that touch or overlap."""
    spans = _spans((person.windows for person in people), first_day, "$.people[%d].windows[%d]")
    names = ("window_person", "window_start", "window_end")
    if not len(spans[0]):
        return dict(zip(names, spans, strict=True))
    order = np.lexsort((spans[1], spans[0]))
    owner, start, end = (column[order] for column in spans)
    lowest = int(start.min())
    reach = int(end.max()) - lowest + 1
    latest = np.maximum.accumulate(owner * reach + end - lowest)
    opens = np.ones(len(owner), bool)
    opens[1:] = (owner[1:] != owner[:-1]) | (owner[1:] * reach + start[1:] - lowest > latest[:-1])
    first = np.flatnonzero(opens)
    last = np.append(first[1:], len(owner)) - 1
    until = latest[last] - owner[first] * reach + lowest
    return dict(zip(names, (owner[first], start[first], until), strict=True))


def _at(side: str) -> Path:
    """Say where the n-th shift has its start or end."""
    return lambda row: f"$.shifts[{row}].{side}"


class _Shifts:
    """The shifts that are open, as columns; those of closed gates are left out."""

    def __init__(
        self,
        roster: shapes.Roster,
        gates: dict[str, int],
        kinds: dict[str, int],
        first_day: date,
    ) -> None:
        shifts = roster.shifts
        self.every = _index([shift.id for shift in shifts], "$.shifts")
        gate = _find([shift.gate for shift in shifts], gates, "$.shifts[%d].gate")
        start, end = self._hours(roster, first_day)
        self.open = self._open(roster, gate, start, end, first_day)
        self.row = np.cumsum(self.open) - 1
        self.ids = tuple(shift.id for shift, opens in zip(shifts, self.open, strict=True) if opens)
        self.gate, self.start, self.end = gate[self.open], start[self.open], end[self.open]
        needs = [
            (row, kind, count)
            for row, shift in enumerate(shifts)
            for kind, count in shift.needs.items()
        ]
        shift_at = np.array([row for row, _, _ in needs], np.int64)
        kind = _needed([kind for _, kind, _ in needs], shift_at, kinds)
        count = np.array([count for _, _, count in needs], np.int64)
        wanted = np.flatnonzero((count > 0) & self.open[shift_at])
        self.need_shift = self.row[shift_at[wanted]]
        self.need_kind, self.counts = kind[wanted], count[wanted]
        if int(self.counts.sum()) > shapes.MOST_SLOTS:
            raise Nonsense(
                "$.shifts",
                "too_many_slots",
                got=int(self.counts.sum()),
                limit=shapes.MOST_SLOTS,
            )

    @property
    def rows(self) -> dict[str, Any]:
        """Give the columns of the instance."""
        return {
            "shift_ids": self.ids,
            "shift_gate": self.gate,
            "shift_start": self.start,
            "shift_end": self.end,
            "need_shift": self.need_shift,
            "need_kind": self.need_kind,
            "need_count": self.counts,
        }

    def _hours(self, roster: shapes.Roster, first_day: date) -> tuple[Ints, Ints]:
        """Read when shifts are, each within the plan and no longer than a day."""
        start = times.minutes([s.start for s in roster.shifts], first_day, _at("start"))
        end = times.minutes([s.end for s in roster.shifts], first_day, _at("end"))
        for wrong, field, fault in (
            ((start < 0) | (start >= roster.days * DAY), "start", "off_calendar"),
            (end <= start, "end", "backwards"),
            (end - start > shapes.LONGEST_SHIFT * 60, "end", "too_long"),
        ):
            if wrong.any():
                raise Nonsense(_at(field)(int(np.argmax(wrong))), fault, limit=shapes.LONGEST_SHIFT)
        return start, end

    def _open(
        self, roster: shapes.Roster, gate: Ints, start: Ints, end: Ints, first_day: date
    ) -> Bools:
        """Tell the shifts that meet no closed period of their gate."""
        stays = np.ones(len(gate), bool)
        closed = _spans((g.closed for g in roster.gates), first_day, "$.gates[%d].closed[%d]")
        order = np.argsort(gate, kind="stable")
        for owner, shuts, opens in zip(*(column.tolist() for column in closed), strict=True):
            low, high = np.searchsorted(gate[order], [owner, owner + 1])
            here = order[low:high]
            stays[here] &= (end[here] <= shuts) | (start[here] >= opens)
        return stays


def _needed(names: Sequence[str], shift_at: Ints, kinds: dict[str, int]) -> Ints:
    """Turn the kinds that shifts need into rows."""
    try:
        return np.fromiter((kinds[name] for name in names), np.int64, len(names))
    except KeyError:
        at = next(row for row, name in enumerate(names) if name not in kinds)
        raise Nonsense(f"$.shifts[{shift_at[at]}].needs", "nothing", name=names[at]) from None


def _pairs(
    rows: Sequence[shapes.Kept] | Sequence[shapes.Row],
    people: dict[str, int],
    shifts: _Shifts,
    path: str,
) -> tuple[Ints, Ints]:
    """Read who stands which shift; the shift's row is that of the file. None may repeat."""
    person = _find([row.person for row in rows], people, f"{path}[%d].person")
    shift = _find([row.shift for row in rows], shifts.every, f"{path}[%d].shift")
    key = person * len(shifts.every) + shift
    first = np.unique(key, return_index=True)[1]
    if len(first) < len(key):
        row = int(np.flatnonzero(~np.isin(np.arange(len(key)), first))[0])
        raise Nonsense(f"{path}[{row}]", "twice", name=rows[row].shift)
    return person, shift


def _kept(roster: shapes.Roster, people: dict[str, int], shifts: _Shifts) -> dict[str, Any]:
    """Read what had better stay; what stood at a gate that is closed now is gone anyway."""
    person, shift = _pairs(roster.kept, people, shifts, "$.kept")
    bonus = np.array([row.bonus for row in roster.kept], np.int64)
    opens = shifts.open[shift]
    return {
        "kept_person": person[opens],
        "kept_shift": shifts.row[shift[opens]],
        "kept_bonus": bonus[opens],
    }


def _locked(
    roster: shapes.Roster, people: dict[str, int], shifts: _Shifts, kinds: dict[str, int]
) -> dict[str, Any]:
    """Read what stands as it is."""
    person, shift = _pairs(roster.locked, people, shifts, "$.locked")
    kind = _find([row.kind for row in roster.locked], kinds, "$.locked[%d].kind")
    if not shifts.open[shift].all():
        row = int(np.argmin(shifts.open[shift]))
        raise Nonsense(f"$.locked[{row}].shift", "closed_lock")
    return {
        "locked_person": person,
        "locked_shift": shifts.row[shift],
        "locked_kind": kind,
    }
