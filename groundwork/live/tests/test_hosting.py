"""The host's page: the key once, what comes, what went wrong; and who finds no such page."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from groundwork.base import clock
from groundwork.live.actions import pushing, streams
from groundwork.live.actions.recordings import places
from groundwork.live.models import Recording
from groundwork.live.tests.make import AT, a_stream

pytestmark = pytest.mark.django_db
ROOM = 1 << 40


@pytest.fixture(autouse=True)
def tonight():
    with clock.at(AT):
        yield


def page(cast, stream, who="city_operator", **more):
    return cast.client(who).get(f"/live/{stream.public_id}/", **more).content.decode()


def test_the_key_is_shown_once_and_works(cast):
    stream = a_stream(cast)
    answer = cast.client("city_operator").post(f"/live/{stream.public_id}/key/")
    key = re.search(r'id="key">([^<]+)<', answer.content.decode())[1]
    assert "no-store" in answer["Cache-Control"]
    assert pushing.begin_push(key, free=ROOM, at=AT).stream == stream.public_id
    assert key not in page(cast, stream)
    assert cast.client("staff").post(f"/live/{stream.public_id}/key/").status_code == 403


def test_the_page_follows_what_comes(cast):
    stream = a_stream(cast)
    assert "现在推流，观众立即看到" in page(cast, stream)
    key = streams.renew_key(stream.public_id, by=cast.actor("city_operator"), at=AT)
    begun = pushing.begin_push(key, free=ROOM, at=AT)
    pushing.note_tracks(begun.push, video="H.264 1280×720 25 fps", audio="AAC")
    part = places().recording(begun.recording) / "p1"
    part.mkdir(parents=True)
    (part / "still.jpg").write_bytes(b"\xff\xd8picture")
    again = page(cast, stream, headers={"HX-Request": "true"})
    assert "H.264 1280×720" in again
    assert "<html" not in again  # only the part that changes
    client = cast.client("city_operator")
    assert client.get(f"/live/{stream.public_id}/still.jpg").content == b"\xff\xd8picture"
    assert cast.client("staff").get(f"/live/{stream.public_id}/still.jpg").status_code == 403
    pushing.end_push(begun.push, "codec", found="HEVC", at=AT)
    broken = page(cast, stream)
    assert "画面请用 H.264" in broken
    assert "HEVC" in broken
    assert client.get(f"/live/{stream.public_id}/still.jpg").status_code == 404


def test_the_page_says_how_the_disk_stands(cast, settings, monkeypatch):
    stream = a_stream(cast)
    key = streams.renew_key(stream.public_id, by=cast.actor("city_operator"), at=AT)
    begun = pushing.begin_push(key, free=ROOM, at=AT)
    low = places().recording(begun.recording) / "p1" / "low"
    low.mkdir(parents=True)
    (low / "index.m3u8").write_text("#EXTM3U\n#EXTINF:2.0,\n00000.ts\n")
    with (low / "00000.ts").open("wb") as file:
        file.truncate(1 << 10)
    assert "磁盘" not in page(cast, stream)
    with (low / "00000.ts").open("wb") as file:
        file.truncate(1 << 42)  # with holes: it takes no room, and half of that a second will
    assert "服务器磁盘只够再录 0 分钟。" in page(cast, stream)
    settings.LIVE_KEEP_FREE_MB = 1 << 40
    assert "直播照常，录制已停" in page(cast, stream)
    monkeypatch.setattr("groundwork.live.rules.pushing.LEAST_FREE", 1 << 60)
    assert "现在不能直播" in page(cast, stream)


def test_the_page_costs_the_same_for_many_pushes_and_recordings(
    cast, django_assert_max_num_queries
):
    stream = a_stream(cast)
    key = streams.renew_key(stream.public_id, by=cast.actor("city_operator"), at=AT)
    for _ in range(20):
        pushing.end_push(pushing.begin_push(key, free=ROOM, at=AT).push, "lost", at=AT)
    for number in range(20):
        stream.recordings.create(origin="upload", state="ready", made_at=AT, name=str(number))
    client = cast.client("city_operator")
    client.get(f"/live/{stream.public_id}/")
    with django_assert_max_num_queries(12):
        client.get(f"/live/{stream.public_id}/")


def test_an_upload_and_captions_are_taken_or_refused_in_words(cast):
    stream, client = a_stream(cast), cast.client("city_operator")
    base = f"/live/{stream.public_id}/"
    empty = client.post(base + "upload/", {"file": SimpleUploadedFile("a.mp4", b"")})
    assert empty.status_code == 422
    assert "文件是空的" in empty.content.decode()
    done = client.post(base + "upload/", {"file": SimpleUploadedFile("a.mp4", b"film")})
    assert done.status_code == 302
    assert Recording.objects.get().state == "waiting"
    srt = client.post(base + "captions/", {"file": SimpleUploadedFile("a.vtt", b"1\n")})
    assert srt.status_code == 422
    assert "WEBVTT" in srt.content.decode()
    gbk = "WEBVTT\n\n00:01.000 --> 00:02.000\n好\n".encode("gb18030")
    assert client.post(base + "captions/", {"file": SimpleUploadedFile("a.vtt", gbk)}).status_code
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n好\n".encode()
    taken = client.post(base + "captions/", {"file": SimpleUploadedFile("a.vtt", text)})
    assert taken.status_code == 302
    stream.refresh_from_db()
    assert stream.captions.startswith("WEBVTT")
    client.post(base + "captions/", {"remove": "1"})
    stream.refresh_from_db()
    assert stream.captions == ""


def test_a_cut_is_read_from_words_and_a_wrong_one_stays_in_the_form(cast):
    stream, client = a_stream(cast), cast.client("city_operator")
    one = stream.recordings.create(origin="upload", state="ready", made_at=AT, duration=100)
    wrong = client.post(f"/live/recordings/{one.public_id}/cut/", {"start": "三分钟"})
    assert wrong.status_code == 422
    assert "三分钟" in wrong.content.decode()
    late = client.post(f"/live/recordings/{one.public_id}/cut/", {"start": "0:05:00"})
    assert late.status_code == 422


def test_only_nginx_asks_for_keys(cast, settings):
    stream = a_stream(cast)
    key = streams.renew_key(stream.public_id, by=cast.actor("city_operator"), at=AT)
    client = cast.client("resident")
    ask = {"path": "/live/rtmp/publish", "data": {"name": key}}
    here = {"headers": {"Host": "127.0.0.1:8000"}}
    assert client.post(**ask, **here).status_code == 204
    bad = client.post("/live/rtmp/publish", {"name": key + "x"}, **here)
    assert (bad.status_code, bad.content) == (403, b"bad_key")
    assert client.post(**ask, REMOTE_ADDR="10.0.0.9", **here).status_code == 404
    assert client.post(**ask).status_code == 404  # asked for by the city's public name
    settings.LIVE_DOOR_TOKEN = "between-machines"
    far = {"REMOTE_ADDR": "10.0.0.9"}
    assert client.post(**ask, **far).status_code == 404
    ask["path"] += "?token=between-machines"
    assert client.post(**ask, **far).status_code == 204
