"""Recordings with the real ffmpeg: uploads, nonsense, cuts, what is served, what is erased."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile, File
from django.test import override_settings

from groundwork.access.models import Notice
from groundwork.base import outbox
from groundwork.base.actor import system
from groundwork.base.errors import Conflict, Forbidden, RuleBroken
from groundwork.base.models import Tombstone
from groundwork.live.actions import captions, recordings, retention, streams
from groundwork.live.media import replay
from groundwork.live.models import Recording
from groundwork.live.queries.playing import playing
from groundwork.live.rules.retention import RULES
from groundwork.live.tests.conftest import film
from groundwork.live.tests.make import AT, CITY, a_stream

pytestmark = pytest.mark.django_db
DAYS = {rule.code: timedelta(days=rule.days) for rule in RULES}


def upload(cast, path, stream=None, who="city_operator") -> Recording:
    stream = stream or a_stream(cast, source="upload")
    with path.open("rb") as file:
        return recordings.upload_recording(
            stream.public_id, File(file, name=path.name), by=cast.actor(who), at=AT
        )


def worked(recording: Recording) -> Recording:
    """Let the worker do what waits for it."""
    outbox.deliver_due()
    recording.refresh_from_db()
    return recording


def shown(recording: Recording) -> list[str]:
    folder = recordings.places().stream(recording.stream.public_id) / "r" / recording.public_id
    text = (folder / "low.m3u8").read_text()
    return [line for line in text.splitlines() if line.endswith(".ts")]


def test_an_upload_becomes_a_replay_in_three_renditions(cast, a_film):
    recording = upload(cast, a_film)
    assert recording.state == "waiting"
    recording = worked(recording)
    assert (recording.state, recording.problem) == ("ready", "")
    assert 6.9 <= recording.duration <= 7.2
    folder = recordings.places().recording(recording.public_id)
    assert not (folder / "upload").exists()  # what was made of it is enough
    assert {p.name for p in (folder / "p1").iterdir()} == {"source", "low", "audio"}
    found = playing(recording.stream, AT)
    assert found.replay_url.endswith(f"r/{recording.public_id}/master.m3u8")
    assert len(shown(recording)) == 4
    assert recordings.places().open(recording.stream.public_id).is_symlink()


@pytest.mark.once
def test_a_silent_film_in_another_codec_is_made_playable(cast, tmp_path):
    recording = worked(upload(cast, film(tmp_path / "a.mkv", video="mpeg4", audio="")))
    assert recording.state == "ready"
    folder = recordings.places().recording(recording.public_id)
    assert len(replay.segments(folder, "source")) == len(replay.segments(folder, "audio"))


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("slides.mp4", b"%PDF-1.7 no film", "no_film"),
        # A list would make ffmpeg open what it names: files of the city, other machines.
        ("list.mp4", b"#EXTM3U\n#EXTINF:2,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", "no_film"),
        ("list.txt", b"ffconcat version 1.0\nfile /etc/passwd\n", "no_film"),
    ],
)
def test_what_is_no_film_is_refused_in_words(cast, tmp_path, name, content, problem):
    streams.renew_key((stream := a_stream(cast)).public_id, by=cast.actor("city_operator"))
    (path := tmp_path / name).write_bytes(content)
    recording = worked(upload(cast, path, stream))
    assert (recording.state, recording.problem) == ("refused", problem)
    assert Notice.objects.get().kind == "live.refused"
    page = cast.client("city_operator").get(f"/live/{stream.public_id}/").content.decode()
    assert "这不是能识别的录像文件" in page


def test_a_film_cut_off_in_its_middle_is_refused(cast, a_film, tmp_path):
    (path := tmp_path / "half.mp4").write_bytes(a_film.read_bytes()[:20_000])
    assert worked(upload(cast, path)).problem == "no_film"  # an MP4's index stands at its end


def test_the_size_of_an_upload_is_limited_and_it_waits_for_the_end_of_the_broadcast(cast, a_film):
    with override_settings(LIVE_UPLOAD_MB=0), pytest.raises(RuleBroken):
        upload(cast, a_film)
    with override_settings(LIVE_KEEP_FREE_MB=1 << 40), pytest.raises(RuleBroken):
        upload(cast, a_film, a_stream(cast, subject_id="full"))
    stream = a_stream(cast, subject_id="running")
    stream.state = "on_air"
    stream.save(update_fields=["state"])
    with pytest.raises(RuleBroken):
        upload(cast, a_film, stream)
    with pytest.raises(Forbidden):
        upload(cast, a_film, a_stream(cast, subject_id="mine"), who="staff")
    assert not Recording.objects.exists()
    assert not list((recordings.places().root / "recordings").glob("*"))


def test_work_that_was_cut_off_begins_anew_and_is_given_up_after_three_times(cast, a_film):
    recording = upload(cast, a_film)
    folder = recordings.places().recording(recording.public_id)
    (folder / "half").mkdir()  # what a worker left that was killed
    (folder / "half" / "00000.ts").write_bytes(b"half")
    Recording.objects.update(state="working", attempts=1)
    recordings.work_on(recording.public_id, at=AT)
    recording.refresh_from_db()
    assert recording.state == "ready"
    assert not (folder / "half").exists()

    Recording.objects.update(state="working", attempts=3)
    recordings.work_on(recording.public_id, at=AT)
    recording.refresh_from_db()
    assert (recording.state, recording.problem) == ("refused", "crashed")


def test_a_disk_that_fills_while_it_is_worked_on_is_said(cast, a_film):
    recording = upload(cast, a_film)
    with override_settings(LIVE_KEEP_FREE_MB=1 << 40):
        assert worked(recording).problem == "disk"
    folder = recordings.places().recording(recording.public_id)
    assert {p.name for p in folder.iterdir()} == {"upload"}  # for another try


def test_what_is_cut_off_is_nowhere_to_be_fetched_and_comes_back(cast, a_film):
    recording = worked(upload(cast, a_film))
    stream, whole, host = recording.stream, shown(recording), cast.actor("city_operator")
    recordings.trim_recording(recording.public_id, 1.5, 6.5, by=host, at=AT)
    recording.refresh_from_db()
    assert (recording.shown_start, recording.shown_end) == (2, 6)
    assert shown(recording) == whole[1:3]
    base = f"/live/hls/{stream.public_id}/r/{recording.public_id}/"
    client = cast.client("resident")
    assert client.get(base + whole[1]).status_code == 200
    assert client.get(base + whole[0]).status_code == 404
    with pytest.raises(RuleBroken):
        recordings.trim_recording(recording.public_id, 5, 5, by=host, at=AT)
    with pytest.raises(RuleBroken):
        recordings.trim_recording(recording.public_id, 2.1, 3.9, by=host, at=AT)
    with pytest.raises(Forbidden):
        recordings.trim_recording(recording.public_id, 0, None, by=cast.actor("staff"), at=AT)
    recordings.trim_recording(recording.public_id, 0, None, by=host, at=AT)
    assert shown(recording) == whole


def test_a_replay_is_taken_away_and_shown_again(cast, a_film):
    recording = worked(upload(cast, a_film))
    stream, host = recording.stream, cast.actor("city_operator")
    url = playing(stream, AT).replay_url
    assert cast.client("resident").get(url).status_code == 200
    recordings.show_recording(recording.public_id, False, by=host, at=AT)
    assert playing(stream, AT).replay_url == ""
    assert cast.client("city_operator").get(url).status_code == 404
    recordings.show_recording(recording.public_id, True, by=host, at=AT)
    assert cast.client("resident").get(url).status_code == 200
    Recording.objects.update(state="working")
    with pytest.raises(Conflict):
        recordings.show_recording(recording.public_id, False, by=host, at=AT)


def test_captions_follow_the_cut(cast, a_film):
    recording = worked(upload(cast, a_film))
    stream, host = recording.stream, cast.actor("city_operator")
    text = "WEBVTT\n\n00:03.000 --> 00:05.000\n大家晚上好。\n"
    captions.put_captions(stream.public_id, "\ufeff" + text.replace("\n", "\r\n"), by=host, at=AT)
    url = f"/live/{stream.public_id}/captions.vtt"
    assert "00:03.000 --> 00:05.000" in cast.client("resident").get(url).content.decode()
    recordings.trim_recording(recording.public_id, 2, None, by=host, at=AT)
    said = cast.client("resident").get(url)
    assert said["Content-Type"].startswith("text/vtt")
    assert "00:00:01.000 --> 00:00:03.000" in said.content.decode()
    captions.put_captions(stream.public_id, "", by=host, at=AT)
    assert cast.client("resident").get(url).status_code == 404
    with pytest.raises(Forbidden):
        captions.put_captions(stream.public_id, text, by=cast.actor("staff"), at=AT)


def test_a_recording_is_erased_after_its_time_with_a_tombstone(cast, a_film):
    recording = worked(upload(cast, a_film))
    stream = recording.stream
    captions.put_captions(
        stream.public_id, "WEBVTT\n\n00:03.000 --> 00:05.000\n好。\n", by=CITY, at=AT
    )
    last = recording.ready_at + DAYS["live.recordings"]
    erase = lambda at: retention.erase_due(by=system("worker"), at=at)  # noqa: E731
    assert erase(last) == 0
    assert erase(last + timedelta(days=1)) == 1
    recording.refresh_from_db()
    stream.refresh_from_db()
    assert (recording.state, recording.name, stream.captions) == ("erased", "", "")
    assert recording.duration > 6  # that there was one stays
    assert not recordings.places().recording(recording.public_id).exists()
    assert playing(stream, AT).replay_url == ""
    assert Tombstone.objects.get().rule == "live.recordings"
    assert erase(last + timedelta(days=2)) == 0


def test_who_made_the_key_is_forgotten_a_year_after_the_broadcast(cast):
    stream = a_stream(cast)
    streams.renew_key(stream.public_id, by=cast.actor("city_operator"), at=AT)
    last = stream.ends_at + DAYS["live.keeper"]
    assert retention.erase_due(by=system("worker"), at=last) == 0
    assert retention.erase_due(by=system("worker"), at=last + timedelta(days=1)) == 1
    stream.refresh_from_db()
    assert (stream.key_made_by, stream.key_made_at) == (None, AT)


def test_a_recording_of_several_parts_is_one_replay_even_when_one_is_missing(cast, a_film):
    """As a broken broadcast leaves it: two whole parts, and one of which nothing came."""
    recording = worked(upload(cast, a_film))
    folder = recordings.places().recording(recording.public_id)
    shutil.copytree(folder / "p1", folder / "p3")
    (folder / "p2").mkdir()
    recording.parts.create(number=2, file="p2")
    recording.parts.create(number=3, file="p3")
    Recording.objects.update(state="waiting", origin="broadcast")
    type(recording.stream).objects.update(state="ended", started_at=AT)
    recordings.work_on(recording.public_id, at=AT)
    recording.refresh_from_db()
    assert recording.state == "ready"
    assert [part.duration for part in recording.parts.all()][1] == 0
    assert len(shown(recording)) == 8
    low = recordings.places().stream(recording.stream.public_id) / "r" / recording.public_id
    assert (low / "low.m3u8").read_text().count("#EXT-X-DISCONTINUITY") == 1


def test_a_replay_says_that_it_is_short_unless_its_host_ended_it_there(cast):
    stream = a_stream(cast)
    recording = stream.recordings.create(
        origin="broadcast", state="ready", made_at=AT, duration=60, cut_short=True
    )
    stream.state = "ended"
    assert playing(stream, AT).cut_short
    recording.trim_end = 50
    recording.save(update_fields=["trim_end"])
    assert not playing(stream, AT).cut_short


def test_a_broadcast_of_which_nothing_came_is_said_to_be_empty(cast):
    stream = a_stream(cast)
    recording = stream.recordings.create(origin="broadcast", state="waiting", made_at=AT)
    recordings.work_on(recording.public_id, at=AT)
    recording.refresh_from_db()
    assert (recording.state, recording.problem) == ("refused", "empty")


def test_nothing_is_kept_of_a_file_whose_writing_failed(cast):
    class Torn(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"some"
            raise OSError(28, "No space left on device")

    stream = a_stream(cast)
    with pytest.raises(OSError, match="No space"):
        recordings.upload_recording(stream.public_id, Torn(b"x" * 10), by=CITY, at=AT)
    assert not Recording.objects.exists()
    assert not list((recordings.places().root / "recordings").glob("*"))
