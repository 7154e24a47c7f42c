"""Visits: recording, the queue's second sending, what is found, who sees what, withdrawing."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base.actor import system
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import Change
from groundwork.matters.actions import steps
from groundwork.matters.actions.telling import letter_of
from groundwork.matters.models import Door, Matter, Raiser
from groundwork.matters.policy.own import own_raisers
from groundwork.matters.queries.timeline import timeline
from groundwork.service.actions import many, visits
from groundwork.service.models import HeldVisit, Visit
from groundwork.service.policy import visits as policy
from groundwork.service.queries import visits as queries
from groundwork.service.rules import visits as rules
from groundwork.service.tests.make import (
    AT,
    LAMP,
    TODAY,
    a_plan,
    a_point,
    a_problem,
    a_visit,
    days_ago,
)

QUEUE = {"HTTP_HX_REQUEST": "true"}


def sent(cast, **more):
    """Give what the form sends."""
    values = {
        "service": "people",
        "elsewhere": f"place:{cast.places['chenglang'].public_id}",
        "day": TODAY.isoformat(),
        "client_key": "key-1",
        "problem_0": LAMP,
    }
    return values | more


def test_a_visit_writes_its_problems_into_the_ledger_at_once(cast):
    plan = a_plan(
        cast,
        problems=(a_problem(), a_problem("垃圾桶满了。")),
        companions=(cast.people["colleague"], cast.people["staff"]),
        brought=("hands", "policy", "hands", "gold"),
        contact=visits.Contact("沈阿姨", "13905740001"),
    )
    done = visits.record_visit(plan, by=cast.actor("staff"), at=AT)
    visit = done.visit
    assert (visit.unit, visit.district, visit.found) == (
        cast.bodies["unit"],
        cast.places["haishu"],
        2,
    )
    assert visit.brought == ["policy", "hands"]
    assert {v.person for v in visit.visitors.all()} == {
        cast.people["staff"],
        cast.people["colleague"],
    }
    matters = Matter.objects.filter(source_kind="service.visit", source_id=visit.public_id)
    assert [(m.door, m.category.code) for m in matters.order_by("id")] == [
        (Door.VISIT, "roads"),
        (Door.VISIT, "waste"),
    ]
    raiser = Raiser.objects.get(matter=matters.earliest("id"))
    assert (raiser.name, raiser.phone) == ("沈阿姨", "13905740001")
    assert (raiser.account_id, raiser.person) == (None, None)
    assert all(receipt.secret for receipt in done.receipts)
    assert Change.objects.filter(kind="service.visit", object_id=visit.public_id).exists()


@pytest.mark.parametrize(
    ("more", "mine"),
    [
        ({}, True),
        ({"contact": visits.Contact("沈阿姨", "13905740001")}, False),
        ({"contact": visits.Contact(phone="13905740001")}, False),
        ({"host": "enterprise_body"}, False),
    ],
    ids=["seen", "told", "phone", "enterprise"],
)
def test_what_somebody_else_told_is_theirs_and_no_tap_of_the_visitors_solves_it(cast, more, mine):
    if "host" in more:
        more = {"host": cast.bodies[more["host"]]}
    plan = a_plan(cast, problems=(a_problem(),), client_key="one", **more)
    staff = cast.actor("staff")
    done = visits.record_visit(plan, by=staff, at=AT)
    raiser = Raiser.objects.get()
    assert (raiser.person == cast.people["staff"]) is mine
    assert own_raisers(staff).filter(matter=done.receipts[0].matter).exists() is mine
    again = visits.record_visit(plan, by=staff, at=AT)
    assert again.receipts[0].secret == done.receipts[0].secret != ""


def test_a_visit_without_a_problem_is_a_visit(cast):
    visit = a_visit(cast)
    assert visit.found == 0
    assert not Matter.objects.exists()


def test_the_same_sending_twice_is_one_visit_and_one_matter(cast):
    plan = a_plan(cast, problems=(a_problem(),), client_key="one")
    first = visits.record_visit(plan, by=cast.actor("staff"), at=AT)
    again = visits.record_visit(plan, by=cast.actor("staff"), at=AT + timedelta(days=1))
    assert again.visit == first.visit
    assert (first.fresh, again.fresh) == (True, False)
    assert [r.matter for r in again.receipts] == [r.matter for r in first.receipts]
    assert again.receipts[0].secret == first.receipts[0].secret  # the answer may have been lost
    assert (Visit.objects.count(), Matter.objects.count()) == (1, 1)


def test_anothers_key_opens_no_visit(cast):
    plan = a_plan(cast, client_key="one")
    visits.record_visit(plan, by=cast.actor("staff"), at=AT)
    with pytest.raises(Forbidden):
        visits.record_visit(plan, by=cast.actor("colleague"), at=AT)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"day": TODAY + timedelta(days=1)}, rules.NotYet),
        ({"day": days_ago(200)}, rules.TooLongAgo),
        ({"problems": 21}, rules.TooMany),
    ],
)
def test_what_cannot_have_been_is_refused_and_leaves_nothing(cast, change, error):
    if "problems" in change:
        change = {"problems": tuple(a_problem() for _ in range(change["problems"]))}
    with pytest.raises(error):
        visits.record_visit(a_plan(cast, **change), by=cast.actor("staff"), at=AT)
    assert not Visit.objects.exists()
    assert not Matter.objects.exists()


def test_who_was_visited_is_told_that_an_official_took_the_matter_back(cast):
    visit = a_visit(cast, "staff", LAMP)
    raiser = Raiser.objects.get()
    Raiser.objects.update(account_id=cast.accounts["enterprise"].pk, email="shen@example.com")
    visits.withdraw_visit(visit.public_id, by=cast.actor("staff"), at=AT)
    assert Notice.objects.get(kind="matters.own.withdraw").account_id == (
        cast.accounts["enterprise"].pk
    )
    letter = letter_of(raiser, raiser.matter.steps.latest("id"))
    assert "记错了" in letter.body


def test_an_enterprise_account_pays_no_visits_but_sees_those_it_received(cast):
    with pytest.raises(Forbidden):
        visits.record_visit(a_plan(cast), by=cast.actor("enterprise"), at=AT)
    visit = a_visit(cast, host=cast.bodies["enterprise_body"], note="账上紧")
    assert visit.place == cast.places["nanmen"]
    firm = cast.actor("enterprise")
    assert policy.sides(firm) == ["received"]
    assert list(policy.visits_seen(firm, "received")) == [visit]
    page = queries.visit_page(firm, policy.visit_for(firm, visit.public_id), AT)
    assert not page.reads_note


def test_each_side_shows_its_own_and_a_neighbour_sees_nothing(cast):
    visit = a_visit(cast)
    seen = {
        (who, side): list(policy.visits_seen(cast.actor(who), side))
        for who in ("staff", "unit_secretary", "community_secretary", "other_secretary")
        for side in policy.SIDES
    }
    assert {key for key, rows in seen.items() if visit in rows} == {
        ("staff", "mine"),
        ("unit_secretary", "unit"),
        ("community_secretary", "place"),
    }
    with pytest.raises(NotFound):
        policy.visit_for(cast.actor("other_secretary"), visit.public_id)


def test_a_withdrawn_visit_takes_only_what_nobody_accepted(cast):
    visit = a_visit(cast, "staff", LAMP, "垃圾桶满了。")
    kept, gone = Matter.objects.order_by("id")
    steps.move(kept, "accept", by=system("tests"), at=AT)
    with pytest.raises(NotFound):
        visits.withdraw_visit(visit.public_id, by=cast.actor("other_secretary"), at=AT)
    with pytest.raises(Forbidden):
        visits.withdraw_visit(visit.public_id, by=cast.actor("community_secretary"), at=AT)
    visits.withdraw_visit(visit.public_id, by=cast.actor("staff"), at=AT)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.state, gone.state) == ("accepted", "withdrawn")
    raiser = gone.raisers.get()
    assert "记错了" in str(timeline(gone, raiser, AT).whole[-1].sentence)
    assert "提出人" not in str(timeline(gone, None, AT).whole[-1].sentence)
    assert not policy.visible_visits(cast.actor("staff")).exists()


def test_a_problem_comes_to_mind_later(cast):
    visit = a_visit(cast)
    visits.add_problem(visit.public_id, a_problem(), by=cast.actor("staff"), at=AT)
    visit.refresh_from_db()
    assert visit.found == Matter.objects.filter(source_id=visit.public_id).count() == 1


# --- the phone ------------------------------------------------------------------------------------


def test_the_form_offers_own_contact_points_first_and_then_where_one_went(cast, at):
    point = a_point(cast)
    a_visit(cast, host=cast.bodies["enterprise_body"])
    a_visit(cast, place=cast.places["liujin"])
    page = cast.client("staff").get(reverse("service:visit_new")).content.decode()
    order = [page.index(word) for word in (f"point:{point.public_id}", "柳锦社区", "甬江精密制造")]
    assert order == sorted(order)


def test_the_queue_gets_a_note_and_the_same_key_once_more_the_same_one(cast, at):
    client = cast.client("staff")
    first = client.post(reverse("service:visit_new"), sent(cast), **QUEUE)
    again = client.post(reverse("service:visit_new"), sent(cast), **QUEUE)
    assert (first.status_code, again.status_code) == (200, 200)
    receipt = Matter.objects.get().receipt
    assert receipt in first.content.decode()
    assert "只记一次" in again.content.decode()
    # The answer to the first may never have come: the second brings the link to the matter too.
    link = re.compile(r"/matters/mine/[\w-]{27}/")
    assert link.findall(again.content.decode()) == link.findall(first.content.decode()) != []
    assert Visit.objects.get().found == 1


def test_what_the_queue_sent_askew_is_held_for_its_sender_and_mended(cast, at):
    client = cast.client("staff")
    askew = sent(cast, elsewhere="", elsewhere_q="不存在村", service="people")
    answer = client.post(reverse("service:visit_new"), askew, **QUEUE)
    assert answer.status_code == 422
    held = HeldVisit.objects.get()
    assert not Visit.objects.exists()
    address = reverse("service:visit_held", args=[held.public_id])
    assert LAMP in client.get(address).content.decode()
    assert cast.client("colleague").get(address).status_code == 404
    assert client.post(reverse("service:visit_new"), sent(cast)).status_code == 302
    assert Visit.objects.get().client_key == "key-1"
    assert not HeldVisit.objects.exists()


def test_without_a_script_the_form_comes_back_with_what_is_wrong(cast, at):
    answer = cast.client("staff").post(
        reverse("service:visit_new"), sent(cast, elsewhere="", others="不认识的人")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请选去了哪里" in page
    assert "不认识的人" in page
    assert not HeldVisit.objects.exists()


def test_colleagues_are_found_by_name_in_ones_own_unit_only(cast, at):
    client = cast.client("staff")
    stranger = sent(cast, others=cast.people["outsider"].name)
    assert client.post(reverse("service:visit_new"), stranger).status_code == 422
    assert client.post(reverse("service:visit_new"), sent(cast, others="毛建军")).status_code == 302
    assert cast.people["colleague"].visits.exists()


# --- lists ----------------------------------------------------------------------------------------


def rows_of(cast, n, **more):
    values = {
        "service": "people",
        "unit_id": cast.bodies["unit"].pk,
        "place": cast.places["chenglang"],
        "recorded_at": AT,
        "visitor_ids": (cast.people["staff"].pk,),
    }
    return [many.NewVisit(**(values | {"day": days_ago(i % 60)} | more)) for i in range(n)]


def test_many_visits_are_written_by_the_same_rules(cast):
    made = many.record_visits_many(rows_of(cast, 130), by=system("demo"), at=AT)
    assert {v.district_id for v in made} == {cast.places["haishu"].pk}
    assert sum(Change.objects.values_list("n", flat=True)) == 130
    with pytest.raises(rules.NotYet):
        many.record_visits_many(
            rows_of(cast, 1, day=TODAY + timedelta(days=1)), by=system("demo"), at=AT
        )
    with pytest.raises(Forbidden):
        many.record_visits_many(rows_of(cast, 1), by=cast.actor("city_operator"), at=AT)


@pytest.mark.parametrize("who", ["staff", "unit_secretary", "city_operator", "enterprise"])
def test_a_list_costs_as_much_for_three_visits_as_for_a_hundred(cast, at, who):
    firm = cast.bodies["enterprise_body"]
    client = cast.client(who)
    address = reverse("service:visits")

    def statements():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    many.record_visits_many(rows_of(cast, 3, host_id=firm.pk), by=system("demo"), at=AT)
    client.get(address)
    few = statements()
    many.record_visits_many(rows_of(cast, 100, host_id=firm.pk), by=system("demo"), at=AT)
    assert statements() == few <= 20


def test_pages_follow_by_key_and_show_every_visit_once(cast):
    many.record_visits_many(rows_of(cast, 130), by=system("demo"), at=AT)
    by, seen, after = cast.actor("staff"), [], ""
    while True:
        page = queries.visits(by, queries.Wanted(after=after))
        seen += [(row.day, row.pk) for row in page.rows]
        after = page.next
        if not after:
            break
    assert len(seen) == len(set(seen)) == 130
    assert seen == sorted(seen, reverse=True)


def test_the_sheet_has_the_rows_of_the_filter_and_texts_stay_texts(cast, at):
    a_visit(cast, note="=1+1", host=cast.bodies["enterprise_body"], service="enterprises")
    a_visit(cast)
    client = cast.client("unit_secretary")
    address = reverse("service:visits_export") + "?side=unit&service=enterprises"
    sheet = openpyxl.load_workbook(BytesIO(client.get(address).content)).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert len(rows) == 1
    assert rows[0][8] == "=1+1"
    assert sheet["I2"].data_type == "s"


def test_the_filter_narrows_by_service_day_and_place(cast):
    a_visit(cast, service="enterprises", host=cast.bodies["enterprise_body"])
    a_visit(cast, "staff", LAMP)
    by = cast.actor("city_operator")
    wanted = queries.Wanted(side="place", service="people", found=True, since=date(2026, 11, 1))
    assert len(queries.visits(by, wanted).rows) == 1
    nowhere = queries.Wanted(side="place", place=cast.places["yinzhou"])
    assert queries.visits(by, nowhere).rows == []
