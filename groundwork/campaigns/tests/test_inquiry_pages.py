"""The television inquiry by its pages: each form sent as it should be, and as it should not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from groundwork.access.actions import issue_token
from groundwork.base import clock
from groundwork.campaigns.actions.inquiry_items import ItemPlan, put_matter
from groundwork.campaigns.models import Clip, Episode, EpisodeItem, Revisit, Season
from groundwork.campaigns.tests.make_inquiry import (
    AT,
    HOUR,
    PROMISE,
    QUESTION,
    TITLE,
    WHY,
    a_jury,
    a_question,
    a_season,
    an_episode,
)
from groundwork.matters.models import Matter
from groundwork.matters.tests.make import at_state, receipt_at, the_category

pytestmark = pytest.mark.once
FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(range(256)) * 8
VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\n井盖翻了三个月。\n"
AFTER = HOUR + timedelta(hours=1)


def url(name: str, *args: object) -> str:
    return reverse(f"campaigns:inquiry{name}", args=[getattr(a, "public_id", a) for a in args])


def moment(at) -> str:
    return f"{at.astimezone(clock.ZONE):%Y-%m-%dT%H:%M}"


@pytest.fixture
def editor(cast, at):
    return cast.client("editor")


def send(client, address: str, status: int = 302, **values):
    answer = client.post(address, values)
    shown = answer.context and answer.context.get("form")
    assert answer.status_code == status, shown and shown.errors
    return answer


def test_an_editor_begins_a_season_and_plans_an_evening(cast, at, editor):
    city = cast.places["city"].public_id
    days = {"first_day": "2026-11-24", "last_day": "2027-03-01"}
    send(editor, url("_season_new"), title="2026年秋季问政", place=city, about="", **days)
    season = Season.objects.get()
    back = days | {"last_day": "2026-11-01"}
    send(editor, url("_season_new"), 422, title="倒着走的", place=city, about="", **back)
    values = {"title": "校门口的路", "place": cast.places["haishu"].public_id}
    send(editor, url("_episode_new", season), airs_at=moment(HOUR), **values)
    episode = Episode.objects.get()
    assert (episode.airs_at, episode.place) == (HOUR, cast.places["haishu"])
    late = send(editor, url("_episode_new", season), 422, airs_at=moment(AT), **values)
    assert "以后" in late.content.decode()
    assert editor.get(url("_season", season)).content.decode().count("校门口的路") == 1
    assert "校门口的路" not in cast.client("staff").get(url("_season", season)).content.decode()


def test_a_problem_is_written_down_twice_sent_and_stands_once(cast, at, editor):
    the_category("roads")
    episode = an_episode(cast)
    values = {
        "title": TITLE,
        "question": QUESTION,
        "body": cast.bodies["unit"].public_id,
        "phase": "before",
        "words": "学校门口的窨井盖翻了三个月。",
        "place": cast.places["chenglang"].public_id,
        "category": the_category("roads").public_id,
        "kind": "complaint",
        "client_key": "k" * 22,
    }
    address = url("_question_new", episode)
    for _try in range(2):  # a bad line
        assert send(editor, address, **values).url == url("_episode", episode)
    item = EpisodeItem.objects.get()
    assert (item.body, item.matter.concerns) == (cast.bodies["unit"], cast.bodies["unit"])
    assert item.matter.withheld_until == HOUR
    about_whom = send(editor, address, 422, **(values | {"body": "", "client_key": "j" * 22}))
    assert "投诉请写明是哪个单位" in about_whom.content.decode()
    assert EpisodeItem.objects.count() == 1


def test_a_matter_is_brought_on_by_its_number_and_put_right(cast, at, editor):
    episode, matter = an_episode(cast), at_state(cast, "handling")
    said = {"title": TITLE, "question": QUESTION, "phase": "on", "body": ""}
    address = url("_matter_put", episode)
    wrong = send(editor, address, 422, receipt="000000-AAAAAA", **said)
    assert "没有找到" in wrong.content.decode()
    send(editor, address, receipt=matter.receipt, **said)
    item = EpisodeItem.objects.get()
    assert (item.matter, item.phase, item.body) == (matter, "on", None)
    again = send(editor, address, 409, receipt=matter.receipt, **said)
    assert "已经在这一期里" in again.content.decode()
    body = cast.bodies["unit"].public_id
    send(editor, url("_item_edit", item), **(said | {"body": body, "title": "换了说法"}))
    item.refresh_from_db()
    assert (item.title, item.body) == ("换了说法", cast.bodies["unit"])
    page = editor.get(url("_item_edit", item)).content.decode()
    assert "换了说法" in page
    assert cast.bodies["unit"].name in page
    assert editor.get(url("_item_drop", item)).status_code == 200
    send(editor, url("_item_drop", item))
    assert not EpisodeItem.objects.exists()
    assert Matter.objects.filter(pk=matter.pk).exists()


def test_the_order_moves_by_its_buttons_and_keeps_the_place(cast, at, editor):
    episode = an_episode(cast)
    first, second = (a_question(cast, episode, title=f"第{n}个问题") for n in (1, 2))
    answer = send(editor, url("_item_move", second, "up"))
    assert answer.url == f"{url('_episode', episode)}#{second.public_id}"
    assert list(episode.items.order_by("order")) == [second, first]
    assert editor.post(url("_item_move", second, "sideways")).status_code == 404
    page = editor.get(url("_order", episode)).content.decode()
    assert page.index("第2个问题") < page.index("第1个问题")


def test_the_hour_moves_and_an_evening_is_called_off(cast, at, editor):
    episode = an_episode(cast)
    item = a_question(cast, episode)
    later = HOUR + timedelta(days=1)
    send(editor, url("_hour", episode), airs_at=moment(later), text=WHY)
    item.matter.refresh_from_db()
    assert item.matter.withheld_until == later
    send(editor, url("_hour", episode), 422, airs_at=moment(AT), text=WHY)
    other = an_episode(cast, title="区里的一期", place="haishu")
    send(editor, url("_links", episode), other=other.public_id)
    assert list(episode.linked.all()) == [other]
    assert "区里的一期" in editor.get(url("_episode", episode)).content.decode()
    send(editor, url("_off", episode), text=WHY)
    episode.refresh_from_db()
    assert episode.state == "called_off"
    assert editor.get(url("_episode", episode)).status_code == 200
    assert cast.client("resident").get(url("_episode", episode)).status_code == 404


def test_a_jury_is_declared_votes_and_is_counted_by_its_buttons(cast, at, editor):
    episode = an_episode(cast)
    item = a_question(cast, episode)
    send(editor, url("_act", episode, "open_vote"))
    assert "先定评议员" in editor.get(url("_episode", episode)).content.decode()
    send(editor, url("_jurors", episode), jurors=[str(cast.accounts["juror"].pk)])
    send(editor, url("_act", episode, "open_vote"))
    juror = cast.client("juror")
    page = juror.get(url("_jury", episode))
    assert page.context["page"].left == 1
    answer = send(juror, url("_vote", item, "yes"))
    assert answer.url == f"{url('_jury', episode)}#{item.public_id}"
    assert 'aria-pressed="true"' in juror.get(url("_jury", episode)).content.decode()
    assert juror.post(url("_vote", item, "maybe")).status_code == 404
    send(editor, url("_act", episode, "close_vote"))
    late = send(juror, url("_vote", item, "no"), 409)
    assert "没有计入" in late.content.decode()
    item.refresh_from_db()
    assert (item.jury_n, item.jury_satisfied) == (1, 1)
    assert editor.post(url("_act", episode, "burn")).status_code == 404


def test_a_film_is_played_piece_by_piece_and_a_paper_is_taken_along(cast, at, editor):
    episode = an_episode(cast)
    item = a_question(cast, episode)
    file = SimpleUploadedFile("夜里.mp4", FILM)
    words = SimpleUploadedFile("夜里.vtt", VTT.encode())
    values = {"title": "夜里拍到的", "kind": "clip", "item": item.public_id, "url": ""}
    send(editor, url("_clip_new", episode), file=file, subtitles=words, **values)
    film = Clip.objects.get()
    address = url("_clip_file", film)
    whole = editor.get(address)
    assert b"".join(whole.streaming_content) == FILM
    piece = editor.get(address, headers={"range": "bytes=4-7"})
    assert (piece.status_code, piece.content) == (206, b"ftyp")
    assert piece["Content-Range"] == f"bytes 4-7/{len(FILM)}"
    assert editor.get(address, headers={"range": "bytes=-4"}).content == FILM[-4:]
    assert editor.get(address, headers={"range": f"bytes={len(FILM)}-"}).status_code == 416
    assert editor.get(url("_subtitles", film)).content.decode() == VTT
    for who in ("resident", "unit_secretary"):
        assert cast.client(who).get(address).status_code == 404
        assert cast.client(who).get(url("_subtitles", film)).status_code == 404
    with clock.at(HOUR):
        assert cast.client("resident").get(address).status_code == 200
    paper = SimpleUploadedFile("笔录.pdf", b"%PDF-1.7\n%")
    values |= {"title": "笔录", "kind": "evidence", "item": ""}
    send(editor, url("_clip_new", episode), file=paper, **values)
    answer = editor.get(url("_clip_file", Clip.objects.get(title="笔录")))
    assert answer["Content-Disposition"].startswith("attachment")
    bad = SimpleUploadedFile("夜里.vtt", "井盖".encode("gbk"))
    said = send(editor, url("_clip_new", episode), 422, subtitles=bad, **values)
    assert "UTF-8" in said.content.decode()
    assert editor.get(url("_clip_drop", film)).status_code == 200
    send(editor, url("_clip_drop", film))
    assert editor.get(address).status_code == 404


def test_promise_and_look_again_are_written_down_on_the_problems_page(cast, at, editor):
    episode = an_episode(cast)
    item = a_question(cast, episode)
    unit = cast.client("unit_handler")
    send(editor, url("_item_show", item, "yes"))
    assert unit.get(url("_item", item)).status_code == 200
    send(editor, url("_item_show", item, "no"))
    assert unit.get(url("_item", item)).status_code == 404
    with clock.at(AFTER):
        said = {"text": PROMISE, "on": "2026-11-30", "said_by": "局长"}
        send(editor, url("_promise", item), **said)
        send(editor, url("_promise", item), 422, **(said | {"on": "2026-11-01"}))
        look = {"day": "2026-11-26", "found": "partly", "text": "去看过，换了一半。"}
        send(editor, url("_look", item), **look)
        send(editor, url("_look", item), 422, **(look | {"day": "2026-11-28"}))
        send(editor, url("_act", episode, "follow"))
        send(editor, url("_act", episode, "close"))
        assert "不能结案" in editor.get(url("_episode", episode)).content.decode()
        pages = {
            who: cast.client(who).get(url("_item", item)).content.decode()
            for who in ("editor", "unit_handler", "resident")
        }
    assert Revisit.objects.get().found == "partly"
    for page in pages.values():  # the same page for all three
        assert all(words in page for words in (PROMISE, "局长", "换了一半", "部分解决"))
    assert "记承诺" in pages["editor"]
    assert "记承诺" not in pages["unit_handler"] + pages["resident"]


def test_a_matter_leads_to_its_evening_from_the_hour_on(cast, at, editor):
    receipt = receipt_at(cast, "handling")
    plan = ItemPlan(TITLE, QUESTION, cast.bodies["unit"])
    number, by = receipt.matter.receipt, cast.actor("editor")
    item = put_matter(an_episode(cast).public_id, number, plan, by=by, at=at)
    board = reverse("matters:board_matter", args=[receipt.matter.public_id])
    own = reverse("matters:mine", args=[receipt.secret])
    resident = cast.client("resident")
    for page in (board, own):
        assert url("_item", item) not in resident.get(page).content.decode()
        with clock.at(HOUR):
            assert url("_item", item) in resident.get(page).content.decode()


def test_a_juror_finds_the_juries_one_sat_on_in_the_own_data(cast, at):
    episode = an_episode(cast)
    a_question(cast, episode)
    a_jury(cast, episode)
    own_data = reverse("access:own_data")
    assert "校门口的路" in cast.client("juror").get(own_data).content.decode()
    assert "校门口的路" not in cast.client("staff").get(own_data).content.decode()


def test_the_lists_ask_a_constant_number_of_statements(cast, at, django_assert_max_num_queries):
    season = a_season(cast)
    empty = cast.client("resident").get(url("")).content.decode()
    assert "2026年秋季问政" in empty
    for n in range(2):
        episode = an_episode(cast, season, title=f"第{n}期", airs_at=HOUR + timedelta(hours=n))
        for m in range(3):
            a_question(cast, episode, title=f"第{n}期第{m}题", words=f"第{n}-{m}个井盖翻了。")
    a_jury(cast, episode)
    with clock.at(HOUR + timedelta(days=1)):
        resident, juror, crew = (cast.client(who) for who in ("resident", "juror", "editor"))
        for client, address, most in (
            (resident, url("_season", season), 8),
            (resident, url("_episode", episode), 8),
            (resident, url("_order", episode), 8),
            (resident, url("_item", episode.items.first()), 9),
            (juror, url("_jury", episode), 10),
            (crew, url("_checks"), 10),
        ):
            client.get(address)
            with django_assert_max_num_queries(most):
                assert client.get(address).status_code == 200


def test_other_programs_read_a_season_from_its_hours_on_and_an_editors_key_no_sooner(cast, at):
    season = a_season(cast)
    item = a_question(cast, an_episode(cast))
    address = f"/api/v1/seasons/{season.public_id}"

    def told(key: str = "") -> dict:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        read: dict[str, Any] = cast.client("resident").get(address, headers=headers).json()
        return read

    before = told()
    assert (before["episodes"], before["problems"], before["units"], before["items"]) == (
        0,
        0,
        0,
        [],
    )
    assert told(issue_token(name="t", by=cast.actor("editor"))) == before
    with clock.at(AFTER):
        after = told()
        [line] = after["items"]
        assert (line["id"], line["question"], line["state"]) == (item.public_id, QUESTION, "raised")
        assert line["unit"] == {"code": "HS-JYJ", "name": "海曙区教育局"}
        assert after["solved"] == {"part": 0, "whole": 1, "quotient": None}
        assert after["satisfied"] == {"part": 0, "whole": 0, "quotient": None, "asked": 0}
    [listed] = cast.client("resident").get("/api/v1/seasons").json()["items"]
    assert listed == {key: before[key] for key in listed}
