"""People come, move, retire, are merged; their four homes always agree with their history."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundwork.base import search
from groundwork.base.actor import Role
from groundwork.base.errors import Forbidden, GroundworkError, NotFound
from groundwork.base.models import Change, TrailEntry
from groundwork.registry import actions, signals
from groundwork.registry.models import Membership, Person
from groundwork.registry.rules import people as rules
from groundwork.registry.tests.make import MOMENT, SYSTEM

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
FIELDS = {
    "unit": "unit_id",
    "office": "office_id",
    "branch": "branch_id",
    "home_community": "home_community_id",
}


def open_homes(person: Person) -> dict[str, int | None]:
    rows = Membership.objects.filter(person=person, valid_to=None)
    return {row.kind: row.place_id or row.body_id for row in rows}


def assert_agrees(person: Person) -> None:
    person.refresh_from_db()
    if person.merged_into_id or person.status == rules.LEFT:
        assert open_homes(person) == {}
        return
    said = {kind: getattr(person, name) for kind, name in FIELDS.items()}
    assert open_homes(person) == {kind: pk for kind, pk in said.items() if pk is not None}


def test_a_person_is_added_with_homes_search_words_trail_and_change(city):
    office, branch = city.bodies["NB-RS-01"], city.bodies["NB-RS-Z1"]
    home = city.places["330203001001"]
    person = city.person(
        "叶　坤", office_id=office.pk, branch_id=branch.pk, home_community_id=home.pk,
        phone="＋86 138-0574-0001", work_number="ａ１００１",
    )  # fmt: skip
    assert (person.name, person.phone, person.work_number) == ("叶坤", "13805740001", "A1001")
    assert (person.sort_key, person.initials) == ("ye4 kun1", "yk")
    assert_agrees(person)
    for words in ("叶坤", "yk", "yekun", "yek", "A1001", "人社", "叶坤 市劳动局"):
        assert list(search.matching("registry.person", words)) == [person.pk], words
    entry = TrailEntry.objects.filter(kind="registry.person").latest("pk")
    assert (entry.verb, entry.object_id) == ("add", person.public_id)
    assert "叶坤" not in str(entry.fields)
    change = Change.objects.filter(kind="registry.person").latest("pk")
    assert change.before is None
    assert change.after
    assert change.after["unit"] == person.unit_id


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"name": "张"}, rules.BadName),
        ({"name": "=1+1"}, rules.BadName),
        ({"work_number": "号码"}, rules.BadWorkNumber),
        ({"work_number": "11010519491231002X"}, rules.IdNumberRefused),
        ({"phone": "12345"}, rules.BadPhone),
        ({"since": date(2026, 12, 1)}, rules.FutureDate),
    ],
)
def test_an_entry_that_breaks_a_rule_is_refused_with_its_reason(city, more, error):
    with pytest.raises(error):
        city.person(**more)
    assert not Person.objects.exists()


def test_a_work_number_is_given_once(city):
    city.person(work_number="X1")
    with pytest.raises(rules.WorkNumberTaken):
        city.person("李四", work_number="x1")
    with pytest.raises(rules.WorkNumberTaken):
        actions.add_people_many(
            [city.row(work_number="Y1"), city.row(work_number="Y1")], by=SYSTEM, at=MOMENT
        )


def test_an_office_of_another_unit_and_a_wrong_kind_are_refused(city):
    with pytest.raises(rules.NotUnderUnit):
        city.person(office_id=city.bodies["NB-JT-01"].pk)
    with pytest.raises(rules.NotAUnit):
        city.person(branch_id=city.bodies["NB-RS-01"].pk)
    with pytest.raises(rules.NotACommunity):
        city.person(home_community_id=city.places["330203"].pk)


def test_a_secretary_adds_to_the_own_unit_only(city):
    by = city.actor(Role.UNIT_SECRETARY, body="NB-RS")
    assert actions.add_person(city.row(), by=by, at=MOMENT).unit == city.bodies["NB-RS"]
    with pytest.raises(Forbidden):
        actions.add_person(city.row(unit="NB-JT"), by=by, at=MOMENT)
    with pytest.raises(Forbidden):
        actions.add_person(city.row(), by=city.actor(Role.STAFF, body="NB-RS"), at=MOMENT)


def test_the_secretary_of_another_unit_does_not_even_see_the_person(city):
    person = city.person()
    other = city.actor(Role.UNIT_SECRETARY, body="NB-JT")
    with pytest.raises(NotFound):
        actions.edit_person(person, name="李四", by=other, at=MOMENT)
    with pytest.raises(Forbidden):
        actions.edit_person(
            person, name="李四", by=city.actor(Role.AUDITOR, body="NB-RS"), at=MOMENT
        )


def test_an_edited_pinyin_key_stays_when_the_name_does_not_change(city):
    person = city.person("单明")
    assert person.sort_key.startswith("dan1")
    actions.edit_person(person, sort_key="shan4 ming2", by=SYSTEM, at=MOMENT)
    actions.edit_person(person, phone="13805740002", by=SYSTEM, at=MOMENT)
    person.refresh_from_db()
    assert (person.sort_key, person.initials) == ("shan4 ming2", "sm")


def test_a_move_closes_the_day_before_and_opens_on_the_day(city):
    person = city.person(since=date(2024, 1, 1), office_id=city.bodies["NB-RS-01"].pk)
    city_keeper = city.actor(Role.CITY_OPERATOR, body="NB")
    actions.move_person(
        person, unit=city.bodies["NB-JT"], since=date(2026, 9, 1), by=city_keeper, at=MOMENT
    )
    history = list(
        Membership.objects.filter(person=person, kind="unit")
        .order_by("valid_from")
        .values_list("body__code", "valid_from", "valid_to")
    )
    assert history == [
        ("NB-RS", date(2024, 1, 1), date(2026, 8, 31)),
        ("NB-JT", date(2026, 9, 1), None),
    ]
    assert_agrees(person)


def test_a_move_ahead_of_time_or_before_the_entry_is_refused(city):
    person = city.person(since=date(2026, 1, 1))
    for since, error in (
        (TODAY + timedelta(days=1), rules.FutureDate),
        (date(2025, 12, 31), rules.BeforePrevious),
    ):
        with pytest.raises(error):
            actions.move_person(
                person, unit=city.bodies["NB-JT"], since=since, by=SYSTEM, at=MOMENT
            )
        assert_agrees(person)


def test_a_unit_secretary_cannot_push_a_person_into_a_foreign_unit(city):
    person = city.person()
    with pytest.raises(Forbidden):
        actions.move_person(
            person,
            unit=city.bodies["NB-JT"],
            since=TODAY,
            by=city.actor(Role.UNIT_SECRETARY, body="NB-RS"),
            at=MOMENT,
        )


def test_who_retires_is_not_expected_and_the_areas_above_hear_of_it(city):
    heard = []

    def hear(sender, person, **more):
        heard.append(person.pk)

    signals.left.connect(hear)
    person = city.person()
    assert rules.is_expected(person.status)
    person = actions.retire_person(person, since=TODAY, by=SYSTEM, at=MOMENT)
    assert not rules.is_expected(person.status)
    assert heard == [person.pk]
    with pytest.raises(rules.BadStatusStep):
        actions.second_person(person, since=TODAY, by=SYSTEM, at=MOMENT)


def test_a_duplicate_is_merged_with_its_history_and_fills_what_was_missing(city):
    home = city.places["330203001001"]
    stays = city.person("张三", work_number="A1", since=date(2026, 1, 1))
    duplicate = city.person(
        "张三", work_number="A2", phone="13805740003", home_community_id=home.pk
    )
    actions.merge_people(duplicate, into=stays, by=SYSTEM, at=MOMENT)
    stays.refresh_from_db()
    assert (stays.phone, stays.home_community) == ("13805740003", home)
    assert_agrees(stays)
    assert_agrees(duplicate)
    assert list(search.matching("registry.person", "张三")) == [stays.pk]
    with pytest.raises(rules.SamePerson):
        actions.merge_people(stays, into=stays, by=SYSTEM, at=MOMENT)


def test_handing_over_tells_the_areas_above_once(city):
    heard = []

    def hear(sender, person, successor, **more):
        heard.append((person.pk, successor.pk))

    signals.handed_over.connect(hear)
    one, two = city.person("张三"), city.person("李四")
    actions.hand_over(one, successor=two, by=SYSTEM, at=MOMENT)
    assert heard == [(one.pk, two.pk)]


def test_a_revealed_phone_is_in_the_trail_and_the_auditor_may_not(city):
    person = city.person(phone="13805740004")
    keeper = city.actor(Role.CLERK, body="NB-RS")
    assert actions.reveal_phone(person, by=keeper, at=MOMENT) == "13805740004"
    entry = TrailEntry.objects.latest("pk")
    assert (entry.verb, entry.fields) == ("reveal_phone", ["phone"])
    with pytest.raises(Forbidden):
        actions.reveal_phone(person, by=city.actor(Role.AUDITOR, body="NB-RS"), at=MOMENT)


def test_bulk_and_single_adding_leave_the_same_rows(city):
    one = city.person("张三", work_number="S1", party_member=True)
    [many] = actions.add_people_many(
        [city.row("张三", work_number="S2", party_member=True)], by=SYSTEM, at=MOMENT
    )
    skipped = {"id", "public_id", "work_number"}
    names = [f.attname for f in Person._meta.concrete_fields if f.attname not in skipped]
    assert [getattr(one, n) for n in names] == [getattr(many, n) for n in names]
    assert open_homes(one) == open_homes(many)


steps = st.lists(
    st.tuples(
        st.sampled_from(["move", "home", "retire", "second", "return", "leave", "merge"]),
        st.integers(0, 3),
        st.integers(0, 60),
        st.integers(0, 2),
    ),
    max_size=12,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=steps)
def test_homes_agree_with_open_memberships_after_any_acts(city, steps):
    start = date(2026, 10, 1)
    people = [city.person(name, since=start) for name in ("张三", "李四", "王五", "赵六")]
    for verb, who, days, choice in steps:
        person = people[who]
        since = start + timedelta(days=days)
        with suppress(GroundworkError):  # a refused act must leave everything as it was
            act(city, verb, person, people[(who + 1) % 4], since, choice)
        for each in people:
            assert_agrees(each)


def act(city, verb, person, other, since, choice) -> None:
    person = Person.objects.get(pk=person.pk)
    more: Any = {"by": SYSTEM, "at": MOMENT}
    if verb == "move":
        unit, office = [("NB-RS", "NB-RS-01"), ("NB-JT", "NB-JT-01"), ("NB-RS", None)][choice]
        actions.move_person(
            person,
            unit=city.bodies[unit],
            office=city.bodies[office] if office else None,
            branch=city.bodies[f"{unit}-Z1"] if choice else None,
            since=since,
            **more,
        )
    elif verb == "home":
        homes = [None, city.places["330203001001"], city.places["330212001001"]]
        actions.set_home_community(person, place=homes[choice], since=since, **more)
    elif verb == "merge":
        actions.merge_people(person, into=other, **more)
    else:
        act = getattr(actions, f"{verb}_person")
        act(person, since=since, **more)
