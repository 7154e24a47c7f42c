"""What has had its time goes, with a tombstone; what the city did stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from groundwork.base import retention
from groundwork.base.actor import system
from groundwork.base.models import Tombstone
from groundwork.matters.models import Matter
from groundwork.service.actions import retention as actions
from groundwork.service.actions.areas import PatrolPlan, record_patrol
from groundwork.service.models import HeldVisit, Patrol, RoundInvite, RoundReply, Visit
from groundwork.service.rules.retention import RULES
from groundwork.service.tests.make import AT, LAMP, a_round, a_visit, an_area

WORKER = system("worker")
DAYS = {rule.code: timedelta(days=rule.days) for rule in RULES}
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def journal(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def erase(at):
    return actions.erase_due(by=WORKER, at=at)


def test_a_visit_forgets_who_went_after_its_time_and_stays_a_visit(cast):
    visit = a_visit(cast, "staff", LAMP, note="找了王阿姨。")
    last = AT + DAYS["service.visits"]
    assert erase(last) == 0
    assert erase(last + timedelta(days=1)) == 1
    visit = Visit.objects.get()
    assert (visit.note, visit.account_id, visit.visitors.count()) == ("", None, 0)
    assert (visit.unit, visit.found, Matter.objects.count()) == (cast.bodies["unit"], 1, 1)
    assert erase(last + timedelta(days=2)) == 0
    stone = Tombstone.objects.get()
    assert (stone.rule, stone.count) == ("service.visits", 1)
    page = cast.client("unit_secretary").get(f"/service/visits/{visit.public_id}/")
    assert page.status_code == 200
    assert "王阿姨" not in page.content.decode()


def test_a_patrol_forgets_who_walked(cast):
    area = an_area(cast)
    plan = PatrolPlan(day=AT.date(), note="和网格员一起。")
    record_patrol(area.public_id, plan, by=cast.actor("staff"), at=AT)
    erase(AT + DAYS["service.patrols"] + timedelta(days=1))
    patrol = Patrol.objects.get()
    assert (patrol.person, patrol.note, patrol.area) == (None, "", area)
    page = cast.client("unit_secretary").get(f"/service/areas/{area.public_id}/").content.decode()
    assert "姓名已到保存期限" in page


def test_what_a_phone_sent_and_nobody_mended_goes_after_a_season(cast):
    HeldVisit.objects.create(client_key="k", account_id=1, fields={"note": ["王"]}, held_at=AT)
    assert erase(AT + DAYS["service.held"]) == 0
    assert erase(AT + DAYS["service.held"] + MINUTE) == 1
    assert not HeldVisit.objects.exists()


def test_answers_and_names_of_a_round_go_two_years_after_its_end(cast):
    asked = a_round(cast, "named", people=(cast.people["staff"],))
    RoundReply.objects.create(round=asked, account_id=7, answers={"1": "东门"}, received_at=AT)
    end = asked.closes_at + DAYS["service.rounds"]
    assert erase(end) == 0
    assert erase(end + MINUTE) == 2
    reply = RoundReply.objects.get()
    assert (reply.answers, reply.account_id) == ({}, None)
    assert not RoundInvite.objects.exists()
    assert erase(end + MINUTE) == 0


def test_the_days_of_the_city_beat_the_usual_ones(cast, settings):
    settings.KEEP_DAYS = {"service.visits": 10}
    a_visit(cast)
    assert erase(AT + timedelta(days=12)) == 1


def test_every_rule_has_a_choice_and_an_eraser():
    assert set(DAYS) == set(actions.DUE)
    assert {rule.kind for rule in RULES} <= set(retention.ERASERS)
