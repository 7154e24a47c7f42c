"""What is past its time goes; what auditors see; what the account itself has to do."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from groundwork.access import actions
from groundwork.access.actions.retention import erase_expired
from groundwork.access.models import Account, Notice, Remark, Slip
from groundwork.access.queries import todo
from groundwork.access.queries.trail import trail_page
from groundwork.access.rules.retention import KEPT
from groundwork.base import clock, trail
from groundwork.base.actor import system
from groundwork.base.clock import ZONE
from groundwork.base.errors import Forbidden
from groundwork.base.models import TrailEntry

AT = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)


# ---- retention -------------------------------------------------------------------------------
def test_notices_and_answered_remarks_go_after_two_years_and_leave_a_tombstone(cast):
    staff, city = cast.accounts["staff"], cast.actor("city_operator")
    with clock.at(AT):
        actions.notify([staff], kind="k", key="1", text="旧")
        answered = actions.send_remark(page="", text="旧", by=cast.actor("staff"))
        actions.send_remark(page="", text="没人理", by=cast.actor("staff"))
        actions.answer_remark(answered, answer="好", by=city)
    edge = AT + KEPT["notice"]
    assert erase_expired(at=edge)["notice"] == 0
    erased = erase_expired(at=edge + timedelta(seconds=1))
    assert erased["notice"] == 2  # the old one and the answer's
    assert erased["remark"] == 1
    assert [remark.text for remark in Remark.objects.all()] == ["没人理"]
    assert not Notice.objects.exists()
    stone = TrailEntry.objects.get(verb="erase", kind="notice")
    assert (stone.object_id, stone.system) == ("2", "retention")


def test_spent_slips_and_dead_sessions_go_and_living_ones_stay(cast, client):
    with clock.at(AT):
        slip = actions.issue_slip(cast.accounts["staff"], by=system("t"))
        actions.use_slip(slip.number, slip.code)
        actions.issue_slip(cast.accounts["colleague"], by=system("t"))
    client.post(
        reverse("account_login"),
        {"login": cast.accounts["clerk"].username, "password": "甬江夜学-2026"},
    )
    erased = erase_expired(at=clock.now())
    assert erased["session"] == erased["device"] == 0
    assert client.get(reverse("access:me")).status_code == 200
    assert Slip.objects.count() == 2
    later = AT + KEPT["slip"] + timedelta(days=31)
    assert erase_expired(at=later)["slip"] == 2
    erased = erase_expired(at=clock.now() + timedelta(days=91))
    assert client.get(reverse("access:me")).status_code == 302


# ---- the trail as auditors read it ---------------------------------------------------------------
def seen(by, **wanted):
    rows, _next = trail_page(by, **wanted)
    return [(row.who, row.verb, row.object_id) for row in rows]


@pytest.fixture
def acts(cast):
    for who in ("clerk", "outsider"):
        trail.record(cast.actor(who), "reveal", "person", f"p-{who}", ["phone"], at=AT)
    trail.record(system("worker"), "erase", "notice", "3", at=AT + timedelta(days=1))


def test_an_auditor_of_the_city_sees_every_row_and_of_a_part_its_own(cast, acts):
    assert len(seen(cast.actor("auditor"))) == 3
    assert seen(cast.actor("district_operator")) == [("乐小敏", "reveal", "p-clerk")]
    for who in ("unit_secretary", "staff", "clerk"):
        with pytest.raises(Forbidden):
            seen(cast.actor(who))


def test_the_trail_is_narrowed_by_object_person_and_day(cast, acts):
    by = cast.actor("auditor")
    assert seen(by, kind="person", object_id="p-clerk") == [("乐小敏", "reveal", "p-clerk")]
    number = cast.accounts["outsider"].username
    assert seen(by, number=number.lower()) == [("戴向东", "reveal", "p-outsider")]
    assert len(seen(by, day=AT.date())) == 2
    assert seen(by, day=AT.date() + timedelta(days=1)) == [("worker", "erase", "3")]
    # Narrowing never widens: out of scope stays out of scope.
    assert seen(cast.actor("district_operator"), number=number) == []


def test_the_trail_pages_by_key_without_a_row_lost_or_doubled(cast):
    for number in range(120):
        trail.record(cast.actor("clerk"), "edit", "person", f"p{number}", at=AT)
    got, cursor = [], ""
    while True:
        rows, cursor = trail_page(cast.actor("auditor"), kind="person", cursor=cursor)
        got += [row.object_id for row in rows]
        if not cursor:
            break
    assert got == [f"p{number}" for number in reversed(range(120))]


def test_the_trail_page_shows_ids_and_field_names_and_no_values(cast, acts):
    page = cast.client("auditor").get(reverse("access:trail")).content.decode()
    assert "p-clerk" in page
    assert "phone" in page
    assert cast.people["clerk"].phone not in page
    odd = {"day": "not-a-day", "after": "%%%"}
    assert cast.client("auditor").get(reverse("access:trail"), odd).status_code == 200


# ---- to-do ---------------------------------------------------------------------------------
def test_an_account_without_a_key_of_its_own_is_told_so(cast):
    by = cast.actor("staff")
    assert todo(by, AT) == []
    Account.objects.filter(pk=by.account_id).update(password="!")
    assert [one.url for one in todo(by, AT)] == [reverse("access:keys")]
    Account.objects.filter(pk=by.account_id).update(demo=True)  # comes in by a card
    assert todo(by, AT) == []


def test_unanswered_remarks_are_the_citys_to_do(cast):
    actions.send_remark(page="", text="字太小", by=cast.actor("staff"))
    assert [one.chip for one in todo(cast.actor("city_operator"), AT)] == ["1"]
    assert todo(cast.actor("unit_secretary"), AT) == []
