"""The JSON interface tells everybody what they may see, and takes what the portal takes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from groundwork.access.actions import issue_token
from groundwork.matters.models import Matter, Raiser
from groundwork.matters.tests.make import ANSWER, at_state, raise_one
from groundwork.service.tests.make import a_round, an_area

pytestmark = pytest.mark.django_db
BASE = "/api/v1"


def get(path: str, key: str = "", **more: Any) -> Any:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return Client().get(BASE + path, headers=headers | more.pop("headers", {}), data=more)


def test_the_board_tells_all_what_it_shows_and_staff_what_they_may_see(cast, at):
    shown = at_state(cast, "answered")
    hidden = raise_one(cast, place="dongsheng").matter
    key = issue_token(name="t", by=cast.actor("unit_handler"))
    assert [row["id"] for row in get("/board").json()["items"]] == [shown.public_id]
    assert [row["id"] for row in get("/matters", key).json()["items"]] == [shown.public_id]
    assert get(f"/board/{hidden.public_id}").status_code == 404
    assert get(f"/matters/{hidden.public_id}", key).status_code == 404
    assert get(f"/matters/{shown.public_id}").status_code == 401
    one = get(f"/matters/{shown.public_id}", key)
    assert one.json()["words"] == shown.text
    assert "13800005678" not in one.content.decode()
    Matter.objects.update(withheld_until=at.replace(day=30))
    assert get("/board").json()["items"] == []
    assert get("/matters", key).json()["items"] == []


def test_the_board_has_only_public_words_and_steps(cast, at):
    shown = at_state(
        cast, "answered", words="我叫沈阿姨，住3幢502室，路灯坏了。", public_text="路灯坏了。"
    )
    one = get(f"/board/{shown.public_id}")
    way = get(f"/board/{shown.public_id}/way")
    for answer in (one, way):
        assert answer.status_code == 200
        assert "502" not in answer.content.decode()
        assert shown.receipt not in answer.content.decode()
    assert ANSWER in [step["text"] for step in way.json()["steps"]]


def test_a_complaint_is_not_told_to_the_unit_it_names(cast, at):
    matter = raise_one(cast, kind="complaint", concerns=cast.bodies["unit"]).matter
    Matter.objects.update(lead=cast.bodies["street"])
    for who, status in (("unit_secretary", 404), ("city_operator", 200)):
        key = issue_token(name="t", by=cast.actor(who))
        assert get(f"/matters/{matter.public_id}", key).status_code == status


def test_a_list_is_read_on_by_key_and_narrowed(cast, at):
    ids = [at_state(cast, "handling").public_id for _ in range(5)][::-1]
    first = get("/board", size=2).json()
    second = get("/board", size=2, after=first["next"]).json()
    third = get("/board", size=2, after=second["next"]).json()
    assert [row["id"] for page in (first, second, third) for row in page["items"]] == ids
    assert third["next"] == ""
    assert len(get("/board", place="330203", category="city").json()["items"]) == 5
    assert get("/board", place="330212").json()["items"] == []
    assert get("/board", state="solved").json()["items"] == []


@pytest.mark.parametrize("address", ["/board", "/matters"])
def test_a_long_list_takes_as_many_statements_as_a_short_one(
    cast, at, address, django_assert_max_num_queries
):
    key = issue_token(name="t", by=cast.actor("city_operator"))
    get(address, key)  # notes the day
    for _ in range(12):
        at_state(cast, "handling")
    with django_assert_max_num_queries(6):
        assert len(get(address, key).json()["items"]) == 12


def test_a_matter_raised_by_nobody_is_followed_by_its_secret(cast, at):
    said = {"words": "路灯坏了三天。", "category": "roads", "place": "澄浪社区", "client_key": "k1"}
    send = lambda more=None: Client(enforce_csrf_checks=True).post(  # noqa: E731
        f"{BASE}/matters", said | (more or {}), content_type="application/json"
    )
    made = send()
    assert made.status_code == 201
    receipt = made.json()
    assert send().json()["secret"] == receipt["secret"]
    way = get("/raised/way", headers={"Receipt-Secret": receipt["secret"]}).json()
    assert (way["receipt"], way["state"]) == (receipt["receipt"], "raised")
    assert get("/raised/way", headers={"Receipt-Secret": "wrong"}).status_code == 404
    for wrong in ({"place": "火星"}, {"category": "none"}, {"phone": "打我家"}, {"words": "x"}):
        refused = send({"client_key": "", **wrong})
        assert refused.status_code == 422
        assert set(refused.json()) == {"code", "sentence", "faults"}
    assert Matter.objects.count() == 1


def test_who_comes_by_a_session_needs_the_csrf_token_to_write(cast, at):
    said = {"words": "要一个停车位。", "category": "parking", "place": "澄浪社区"}
    client = Client(enforce_csrf_checks=True)
    client.cookies = cast.client("enterprise").cookies
    post = lambda **headers: client.post(  # noqa: E731
        f"{BASE}/matters", said, content_type="application/json", headers=headers
    )
    assert client.get(f"{BASE}/matters").status_code == 200
    assert post().status_code == 403
    assert not Matter.objects.exists()
    client.cookies["csrftoken"] = "a" * 32
    assert post(**{"X-CSRFToken": "a" * 32}).status_code == 201
    assert Raiser.objects.get().body == cast.bodies["enterprise_body"]
    assert Matter.objects.get().door == "enterprise"


def test_a_wrong_key_is_told_and_not_taken_for_nobody(cast, at):
    answer = get("/board", "wrong")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "no_key"


def test_visits_are_told_to_those_who_may_see_them_and_recorded_once(cast, at):
    plan = {
        "service": "people", "day": "2026-11-24", "place": "柳锦社区", "client_key": "v1",
        "problems": [{"words": "楼道灯不亮。", "category": "property"}],
    }  # fmt: skip
    key, other = (issue_token(name="t", by=cast.actor(who)) for who in ("staff", "outsider"))
    send = lambda: Client().post(  # noqa: E731
        f"{BASE}/visits", plan, "application/json", headers={"Authorization": f"Bearer {key}"}
    )
    made = send().json()
    assert made["fresh"]
    assert not send().json()["fresh"]
    assert [row["id"] for row in get("/visits", key).json()["items"]] == [made["id"]]
    assert get(f"/visits/{made['id']}", key).json()["people"] == ["单晓芸"]
    assert get(f"/visits/{made['id']}", other).status_code == 404
    assert get("/visits", other).json()["items"] == []


def test_companions_patrols_and_answers_are_written_down_by_programs_too(cast, at):
    key, other = (issue_token(name="t", by=cast.actor(who)) for who in ("staff", "outsider"))

    def send(path, said, key=""):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return Client().post(f"{BASE}{path}", said, "application/json", headers=headers)

    day = "2026-11-24"
    visit = {"service": "people", "day": day, "place": "柳锦社区", "companions": ["毛建军"]}
    made = send("/visits", visit, key).json()
    assert get(f"/visits/{made['id']}", key).json()["people"] == ["单晓芸", "毛建军"]
    stranger = send("/visits", visit | {"companions": ["查无此人"]}, key)
    assert (stranger.status_code, stranger.json()["code"]) == (422, "service.unknown_colleague")

    area = an_area(cast)
    assert [row["id"] for row in get("/areas", key).json()["items"]] == [area.public_id]
    seen = {"words": "垃圾桶满了。", "category": "waste", "place": "柳锦社区"}
    path = f"/areas/{area.public_id}/patrols"
    assert len(send(path, {"day": day, "problems": [seen]}, key).json()["receipts"]) == 1
    elsewhere = send(path, {"day": day, "problems": [seen | {"place": "东升社区"}]}, key)
    assert elsewhere.json()["code"] == "service.outside_area"
    assert send(path, {"day": day}, other).status_code == 404
    assert send(path, {"day": day}).status_code == 401

    asked = a_round(cast, "all")
    path = f"/rounds/{asked.public_id}/replies"
    said = {"answers": [{"question": 1, "text": "校门口。", "to_do": True}], "client_key": "r1"}
    first, again = send(path, said).json(), send(path, said).json()
    assert (first["fresh"], again["fresh"], again["id"]) == (True, False, first["id"])
    assert len(first["receipts"]) == 1
    beyond = send(path, {"answers": [{"question": 9, "text": "什么？"}]})
    assert (beyond.status_code, beyond.json()["code"]) == (422, "service.no_such_question")
    named = a_round(cast, "named", people=(cast.people["staff"],))
    mine = f"/rounds/{named.public_id}/replies"
    assert send(mine, said | {"client_key": "r2"}).status_code == 404
    assert send(mine, said | {"client_key": "r3"}, key).status_code == 201


def test_what_is_no_address_is_told_in_the_same_form(cast, at):
    for path in ("/nothing", "/board/a/b", "/board/%00", "/board?q=%00"):
        answer = get(path)
        assert answer.status_code == 404
        assert answer.json()["code"] == "not_found"


def test_refusals_are_said_in_the_readers_language(cast, at):
    english = get("/board/bbbbbbbbbbbb", headers={"Accept-Language": "en"}).json()
    chinese = get("/board/bbbbbbbbbbbb").json()
    assert english["code"] == chinese["code"]
    assert english["sentence"].isascii()
    assert not chinese["sentence"].isascii()
