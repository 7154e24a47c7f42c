"""Check every row of a directory file of places, and compare it with the directory."""

from __future__ import annotations

from groundwork.base.errors import RuleBroken
from groundwork.registry.models import Place
from groundwork.registry.queries.checking import Checked, Planned, Values
from groundwork.registry.queries.people_check import refuse_twice
from groundwork.registry.queries.place_plan import PlacePlan, plan_places
from groundwork.registry.queries.sheets import Sheet
from groundwork.registry.rules import cells
from groundwork.registry.rules import places as rules
from groundwork.registry.rules.bodies import clean_body_name
from groundwork.registry.rules.places import NewPlace


def check_places(sheet: Sheet) -> Checked:
    """Check a directory file. One bad row keeps the whole file out: what is missing is closed."""
    checked = Checked(read=len(sheet.rows))
    for n, row in sheet.rows:
        said = {key: row[place] for key, place in sheet.columns.items()}
        try:
            values = _values(said)
        except RuleBroken as error:
            checked.add(n, "code", error)
        else:
            checked.rows.append((n, values))
    refuse_twice(checked, "code")
    checked.plan = plan_rows(checked)
    return checked


def _values(said: Values) -> Values:
    code = cells.text_of(said["code"])
    if not code:
        raise cells.Missing
    level = cells.read_level(said["level"])
    if level is None:
        raise cells.Missing
    name = clean_body_name(cells.text_of(said["name"]))
    parent = cells.text_of(said.get("parent_code"))
    rules.check_place(code, level, parent)
    return {"code": code, "name": name, "level": level, "parent_code": parent}


def place_plan(checked: Checked) -> PlacePlan:
    """Plan the clean rows of a file. Raises NoParent, BadLevel."""
    return plan_places([NewPlace(**values) for _n, values in checked.rows])


def plan_rows(checked: Checked) -> list[Planned]:
    """Say of every row what it would do; places that would close have row 0."""
    standing = dict(Place.objects.exclude(level=Place.Level.GRID).values_list("code", "level"))
    while True:  # a row that falls out may leave others without a parent
        levels = standing | {values["code"]: values["level"] for _n, values in checked.rows}
        good = [row for row in checked.rows if _fits(checked, *row, levels)]
        if len(good) == len(checked.rows):
            return _as_planned(checked, place_plan(checked))
        checked.rows = good


def _fits(checked: Checked, n: int, values: Values, levels: dict[str, str]) -> bool:
    parent = values["parent_code"]
    try:
        if parent and parent not in levels:
            raise rules.NoParent(parent=parent)
        rules.check_level(values["name"], values["level"], levels.get(parent))
    except RuleBroken as error:
        checked.add(n, "parent_code", error)
        return False
    return True


def _as_planned(checked: Checked, plan: PlacePlan) -> list[Planned]:
    new = {row.code for row in plan.new}
    renamed = {place.code: place.name for place, _name in plan.renamed}
    reopened = {place.code: place.valid_to for place in plan.reopened}
    planned = []
    for n, values in checked.rows:
        code = values["code"]
        if code in new:
            planned.append(Planned(n, "new"))
        elif code in renamed or code in reopened:
            before = {"name": renamed[code]} if code in renamed else {}
            closed = reopened.get(code)
            if closed:
                before["valid_to"] = closed.isoformat()
            planned.append(Planned(n, "changed", plan.known[code].pk, before))
        else:
            planned.append(Planned(n, "same", plan.known[code].pk))
    planned += [Planned(0, "closed", place.pk, {"name": place.name}) for place in plan.closed]
    return planned
