"""Check every row of a sheet of bodies, and compare it with the tree as it stands."""

from __future__ import annotations

from typing import Any

from groundwork.base.actor import Actor
from groundwork.base.errors import RuleBroken
from groundwork.registry import policy
from groundwork.registry.models import Body, Place
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
from groundwork.registry.queries.directory import BodyIndex, PlaceIndex
from groundwork.registry.queries.people_check import refuse_twice
from groundwork.registry.queries.sheets import Sheet
from groundwork.registry.rules import bodies as body_rules
from groundwork.registry.rules import cells
from groundwork.registry.rules import imports as rules

FIELDS = ("name", "short_name", "kind", "parent", "place_id", "aliases", "outside")


class BodiesCheck:
    """Turn rows of cells into values that may be written."""

    def __init__(self, by: Actor, *, within: str, chosen: Chosen) -> None:
        self.by = by
        self.bodies = BodyIndex(by, within)
        self.places = PlaceIndex()
        self.chosen = chosen
        self.codes: set[str] = set()
        self.readers: dict[str, Reader] = {
            "code": lambda cell: body_rules.clean_code(_needed(cell)),
            "name": lambda cell: body_rules.clean_body_name(_needed(cell)),
            "short_name": lambda cell: _said(cell, 60),
            "kind": Memo(lambda cell: cells.read_kind(_needed(cell))),
            "aliases": _aliases,
            "outside": Memo(cells.read_yes_no),
        }
        self._place = Memo(self._find_place)
        self._parent = Memo(self._find_parent)

    def check(self, sheet: Sheet) -> Checked:
        """Read every row; bad cells become problems, good rows values."""
        checked = Checked(read=len(sheet.rows))
        code_at = sheet.columns["code"]
        for _n, row in sheet.rows:
            self.codes.add(cells.text_of(row[code_at]).upper())
        plain = [(k, sheet.columns[k], self.readers[k]) for k in self.readers if k in sheet.columns]
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
            for key, find, name in (
                ("parent", self._parent, "parent"),
                ("place", self._place, "place_id"),
            ):
                self._ask(checked, n, key, sheet, row, find, values, name)
            if all(problem.chosen for problem in checked.problems[known:]):
                checked.rows.append((n, values))
        return checked

    def _ask(
        self,
        checked: Checked,
        n: int,
        key: str,
        sheet: Sheet,
        row: list[Any],
        find: Memo,
        values: Values,
        name: str,
    ) -> None:
        if key not in sheet.columns or row[sheet.columns[key]] in ("", None):
            return
        try:
            values[name] = find(row[sheet.columns[key]])
        except Ambiguous as error:
            answer = pick_one(checked, n, key, error, self.chosen)
            if answer:
                values[name] = self._chosen_value(key, answer)
        except RuleBroken as error:
            checked.add(n, key, error)

    def _chosen_value(self, key: str, public_id: str) -> Any:
        if key == "place":
            return next(pk for pk, known in self.places.public_ids.items() if known == public_id)
        return next(e.code for e in self.bodies.entries.values() if e.public_id == public_id)

    def _find_parent(self, cell: Any) -> str:
        text = cells.text_of(cell)
        if text.upper() in self.codes:
            return text.upper()
        found = self.bodies.find(text, body_rules.KINDS)
        kept = [e for e in found if e.kept]
        if len(kept) == 1:
            return kept[0].code
        if not kept:
            raise (rules.BodyOutOfScope if found else rules.UnknownBody)(value=text)
        raise Ambiguous(text, [{"id": e.public_id, "label": self.bodies.label(e)} for e in kept])

    def _find_place(self, cell: Any) -> int:
        text = cells.text_of(cell)
        found = self.places.find_place(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise rules.UnknownPlace(value=text)
        raise Ambiguous(
            text,
            [{"id": self.places.public_ids[pk], "label": self.places.label(pk)} for pk in found],
        )


def _needed(cell: Any) -> str:
    text = cells.text_of(cell)
    if not text:
        raise cells.Missing
    return text


def _said(cell: Any, most: int) -> str | None:
    return cells.text_of(cell)[:most] or None


def _aliases(cell: Any) -> list[str] | None:
    text = cells.text_of(cell)
    return body_rules.clean_aliases(body_rules.split_aliases(text), "") if text else None


def check_bodies(sheet: Sheet, *, by: Actor, within: str, chosen: Chosen) -> Checked:
    """Check a sheet of bodies: cells, duplicates in the sheet, then the plan."""
    checker = BodiesCheck(by, within=within, chosen=chosen)
    checked = checker.check(sheet)
    refuse_twice(checked, "code")
    checked.plan = plan_bodies(checked, by=by, within=within)
    return checked


def plan_bodies(checked: Checked, *, by: Actor, within: str) -> list[Planned]:
    """Compare clean rows with the tree; rows that may not be written become problems."""
    index = BodyIndex(by, within)
    open_bodies = Body.objects.filter(valid_to=None).select_related("place")
    standing = {body.code: body for body in open_bodies}
    places = Place.objects.in_bulk({v["place_id"] for _n, v in checked.rows if "place_id" in v})
    seats = {code: body.place for code, body in standing.items()}
    seats |= {
        v["code"]: places.get(v.get("place_id", 0))
        for _n, v in checked.rows
        if v["code"] not in standing
    }
    by_path = {body.path: body for body in standing.values()}
    kinds = {code: body.kind for code, body in standing.items()}
    kinds |= {values["code"]: values["kind"] for _n, values in checked.rows}
    plan, good = [], []
    for n, values in checked.rows:
        body = standing.get(values["code"])
        try:
            _check_row(values, body, kinds, index, by)
            _check_parent_kept(values, standing, index)
            sits = body.place if body else seats.get(values.get("parent", ""))
            _check_place(values.get("place_id"), sits, places, by, new=body is None)
        except RuleBroken as error:
            checked.add(n, "parent" if isinstance(error, body_rules.WrongParent) else "code", error)
            continue
        if body is None:
            plan.append(Planned(n, "new"))
        else:
            above = by_path.get(body.path[: -Body.steplen])
            plan.append(_compare(n, values, body, above.code if above else ""))
        good.append((n, values))
    checked.rows = good
    return plan


def _check_row(
    values: Values, body: Body | None, kinds: dict[str, str], index: BodyIndex, by: Actor
) -> None:
    parent = values.get("parent", "")
    if body is not None:
        entry = index.entries.get(body.pk)
        if entry is None or not entry.kept:
            raise rules.BelongsElsewhere(value=body.code)
        if body.kind != values["kind"]:
            raise rules.KindStays
    elif not parent and not policy.may_add_top(by):
        raise rules.OnlyCitysOffice
    if (body is None or parent) and not values.get("outside"):
        kind = kinds.get(parent) if parent else None
        if not body_rules.may_stand_under(values["kind"], kind):
            raise body_rules.WrongParent(parent=parent or "—")


def _check_parent_kept(values: Values, standing: dict[str, Body], index: BodyIndex) -> None:
    """Refuse to hang anything under a body that is not the actor's to keep."""
    above = standing.get(values.get("parent", ""))
    if above is not None and not index.entries[above.pk].kept:
        raise rules.BodyOutOfScope(value=above.code)


def _check_place(
    pk: int | None, before: Place | None, places: dict[int, Place], by: Actor, *, new: bool
) -> None:
    """Hold a body's place to who keeps it; a new body may sit where its parent does, or within."""
    place = places.get(pk or 0)
    if place is None:
        return
    within = new and before is not None and place.path.startswith(before.path)
    if not within and not policy.may_settle(by, before, place):
        raise rules.BodyOutOfScope(value=place.name)


def _compare(n: int, values: Values, body: Body, parent: str) -> Planned:
    now = {name: getattr(body, name) for name in FIELDS if name != "parent"} | {"parent": parent}
    before = {k: now[k] for k in FIELDS if k in values and values[k] != now[k]}
    return Planned(n, "changed" if before else "same", body.pk, before)
