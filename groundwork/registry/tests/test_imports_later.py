"""Between check, confirmation and undo the city goes on: roles, bodies and people move."""

from datetime import date, timedelta

import pytest

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden
from groundwork.registry import actions, signals
from groundwork.registry.models import Body, Person
from groundwork.registry.rules import imports as rules
from groundwork.registry.tests.make import MOMENT, SYSTEM, City
from groundwork.registry.tests.sheets import people, person, workbook
from groundwork.registry.tests.test_imports import BODY_HEADER, TODAY, confirm, totals, upload

pytestmark = pytest.mark.django_db


def other_clerk(city: City) -> Actor:
    """Give the clerk whose role has moved on to another unit since."""
    actor: Actor = city.actor(Role.CLERK, body="NB-JT")
    return actor


def test_a_clerk_who_has_moved_on_confirms_nothing_for_the_former_unit(city):
    mine = city.actor(Role.CLERK, body="NB-RS")
    batch = upload(people(person()), by=mine)
    with pytest.raises(rules.ChangedMeanwhile):
        confirm(batch, by=other_clerk(city))
    assert not Person.objects.exists()
    batch.refresh_from_db()
    assert totals(batch) == {"bad": 1}
    confirm(upload(people(person()), by=mine), by=mine)
    assert Person.objects.get().unit.code == "NB-RS"


def test_nobody_new_goes_into_a_body_that_has_closed_since_the_check(city):
    batch = upload(people(person()))
    office = city.bodies["NB-RS-01"]
    actions.close_body(office, last_day=TODAY - timedelta(days=1), by=SYSTEM, at=MOMENT)
    with pytest.raises(rules.ChangedMeanwhile):
        confirm(batch)
    assert not Person.objects.exists()


def test_a_clerk_who_has_moved_on_undoes_nothing_of_the_former_unit(city):
    mine = city.actor(Role.CLERK, body="NB-RS")
    batch = confirm(upload(people(person()), by=mine), by=mine)
    with pytest.raises(Forbidden):
        actions.undo_import(batch, by=other_clerk(city), at=MOMENT)
    assert Person.objects.count() == 1
    actions.undo_import(batch, by=mine, at=MOMENT)
    assert not Person.objects.exists()


def test_undo_leaves_people_who_moved_there_and_back_since(city):
    confirm(upload(people(person(), person("李四", "R1002"))))
    rows = [person("张三", "R1001", "市交通局"), person("李四", "R1002", "市交通局")]
    later = MOMENT + timedelta(days=3)
    batch = confirm(upload(people(*rows), at=later), at=later)
    for code, day in (("NB-RS", 28), ("NB-JT", 29)):
        actions.move_person(
            Person.objects.get(work_number="R1001"),
            unit=city.bodies[code],
            office=Body.objects.get(code=f"{code}-01"),
            branch=Body.objects.get(code=f"{code}-Z1"),
            since=date(2026, 11, day),
            by=SYSTEM,
            at=MOMENT + timedelta(days=6),
        )
    with pytest.raises(rules.CannotUndo) as refused:
        actions.undo_import(batch, by=SYSTEM, at=MOMENT + timedelta(days=7))
    assert refused.value.params == {"n": 1, "rows": "张三"}
    actions.undo_import(batch, leaving_changed=True, by=SYSTEM, at=MOMENT + timedelta(days=7))
    units = Person.objects.order_by("work_number").values_list("unit__code", flat=True)
    assert list(units) == ["NB-JT", "NB-RS"]


def test_the_areas_above_hear_whom_a_sheet_moved_to_another_unit_and_of_nobody_else(city):
    heard = []

    def hear(sender, people, **more):
        heard.append([one.work_number for one in people])

    signals.moved.connect(hear)
    confirm(upload(people(person(), person("李四", "R1002"))))
    assert heard == []  # who is new moved nowhere
    later = MOMENT + timedelta(days=3)
    rows = [person("张三", "R1001", "市交通局"), person("李四改名", "R1002")]
    confirm(upload(people(*rows), at=later), at=later)
    assert heard == [["R1001"]]


def test_a_sheet_hangs_no_body_under_a_unit_of_others_even_if_it_names_that_unit_too(city):
    mine = city.actor(Role.CLERK, body="NB-RS")
    rows = [
        ["NB-JT", "宁波市交通运输局", "", "单位", "", "", ""],
        ["NB-RS-01", "办公室", "", "处室", "NB-JT", "", ""],
        ["NB-RS-02", "就业促进处", "", "处室", "NB-RS", "", ""],
    ]
    batch = upload(workbook([BODY_HEADER, *rows]), kind="bodies", by=mine)
    assert totals(batch) == {"changed": 1, "bad": 2}
    confirm(batch, by=mine, leaving_bad=True)
    assert Body.objects.get(code="NB-RS-01").path.startswith(city.bodies["NB-RS"].path)
    with pytest.raises(Forbidden):
        actions.undo_import(batch, by=other_clerk(city), at=MOMENT)
    actions.undo_import(batch, by=mine, at=MOMENT)
    assert Body.objects.get(code="NB-RS-02").name == "就业处"


def test_a_sheet_moves_no_unit_to_a_place_the_clerk_does_not_keep(city):
    rows = [
        ["NB-RS", "宁波市人力资源和社会保障局", "", "单位", "", "鄞州区", ""],
        ["NB-RS-03", "鄞州分中心", "", "处室", "NB-RS", "鄞州区", ""],
    ]
    content = workbook([BODY_HEADER, *rows])
    batch = upload(content, kind="bodies", by=city.actor(Role.CLERK, body="NB-RS"))
    assert totals(batch) == {"new": 1, "bad": 1}
    operator = city.actor(Role.CITY_OPERATOR, place="3302")
    assert totals(upload(content, kind="bodies", by=operator)) == {"new": 1, "changed": 1}
