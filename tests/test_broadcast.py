"""A real broadcast from push to replay, and what goes wrong with one: real RTMP, real ffmpeg."""

from __future__ import annotations

import re

from groundwork.live.media import hls
from tests.city import wait_until
from tests.disk import fill, small_disk
from tests.live import Broadcast, Encoder, decoded, on_air, start_receiver


def test_a_push_becomes_a_broadcast_and_then_its_replay(running_city):
    live = on_air(running_city)
    with Encoder(live.url, seconds=9) as encoder:
        assert encoder.finish() == (0, "")
    live.wait_for(state="broken")  # a goodbye before the planned end: the encoder may come back
    playing = live.now()

    status, master, headers = live.get(playing["hls"])
    assert status == 200
    assert headers["content-type"] == "application/vnd.apple.mpegurl"
    assert headers["cache-control"] == "public, max-age=1"
    renditions = dict(re.findall(rb"BANDWIDTH=(\d+),.*\n(\w+)\.m3u8", master))
    peaks = {name.decode(): int(peak) for peak, name in renditions.items()}
    assert set(peaks) == {"source", "low", "audio"}
    assert peaks["low"] <= 400_000
    assert peaks["audio"] <= 64_000
    for name in peaks:
        _seconds, faults = decoded(live.city.url + playing["hls"].replace("master", name), most=4)
        assert faults == ""
    low = live.get(playing["hls"].replace("master", "low"))[1].decode()
    segment = hls.read(low, 1)[-1].name
    status, body, headers = live.get(playing["hls"].replace("master.m3u8", segment))
    assert (status, body[0]) == (200, 0x47)  # the sync byte of a transport stream
    assert headers["content-type"] == "video/mp2t"
    assert "immutable" in headers["cache-control"]

    live.city.call("tests.live_scenes:close", live.stream)
    found = live.wait_for(recorded="ready")
    assert found["endings"] == ["stopped"]
    assert 8.9 <= found["duration"] <= 9.3
    playing = live.now()
    assert playing["hls"] == ""
    seconds, faults = decoded(live.city.url + playing["replay"])
    assert 8.9 <= seconds <= 9.3
    assert faults == ""


def test_a_wrong_key_a_second_encoder_and_a_codec_nobody_plays_are_told_so(running_city):
    live = on_air(running_city)
    wrong = Encoder(live.url + "x", seconds=3)
    code, said = wrong.finish()
    assert code != 0
    assert live.facts()["endings"] == []

    with Encoder(live.url, seconds=600, realtime=True) as first:
        live.wait_for(state="on_air")
        code, said = Encoder(live.url, seconds=3).finish()
        assert code != 0
        assert "Another encoder is sending with this key" in said
        assert first.process.poll() is None  # the first stays
        assert sorted(live.facts()["endings"]) == ["", "second"]
    live.wait_for(state="broken")

    code, said = Encoder(live.url, seconds=3, video="flv1", audio="aac").finish()
    found = live.wait_for(state="broken", endings=["lost", "second", "codec"])
    assert found["found"][-1] == "H.263"
    assert code != 0


def test_a_torn_line_is_broken_and_the_same_key_goes_on(running_city):
    live = on_air(running_city)
    with Encoder(live.url, seconds=600, realtime=True) as encoder:
        live.wait_for(state="on_air")
        encoder_has_sent(live)
        encoder.kill()
    live.wait_for(state="broken")
    assert live.now()["state"] == "broken"

    live.city.kill("receiver")  # and the server's machine fails on top
    live.port = start_receiver(live.city)
    with Encoder(live.url, seconds=600, realtime=True) as encoder:
        live.wait_for(state="on_air")
        live.city.kill("receiver")  # in the middle of a push
        encoder.finish()
    live.port = start_receiver(live.city)
    assert live.wait_for(state="broken")["endings"] == ["lost", "restart"]
    with Encoder(live.url, seconds=5) as encoder:
        encoder.finish()
    live.wait_for(parts=3, state="broken")
    playlist = live.get(live.now()["hls"].replace("master", "low"))[1].decode()
    assert "#EXT-X-DISCONTINUITY\n" in playlist
    live.city.call("tests.live_scenes:close", live.stream)
    found = live.wait_for(recorded="ready")
    # One by one, as a player does: read at once, ffmpeg sets each rendition's parts its own way.
    for name in ("source", "low", "audio"):
        replay = live.now()["replay"].replace("master", name)
        seconds, faults = decoded(live.city.url + replay)
        assert faults == ""
        assert abs(seconds - found["duration"]) < 0.5
    assert found["duration"] > 5


def encoder_has_sent(live: Broadcast) -> None:
    """Wait until something can be played."""
    wait_until(lambda: live.get(live.now()["hls"])[0] == 200, "the first segments")


def test_on_a_disk_that_really_fills_the_recording_survives_and_says_why_it_is_short(city):
    """The host is warned, the recording stops with a margin, then the disk has not a byte left."""
    with small_disk(city.data / "small", megabytes=120) as disk:
        city.env |= {"LIVE_DIR": str(disk), "LIVE_KEEP_FREE_MB": "60"}
        city.start()
        live = on_air(city, told=True)
        with Encoder(live.url, seconds=600, realtime=True) as encoder:
            encoder_has_sent(live)
            live.wait_for(state="on_air", cut_short=0, told=["live.tight"])
            fill(disk, leave=50 << 20)
            live.wait_for(state="on_air", cut_short=1, told=["live.tight", "live.disk"])
            low = live.now()["hls"].replace("master", "low")
            seen = live.get(low)[1]
            wait_until(lambda: live.get(low)[1] != seen, "the picture to go on")
            fill(disk)
            encoder.finish()
        live.wait_for(
            state="broken", endings=["disk"], told=["live.tight", "live.disk", "live.full"]
        )
        code, said = Encoder(live.url, seconds=2).finish()
        assert code != 0  # refused until there is room
        assert "The server has no room left" in said
        fill(disk)
        city.call("tests.live_scenes:close", live.stream)
        waiting = live.wait_for(recorded="waiting", problem="room")
        assert live.now()["replay"] == ""

        (disk / "somebody-elses").unlink()
        city.call("tests.live_scenes:work", waiting["recording"])
        found = live.wait_for(recorded="ready", problem="")
        playing = live.now()
        assert playing["cut_short"] is True
        seconds, faults = decoded(city.url + playing["replay"].replace("master", "low"))
        assert faults == ""
        assert seconds > 1
        assert abs(seconds - found["duration"]) < 0.5
        city.stop()
