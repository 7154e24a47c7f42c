"""Check every row of a sheet of people against the rules and the directory as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from groundwork.base import text
from groundwork.base.actor import Actor
from groundwork.base.errors import RuleBroken
from groundwork.registry.models import Membership, Person
from groundwork.registry.queries.checking import (
    Ambiguous,
    Checked,
    Chosen,
    Memo,
    Planned,
    Reader,
    Values,
    pick_one,
)
from groundwork.registry.queries.directory import BodyIndex, Entry, PlaceIndex
from groundwork.registry.queries.sheets import Sheet
from groundwork.registry.rules import bodies as body_rules
from groundwork.registry.rules import cells
from groundwork.registry.rules import imports as rules
from groundwork.registry.rules import people as people_rules

# The fields a sheet may say, in the order they are compared and kept for undoing.
FIELDS = (
    "name", "phone", "status", "party_member", "unit_id", "office_id", "branch_id",
    "home_community_id", "sort_key",
)  # fmt: skip
PLAIN = ("name", "phone", "status", "party_member", "sort_key")
TARGETS = ("unit", "office", "branch", "home_community")
CHUNK = 5000


class PeopleCheck:
    """Turn rows of cells into values that may be written."""

    def __init__(self, by: Actor, *, within: str, day: date, chosen: Chosen) -> None:
        self.bodies = BodyIndex(by, within)
        self.places = PlaceIndex()
        self.chosen = chosen
        self.day = day
        self.readers: dict[str, Reader] = {
            "work_number": lambda cell: people_rules.clean_work_number(_needed(cell)),
            "name": lambda cell: people_rules.clean_name(_needed(cell)),
            "phone": _phone,
            "sort_key": lambda cell: people_rules.clean_sort_key(cells.text_of(cell)) or None,
            "status": Memo(cells.read_status),
            "party_member": Memo(cells.read_yes_no),
            "since": Memo(self._since),
        }
        self._unit = Memo(self._find_unit)
        self._inside: dict[str, Memo] = {}
        self._home = Memo(self._find_home)

    def check(self, sheet: Sheet) -> Checked:
        """Read every row; bad cells become problems, good rows values."""
        checked = Checked(read=len(sheet.rows))
        plain = [(k, sheet.columns[k], self.readers[k]) for k in self.readers if k in sheet.columns]
        targets = {k: sheet.columns[k] for k in TARGETS if k in sheet.columns}
        for n, row in sheet.rows:
            values: Values = {}
            known = len(checked.problems)
            for key, place, reader in plain:
                try:
                    value = reader(row[place])
                except RuleBroken as error:
                    checked.add(n, key, error)
                else:
                    if value is not None:
                        values[key] = value
            self._settle(checked, n, row, targets, values)
            if all(problem.chosen for problem in checked.problems[known:]):
                checked.rows.append((n, values))
        return checked

    def _since(self, cell: Any) -> str | None:
        day = cells.read_date(cell)
        if day is None:
            return None
        people_rules.check_since(day, self.day)
        return day.isoformat()

    def _settle(
        self, checked: Checked, n: int, row: list[Any], targets: dict[str, int], values: Values
    ) -> None:
        """Find unit, office, branch and home of one row."""
        unit = self._ask(checked, n, "unit", row[targets["unit"]], self._unit)
        if unit is not None:
            values["unit_id"] = unit
        for key in ("office", "branch", "home_community"):
            if key not in targets or row[targets[key]] in ("", None):
                continue
            cell = row[targets[key]]
            if cells.is_clear(cells.text_of(cell)):
                values[f"{key}_id"] = None
            elif key == "home_community":
                if home := self._ask(checked, n, key, cell, self._home):
                    values["home_community_id"] = home
            elif unit is not None:
                found = self._ask(checked, n, key, cell, self._finder(key, unit))
                if found:
                    values[f"{key}_id"] = found

    def _ask(self, checked: Checked, n: int, key: str, cell: Any, find: Memo) -> int | None:
        try:
            found: int = find(cell)
        except Ambiguous as error:
            answer = pick_one(checked, n, key, error, self.chosen)
            return self._pk_of(key, answer) if answer else None
        except RuleBroken as error:
            checked.add(n, key, error)
            return None
        return found

    def _pk_of(self, key: str, public_id: str) -> int:
        if key == "home_community":
            return next(pk for pk, known in self.places.public_ids.items() if known == public_id)
        return next(e.pk for e in self.bodies.entries.values() if e.public_id == public_id)

    def _find_unit(self, cell: Any) -> int:
        name = _needed(cell)
        found = self.bodies.find(name, body_rules.UNIT_KINDS)
        return self._one_body(name, [e for e in found if e.kept], bool(found))

    def _finder(self, key: str, unit: int) -> Memo:
        name = f"{key} {unit}"
        if name not in self._inside:
            entry = self.bodies.entries[unit]
            self._inside[name] = Memo(lambda cell: self._find_inside(key, entry, cell))
        return self._inside[name]

    def _find_inside(self, key: str, unit: Entry, cell: Any) -> int:
        name = cells.text_of(cell)
        kinds = body_rules.OFFICE_KINDS if key == "office" else body_rules.BRANCH_KINDS
        found = self.bodies.find_under(name, kinds, unit)
        if not found and key == "branch":  # a shared or temporary branch outside the unit
            found = [e for e in self.bodies.find(name, kinds) if e.kept]
        return self._one_body(name, found, False)

    def _one_body(self, name: str, found: Sequence[Entry], out_of_scope: bool) -> int:
        if len(found) == 1:
            return found[0].pk
        if not found:
            raise (rules.BodyOutOfScope if out_of_scope else rules.UnknownBody)(value=name)
        raise Ambiguous(name, [{"id": e.public_id, "label": self.bodies.label(e)} for e in found])

    def _find_home(self, cell: Any) -> int:
        name = cells.text_of(cell)
        found = self.places.find_community(name)
        if len(found) == 1:
            return found[0]
        if not found:
            raise rules.UnknownCommunity(value=name)
        raise Ambiguous(
            name,
            [{"id": self.places.public_ids[pk], "label": self.places.label(pk)} for pk in found],
        )


def _needed(cell: Any) -> str:
    said = cells.text_of(cell)
    if not said:
        raise cells.Missing
    return said


def _phone(cell: Any) -> str | None:
    said = cells.text_of(cell)
    if not said:
        return None
    return "" if cells.is_clear(said) else people_rules.clean_phone(said)


def check_people(sheet: Sheet, *, by: Actor, within: str, day: date, chosen: Chosen) -> Checked:
    """Check a sheet of people: cells, duplicates in the sheet, then the plan."""
    checker = PeopleCheck(by, within=within, day=day, chosen=chosen)
    checked = checker.check(sheet)
    refuse_twice(checked, "work_number")
    checked.plan = plan_people(checked, index=checker.bodies, day=day)
    return checked


def refuse_twice(checked: Checked, key: str) -> None:
    """Refuse rows that speak of the same and differ; the same row twice counts once."""
    first: dict[str, tuple[int, Values]] = {}
    kept: list[tuple[int, Values]] = []
    odd: set[int] = set()
    for n, values in checked.rows:
        earlier = first.setdefault(values[key], (n, values))
        if earlier[0] == n:
            kept.append((n, values))
        elif earlier[1] != values:
            for row, other in ((n, earlier[0]), (earlier[0], n)):
                if row not in odd:
                    checked.add(row, key, rules.TwiceInSheet(row=other))
                odd.add(row)
    checked.rows = [item for item in kept if item[0] not in odd]


Standing = dict[str, tuple[Any, ...]]


def standing_people(numbers: Iterable[str]) -> Standing:
    """Load what stands under these work numbers: pk, merged into, then FIELDS."""
    numbers = list(numbers)
    found: Standing = {}
    for i in range(0, len(numbers), CHUNK):
        rows = Person.objects.filter(work_number__in=numbers[i : i + CHUNK]).values_list(
            "work_number", "pk", "merged_into__work_number", *FIELDS
        )
        found.update({row[0]: row[1:] for row in rows})
    return found


def plan_people(checked: Checked, *, index: BodyIndex, day: date) -> list[Planned]:
    """Compare clean rows with what stands; rows that may not be written become problems.

    `index` knows what whoever confirms keeps today: roles and bodies change after a check.
    """
    standing = standing_people(values["work_number"] for _n, values in checked.rows)
    starts = _starts([row[0] for row in standing.values()])
    plan, good = [], []
    for n, values in checked.rows:
        row = standing.get(values["work_number"])
        try:
            planned = _plan_row(n, values, row, index, starts, day)
        except RuleBroken as error:
            checked.add(n, "work_number", error)
            continue
        plan.append(planned)
        good.append((n, values))
    checked.rows = good
    return plan


def _plan_row(
    n: int,
    values: Values,
    row: tuple[Any, ...] | None,
    index: BodyIndex,
    starts: dict[int, date],
    day: date,
) -> Planned:
    _check_homes(values, index)
    if row is None:
        return Planned(n, "new")
    pk, merged_into, *stands = row
    now = dict(zip(FIELDS, stands, strict=True))
    if merged_into is not None:
        raise rules.WasMerged(value=values["work_number"], into=merged_into)
    unit = index.entries.get(now["unit_id"])
    if unit is None or not unit.kept:
        raise rules.BelongsElsewhere(value=values["work_number"])
    said = {k: v for k, v in values.items() if k in now}
    if "unit_id" in said and said["unit_id"] != now["unit_id"]:
        # Office and branch belong to a unit: moving leaves them unless the sheet says new ones.
        values.setdefault("office_id", None)
        values.setdefault("branch_id", None)
        said = {k: v for k, v in values.items() if k in now}
        since = date.fromisoformat(values["since"]) if "since" in values else day
        people_rules.check_since(since, day, starts.get(pk))
    if said.get("name", now["name"]) != now["name"] and "sort_key" not in said:
        said["sort_key"] = values["sort_key"] = text.sort_key(said["name"])
    before = {k: now[k] for k, v in said.items() if v != now[k]}
    if "status" in before:
        people_rules.check_status_step(now["status"], said["status"])
    return Planned(n, "changed" if before else "same", pk, before)


def _check_homes(values: Values, index: BodyIndex) -> None:
    """Refuse a unit that is closed or not the actor's to keep, and what is not its own."""
    unit = index.entries.get(values["unit_id"])
    if unit is None or not unit.kept:
        raise rules.BelongsElsewhere(value=values["work_number"])
    for key in ("office_id", "branch_id"):
        if values.get(key) is not None:
            inside = index.entries.get(values[key])
            if inside is None or not (inside.kept or inside.path.startswith(unit.path)):
                raise rules.BelongsElsewhere(value=values["work_number"])


def _starts(pks: Sequence[int]) -> dict[int, date]:
    """Load since when people belong to their unit, office and branch: the latest of the three."""
    starts: dict[int, date] = {}
    for i in range(0, len(pks), CHUNK):
        rows = Membership.objects.filter(person_id__in=pks[i : i + CHUNK], valid_to=None)
        for pk, since in rows.exclude(kind=Membership.Kind.HOME_COMMUNITY).values_list(
            "person_id", "valid_from"
        ):
            starts[pk] = max(since, starts.get(pk, since))
    return starts
