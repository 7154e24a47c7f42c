"""Registration, calls, hours: asked, confirmed, moved; taken, given back, on the own record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.access.queries import own
from groundwork.base.actor import system
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import TrailEntry
from groundwork.registry.actions import leave_person
from groundwork.registry.models import Membership, Person
from groundwork.voices.actions import calls, home
from groundwork.voices.models import Registration, Taking
from groundwork.voices.queries import home as queries
from groundwork.voices.rules import calls as call_rules
from groundwork.voices.rules import home as rules
from groundwork.voices.tests.make import AT, TODAY, a_call, days

CITY = system("tests")


def register(cast, who: str = "staff", place: str = "liujin", since=TODAY, at=AT):
    return home.register_home(cast.places[place], since=since, by=cast.actor(who), at=at)


def test_whoever_moves_registers_once_and_the_history_stays(cast):
    asked = register(cast)
    assert Person.objects.get(pk=asked.person_id).home_community == cast.places["chenglang"]
    home.confirm_home(asked.public_id, by=cast.actor("other_community_secretary"), at=AT)
    staff = Person.objects.get(pk=asked.person_id)
    assert staff.home_community == cast.places["liujin"]
    rows = Membership.objects.filter(person=staff, kind="home_community").order_by("valid_from")
    assert [(row.place.name, row.valid_to) for row in rows] == [
        ("澄浪社区", TODAY - timedelta(days=1)),
        ("柳锦社区", None),
    ]
    page = queries.home(cast.actor("staff"), AT)
    assert (page.confirmed, page.place.name) == (True, "柳锦社区")
    assert [stay.place.name for stay in page.stays] == ["柳锦社区", "澄浪社区"]


def test_whom_the_directory_knows_there_already_is_confirmed_without_a_second_membership(cast):
    asked = register(cast, place="chenglang")
    home.confirm_home(asked.public_id, by=cast.actor("community_secretary"), at=AT)
    assert Membership.objects.filter(person=asked.person_id, kind="home_community").count() == 1
    with pytest.raises(rules.HereAlready):
        register(cast, place="chenglang")


def test_one_registration_waits_and_another_is_refused(cast):
    register(cast)
    with pytest.raises(rules.AskedAlready):
        register(cast, place="dongsheng")


@pytest.mark.parametrize("since", [TODAY + timedelta(days=1), TODAY - timedelta(days=400)])
def test_a_day_that_cannot_be_recorded_is_refused(cast, since):
    with pytest.raises(rules.BadSince):
        register(cast, since=since)


def test_a_street_is_no_community(cast):
    with pytest.raises(rules.NotACommunity):
        register(cast, place="nanmen")


def test_another_communitys_secretary_does_not_see_it_and_a_refusal_needs_a_reason(cast):
    asked = register(cast)
    with pytest.raises(NotFound):
        home.confirm_home(asked.public_id, by=cast.actor("community_secretary"), at=AT)
    chief = cast.actor("other_community_secretary")
    with pytest.raises(rules.ReasonNeeded):
        home.refuse_home(asked.public_id, " ", by=chief, at=AT)
    home.refuse_home(asked.public_id, "门牌对不上，请来社区核对。", by=chief, at=AT)
    told = Notice.objects.filter(account=cast.accounts["staff"]).latest("id")
    assert "门牌对不上" in told.text
    with pytest.raises(rules.SettledAlready):
        home.confirm_home(asked.public_id, by=chief, at=AT)
    assert Registration.objects.get().state == "refused"


def test_nobody_confirms_the_own_registration(cast):
    asked = register(cast, "community_secretary", "chenglang")
    with pytest.raises(Forbidden):
        home.confirm_home(asked.public_id, by=cast.actor("community_secretary"), at=AT)


def test_a_secretary_is_told_once_and_the_trail_holds_no_name(cast):
    asked = register(cast)
    account = cast.accounts["other_community_secretary"]
    assert Notice.objects.filter(account=account, text__contains="单晓芸").count() == 1
    rows = TrailEntry.objects.filter(object_id=asked.public_id)
    assert [(row.verb, row.fields) for row in rows] == [("register", [])]


# ---- calls --------------------------------------------------------------------------------------
def test_the_last_place_goes_to_one_and_a_place_given_back_is_free_again(cast):
    call = a_call(cast, wanted=1)
    first = calls.take_call(call.public_id, by=cast.actor("staff"), at=AT)
    with pytest.raises(call_rules.TakenAlready):
        calls.take_call(call.public_id, by=cast.actor("staff"), at=AT)
    with pytest.raises(call_rules.CallFull):
        calls.take_call(call.public_id, by=cast.actor("colleague"), at=AT)
    calls.give_back(first.public_id, by=cast.actor("staff"), at=AT)
    calls.take_call(call.public_id, by=cast.actor("colleague"), at=AT)
    with pytest.raises(call_rules.CallOver):
        calls.take_call(call.public_id, by=cast.actor("staff"), at=days(4))


def test_hours_stand_on_the_own_record_once_the_community_confirmed_them(cast):
    call = a_call(cast)
    taking = calls.take_call(call.public_id, by=cast.actor("staff"), at=AT)
    chief = cast.actor("community_secretary")
    with pytest.raises(call_rules.NotYet):
        calls.confirm_taking(taking.public_id, by=chief, at=AT)
    assert queries.own_deeds(cast.actor("staff")) == []
    calls.confirm_taking(
        taking.public_id, ended_at=call.ends_at + timedelta(minutes=30), by=chief, at=days(4)
    )
    [done] = queries.own_deeds(cast.actor("staff"))
    assert (done.what, done.hours) == ("周六清洁家园", 2.5)
    assert queries.own_deeds(cast.actor("unit_secretary")) == []
    [section] = [s for s in own.own_data(cast.actor("staff")) if s.title == "社区服务记录"]
    assert section.rows[0][3] == "2.5"
    with pytest.raises(call_rules.WrongTaking):
        calls.release_taking(taking.public_id, by=chief, at=days(4))


def test_nobody_confirms_the_own_hours_and_a_time_far_off_is_refused(cast):
    call = a_call(cast)
    own_taking = calls.take_call(call.public_id, by=cast.actor("community_secretary"), at=AT)
    other = calls.take_call(call.public_id, by=cast.actor("staff"), at=AT)
    chief = cast.actor("community_secretary")
    with pytest.raises(call_rules.OwnTaking):
        calls.confirm_taking(own_taking.public_id, by=chief, at=days(4))
    with pytest.raises(call_rules.BadTimes):
        calls.confirm_taking(other.public_id, began_at=AT, by=chief, at=days(4))
    assert Taking.objects.filter(state="confirmed").count() == 0


def test_who_is_let_go_has_no_record_for_or_against(cast):
    taking = calls.take_call(a_call(cast).public_id, by=cast.actor("staff"), at=AT)
    calls.release_taking(taking.public_id, by=cast.actor("community_secretary"), at=days(4))
    assert queries.own_deeds(cast.actor("staff")) == []
    assert not {f.name for f in Taking._meta.get_fields()} & {"missed", "absent", "no_show"}


def test_a_call_that_is_off_tells_who_took_it(cast):
    call = a_call(cast)
    calls.take_call(call.public_id, by=cast.actor("staff"), at=AT)
    with pytest.raises(Forbidden):
        calls.call_off(call.public_id, by=cast.actor("other_community_secretary"), at=AT)
    calls.call_off(call.public_id, by=cast.actor("community_secretary"), at=AT)
    assert Notice.objects.filter(account=cast.accounts["staff"], kind="voices.call").exists()
    assert Taking.objects.get().state == "released"


def test_who_leaves_gives_back_what_lies_ahead(cast):
    calls.take_call(a_call(cast).public_id, by=cast.actor("staff"), at=AT)
    register(cast)
    leave_person(cast.people["staff"], since=TODAY, by=CITY, at=AT)
    assert Taking.objects.get().state == "given_back"
    assert Registration.objects.get().state == "withdrawn"


def test_the_lists_take_the_same_number_of_statements_however_long(
    cast, at, django_assert_max_num_queries
):
    for n in range(40):
        a_call(cast, title=f"第{n}次")
    client = cast.client("staff")
    for name in ("voices:calls", "voices:home"):
        with django_assert_max_num_queries(22):
            assert client.get(reverse(name)).status_code == 200
    page = client.get(reverse("voices:calls"))
    assert len(page.context["listing"].rows) == queries.SIZE
    assert page.context["listing"].next
    empty = client.get(reverse("voices:calls") + "?near=near")
    assert empty.status_code == 200
    assert client.get(reverse("voices:community")).status_code == 403
