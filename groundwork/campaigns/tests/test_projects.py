"""Assistance projects: who is sent, what is to stand by when, what was written, how it ends."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base.actor import system
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import Tombstone, TrailEntry
from groundwork.campaigns.actions import projects
from groundwork.campaigns.actions.retention import erase_due
from groundwork.campaigns.models import Posting, Project, ProjectNote
from groundwork.campaigns.policy import projects as policy
from groundwork.campaigns.queries import project_todo
from groundwork.campaigns.rules import project as rules
from groundwork.campaigns.tests.make import AT, TODAY, days
from tests.world_ledger import picture

AIMS, OUTCOME = "让学校自己开得出科学课。", "科学课每周两节，本校老师自己上。"


@pytest.fixture
def by(cast):
    return cast.actor("unit_secretary")


@pytest.fixture
def project(cast, by):
    return start(cast, by)


def start(cast, by, **more) -> Project:
    plan = {
        "name": "结对山村小学",
        "body": cast.bodies["unit"],
        "host": "昭觉县解放乡中心校",
        "aims": AIMS,
        "first_day": TODAY,
        "last_day": TODAY + timedelta(days=300),
    }
    return projects.start_project(projects.ProjectPlan(**(plan | more)), by=by, at=AT)


def send(cast, by, project, who="staff") -> Posting:
    return projects.send_person(
        project.public_id, cast.people[who], "挂职副校长", TODAY, by=by, at=AT
    )


def note(project, by, text="把仪器清点登记了一遍。", **more) -> ProjectNote:
    plan = projects.NotePlan(**({"kind": "note", "day": TODAY, "text": text} | more))
    return projects.write_note(project.public_id, plan, by=by, at=AT)


# ---- rules ---------------------------------------------------------------------------------------
def test_a_milestone_moves_only_along_its_table():
    for state, verb in product(rules.STATES, rules.VERBS):
        if (state, verb) in rules.MILESTONE_STEPS:
            assert rules.milestone_step(state, verb) == rules.MILESTONE_STEPS[state, verb]
        else:
            with pytest.raises(rules.WrongMilestone):
                rules.milestone_step(state, verb)


def test_days_run_forward_within_five_years_and_notes_are_of_the_last_month():
    first = date(2026, 1, 1)
    rules.check_project_days(first, first)
    for last in (first - timedelta(days=1), first + rules.LONGEST + timedelta(days=1)):
        with pytest.raises(rules.BadProjectDays):
            rules.check_project_days(first, last)
    rules.check_note_day(first, first)
    for day in (first + timedelta(days=1), first - timedelta(days=32)):
        with pytest.raises(rules.BadNoteDay):
            rules.check_note_day(day, first)


# ---- acts ----------------------------------------------------------------------------------------
def test_a_unit_starts_a_project_and_a_neighbour_cannot_in_its_name(cast, by, project):
    assert (project.state, project.host) == ("running", "昭觉县解放乡中心校")
    with pytest.raises(Forbidden):
        start(cast, cast.actor("other_secretary"))
    with pytest.raises(NotFound):
        policy.project_for(cast.actor("other_secretary"), project.public_id)


def test_who_is_sent_is_told_once_sees_the_project_and_writes_there(cast, by, project):
    own = cast.actor("staff")
    with pytest.raises(Forbidden):  # of the same unit: may read, was not sent
        note(project, own)
    sent = send(cast, by, project)
    assert sent.sent_by == cast.people["staff"].unit
    [told] = Notice.objects.filter(account=cast.accounts["staff"], kind="campaigns.posting")
    assert "挂职副校长" in told.text
    with pytest.raises(rules.PostedAlready):
        send(cast, by, project)
    with pytest.raises(NotFound):  # not this secretary's to send
        send(cast, by, project, "other_secretary")
    assert note(project, own).account_id == own.account_id
    projects.call_back(project.public_id, sent.public_id, TODAY, by=by, at=AT)
    with pytest.raises(Forbidden):
        note(project, own)
    assert policy.project_for(own, project.public_id) == project


def test_the_same_tap_twice_is_one_note_and_its_picture_is_drawn_anew(cast, by, project):
    first = note(project, by, client_key="k", picture=picture())
    assert note(project, by, client_key="k", picture=picture()) == first
    assert first.picture is not None
    assert first.picture.account_id is None
    page = cast.client("colleague").get(reverse("campaigns:note_picture", args=[first.public_id]))
    assert (page.status_code, page["Content-Type"]) == (200, "image/webp")


def test_a_project_ends_with_its_milestones_settled_and_the_report_is_its_records(
    cast, by, project, at
):
    send(cast, by, project)
    stone = projects.add_milestone(project.public_id, "实验室开起来", days(9).date(), by=by, at=AT)
    with pytest.raises(rules.OutsideProject):
        projects.add_milestone(project.public_id, "太晚的事情", days(999).date(), by=by, at=AT)
    with pytest.raises(rules.MilestonesOpen):
        projects.end_project(project.public_id, OUTCOME, by=by, at=AT)
    own = cast.actor("staff")
    ids = (project.public_id, stone.public_id)
    assert [row.tone for row in project_todo.todo(own, AT)] == [""]
    assert [row.tone for row in project_todo.todo(own, days(10))] == ["late"]
    assert project_todo.todo(cast.actor("colleague"), AT) == []
    with pytest.raises(rules.WordsNeeded):
        projects.settle_milestone(*ids, "reach", "好", by=own, at=AT)
    projects.settle_milestone(*ids, "reach", "二月开了第一节实验课", by=own, at=AT)
    note(project, own, "孩子回家说今天自己点亮了灯泡。", kind="resident")
    note(project, own, "仪器登记完了。", picture=picture())
    ended = projects.end_project(project.public_id, OUTCOME, by=by, at=days(20))
    assert (ended.state, ended.ended_on) == ("ended", days(20).date())
    assert Posting.objects.get().last_day == days(20).date()
    for act in (lambda: note(project, by), lambda: send(cast, by, project, "colleague")):
        with pytest.raises(rules.ProjectEnded):
            act()
    page = cast.client("staff").get(reverse("campaigns:project_report", args=[ids[0]]))
    text = page.content.decode()
    for said in (AIMS, OUTCOME, "实验室开起来", "二月开了第一节实验课", "点亮了灯泡", "挂职副校长"):
        assert said in text
    assert "仪器登记完了" in text
    drawn = ProjectNote.objects.get(kind="note")
    assert reverse("campaigns:note_picture", args=[drawn.public_id]) in text
    assert TrailEntry.objects.filter(kind="campaigns.project", verb="end").exists()


def test_two_years_after_the_end_nobody_is_named_and_what_was_done_stays(cast, by, project):
    send(cast, by, project)
    note(project, cast.actor("staff"))
    projects.end_project(project.public_id, OUTCOME, by=by, at=days(1))
    worker = system("worker")
    erase_due(by=worker, at=days(700))
    assert Posting.objects.get().person is not None
    erase_due(by=worker, at=days(740))
    posting = Posting.objects.get()
    assert (posting.person, posting.task) == (None, "挂职副校长")
    assert ProjectNote.objects.get().account_id is None
    assert Tombstone.objects.filter(kind="campaigns.project").exists()


# ---- pages ---------------------------------------------------------------------------------------
def test_the_forms_do_what_they_say_and_a_bad_one_says_why(cast, project, at):
    client = cast.client("unit_secretary")
    address = reverse("campaigns:posting_new", args=[project.public_id])
    sent = {"person": cast.people["staff"].public_id, "task": "驻村第一书记", "first_day": TODAY}
    assert client.post(address, sent).status_code == 302
    assert client.post(address, sent).status_code == 422  # there already
    photo = SimpleUploadedFile("IMG_1.jpg", picture(), "image/jpeg")
    said = {"kind": "note", "day": TODAY, "text": "今天家访了三户。", "picture": photo}
    address = reverse("campaigns:note_new", args=[project.public_id])
    assert cast.client("staff").post(address, said).status_code == 302
    assert ProjectNote.objects.get().picture is not None
    page = client.get(reverse("campaigns:project", args=[project.public_id])).content.decode()
    assert "今天家访了三户。" in page
    assert "驻村第一书记" in page


def test_the_list_is_empty_crowded_or_forbidden_at_a_constant_price(
    cast, by, at, django_assert_max_num_queries
):
    address = reverse("campaigns:projects")
    assert "还没有帮扶项目" in cast.client("unit_secretary").get(address).content.decode()
    for n in range(6):
        start(cast, by, name=f"第{n}个项目", first_day=TODAY + timedelta(days=n))
    client = cast.client("city_operator")
    client.get(address)
    with django_assert_max_num_queries(12):
        page = client.get(address).content.decode()
    assert page.index("第5个项目") < page.index("第0个项目")
    assert "第0个项目" not in cast.client("outsider").get(address).content.decode()
    assert cast.client("enterprise").get(address).status_code == 403


def test_a_project_s_page_asks_the_same_however_much_was_written(
    cast, by, project, at, django_assert_max_num_queries
):
    client = cast.client("unit_secretary")
    address = reverse("campaigns:project", args=[project.public_id])
    client.get(address)
    for who in ("staff", "colleague"):
        send(cast, by, project, who)
    for n in range(6):
        note(project, by, f"第{n}件事情办了。")
        projects.add_milestone(project.public_id, f"第{n}个节点", TODAY, by=by, at=AT)
    with django_assert_max_num_queries(18):
        assert client.get(address).status_code == 200
