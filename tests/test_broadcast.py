"""A real broadcast from push to replay, and what goes wrong with one: real RTMP, real ffmpeg."""

from __future__ import annotations

import re

from groundwork.live.media import hls
from tests.live import Encoder, decoded, on_air, start_receiver


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
    seconds, faults = decoded(live.city.url + live.now()["replay"])
    assert faults == ""
    assert abs(seconds - found["duration"]) < 0.5
    assert found["duration"] > 5


def encoder_has_sent(live) -> None:
    """Wait until something can be played."""
    from tests.city import wait_until

    wait_until(lambda: live.get(live.now()["hls"])[0] == 200, "the first segments")
