"""The numbers of a city, and that each opens onto as many records as it says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from groundwork.base.actor import system
from groundwork.base.errors import NotFound
from groundwork.registry import actions as registry
from groundwork.study.actions.coverage import count_period, refresh_coverage
from groundwork.study.actions.roll import Row, correct_roll, record_rolls_many, take_part
from groundwork.study.models import Coverage, Source
from groundwork.study.policy import roll as policy
from groundwork.study.queries import coverage as queries
from groundwork.study.queries.coverage import Scope
from groundwork.study.tests.make_roll import (
    AFTER,
    STARTS,
    signed_in,
    the_sheet,
    tonight,
)

TERM = "2026-H2"
LATER = AFTER + timedelta(hours=1)


@pytest.fixture
def evenings(cast):
    """Tonight for everybody; last week on-site in Haishu alone, professional."""
    week = timedelta(days=7)
    both = tonight(cast)
    own = tonight(
        cast, "haishu_party", starts_at=STARTS - timedelta(hours=3), theme="professional",
        form="on_site",
    )  # fmt: skip
    signed_in(cast, both, "staff", "colleague", "outsider", "handler")
    unit = cast.bodies["unit"].pk
    row = Row(cast.people["staff"].pk, unit, "tick", STARTS - timedelta(hours=3))
    record_rolls_many(own, [row], by=system("demo"), at=STARTS - timedelta(hours=3))
    future = tonight(cast, starts_at=STARTS + week)
    assert future.starts_at > LATER
    return both, own


def city(cast):
    return Scope("place", cast.places["city"].path)


def haishu(cast):
    return Scope("place", cast.places["haishu"].path)


def numbers(scope):
    found = queries.numbers(scope, TERM)
    assert found is not None
    return found


def test_evenings_bodies_people_and_entries_are_counted_for_each_scope(cast, evenings):
    count_period(TERM, at=LATER)
    seen = {
        key: (n.evenings, n.bodies, n.people, n.entries)
        for key, n in (
            ("city", numbers(city(cast))),
            ("haishu", numbers(haishu(cast))),
            ("own", numbers(Scope("own", cast.places["city"].path))),
            ("unit", numbers(Scope("body", cast.bodies["unit"].path))),
        )
    }
    assert seen == {
        "city": (2, 3, 4, 5),
        "haishu": (2, 1, 2, 3),
        "own": (1, 1, 1, 1),
        "unit": (2, 1, 2, 3),
    }
    assert numbers(city(cast)).themes == {"political": [1, 4], "professional": [1, 1]}
    assert numbers(city(cast)).forms == {"systematic": [1, 4], "on_site": [1, 1]}


def test_every_number_opens_onto_as_many_records(cast, evenings):
    count_period(TERM, at=LATER)
    for scope in (city(cast), haishu(cast)):
        n = numbers(scope)
        lines = queries.evening_lines(scope, TERM, n.cutoff)
        assert len(lines) == n.evenings
        assert sum(line.entries for line in lines) == n.entries
        assert len(queries.unit_lines(scope, TERM)) == n.bodies
        assert queries.people_behind(scope, TERM, n.cutoff).count() == n.people
        for theme, (k, entries) in n.themes.items():
            some = queries.evening_lines(scope, TERM, n.cutoff, theme=theme)
            assert (len(some), sum(x.entries for x in some)) == (k, entries)


def test_a_number_still_opens_onto_its_own_records_after_late_and_corrected_entries(cast, evenings):
    both, _own = evenings
    count_period(TERM, at=LATER)
    before = numbers(city(cast))
    secretary, sheet = cast.actor("unit_secretary"), the_sheet(cast, both)
    correct_roll(
        sheet.public_id, cast.people["colleague"].public_id, took_part=False, reason="代签",
        by=secretary, at=LATER + timedelta(minutes=1),
    )  # fmt: skip
    take_part(
        both.public_id, source=Source.REPLAY, by=cast.actor("clerk"),
        at=LATER + timedelta(minutes=2),
    )  # fmt: skip
    opened = queries.people_behind(city(cast), TERM, before.cutoff)
    assert opened.count() == before.people
    assert opened.filter(pk=cast.people["colleague"].pk).exists()
    count_period(TERM, at=LATER + timedelta(minutes=3))
    after = numbers(city(cast))
    opened = queries.people_behind(city(cast), TERM, after.cutoff)
    assert (after.people, opened.count()) == (before.people, before.people)
    assert not opened.filter(pk=cast.people["colleague"].pk).exists()


def test_the_worker_counts_when_something_moved_and_rests_otherwise(cast, evenings):
    both, _own = evenings
    assert TERM in refresh_coverage(at=LATER)
    assert TERM in refresh_coverage(at=LATER), "one more look for what committed late"
    assert refresh_coverage(at=LATER) == []
    take_part(both.public_id, source=Source.REPLAY, by=cast.actor("clerk"), at=LATER)
    assert set(refresh_coverage(at=LATER)) == {TERM, "2026-11"}
    assert numbers(city(cast)).entries == 6


def test_a_district_reads_its_own_coverage_and_no_other(cast):
    own, other = cast.places["haishu"], cast.places["yinzhou"]
    by = cast.actor("district_operator")
    assert policy.place_for(by, own.public_id) == own
    for who, place in (
        ("district_operator", other),
        ("district_operator", cast.places["city"]),
        ("unit_secretary", own),
        ("staff", own),
        ("resident", own),
    ):
        with pytest.raises(NotFound):
            policy.place_for(cast.actor(who), place.public_id)
    assert policy.place_for(cast.actor("city_operator"), other.public_id) == other


def test_parts_stand_in_directory_order_with_zeros_for_the_quiet_ones(cast, evenings):
    count_period(TERM, at=LATER)
    parts, following = queries.parts(cast.places["city"], TERM, LATER)
    assert [p.name for p in parts] == ["宁波市", "海曙区", "鄞州区"]
    assert following == ""
    units, _ = queries.units(haishu(cast), TERM, LATER)
    paths = [u.scope.path for u in units]
    assert paths == sorted(paths)
    assert 0 in [u.numbers.entries for u in units]


def test_coverage_pages_ask_as_often_for_many_units_as_for_few(
    cast, evenings, django_assert_max_num_queries, at
):
    count_period(TERM, at=LATER)
    client = cast.client("city_operator")
    place = cast.places["city"].public_id
    for path in ("", "evenings/", "entries/", "bodies/", "people/"):
        with django_assert_max_num_queries(20):
            page = client.get(f"/study/coverage/{place}/{path}?period={TERM}")
        assert page.status_code == 200
    assert Coverage.objects.filter(scope="", period=TERM).count() == 1


def test_whom_the_reader_may_not_name_is_counted_and_not_dropped(cast, evenings, at):
    person = cast.people["colleague"]
    person.unit, person.office = cast.bodies["other_unit"], None
    person.save(update_fields=["unit", "office"])
    count_period(TERM, at=LATER)
    people = queries.people_behind(haishu(cast), TERM, LATER)
    district, city_wide = cast.actor("district_operator"), cast.actor("city_operator")
    assert people.count() == numbers(haishu(cast)).people == 2
    assert list(queries.readable(people, district)) == [cast.people["staff"]]
    assert (queries.hidden(people, district), queries.hidden(people, city_wide)) == (1, 0)
    page = cast.client("district_operator").get(
        f"/study/coverage/{cast.places['haishu'].public_id}/people/?period={TERM}"
    )
    assert person.name not in page.content.decode()


@pytest.mark.parametrize("step", ["place", "parent"])
def test_a_unit_that_hangs_elsewhere_moves_the_numbers_of_all_periods(cast, evenings, step):
    for minutes in (0, 1):
        refresh_coverage(at=LATER + timedelta(minutes=minutes))
    assert numbers(haishu(cast)).entries == 3
    assert refresh_coverage(at=LATER + timedelta(minutes=2)) == []
    unit, by = cast.bodies["unit"], system("tests")
    if step == "place":
        registry.edit_body(unit, place=cast.places["yinzhou"], by=by, at=LATER)
    else:
        registry.move_body(unit, parent=cast.bodies["yinzhou_party"], by=by, at=LATER)
    assert TERM in refresh_coverage(at=LATER + timedelta(minutes=3))
    unit = type(unit).objects.get(pk=unit.pk)
    places = [Scope("place", cast.places[name].path) for name in ("haishu", "yinzhou")]
    for scope in (*places, Scope("body", unit.path)):
        found = queries.numbers(scope, TERM) or queries.uncounted(TERM)
        assert found.entries == queries.entries_in(scope, TERM, found.cutoff).count()
    assert numbers(Scope("body", unit.path)).entries == 3


def test_a_renamed_unit_moves_no_number(cast, evenings):
    for minutes in (0, 1):
        refresh_coverage(at=LATER + timedelta(minutes=minutes))
    registry.edit_body(cast.bodies["unit"], name="海曙区教育和体育局", by=system("tests"), at=LATER)
    assert refresh_coverage(at=LATER + timedelta(minutes=2)) == []
