"""The gate's pages: the phone's own cookie, scans, the poster, the log, hours, thanks."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from groundwork.access.models import Grant
from groundwork.base import clock, codes
from groundwork.duty.actions import coming, settling
from groundwork.duty.actions.alarms import answer_alarm
from groundwork.duty.actions.handing import pause
from groundwork.duty.actions.orders import end_order, throw_switch
from groundwork.duty.models import Alarm, LogEntry, Pause, Thanks
from groundwork.duty.models.need import GateContact
from groundwork.duty.rules.posts import purpose
from groundwork.duty.tests.make import AT, BY, gate_of, order_of, post_of, shift_of


@pytest.fixture(autouse=True)
def tonight():
    with clock.at(AT):
        yield


@pytest.fixture
def gate(cast):
    return gate_of(cast, order_of(cast))


@pytest.fixture
def shift(gate):
    return shift_of(gate)


@pytest.fixture
def phone(cast, gate, shift) -> Client:
    """A phone that the shift's lead made the gate's own, and that nobody is signed in on."""
    post_of(cast, shift, "colleague", "lead")
    client: Client = cast.client("colleague")
    client.post(reverse("duty:phone_open", args=[gate.public_id]))
    client.cookies.pop("gw_session", None)
    return client


def sending(client: Client, *acts: dict[str, object]):
    body = json.dumps({"acts": acts})
    return client.post(reverse("duty:phone_sync"), body, content_type="application/json")


def entry(key: str, **said: str) -> dict[str, object]:
    return {"key": key, "kind": "log", "at": AT.timestamp(), "said": {"who": "resident", **said}}


def test_the_phone_shows_its_gate_to_nobody_signed_in_and_its_people(cast, gate, shift, phone):
    post_of(cast, shift, "staff")
    page = phone.get(reverse("duty:phone"))
    assert page.status_code == 200
    assert gate.name in page.content.decode()
    state = phone.get(reverse("duty:phone_state")).json()
    assert [(p["name"], p["lead"]) for p in state["people"]] == [
        ("毛建军", True),
        ("单晓芸", False),
    ]
    assert "<svg" in state["code"]


def test_without_the_cookie_there_is_no_gate(cast, gate):
    for client in (Client(), cast.client("community_secretary")):
        assert client.get(reverse("duty:phone")).status_code == 404
        assert client.get(reverse("duty:phone_state")).status_code == 404
        assert sending(client, entry("a")).status_code == 404


def test_a_sending_gets_an_answer_for_each_act(phone):
    bad = entry("b", who="visitor")
    answers = sending(phone, entry("a"), bad, entry("a")).json()["answers"]
    assert [bool(answer["error"]) for answer in answers] == [False, True, False]
    assert "姓名" in answers[1]["error"]
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    ["", "[]", '{"acts": 3}', '{"acts": [{"key": "a"}]}', '{"acts": [[1]]}', "[" * 5000],
)
def test_nonsense_is_refused_and_breaks_nothing(phone, body):
    answer = phone.post(reverse("duty:phone_sync"), body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["code"] == "duty.unreadable"


def test_when_the_order_ends_the_phone_is_told_so(gate, phone):
    end_order(gate.order.public_id, by=BY, at=AT)
    assert phone.get(reverse("duty:phone")).status_code == 403
    answer = sending(phone, entry("a"))
    assert (answer.status_code, answer.json()["code"]) == (403, "duty.shut")


def test_the_phone_knows_the_order_s_end_and_hears_of_a_door_that_is_shut(gate, phone):
    end = gate.order.ends_at.timestamp()
    assert f'data-end="{end:.0f}"' in phone.get(reverse("duty:phone")).text
    open_ones = phone.get(reverse("duty:phone_state")).json()
    assert open_ones["end"] == end
    assert open_ones["doors"] == {"log": True, "temperature": True, "comes": True}
    throw_switch(gate.order.public_id, "keeps_log", False, by=BY, at=AT)
    assert phone.get(reverse("duty:phone_state")).json()["doors"]["log"] is False
    [refused] = sending(phone, entry("a", who="visitor", name="王小明")).json()["answers"]
    assert refused["code"] == "duty.shut"  # by which the phone drops the name


def test_the_phone_is_told_what_became_of_an_alarm_and_whom_to_ring(cast, gate, phone):
    alarm = {"key": "a", "kind": "alarm", "at": AT.timestamp(), "said": {"alarm": "fever"}}
    assert sending(phone, alarm).json()["answers"][0]["error"] == ""
    state = phone.get(reverse("duty:phone_state")).json()
    [said] = state["alarms"]
    assert (said["key"], said["answered"], state["reach"]) == ("a", None, True)
    keeper = cast.people["community_secretary"]
    for page in (state["calls"], phone.get(reverse("duty:phone")).text):
        assert f'href="tel:{keeper.phone}"' in page  # nobody is written down: who keeps the place
    GateContact.objects.create(gate=gate, person=cast.people["clerk"])
    answer_alarm(Alarm.objects.get().public_id, "已送发热门诊", by=BY, at=AT)
    state = phone.get(reverse("duty:phone_state")).json()
    assert state["alarms"][0]["answered"] == AT.timestamp()
    assert cast.people["clerk"].phone in state["calls"]
    assert keeper.phone not in state["calls"]


def test_where_nobody_keeps_the_place_the_phone_does_not_say_that_somebody_heard(gate, phone):
    Grant.objects.all().delete()
    state = phone.get(reverse("duty:phone_state")).json()
    assert state["reach"] is False
    assert "120" in state["calls"]


def test_who_is_away_reads_which_gate_was_asked_or_that_none_could_be(cast, gate, shift, phone):
    post = coming.arrive(post_of(cast, shift, "staff"), "lead", by=BY, seen=AT, at=AT)
    pause(post, by=BY, seen=AT, at=AT)
    west = gate_of(cast, gate.order, name="西门")
    rows = phone.get(reverse("duty:phone_state")).json()["people"]
    assert [row["asked"] for row in rows if row["away"]] == [""]
    Pause.objects.update(asked_gate=west)
    rows = phone.get(reverse("duty:phone_state")).json()["people"]
    assert [row["asked"] for row in rows if row["away"]] == ["澄浪社区 西门"]


def test_a_scan_waits_for_signing_in_and_then_takes_one_tap(cast, gate, shift):
    post = post_of(cast, shift, "staff")
    code = codes.token(gate.secret, purpose(gate.public_id), AT)
    client = Client()
    assert client.get(reverse("duty:come", args=[gate.public_id, code])).status_code == 302
    onward = client.get(reverse("duty:come_here"))
    assert onward["Location"].startswith(reverse("account_login"))
    client = cast.client("staff")
    client.get(reverse("duty:come", args=[gate.public_id, code]))
    assert "我到了" in client.get(reverse("duty:come_here")).content.decode()
    done = client.post(reverse("duty:come_here"))
    assert "已到岗" in done.content.decode()
    post.refresh_from_db()
    assert post.state == "standing"


def test_a_poster_s_scan_waits_for_the_lead(cast, gate, shift):
    post = post_of(cast, shift, "staff")
    client = cast.client("staff")
    assert client.get(reverse("duty:poster", args=[gate.poster])).status_code == 200
    done = client.post(reverse("duty:poster_here", args=[gate.poster]))
    assert "带班确认后生效" in done.content.decode()
    post.refresh_from_db()
    assert not post.came_checked


def test_a_resident_s_thanks_are_shown_after_the_community_has_read_them(cast, gate, shift):
    address = reverse("duty:thank", args=[gate.poster])
    assert Client().post(address, {"text": "辛苦了！"}).status_code == 200
    [found] = Thanks.objects.all()
    page = cast.client("community_secretary").get(reverse("duty:hours")).content.decode()
    assert "辛苦了！" in page
    show = reverse("duty:thanks_show", args=[found.public_id])
    assert cast.client("other_community_secretary").post(show).status_code == 404
    cast.client("community_secretary").post(show)
    found.refresh_from_db()
    assert found.shown_at == AT


def test_names_are_shown_after_a_reason_and_the_page_says_who_looked(cast, gate, phone):
    sending(phone, entry("a", who="visitor", name="王小明", fever="1"))
    client = cast.client("community_secretary")
    address = reverse("duty:log", args=[gate.public_id])
    assert "王小明" not in client.get(address).content.decode()
    said = {"from_at": "2026-11-24T17:00", "to_at": "2026-11-24T22:00", "reason": "疾控要求协查"}
    page = client.post(address, said).content.decode()
    assert "王小明" in page
    assert "疾控要求协查" in client.get(address).content.decode()
    assert client.post(address, {**said, "reason": ""}).status_code == 422


def test_hours_are_confirmed_and_stand_on_the_person_s_certificate(cast, gate, shift):
    post = post_of(cast, shift, "staff")
    coming.arrive(post, "lead", by=BY, seen=AT, at=AT)
    coming.leave(post, "lead", by=BY, seen=shift.ends_at, at=shift.ends_at)
    community = cast.client("community_secretary")
    assert "单晓芸" in community.get(reverse("duty:hours")).content.decode()
    community.post(reverse("duty:hours_approve"), {"post": [post.public_id]})
    address = reverse("duty:certificate", args=[gate.order.public_id])
    page = cast.client("staff").get(address).content.decode()
    assert "共 1 班，5 小时" in page
    assert "共 1 班" not in cast.client("colleague").get(address).content.decode()


def test_the_person_reads_and_contests_an_absence_before_it_is_decided(cast, gate, shift):
    post = post_of(cast, shift, "staff")
    coming.mark_missed(post.public_id, by=BY, at=AT)
    own = cast.client("staff")
    address = reverse("duty:contest", args=[post.public_id])
    assert own.post(address, {"text": "我在西门顶班"}, follow=True).status_code == 200
    assert cast.client("colleague").post(address, {"text": "x"}).status_code in {403, 404}
    community = cast.client("community_secretary")
    page = community.get(reverse("duty:settle", args=[post.public_id])).content.decode()
    assert "我在西门顶班" in page
    said = {"text": "西门证实", "act": "approve"}
    community.post(reverse("duty:settle", args=[post.public_id]), said)
    post.refresh_from_db()
    assert post.state == "approved"
    assert settling.approve_post(post.public_id, by=BY, at=AT).state == "approved"
