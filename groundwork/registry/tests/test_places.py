"""The official directory comes in, changes, and never loses a place."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from groundwork.base.actor import Role
from groundwork.base.errors import Forbidden
from groundwork.registry import actions
from groundwork.registry.actions import NewPlace
from groundwork.registry.models import Place
from groundwork.registry.rules import places as rules
from groundwork.registry.rules.names import Communities, Named, forms
from groundwork.registry.tests.make import MOMENT, PLACES, SYSTEM

pytestmark = pytest.mark.django_db
NINGBO = Path(__file__).parents[1] / "data" / "ningbo.csv"
LATER = MOMENT + timedelta(days=30)


def ningbo() -> list[NewPlace]:
    with NINGBO.open(encoding="utf-8") as file:
        return [NewPlace(**row) for row in csv.DictReader(file)]


def test_the_whole_of_ningbo_comes_in_once_however_often_it_is_sent(django_assert_max_num_queries):
    rows = ningbo()
    with django_assert_max_num_queries(60):
        report = actions.add_places_many(rows, by=SYSTEM, at=MOMENT)
    assert report.added == len(rows) == 3215
    again = actions.add_places_many(rows, by=SYSTEM, at=LATER)
    assert (again.added, again.renamed, again.closed, again.same) == (0, 0, 0, 3215)
    assert Place.objects.find_problems() == ([], [], [], [], [])
    levels = Place.objects.values_list("level", flat=True)
    assert [list(levels).count(x) for x in ("district", "township", "community")] == [10, 162, 3042]


def test_a_merged_village_is_closed_a_renamed_one_keeps_its_old_name_as_alias(city):
    rows = [row for row in PLACES if row.code != "330203001200"]
    rows[3] = rows[3]._replace(name="澄浪新社区")
    report = actions.add_places_many(rows, by=SYSTEM, at=LATER)
    assert (report.closed, report.renamed, report.added) == (1, 1, 0)
    gone = Place.objects.get(code="330203001200")
    assert gone.valid_to == date(2026, 12, 23)
    renamed = Place.objects.get(code="330203001001")
    assert (renamed.name, renamed.aliases) == ("澄浪新社区", ["澄浪社区"])
    assert actions.add_places_many(PLACES, by=SYSTEM, at=LATER).reopened == 1


def test_a_districts_own_file_closes_nothing_of_its_neighbour(city):
    district = [row for row in PLACES if row.code.startswith("330203")][:3]
    report = actions.add_places_many(district, by=SYSTEM, at=LATER)
    assert report.closed == 1
    assert not Place.objects.filter(code__startswith="330212").exclude(valid_to=None).exists()


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (NewPlace("33020300100", "短码社区", "community", "330203001"), rules.BadPlaceCode),
        (NewPlace("330999001", "错位街道", "township", "330203"), rules.BadPlaceCode),
        (NewPlace("330203777", "街道", "village", "330203"), rules.BadLevel),
        (NewPlace("330999001", "无根街道", "township", "330999"), rules.NoParent),
    ],
)
def test_a_row_that_cannot_stand_refuses_the_whole_file(city, row, error):
    before = Place.objects.count()
    with pytest.raises(error):
        actions.add_places_many([*PLACES, row], by=SYSTEM, at=LATER)
    assert Place.objects.count() == before


def test_only_the_citys_office_brings_the_directory_in(city):
    with pytest.raises(Forbidden):
        actions.add_places_many(
            PLACES, by=city.actor(Role.DISTRICT_OPERATOR, place="330203"), at=MOMENT
        )


def test_grid_cells_get_codes_of_our_own_and_survive_the_next_directory_file(city):
    community = city.places["330203001001"]
    secretary = city.actor(Role.COMMUNITY_SECRETARY, place="330203001001")
    cells = [
        actions.add_grid(community, name=f"第{n}网格", by=secretary, at=MOMENT) for n in "一二"
    ]
    assert [cell.code for cell in cells] == ["330203001001-001", "330203001001-002"]
    with pytest.raises(Forbidden):
        actions.add_grid(city.places["330212001001"], name="网格", by=secretary, at=MOMENT)
    with pytest.raises(rules.BadLevel):
        actions.add_grid(city.places["330203001"], name="网格", by=SYSTEM, at=MOMENT)
    actions.add_places_many(PLACES, by=SYSTEM, at=LATER)
    assert not Place.objects.filter(level="grid").exclude(valid_to=None).exists()


@pytest.fixture(scope="module")
def communities() -> Communities:
    rows = {row.code: row for row in ningbo()}

    def above(row: NewPlace) -> tuple[str, ...]:
        up = rows.get(row.parent_code)
        return (up.name, *above(up)) if up else ()

    return Communities(
        Named(int(row.code), row.name, above(row))
        for row in rows.values()
        if row.level == "community"
    )


def test_every_community_is_found_by_every_way_of_writing_it(communities):
    for entry in [e for group in communities._by_name.values() for e in group]:
        for form in forms(entry.name):
            assert len(form) < 2 or entry in communities.find(form)
        township, district = entry.above[0], entry.above[1]
        assert communities.find(district + township + entry.name) == [entry]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("静远", ["静远社区"]),
        ("静远社区居委会", ["静远社区"]),
        ("镇海区 骆驼街道 静远社区", ["静远社区"]),
        ("浙江省宁波市镇海区静远", ["静远社区"]),
        ("岭下村", ["岭下村委会"] * 4),
        ("北仑岭下村", ["岭下村委会"]),
        ("石碶村", ["石碶村村委会"]),
        ("鄞州区首南街道静远社区", []),  # there is one, but not there
        ("后鄞村", []),
        ("", []),
    ],
)
def test_an_ambiguous_name_is_a_choice_and_a_wrong_place_is_no_match(communities, typed, found):
    assert [entry.name for entry in communities.find(typed)] == found
