"""One's own record, a unit's register, and the self-check that leaves nothing behind."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.apps import apps
from python_calamine import load_workbook

from groundwork.base import clock
from groundwork.base.errors import Forbidden
from groundwork.base.models import TrailEntry
from groundwork.study.actions import export
from groundwork.study.actions.quiz import OddQuestion, add_question, remove_question
from groundwork.study.actions.roll import correct_roll, tick_people
from groundwork.study.actions.sheet import close_sheet
from groundwork.study.models import QuizQuestion
from groundwork.study.queries import quiz, record
from groundwork.study.tests.make_roll import (
    AFTER,
    STARTS,
    TONIGHT,
    signed_in,
    the_sheet,
    tonight,
)

TERM = "2026-H2"


def cells(content):
    return load_workbook(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_a_record_holds_what_when_and_how_and_only_ones_own(cast):
    evening = tonight(cast)
    signed_in(cast, evening, "staff", "colleague")
    sheet, by = the_sheet(cast, evening), cast.actor("unit_secretary")
    tick_people(sheet.public_id, [cast.people["staff"].public_id], by=by, at=TONIGHT)
    ((term, (studied,)),) = record.own_record(cast.actor("staff"))
    assert term == TERM
    assert (studied.entry.evening, studied.how) == (evening, "扫码、书记点名")
    assert record.own_record(cast.actor("unit_secretary")) == []
    assert record.own_record(cast.actor("enterprise")) == []
    rows = cells(export.export_record(by=cast.actor("staff"), at=AFTER))
    assert [str(cell) for cell in rows[1][:2]] == ["2026-11-24", evening.title]
    assert len(rows) == 2


def test_what_was_corrected_away_leaves_the_record(cast):
    evening = tonight(cast)
    signed_in(cast, evening, "staff")
    correct_roll(
        the_sheet(cast, evening).public_id, cast.people["staff"].public_id, took_part=False,
        reason="代签", by=cast.actor("unit_secretary"), at=TONIGHT,
    )  # fmt: skip
    assert record.own_record(cast.actor("staff")) == []


def test_a_register_says_held_or_not_and_why_people_were_absent(cast):
    evening = tonight(cast)
    silent = tonight(cast, "unit", starts_at=STARTS - timedelta(hours=4))
    signed_in(cast, evening, "staff", "colleague", "clerk", "unit_secretary")
    sheet = the_sheet(cast, evening)
    given = {cast.people["branch_secretary"].public_id: "duty"}
    close_sheet(sheet.public_id, given, by=cast.actor("unit_secretary"), at=AFTER)
    found = record.register(cast.bodies["unit"], TERM, AFTER)
    first, second = found.lines
    assert (first.sheet.evening, first.held, first.rate) == (silent, False, None)
    assert (second.held, second.rate.part, second.rate.whole) == (True, 4, 5)
    assert second.absences == {"duty": 1}
    assert (found.held, found.open, found.entries) == (1, 1, 4)
    trail = TrailEntry.objects.count()
    rows = cells(
        export.export_register(found.unit, TERM, by=cast.actor("unit_secretary"), at=AFTER)
    )
    assert len(rows) == 3
    assert TrailEntry.objects.count() == trail + 1, "an export is a sensitive read"


def test_a_register_asks_the_same_statements_for_one_evening_and_for_many(
    cast, django_assert_num_queries
):
    for week in range(4):
        tonight(cast, starts_at=STARTS + timedelta(days=7 * week))
    with django_assert_num_queries(4):
        record.register(cast.bodies["unit"], TERM, AFTER)
    with django_assert_num_queries(4):
        assert (
            len(record.register(cast.bodies["unit"], TERM, AFTER + timedelta(days=28)).lines) == 4
        )


def test_a_neighbours_register_is_not_found(cast, at):
    unit = cast.bodies["unit"].public_id
    seen = {
        who: cast.client(who).get(f"/study/register/{unit}/").status_code
        for who in ("unit_secretary", "district_operator", "other_secretary", "staff")
    }
    assert seen == {
        "unit_secretary": 200,
        "district_operator": 200,
        "other_secretary": 404,
        "staff": 404,
    }


def rows_of_everything():
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_a_self_check_says_right_or_wrong_and_leaves_nothing_behind(cast, at):
    evening = tonight(cast)
    by = cast.actor("city_operator")
    question = add_question(
        evening.public_id, "首要要素？", ["土地", "数据"], 1, "新型", by=by, at=at
    )
    client = cast.client("staff")
    url = f"/study/evenings/{evening.public_id}/quiz/"
    client.get(url)
    before = rows_of_everything()
    right = client.post(url, {question.public_id: "1"}).content.decode()
    wrong = client.post(url, {question.public_id: "0"}).content.decode()
    assert rows_of_everything() == before
    assert "答对了" in right
    assert "再想想" in wrong
    odd = quiz.check(evening, {question.public_id: "7"})[0]
    assert (odd.chosen, odd.right) == (None, False)


def test_the_host_keeps_the_questions(cast):
    evening = tonight(cast, "unit")
    with pytest.raises(Forbidden):
        add_question(evening.public_id, "?", ["甲", "乙"], 0, by=cast.actor("staff"), at=TONIGHT)
    by = cast.actor("unit_secretary")
    for choices, right in ((["甲"], 0), (["甲", "甲"], 0), (["甲", "乙"], 2)):
        with pytest.raises(OddQuestion):
            add_question(evening.public_id, "?", choices, right, by=by, at=TONIGHT)
    made = add_question(evening.public_id, "?", ["甲", "乙"], 0, by=by, at=TONIGHT)
    remove_question(evening.public_id, made.public_id, by=by, at=TONIGHT)
    assert not QuizQuestion.objects.exists()


def test_the_right_choice_does_not_always_stand_first():
    typed = ["right", "b", "c"]
    placed = [quiz.placed(typed, n) for n in range(3)]
    assert {right for _choices, right in placed} == {0, 1, 2}
    assert all(choices[right] == "right" for choices, right in placed)


def test_the_walk_from_a_scan_through_signing_in_to_the_roll(cast, at):
    from django.test import Client

    from groundwork.study.tests.make_roll import on_roll, the_room, token

    evening = tonight(cast)
    room = the_room(evening)
    client = Client()
    scanned = client.get(f"/s/{room.public_id}/{token(room, at)}")
    assert scanned.status_code == 302
    assert "/accounts/login/" in scanned["Location"]
    with clock.at(at + timedelta(minutes=10)):
        entered = cast.client("staff")
        session = entered.session
        session["study_scan"] = client.session["study_scan"]
        session.save()
        page = entered.get("/study/sign-in/here/")
        assert page.status_code == 200
        done = entered.post("/study/sign-in/", {"receipt": page.context["receipt"]})
    assert done.status_code == 200
    assert on_roll(cast, evening)
