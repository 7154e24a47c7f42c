"""Playlists: what runs is numbered on through every broken line; cuts never show what was cut."""

from __future__ import annotations

import re

import pytest

from groundwork.base.errors import RuleBroken
from groundwork.live.media import files, hls
from groundwork.live.media.ffmpeg import read_probe
from groundwork.live.media.hls import Segment
from groundwork.live.rules import media as rules


def made(*parts: int, seconds: float = 2.0) -> list[Segment]:
    """List segments: made(3, 2) is three of part 1 and two of part 2."""
    return [
        Segment(f"p{part}-low-{n:05}.ts", seconds, part)
        for part, many in enumerate(parts, 1)
        for n in range(many)
    ]


def numbers(text: str) -> tuple[int, int]:
    found = re.findall(r"#EXT-X-(?:MEDIA|DISCONTINUITY)-SEQUENCE:(\d+)", text)
    return int(found[0]), int(found[1])


def test_a_segment_keeps_its_number_and_its_break_however_the_window_moves():
    """RFC 8216, 6.2.2: media and discontinuity sequence of a segment never change."""
    whole, seen = made(4, 3, 5), {}
    for many in range(1, len(whole) + 1):
        text = hls.live(whole[:many], over=False)
        media, breaks = numbers(text)
        for line in text.splitlines():
            breaks += line == "#EXT-X-DISCONTINUITY"
            if line.endswith(".ts"):
                assert seen.setdefault(line, (media, breaks)) == (media, breaks)
                media += 1
    assert len(seen) == len(whole)
    assert seen["p3-low-00004.ts"] == (11, 2)


def test_what_was_rehearsed_is_in_no_window():
    text = hls.live(made(8), over=False, hidden=7)
    assert numbers(text) == (7, 0)
    assert text.count(".ts") == 1


def test_only_what_is_over_says_so():
    assert "ENDLIST" not in hls.live(made(1), over=False)
    assert hls.live(made(1), over=True).endswith("#EXT-X-ENDLIST\n")
    assert hls.whole(made(2, 1)).count("#EXT-X-DISCONTINUITY") == 1


@pytest.mark.parametrize(
    ("start", "end", "kept", "begins"),
    [
        (0, None, 5, 0),
        (2, 8, 3, 2),
        (2.5, 8, 2, 4),  # inside the second: it would show what was cut off
        (0, 9.9, 4, 0),
        (9, None, 0, 0),
    ],
)
def test_a_cut_lies_inside_what_is_wished(start, end, kept, begins):
    found, at = hls.within(made(5), start, end)
    assert (len(found), at) == (kept, begins)


def test_what_ffmpeg_lists_is_read_and_nothing_else():
    text = "#EXTM3U\n#EXTINF:2.04,\n00000.ts\n../../etc/passwd\n#EXTINF:1,\n00001.ts\n"
    assert hls.read(text, 1) == [Segment("00000.ts", 2.04, 1), Segment("00001.ts", 1.0, 1)]


def test_a_scrap_at_the_end_makes_no_peak():
    assert hls.rates([(100_000, 2.0), (9_000, 0.04)]) == (400_000, 427_451)


@pytest.mark.parametrize(
    "path",
    [
        "wvknxbpnw4fr/../../secret-key",
        "wvknxbpnw4fr/..%2f",
        "wvknxbpnw4fr/p1-low-00001.ts/",
        "wvknxbpnw4fr/.low.m3u8.17",
        "wvknxbpnw4fr/r/../master.m3u8",
        "/etc/passwd",
        "wvknxbpnw4fr/ffmpeg.log",
        "wvknxbpnw4fr/master.m3u8\n",
    ],
)
def test_no_address_leads_out_of_a_streams_folder(path):
    assert files.split(path) is None


def test_addresses_of_playlists_and_segments_are_read():
    assert files.split("wvknxbpnw4fr/low.m3u8") == ("wvknxbpnw4fr", "low.m3u8")
    replayed = files.split("wvknxbpnw4fr/r/bcdfghjkmnpq/p1-low-00001.ts")
    assert replayed == ("wvknxbpnw4fr", "r/bcdfghjkmnpq/p1-low-00001.ts")


# --- what is uploaded ---

TOLD = """\
Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:upload':
  Metadata:
    title           : Duration: 99:00:00.00
  Duration: 01:30:05.50, start: 0.000000, bitrate: 1316 kb/s
  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(tv), 1280x720, 25 fps
  Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, stereo, fltp, 128 kb/s
"""


def test_ffmpegs_words_about_a_file_are_read():
    found = read_probe(TOLD)
    assert found is not None
    assert (found.seconds, found.width, found.height) == (5405.5, 1280, 720)
    assert found.copies_video
    assert found.copies_audio
    turned = read_probe(TOLD + "      displaymatrix: rotation of -90.00 degrees\n")
    assert turned is not None
    assert not turned.copies_video
    ten_bit = read_probe(TOLD.replace("yuv420p", "yuv420p10le"))
    assert ten_bit is not None
    assert not ten_bit.copies_video


def test_a_song_with_a_cover_is_no_film():
    song = TOLD.replace("Video: h264", "Video: mjpeg").replace("25 fps", "90k tbn (attached pic)")
    assert read_probe(song) is None
    assert read_probe("file:upload: Invalid data found when processing input") is None


@pytest.mark.parametrize(
    ("seconds", "width", "height", "problem"),
    [
        (5400, 1920, 1080, ""),
        (0.5, 640, 360, "no_length"),
        (13 * 3600, 640, 360, "too_long"),
        (60, 7680, 4320, "too_large"),
    ],
)
def test_what_an_upload_may_be(seconds, width, height, problem):
    assert rules.problem_of(seconds, width, height) == problem
    assert problem in {"", *rules.PROBLEMS}


def test_an_upload_over_the_limit_is_refused_and_one_at_it_is_not():
    rules.check_upload(4 * rules.MB, 4)
    with pytest.raises(RuleBroken):
        rules.check_upload(4 * rules.MB + rules.MB, 4)
    with pytest.raises(RuleBroken):
        rules.check_upload(0, 4)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0:03:20", 200), ("62:03", 3723), ("1:02:03.5", 3723.5), ("90", 90), ("0：01：00", 60)],
)
def test_places_in_a_recording_are_read_as_people_write_them(text, seconds):
    assert rules.seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "1:60", "1:99:00", "-5", "ten", "1:2:3:4"])
def test_what_is_no_place_in_a_recording_is_refused(text):
    with pytest.raises(RuleBroken):
        rules.seconds_of(text)


def test_seconds_are_written_as_they_are_read():
    assert rules.clock_of(3723.9) == "1:02:03"
    assert rules.seconds_of(rules.clock_of(3723)) == 3723


def test_a_cut_that_leaves_nothing_is_refused():
    rules.check_trim(10, 20, 100)
    for start, end in ((20, 20), (99.5, None), (-1, None)):
        with pytest.raises(RuleBroken):
            rules.check_trim(start, end, 100)


VTT = """\
WEBVTT

NOTE 夜学

1
00:05.000 --> 00:08.000 line:0
大家晚上好。

01:00:00.000 --> 01:00:02.500
谢谢。
"""


def test_captions_move_with_the_cut():
    moved = rules.shift_captions(VTT, 6)
    assert "00:00:00.000 --> 00:00:02.000 line:0\n大家晚上好。" in moved
    assert "00:59:54.000 --> 00:59:56.500" in moved
    assert "大家晚上好" not in rules.shift_captions(VTT, 60)
    assert rules.shift_captions(VTT, 60).startswith("WEBVTT\n\nNOTE 夜学")
    assert rules.shift_captions(VTT, 0) == VTT


@pytest.mark.parametrize("text", ["", "1\n00:00:01,000 --> 00:00:02,000\nSRT", "WEBVTT\n\nnothing"])
def test_what_is_no_webvtt_is_refused(text):
    rules.check_captions(VTT)
    with pytest.raises(RuleBroken):
        rules.check_captions(text)
