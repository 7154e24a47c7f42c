"""Named studios: who is in them, in whose name one goes, who reads what, and what ends when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base.actor import system
from groundwork.base.errors import Forbidden, NotFound
from groundwork.registry.actions import NewBody, add_body, close_body, move_person
from groundwork.service.actions import squads, studios, visits
from groundwork.service.models import SquadMember
from groundwork.service.policy import studios as policy
from groundwork.service.queries import studios as queries
from groundwork.service.rules import points as rules
from groundwork.service.tests.make import AT, TODAY, a_plan, a_visit

LATER = AT + timedelta(days=30)
CITY = system("tests")


@pytest.fixture
def studio(cast):
    """晚风助学工作室 under an office of 海曙区教育局, led by 单晓芸."""
    row = NewBody("HS-JYJ-G1", "晚风助学工作室", "service_studio", "HS-JYJ-02")
    made = add_body(row, by=CITY, at=AT)
    chief = cast.actor("unit_secretary")
    studios.join_studio(made.public_id, cast.people["staff"], leads=True, by=chief, at=AT)
    return made


def squad(studio):
    rows = SquadMember.objects.filter(studio=studio, valid_to=None)
    return {row.person.name: row.leads for row in rows}


def shown(cast, studio, who):
    """Give what a studio's page says to somebody: visits to open, all of them, matters."""
    page = queries.studio_page(cast.actor(who), studio, AT)
    return len(page.visits.rows), page.every.n, len(page.matters)


def test_the_units_people_are_in_it_each_once_and_one_leads(cast, studio):
    chief, colleague = cast.actor("unit_secretary"), cast.people["colleague"]
    assert policy.home_of(studio) == cast.bodies["unit"]
    with pytest.raises(rules.NotOfTheUnit):
        studios.join_studio(studio.public_id, cast.people["outsider"], by=chief, at=AT)
    studios.join_studio(studio.public_id, colleague, leads=True, by=chief, at=LATER)
    assert squad(studio) == {"单晓芸": False, "毛建军": True}
    with pytest.raises(rules.AlreadyIn):
        studios.join_studio(studio.public_id, colleague, leads=True, by=chief, at=LATER)
    studios.leave_studio(studio.public_id, colleague, by=chief, at=LATER)
    assert squad(studio) == {"单晓芸": False}


def test_who_is_told_may_go_in_its_name_and_nobody_else(cast, studio):
    told = Notice.objects.filter(account=cast.accounts["staff"], kind="service.joined")
    assert told.count() == 1
    assert a_visit(cast, "staff", studio=studio).studio == studio
    with pytest.raises(Forbidden):
        visits.record_visit(a_plan(cast, studio=studio), by=cast.actor("colleague"), at=AT)
    with pytest.raises(Forbidden):
        studios.leave_studio(
            studio.public_id, cast.people["staff"], by=cast.actor("other_secretary"), at=AT
        )
    with pytest.raises(NotFound):
        policy.studio_for(cast.actor("enterprise"), studio.public_id)


def test_its_page_opens_to_each_what_they_may_read_and_tells_all_how_many_there_are(cast, studio):
    a_visit(cast, "staff", "路灯坏了。", studio=studio)
    a_visit(cast, "staff", studio=studio)
    a_visit(cast, "staff", "井盖松了。")  # in nobody's name
    assert shown(cast, studio, "staff") == (2, 2, 0)
    assert shown(cast, studio, "unit_secretary") == (2, 2, 0)  # another unit's to put right
    assert shown(cast, studio, "city_operator") == (2, 2, 1)
    assert shown(cast, studio, "outsider") == (0, 2, 0)
    assert shown(cast, studio, "colleague") == (0, 2, 0)
    chief = cast.actor("unit_secretary")
    studios.join_studio(studio.public_id, cast.people["colleague"], by=chief, at=AT)
    assert shown(cast, studio, "colleague")[:2] == (2, 2)  # now one of them


def test_it_ends_for_who_moves_away_and_for_all_when_the_studio_is_closed(cast, studio):
    chief, colleague = cast.actor("unit_secretary"), cast.people["colleague"]
    studios.join_studio(studio.public_id, colleague, by=chief, at=AT)
    move_person(cast.people["staff"], unit=cast.bodies["other_unit"], since=TODAY, by=CITY, at=AT)
    assert squad(studio) == {"毛建军": False}
    close_body(studio, last_day=TODAY, by=CITY, at=AT)
    studio.refresh_from_db()
    with pytest.raises(rules.Ended):
        studios.join_studio(studio.public_id, cast.people["clerk"], by=chief, at=LATER)
    assert squads.end_duties_of_the_moved(by=CITY, at=LATER) == 1
    assert squad(studio) == {}


def test_a_duplicate_and_a_successor_take_its_place_once(cast, studio):
    chief, colleague = cast.actor("unit_secretary"), cast.people["colleague"]
    studios.join_studio(studio.public_id, colleague, by=chief, at=AT)
    squads.hand_duties_over(cast.people["staff"], colleague, by=CITY, at=LATER)
    assert squad(studio) == {"毛建军": True}
    studios.join_studio(studio.public_id, cast.people["clerk"], by=chief, at=LATER)
    squads.move_duties(cast.people["clerk"], colleague, by=CITY, at=LATER)
    assert squad(studio) == {"毛建军": True}


def test_the_list_and_the_cards_of_the_directory_lead_to_it_by_as_many_statements(
    cast, studio, django_assert_num_queries, at
):
    first = queries.studios(cast.actor("staff"))
    assert [(line.studio, line.home) for line in first.lines] == [(studio, cast.bodies["unit"])]
    with django_assert_num_queries(3):
        queries.studios(cast.actor("staff"))
    for n in (2, 3, 4):
        row = NewBody(f"HS-JYJ-G{n}", f"第{n}工作室", "service_studio", "HS-JYJ")
        add_body(row, by=CITY, at=AT)
    with django_assert_num_queries(3):
        assert len(queries.studios(cast.actor("staff")).lines) == 4
    assert len(queries.studios(cast.actor("staff"), mine=True).lines) == 1
    address = reverse("service:studio", args=[studio.public_id])
    for body in (studio, cast.bodies["unit"]):
        card = cast.client("outsider").get(reverse("desk:body", args=[body.public_id]))
        assert address in card.content.decode()
        card = cast.client("enterprise").get(reverse("desk:body", args=[body.public_id]))
        assert address not in card.content.decode()


def test_the_form_offers_it_to_who_is_in_it_and_empty_and_forbidden_are_said(cast, studio, at):
    assert 'name="studio"' in _page(cast, "staff", "service:visit_new")
    assert 'name="studio"' not in _page(cast, "colleague", "service:visit_new")
    assert "还没有走访" in _page(cast, "outsider", "service:studio", studio.public_id)
    a_visit(cast, "staff", studio=studio)
    assert "这些走访不归您看" in _page(cast, "outsider", "service:studio", studio.public_id)
    wrong = cast.client("unit_secretary").post(
        reverse("service:studio_join", args=[studio.public_id]), {"person": "没有这个人"}
    )
    assert wrong.status_code == 422


def _page(cast, who, name, *args):
    return cast.client(who).get(reverse(name, args=args)).content.decode()
