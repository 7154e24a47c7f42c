"""Who can come: the call, the answers, what a unit keeps. Nobody says why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base import clock
from groundwork.base.errors import Forbidden, NotFound
from groundwork.duty.actions import supply
from groundwork.duty.actions.orders import throw_switch
from groundwork.duty.actions.supply import Answer
from groundwork.duty.models import UnitPart, Volunteer
from groundwork.duty.policy.orders import Shut
from groundwork.duty.queries.supply import available, own_call, unanswered
from groundwork.duty.rules import times as rules
from groundwork.duty.tests.make import AT, BY, order_of
from groundwork.registry.models import Person

HOUR = timedelta(hours=1)
EVENINGS = {"week": rules.week_of(rules.PATTERNS[0]), "days": {}}


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def order(cast):
    return order_of(cast)


def of(cast, order, who):
    return Volunteer.objects.get(order=order, person=cast.people[who])


# ---- the call -----------------------------------------------------------------------------------
def test_a_call_asks_everybody_of_the_units_in_the_place_once(cast):
    order = order_of(cast, place=cast.places["haishu"], body=cast.bodies["haishu_party"])
    retired = cast.people["clerk"]
    Person.objects.filter(pk=retired.pk).update(status="retired")
    asked = supply.call_up(order.public_id, by=BY, at=AT)
    people = set(Volunteer.objects.filter(order=order).values_list("person__unit__code", flat=True))
    assert people == {"HS", "HS-JYJ", "HS-NM"}  # no unit of another district, none of the city
    assert asked == Volunteer.objects.count() == Notice.objects.filter(kind="duty.call").count()
    assert not Volunteer.objects.filter(person=retired).exists()
    assert set(UnitPart.objects.values_list("unit__code", flat=True)) == people
    with pytest.raises(supply.NobodyToAsk):
        supply.call_up(order.public_id, by=BY, at=AT)
    Person.objects.filter(pk=retired.pk).update(status="on_roll")  # somebody new since
    assert supply.call_up(order.public_id, by=BY, at=AT + HOUR) == 1
    assert Notice.objects.filter(kind="duty.call").count() == asked + 1
    assert list(order.steps.filter(verb="call").values_list("data", flat=True)) == [
        {"asked": asked},
        {"asked": 1},
    ]


def test_without_an_order_that_opens_it_nobody_is_called_and_nobody_answers(cast, order):
    late = order.ends_at
    staff = cast.actor("staff")
    with pytest.raises(Shut):
        supply.call_up(order.public_id, by=BY, at=late)
    throw_switch(order.public_id, "calls_up", False, by=BY, at=AT)
    for act in (
        lambda: supply.call_up(order.public_id, by=BY, at=AT),
        lambda: supply.answer_call(order.public_id, Answer(EVENINGS), by=staff, at=AT),
        lambda: supply.excuse_self(order.public_id, by=staff, at=AT),
    ):
        with pytest.raises(Shut):
            act()
    with pytest.raises(Forbidden):
        supply.call_up(order.public_id, by=staff, at=AT)


def test_a_call_of_many_costs_as_many_statements_as_one_of_few(
    cast, order, django_assert_max_num_queries
):
    unit = cast.bodies["unit"]
    Person.objects.bulk_create(
        Person(name=f"新人{n}", sort_key=f"xin {n}", initials="xr", work_number=f"X{n}", unit=unit)
        for n in range(300)
    )
    with django_assert_max_num_queries(40):
        assert supply.call_up(order.public_id, by=BY, at=AT) > 300


# ---- the answer ---------------------------------------------------------------------------------
def test_an_answer_may_change_at_any_time_and_nobody_is_asked_why_not(cast, order):
    supply.call_up(order.public_id, by=BY, at=AT)
    by = cast.actor("staff")
    assert [row.order for row in unanswered(by, AT)] == [order]
    assert not available(order).exists()  # who has not answered is not planned with
    supply.answer_call(order.public_id, Answer(EVENINGS, 2, ("driver",)), by=by, at=AT)
    assert unanswered(by, AT) == []
    assert [row.person for row in available(order)] == [cast.people["staff"]]
    supply.excuse_self(order.public_id, by=by, at=AT + HOUR)
    assert not available(order).exists()
    row = of(cast, order, "staff")
    assert (row.excused_at, row.times) == (AT + HOUR, EVENINGS)
    supply.answer_call(order.public_id, Answer(EVENINGS, 7), by=by, at=AT + 2 * HOUR)
    row.refresh_from_db()
    assert (row.excused_at, row.cap, row.skills) == (None, 7, [])
    names = {field.name for field in Volunteer._meta.get_fields()}
    assert not names & {"reason", "why", "health", "note"}


def test_nonsense_is_refused(cast, order):
    by = cast.actor("staff")
    for wrong in (Answer(EVENINGS, 0), Answer(EVENINGS, 8), Answer(EVENINGS, 3, ("cook",))):
        with pytest.raises(supply.BadAnswer):
            supply.answer_call(order.public_id, wrong, by=by, at=AT)
    with pytest.raises(rules.BadTimes):
        supply.answer_call(order.public_id, Answer({"week": {"9": []}}), by=by, at=AT)
    assert not Volunteer.objects.exists()


def test_who_was_not_asked_may_offer_and_an_enterprise_may_not(cast, order):
    supply.answer_call(order.public_id, Answer(EVENINGS), by=cast.actor("outsider"), at=AT)
    assert available(order).get().unit == cast.bodies["other_unit"]
    with pytest.raises(NotFound):
        supply.answer_call(order.public_id, Answer(EVENINGS), by=cast.actor("enterprise"), at=AT)


def test_what_was_said_last_time_is_offered_and_not_kept_before_the_tap(cast, order):
    by = cast.actor("staff")
    days = {"2026-11-25": [["08:00", "12:00"]]}
    answer = Answer({**EVENINGS, "days": days}, 2, ("driver",))
    supply.answer_call(order.public_id, answer, by=by, at=AT)
    later = order_of(cast, title="又一次")
    page = own_call(by, later, AT)
    assert page.borrowed
    assert (page.times, page.cap, page.skills) == (EVENINGS, 2, ["driver"])  # no single days
    assert not Volunteer.objects.filter(order=later).exists()


def test_one_tap_on_the_phone_is_an_answer_and_single_days_add_to_it(cast, order):
    client = cast.client("staff")
    address = reverse("duty:supply", args=[order.public_id])
    with clock.at(AT):
        assert client.post(address, {"tap": "evenings"}).status_code == 302
        row = of(cast, order, "staff")
        assert (row.times, row.cap) == (EVENINGS, 3)
        data = {"cap": "2", "skills": ["medical"]}
        for day in own_call(cast.actor("staff"), order, AT).days:
            data[f"day_{day.day:%Y%m%d}"] = list(day.ticked)
        data["day_20261125"] = ["morning", "night"]
        assert client.post(address, data).status_code == 302
        row.refresh_from_db()
        assert row.times["week"] == EVENINGS["week"]
        assert row.times["days"] == {"2026-11-25": [["08:00", "12:00"], ["22:00", "08:00"]]}
        assert (row.cap, row.skills) == (2, ["medical"])
        assert client.post(address, {**data, "cap": "40"}).status_code == 422
        client.post(address, {"tap": "none"})
        row.refresh_from_db()
        assert row.excused_at is not None
        assert client.post(address, {"tap": "sometimes"}).status_code == 404
        assert "不用说原因" in client.get(address).content.decode()


# ---- the unit -----------------------------------------------------------------------------------
def test_a_unit_holds_people_at_the_desk_keeps_its_minimum_and_lets_all_go_with_one_tap(
    cast, order
):
    supply.call_up(order.public_id, by=BY, at=AT)
    unit = cast.bodies["unit"].public_id
    for who in ("staff", "colleague"):
        supply.answer_call(order.public_id, Answer(EVENINGS), by=cast.actor(who), at=AT)
    clerk = cast.actor("clerk")
    row = of(cast, order, "staff")
    supply.hold_person(order.public_id, row.public_id, True, by=clerk, at=AT)
    assert [v.person for v in available(order)] == [cast.people["colleague"]]
    assert supply.keep_in_office(order.public_id, unit, 3, by=clerk, at=AT).stay == 3
    with pytest.raises(NotFound):  # another unit's secretary does not even see it
        supply.hold_person(
            order.public_id, row.public_id, False, by=cast.actor("other_secretary"), at=AT
        )
    with pytest.raises(Forbidden):  # who keeps the order reads; the unit decides
        supply.keep_in_office(order.public_id, unit, 0, by=cast.actor("city_operator"), at=AT)
    part = supply.release_unit(order.public_id, unit, by=clerk, at=AT + HOUR)
    assert (part.released_at, part.stay) == (AT + HOUR, 3)
    assert available(order).count() == 2


def test_the_unit_s_page_names_answers_counts_nobody_s_shifts_and_asks_few_questions(cast, order):
    supply.call_up(order.public_id, by=BY, at=AT)
    supply.answer_call(order.public_id, Answer(EVENINGS), by=cast.actor("staff"), at=AT)
    supply.excuse_self(order.public_id, by=cast.actor("colleague"), at=AT)
    client = cast.client("unit_secretary")
    address = reverse("duty:unit", args=[order.public_id, cast.bodies["unit"].public_id])
    with clock.at(AT):
        text = client.get(address).content.decode()
        assert "平日晚上" in text
        assert "不能参加" in text
        assert "还没答复" in text
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        Person.objects.bulk_create(
            Person(name=f"新人{n}", sort_key=f"x{n}", initials="x", work_number=f"X{n}",
                   unit=cast.bodies["unit"])
            for n in range(40)
        )  # fmt: skip
        supply.call_up(order.public_id, by=BY, at=AT)
        with CaptureQueriesContext(connection) as many:
            client.get(address)
        assert len(many) <= len(few)
        assert client.post(address, {"stay": "2"}).status_code == 302
        hold = reverse("duty:unit_hold", args=[order.public_id, of(cast, order, "staff").public_id])
        client.post(hold, {"held": "yes"})
        assert of(cast, order, "staff").held_at is not None
        client.post(reverse("duty:unit_release", args=[order.public_id,
                                                       cast.bodies["unit"].public_id]))  # fmt: skip
        assert of(cast, order, "staff").held_at is None
