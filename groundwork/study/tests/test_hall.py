"""The hall: its stream follows the evening, its page is for everybody, its questions for nobody."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import models

from groundwork.base import clock
from groundwork.base.actor import NOBODY
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import TrailEntry
from groundwork.live.models import Stream
from groundwork.live.models.stream import Reach
from groundwork.live.queries.playing import stream_of
from groundwork.matters.actions.knocking import Sender, TooMany
from groundwork.study.actions.evening import cancel_evening, edit_evening, move_evening
from groundwork.study.actions.hall import ask_question, move_question
from groundwork.study.actions.plan import SpeakerPlan, plan_of
from groundwork.study.actions.quiz import add_question
from groundwork.study.actions.retention import erase_due
from groundwork.study.models import Evening, HallQuestion
from groundwork.study.queries import hall as queries
from groundwork.study.rules import hall as rules
from groundwork.study.tests.make import CITY, a_draft, an_evening
from groundwork.study.tests.make_roll import AFTER, ENDS, MINUTE, STARTS, TONIGHT, tonight
from groundwork.web.tests.test_weight import BUDGET, weight

HALL = "/study/evenings/{}/hall/"


def the_stream(evening) -> Stream | None:
    return stream_of("study.evening", evening.public_id)


def ask(evening, text="从哪里开始学？", browser="one", address="10.0.0.1", **more):
    sender = Sender(browser, address)
    return ask_question(
        evening.public_id, text, sender=sender, by=more.pop("by", NOBODY), at=TONIGHT, **more
    )


def the_hall(cast, **changes) -> Evening:
    return tonight(cast, **({"broadcast": "embedded", "public": True} | changes))


# ---- the stream follows ---------------------------------------------------------------------
def test_a_draft_has_no_stream_and_publishing_opens_one(cast):
    draft = a_draft(cast.bodies["unit"], broadcast="embedded")
    assert the_stream(draft) is None
    evening = the_hall(cast)
    stream = the_stream(evening)
    assert stream is not None
    assert (stream.source, stream.reach, stream.host) == (
        "embedded", Reach.PUBLIC, evening.host,
    )  # fmt: skip
    assert (stream.starts_at, stream.ends_at) == (evening.starts_at, evening.ends_at)


def test_an_evening_without_a_broadcast_has_none(cast):
    assert the_stream(tonight(cast)) is None


def test_an_address_alone_is_an_outside_broadcast_for_the_staff(cast):
    stream = the_stream(tonight(cast, live_url="https://live.example/1"))
    assert stream is not None
    assert (stream.source, stream.outside_url, stream.reach) == (
        "outside", "https://live.example/1", Reach.STAFF,
    )  # fmt: skip


def test_a_move_an_edit_and_a_cancellation_are_followed(cast, at):
    evening = an_evening(cast.bodies["unit"], broadcast="embedded")
    later = evening.starts_at + timedelta(days=1)
    move_evening(
        evening.public_id, starts_at=later, ends_at=later + timedelta(hours=2), reason="台风",
        by=CITY, at=at,
    )  # fmt: skip
    stream = the_stream(evening)
    assert stream is not None
    assert stream.starts_at == later
    evening.refresh_from_db()
    plan = plan_of(evening)
    edit_evening(evening.public_id, replace(plan, title="新题目", public=True), by=CITY, at=at)
    stream.refresh_from_db()
    assert (stream.title, stream.reach) == ("新题目", Reach.PUBLIC)
    cancel_evening(evening.public_id, reason="台风", by=CITY, at=at)
    stream.refresh_from_db()
    assert stream.state == Stream.State.ENDED


def test_a_broadcast_taken_off_the_plan_and_put_back_is_open_again(cast, at):
    evening = an_evening(cast.bodies["unit"], broadcast="embedded")
    stream = the_stream(evening)
    assert stream is not None
    for kind, state in (("", Stream.State.ENDED), ("embedded", Stream.State.BROKEN)):
        evening.refresh_from_db()
        edit_evening(evening.public_id, replace(plan_of(evening), broadcast=kind), by=CITY, at=at)
        stream.refresh_from_db()
        assert stream.state == state
    assert (stream.starts_at, stream.ends_at) == (evening.starts_at, evening.ends_at)
    assert queries.hall_page(cast.actor("staff"), evening, at).face == "before"


# ---- the page -------------------------------------------------------------------------------
def test_a_public_hall_opens_without_an_account_and_carries_no_token_and_no_cookie(cast, client):
    evening = the_hall(cast)
    answer = client.get(HALL.format(evening.public_id))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert evening.title in page
    assert "csrfmiddlewaretoken" not in page
    assert not answer.cookies
    assert answer["Cache-Control"] == "public, max-age=5"


def test_a_hall_that_is_not_public_and_one_that_is_not_there_lead_to_the_same_door(cast, client):
    evening = tonight(cast, broadcast="embedded")
    doors = [client.get(HALL.format(key)) for key in (evening.public_id, "nothing")]
    assert [door.status_code for door in doors] == [302, 302]
    assert all("/accounts/" in door["Location"] or "login" in door["Location"] for door in doors)
    assert cast.client("staff").get(HALL.format("nothing")).status_code == 404


def test_only_the_hall_lets_a_picture_in_and_no_worker(cast, settings):
    evening = the_hall(cast)
    client = cast.client("staff")
    policy = client.get(HALL.format(evening.public_id))["Content-Security-Policy"]
    assert "media-src 'self' blob:" in policy
    assert "worker-src" not in policy
    assert "script-src 'self';" in policy + ";"
    elsewhere = client.get(f"/study/evenings/{evening.public_id}/")["Content-Security-Policy"]
    assert "media-src" not in elsewhere
    settings.LIVE_HLS_URL = "https://edge.example.cn/hls/"
    policy = client.get(HALL.format(evening.public_id))["Content-Security-Policy"]
    assert "media-src 'self' blob: https://edge.example.cn;" in policy + ";"
    assert "connect-src 'self' https://edge.example.cn;" in policy + ";"


def test_the_one_tap_stands_in_the_hall_while_it_runs_and_the_make_up_after(cast, at):
    evening = the_hall(cast)
    client = cast.client("staff")
    assert 'value="live"' in client.get(HALL.format(evening.public_id)).content.decode()
    with clock.at(AFTER):
        assert 'value="replay"' in client.get(HALL.format(evening.public_id)).content.decode()
    with clock.at(STARTS - 20 * MINUTE):
        page = client.get(HALL.format(evening.public_id)).content.decode()
    assert 'value="live"' not in page
    assert "开始以后" in page


def test_an_outside_broadcast_is_a_link_and_no_player(cast, at):
    evening = tonight(cast, live_url="https://live.example/1")
    page = cast.client("staff").get(HALL.format(evening.public_id)).content.decode()
    assert 'href="https://live.example/1"' in page
    assert "data-player" not in page


def test_the_cost_of_the_page_does_not_grow(cast, django_assert_max_num_queries, client):
    evening = the_hall(cast)
    for n in range(30):
        ask(evening, f"第{n}个问题是什么？", browser=str(n))
    with django_assert_max_num_queries(8):
        client.get(HALL.format(evening.public_id))


# ---- questions ------------------------------------------------------------------------------
def test_nothing_says_who_asked(cast):
    evening = the_hall(cast)
    question = ask(evening, by=cast.actor("staff"))
    assert {f.name for f in HallQuestion._meta.get_fields()} == {
        "id", "public_id", "evening", "text", "state", "asked_at", "moved_at", "sending",
    }  # fmt: skip
    assert not [
        f for f in HallQuestion._meta.get_fields()
        if isinstance(f, models.ForeignKey) and f.name != "evening"
    ]  # fmt: skip
    line = TrailEntry.objects.get(kind="study.hall_question", object_id=question.public_id)
    assert (line.account_id, line.system) == (None, "hall")


def test_a_question_is_one_however_often_it_is_sent_and_cards_are_masked(cast):
    evening = the_hall(cast)
    text = "我的号 110105199003077715 查不到，为什么？"
    for _time in range(3):
        ask(evening, text, sending="a-key")
    question = HallQuestion.objects.get()
    assert "19900307" not in question.text


def test_a_flood_from_one_browser_stops_and_its_neighbours_ask_on(cast):
    evening = the_hall(cast)
    for n in range(6):
        ask(evening, f"第{n}个问题是什么？")
    with pytest.raises(TooMany):
        ask(evening, "第七个问题是什么？")
    assert ask(evening, browser="two").state == "waiting"
    assert HallQuestion.objects.count() == 7


def test_who_may_not_enter_may_not_ask(cast):
    evening = tonight(cast, broadcast="embedded")
    with pytest.raises(NotFound):
        ask(evening)
    assert ask(evening, by=cast.actor("staff"))
    with pytest.raises(rules.NoQuestionsNow):
        ask_question(
            evening.public_id, "还能问吗？", sender=Sender("x", ""), by=cast.actor("staff"),
            at=ENDS + MINUTE,
        )  # fmt: skip


def test_a_question_goes_over_the_desk_onto_the_speakers_screen(cast):
    evening = the_hall(cast)
    question = ask(evening)
    operator = cast.actor("city_operator")
    assert queries.asked(evening) == []
    move_question(evening.public_id, question.public_id, "shortlist", by=operator, at=TONIGHT)
    assert [q.text for q in queries.shortlist(evening)] == [question.text]
    move_question(evening.public_id, question.public_id, "answer", by=operator, at=TONIGHT)
    assert queries.shortlist(evening) == []
    assert [q.state for q in queries.asked(evening)] == ["answered"]
    with pytest.raises(rules.WrongStep):
        move_question(evening.public_id, question.public_id, "set_aside", by=operator, at=TONIGHT)


def test_only_who_plans_the_evening_moderates(cast):
    evening = the_hall(cast, host="bureau")
    question = ask(evening)
    for who in ("staff", "auditor", "unit_secretary"):
        with pytest.raises(Forbidden):
            move_question(
                evening.public_id, question.public_id, "shortlist", by=cast.actor(who), at=TONIGHT
            )


def test_a_speaker_of_the_evening_sees_the_shortlist_and_not_the_desk(cast, at):
    speaker = SpeakerPlan("林岚", "第一讲", cast.people["staff"])
    evening = the_hall(cast, host="bureau", speakers=(speaker,))
    client = cast.client("staff")
    assert client.get(HALL.format(evening.public_id) + "speaker/").status_code == 200
    assert client.get(HALL.format(evening.public_id) + "desk/").status_code == 403
    other = cast.client("colleague").get(HALL.format(evening.public_id) + "speaker/")
    assert other.status_code == 403


def test_the_public_asks_by_the_form_and_reads_what_is_on_the_screen(cast, client, at):
    evening = the_hall(cast)
    address = HALL.format(evening.public_id)
    form = client.get(address + "ask/").content.decode()
    token = re.search(r'name="client_key" value="([^"]+)"', form)
    assert token
    sent = client.post(address + "ask/", {"text": "公交什么时候到？", "client_key": token[1]})
    assert sent.status_code == 200
    assert "问题已经交给主持人" in sent.content.decode()
    refused = client.post(address + "ask/", {"text": "啊"})
    assert refused.status_code == 422
    question = HallQuestion.objects.get()
    assert question.text not in client.get(address + "questions/").content.decode()
    move_question(evening.public_id, question.public_id, "shortlist", by=CITY, at=TONIGHT)
    assert question.text in client.get(address + "questions/").content.decode()


def test_the_quiz_in_the_hall_answers_and_writes_nothing(cast, client, at):
    evening = the_hall(cast)
    made = add_question(evening.public_id, "核心要素？", ["数据", "土地"], 0, "数据。", by=CITY)
    address = HALL.format(evening.public_id) + "quiz/"
    assert "核心要素" in client.get(address, headers={"hx-request": "true"}).content.decode()
    before = TrailEntry.objects.count()
    right = client.post(address, {made.public_id: "0"}).content.decode()
    assert "答对了" in right
    assert TrailEntry.objects.count() == before


def test_words_that_were_not_answered_go_after_a_month_and_the_answered_stay(
    cast, settings, tmp_path
):
    settings.DATA_DIR = tmp_path
    evening = the_hall(cast)
    ask(evening, "没人回答的问题？")
    answered = ask(evening, "答过的问题？")
    for verb in ("shortlist", "answer"):
        move_question(evening.public_id, answered.public_id, verb, by=CITY, at=TONIGHT)
    month = timedelta(days=30)
    assert erase_due(by=CITY, at=TONIGHT + month) == 0
    assert erase_due(by=CITY, at=TONIGHT + month + MINUTE) == 1
    assert sorted(HallQuestion.objects.values_list("text", flat=True)) == ["", "答过的问题？"]
    assert erase_due(by=CITY, at=TONIGHT + month + MINUTE) == 0
    assert queries.desk(evening).waiting == ()


def test_the_hall_weighs_at_most_150_kb_before_its_library(cast, client):
    evening = the_hall(cast)
    page = client.get(HALL.format(evening.public_id)).content.decode()
    assert "hls.light" in page
    assert weight(page) <= BUDGET
