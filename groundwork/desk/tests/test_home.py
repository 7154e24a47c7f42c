"""Home is to-do first; tonight is on top; an operator sees how the evening stands."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from groundwork.base import outbox
from groundwork.base.actor import system
from groundwork.base.models import OutboxMessage
from groundwork.desk import queries
from groundwork.study.actions.leave import ask_leave, decide_leave
from groundwork.study.actions.roll import take_part
from groundwork.study.tests.make import an_evening
from tests.cast import EVENING

STARTED = EVENING - timedelta(minutes=5)


def home(cast, who: str, locale: str = ""):
    return cast.client(who, locale).get(reverse("desk:home")).content.decode()


def test_whoever_is_not_signed_in_gets_a_front_page_with_the_way_in(db, settings):
    settings.DEMO = False
    page = Client().get(reverse("desk:home")).content.decode()
    assert reverse("account_login") in page
    assert reverse("access:demo") not in page


def test_only_a_demo_city_offers_its_cards_and_says_what_it_is(db, settings):
    settings.DEMO = True
    page = Client().get(reverse("desk:home")).content.decode()
    assert reverse("access:demo") in page
    assert "人名都是编的" in page


def test_tonight_stands_on_top_for_those_expected_and_for_nobody_else(cast, at):
    unit = cast.bodies["unit"]
    evening = an_evening(unit, starts_at=STARTED, rooms=((unit, "302 会议室", 40),))
    mine = home(cast, "staff")
    assert evening.title in mine
    assert "302 会议室" in mine
    assert reverse("study:sign_in") in mine
    assert evening.title not in home(cast, "outsider")


def test_the_evening_on_top_is_not_asked_for_a_second_time_below(cast, at):
    an_evening(cast.bodies["unit"], starts_at=STARTED)
    page = queries.home(cast.actor("staff"), at)
    assert page.tonight is not None
    assert page.todo == []


def test_who_is_on_the_roll_is_told_so_and_not_asked_to_sign_in(cast, at):
    evening = an_evening(cast.bodies["unit"], starts_at=STARTED, live_url="https://example.org/a")
    take_part(evening.public_id, source="live", by=cast.actor("staff"), at=at)
    page = home(cast, "staff")
    assert "已在名册上" in page
    assert reverse("study:sign_in") not in page


def test_next_weeks_evening_is_named_as_the_next_not_as_tonights(cast, at):
    evening = an_evening(cast.bodies["unit"])
    page = home(cast, "staff")
    assert evening.title in page
    assert "下一场" in page


def test_a_secretary_sees_the_leave_to_decide_and_the_asker_what_became_of_it(cast, at):
    evening = an_evening(cast.bodies["unit"], live_url="https://example.org/a")
    leave = ask_leave(evening.public_id, "travel", by=cast.actor("staff"), at=at)
    secretary = cast.actor("unit_secretary")
    assert [line.url for line in queries.home(secretary, at).todo] == [reverse("study:leaves")]
    [asked] = queries.home(cast.actor("staff"), at).started
    assert asked.tone == "due"
    decide_leave(leave.public_id, granted=True, by=secretary, at=at)
    [granted] = queries.home(cast.actor("staff"), at).started
    assert granted.tone == "ok"
    assert queries.home(cast.actor("colleague"), at).started == []


def test_the_operator_sees_units_with_a_roll_of_those_in_the_own_part_only(cast, at):
    top = cast.bodies["party"]
    evening = an_evening(top, starts_at=STARTED, live_url="https://example.org/a")
    take_part(evening.public_id, source="live", by=cast.actor("staff"), at=at)
    city = queries.home(cast.actor("city_operator"), at).state
    assert city is not None
    assert (city.evening, city.with_roll, city.closed) == (evening, 1, 0)
    district = queries.home(cast.actor("district_operator"), at).state
    assert district is not None
    assert district.units < city.units
    assert queries.home(cast.actor("unit_secretary"), at).state is None


def test_home_costs_the_same_however_much_waits(cast, at, django_assert_max_num_queries):
    for week in range(4):
        an_evening(cast.bodies["party"], starts_at=STARTED + timedelta(days=7 * week))
    for who in ("staff", "unit_secretary", "city_operator"):
        client = cast.client(who)
        client.get(reverse("desk:home"))
        with django_assert_max_num_queries(44):
            assert client.get(reverse("desk:home")).status_code == 200


def test_letters_that_were_given_up_stand_on_the_operators_home_page_and_on_no_other(cast, at):
    def said(who):
        return "没有送出去" in cast.client(who).get(reverse("desk:home")).content.decode()

    assert not said("city_operator")
    row = {"kind": "access.mail", "payload": {}, "created_at": at, "due_at": at}
    OutboxMessage.objects.create(**row, key="waits", attempts=9)
    assert not said("city_operator")
    OutboxMessage.objects.create(**row, key="given up", attempts=10, last_error="gaierror")
    assert said("city_operator")
    assert not said("district_operator")
    outbox.send_again(by=system("console"), at=at)
    assert not said("city_operator")
