"""RTMP without sockets: encoders are read in any pieces, nonsense and floods are refused."""

from __future__ import annotations

import os

import pytest

from groundwork.live.media import amf
from groundwork.live.media.flv import Tracks, tag
from groundwork.live.media.rtmp import (
    AUDIO,
    DATA,
    HANDSHAKE,
    MOST_BEFORE_PUBLISH,
    MOST_MESSAGE,
    VIDEO,
    Goodbye,
    Media,
    ProtocolError,
    Publish,
    Session,
)

HELLO = b"\x03" + bytes(8) + os.urandom(HANDSHAKE - 8) + bytes(HANDSHAKE)
COMMAND, SET_CHUNK = 20, 1


def chunks(kind: int, data: bytes, *, at: int = 0, channel: int = 3, size: int = 128) -> bytes:
    """Write a message as an encoder does, in chunks."""
    head = min(at, 0xFFFFFF).to_bytes(3, "big") + len(data).to_bytes(3, "big")
    more = at.to_bytes(4, "big") if at >= 0xFFFFFF else b""
    out = bytes([channel]) + head + bytes([kind]) + (1).to_bytes(4, "little") + more
    for start in range(0, len(data), size):
        out += (bytes([0xC0 | channel]) + more if start else b"") + data[start : start + size]
    return out


def command(*values) -> bytes:
    return chunks(COMMAND, amf.encode(*values))


OPENING = (
    HELLO
    + command("connect", 1, {"app": "live", "tcUrl": "rtmp://city/live"})
    + command("releaseStream", 2, None, "key")
    + command("FCPublish", 3, None, "key")
    + command("createStream", 4, None)
    + command("publish", 5, None, "key", "live")
)


def opened() -> Session:
    session = Session()
    assert session.feed(OPENING) == [Publish("key")]
    session.accept()
    session.outgoing()
    return session


@pytest.mark.parametrize("step", [1, 7, 1536, 100_000])
def test_an_encoder_is_understood_whatever_pieces_its_bytes_come_in(step):
    session, events = Session(), []
    for start in range(0, len(OPENING), step):
        events += session.feed(OPENING[start : start + step])
    assert events == [Publish("key")]
    answer = session.outgoing()
    assert answer[0] == 3
    assert b"NetConnection.Connect.Success" in answer
    session.accept()
    assert b"NetStream.Publish.Start" in session.outgoing()
    frame = os.urandom(1000)
    sent = chunks(SET_CHUNK, (4096).to_bytes(4, "big"), channel=2)
    sent += chunks(VIDEO, frame, at=40, channel=6, size=4096)
    got = [e for start in range(0, len(sent), step) for e in session.feed(sent[start:][:step])]
    assert got == [Media(VIDEO, 40, frame)]


def test_a_key_may_carry_a_query_and_a_refusal_says_why():
    session = Session()
    opening = HELLO + command("connect", 1, {}) + command("publish", 5, None, "key?a=b", "live")
    assert session.feed(opening) == [Publish("key")]
    session.outgoing()
    session.refuse("NetStream.Publish.Denied", "Wrong stream key.")
    assert b"Wrong stream key." in session.outgoing()


def test_times_are_added_up_from_short_headers():
    session = opened()
    first = chunks(AUDIO, b"one", at=1000, channel=4)
    step = bytes([0x40 | 4]) + (23).to_bytes(3, "big") + (3).to_bytes(3, "big") + bytes([AUDIO])
    same = bytes([0xC0 | 4])  # the same length, kind and step
    shorter = bytes([0x80 | 4]) + (20).to_bytes(3, "big")
    sent = first + step + b"two" + same + b"3rd" + shorter + b"4th"
    assert [event.at for event in session.feed(sent)] == [1000, 1023, 1046, 1066]


def test_a_broadcast_may_last_longer_than_three_bytes_of_milliseconds():
    session = opened()
    late = 0xFFFFFF + 5000  # 4 h 40 min
    frame = os.urandom(300)  # in three chunks, each of which repeats the long time
    assert session.feed(chunks(VIDEO, frame, at=late, channel=6)) == [Media(VIDEO, late, frame)]


def test_nothing_is_taken_before_a_key_was_accepted_nor_after_a_goodbye():
    session = Session()
    session.feed(HELLO)
    assert session.feed(chunks(VIDEO, b"early", channel=6)) == []
    session = opened()
    assert session.feed(command("FCUnpublish", 6, None, "key")) == [Goodbye()]
    assert session.feed(chunks(VIDEO, b"late", channel=6)) == []
    assert session.feed(command("deleteStream", 7, None, 1)) == []


@pytest.mark.parametrize(
    ("what", "sent"),
    [
        ("a browser", b"GET / HTTP/1.1\r\n" + bytes(HANDSHAKE)),
        ("a flood before the key", HELLO + bytes(MOST_BEFORE_PUBLISH)),
        ("a message of 16 MB", HELLO + b"\x03" + bytes(3) + b"\xff\xff\xff\x14" + bytes(4)),
        ("chunks of a gigabyte", HELLO + chunks(SET_CHUNK, (1 << 30).to_bytes(4, "big"))),
        ("a chunk of nothing", HELLO + b"\xc3x"),
        ("a command that is none", HELLO + chunks(COMMAND, b"\xff\xff")),
        ("a viewer", HELLO + command("play", 1, None, "key")),
        ("deep nonsense", HELLO + chunks(COMMAND, b"\x02\x00\x01x" + b"\x03\x00\x01a" * 20)),
    ],
)
def test_what_does_not_hold_ends_the_connection(what, sent):
    with pytest.raises(ProtocolError):
        Session().feed(sent)


def test_the_longest_message_is_still_bounded_in_24_bits():
    assert MOST_MESSAGE < 1 << 24


# --- what the first messages say ---

AVC = b"\x17\x00\x00\x00\x00\x01\x64\x00\x28\xff\xe1"
AAC = b"\xaf\x00\x12\x10"


def looked(*sent: Media) -> Tracks:
    tracks = Tracks()
    for one in sent:
        tracks.look(one)
    return tracks


def test_pictures_and_sound_say_what_they_are():
    details = amf.encode("@setDataFrame", "onMetaData", {"width": 1280, "height": 720.0})
    tracks = looked(Media(DATA, 0, details), Media(VIDEO, 0, AVC), Media(AUDIO, 0, AAC))
    assert tracks.complete
    assert tracks.codecs == "avc1.640028,mp4a.40.2"
    assert tracks.picture == "H.264 1280×720"


@pytest.mark.parametrize(
    ("media", "problem", "found"),
    [
        (Media(VIDEO, 0, b"\x12abc"), "video_codec", "H.263"),
        (Media(VIDEO, 0, b"\x90hvc1...."), "video_codec", "hvc1"),  # enhanced RTMP
        (Media(AUDIO, 0, b"\x2fabc"), "audio_codec", "MP3"),
        (Media(VIDEO, 0, b"\x17\x00\x00\x00\x00nonsense"), "nonsense", ""),
    ],
)
def test_a_codec_that_browsers_do_not_play_is_named(media, problem, found):
    tracks = looked(media)
    assert (tracks.problem, tracks.found) == (problem, found)


def test_a_track_that_never_comes_is_missed_after_five_seconds():
    frames = [Media(VIDEO, at, AVC) for at in (0, 4000, 5040)]
    assert looked(*frames[:2]).problem == ""
    assert looked(*frames).problem == "no_sound"


def test_the_file_holds_times_from_its_own_start_and_no_orders():
    body = tag(Media(DATA, 90, amf.encode("@setDataFrame", "onMetaData", {})), 50)
    assert b"setDataFrame" not in body
    assert body[4:7] == (40).to_bytes(3, "big")
