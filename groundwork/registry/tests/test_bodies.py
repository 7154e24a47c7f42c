"""The tree of bodies grows, moves and closes by rule."""

from datetime import date

import pytest

from groundwork.base import search
from groundwork.base.actor import Role
from groundwork.base.errors import Forbidden
from groundwork.base.models import Change
from groundwork.registry import actions, queries
from groundwork.registry.actions import NewBody
from groundwork.registry.models import Body
from groundwork.registry.rules import bodies as rules
from groundwork.registry.tests.make import BODIES, MOMENT, SYSTEM

pytestmark = pytest.mark.django_db


def test_a_batch_may_name_children_before_their_parents(city):
    rows = [
        NewBody("QY-1-Z", "临时党支部", "temporary_branch", "QY-1"),
        NewBody("QY-1", "甬江精密", "enterprise", "PK"),
        NewBody("PK", "高新园区", "park", "NB"),
    ]
    actions.add_bodies_many(rows, by=SYSTEM, at=MOMENT)
    branch = Body.objects.get(code="QY-1-Z")
    assert [a.code for a in Body.objects.get_ancestors(branch)] == ["NB", "PK", "QY-1"]
    assert Body.objects.find_problems() == ([], [], [], [], [])


def office(code: str, parent: str) -> NewBody:
    return NewBody(code, "综合处", "office", parent)


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([NewBody("NB", "又一个", "unit")], rules.CodeTaken),
        ([office("A", "NB"), office("A", "NB")], rules.CodeTaken),
        ([NewBody("A", "单位", "unit", "NB-RS-01")], rules.WrongParent),
        ([office("A", "B"), office("B", "A")], rules.UnderItself),
        ([NewBody("号", "甲处", "office", "NB")], rules.BadCode),
        ([NewBody("A", "", "office", "NB")], rules.BadBodyName),
    ],
)
def test_a_batch_with_one_wrong_row_leaves_nothing(city, rows, error):
    with pytest.raises(error):
        actions.add_bodies_many(rows, by=SYSTEM, at=MOMENT)
    assert Body.objects.count() == len(BODIES)


def test_a_renamed_body_is_still_found_by_its_old_name_and_so_are_its_people(city):
    body = city.bodies["NB-RS"]
    person = city.person()
    actions.edit_body(body, name="宁波市人社和医保局", by=SYSTEM, at=MOMENT)
    assert body.pk in search.matching("registry.body", "人力资源")
    assert list(search.matching("registry.person", "医保局")) == [person.pk]


def test_a_body_moves_with_all_below_it_but_never_below_itself(city):
    park = actions.add_body(NewBody("PK", "高新园区", "park", "NB"), by=SYSTEM, at=MOMENT)
    unit = city.bodies["NB-JT"]
    with pytest.raises(rules.WrongParent):
        actions.move_body(unit, parent=park, by=SYSTEM, at=MOMENT)
    with pytest.raises(rules.UnderItself):
        actions.move_body(unit, parent=Body.objects.get(code="NB-JT-01"), by=SYSTEM, at=MOMENT)
    moved = actions.move_body(unit, parent=city.bodies["NB-RS"], by=SYSTEM, at=MOMENT)
    assert [b.code for b in Body.objects.get_children(moved)] == ["NB-JT-01", "NB-JT-Z1"]
    assert Body.objects.find_problems() == ([], [], [], [], [])


def test_a_body_closes_only_when_nobody_is_left(city):
    unit = city.bodies["NB-JT"]
    person = city.person(unit="NB-JT")
    with pytest.raises(rules.StillInUse) as refused:
        actions.close_body(unit, last_day=date(2026, 11, 1), by=SYSTEM, at=MOMENT)
    assert refused.value.params == {"people": 1, "bodies": 2}
    actions.leave_person(person, since=date(2026, 11, 24), by=SYSTEM, at=MOMENT)
    for code in ("NB-JT-01", "NB-JT-Z1", "NB-JT"):
        body = Body.objects.get(code=code)
        actions.close_body(body, last_day=date(2026, 11, 1), by=SYSTEM, at=MOMENT)
    assert Body.objects.get(code="NB-JT").valid_to == date(2026, 11, 1)


def test_a_unit_secretary_keeps_the_own_branch_of_the_tree_only(city):
    by = city.actor(Role.UNIT_SECRETARY, body="NB-RS")
    actions.add_body(NewBody("NB-RS-03", "社保处", "office", "NB-RS"), by=by, at=MOMENT)
    for row in (
        NewBody("NB-JT-03", "社保处", "office", "NB-JT"),
        NewBody("TOP", "新单位", "unit"),
    ):
        with pytest.raises(Forbidden):
            actions.add_body(row, by=by, at=MOMENT)
    with pytest.raises(Forbidden):
        actions.edit_body(city.bodies["NB-JT"], name="别的局", by=by, at=MOMENT)


def test_only_who_keeps_both_places_moves_a_body_to_another_and_the_change_is_logged(city):
    body, there = city.bodies["NB-JT"], city.places["330212"]
    for by in (
        city.actor(Role.CLERK, body="NB-JT"),
        city.actor(Role.DISTRICT_OPERATOR, place="330212"),
    ):
        with pytest.raises(Forbidden):
            actions.edit_body(body, place=there, by=by, at=MOMENT)
    clerk = city.actor(Role.CLERK, body="NB-JT")
    actions.edit_body(body, name="宁波市交通局", place=body.place, by=clerk, at=MOMENT)
    seen = Change.objects.count()
    operator = city.actor(Role.CITY_OPERATOR, place="3302")
    actions.edit_body(body, place=there, by=operator, at=MOMENT)
    assert Change.objects.count() == seen + 1
    change = Change.objects.latest("pk")
    assert change.kind == "registry.body"
    assert (change.before["place"], change.after["place"]) == (body.place_id, there.pk)


def test_an_office_found_by_search_says_whose_it_is(city):
    hits = queries.search(city.actor(Role.CITY_OPERATOR, place="3302"), "办公室")
    offices = ["市人社局 · 处（科）室", "市交通局 · 处（科）室"]
    assert [str(hit.sub) for hit in hits if hit.title == "办公室"] == offices
    unit, *_inside = queries.search(city.actor(Role.CITY_OPERATOR, place="3302"), "市劳动局")
    assert (unit.title, str(unit.sub)) == ("宁波市人力资源和社会保障局", "单位")
