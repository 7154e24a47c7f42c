"""What a phone writes into a recording is gone, and everything else stands where it stood."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from groundwork.base import attachments
from groundwork.base.recordings import blanked

PLACE = b"\xa9xyz+29.8683+121.5440/"
SOUND = b"sound" * 40


def box(kind: bytes, content: bytes, *, wide: bool = False) -> bytes:
    if wide:
        return b"\0\0\0\1" + kind + (len(content) + 16).to_bytes(8) + content
    return (len(content) + 8).to_bytes(4) + kind + content


def film(*, wide: bool = False) -> bytes:
    track = box(b"trak", box(b"tkhd", b"t" * 20) + box(b"udta", b"name Li Si"))
    moov = box(b"moov", box(b"mvhd", b"m" * 20) + track + box(b"udta", PLACE), wide=wide)
    return box(b"ftyp", b"M4A \0\0\0\0") + moov + box(b"mdat", SOUND) + box(b"meta", b"iPhone")


def test_a_phone_s_place_and_names_are_gone_and_the_sound_is_where_it_was():
    for one in (film(), film(wide=True)):
        made = blanked(one)
        assert len(made) == len(one)
        assert made.index(SOUND) == one.index(SOUND)
        assert b"mvhd" + b"m" * 20 in made
        for told in (PLACE, b"Li Si", b"iPhone", b"udta", b"meta"):
            assert told not in made
        assert attachments.sniff(made) == attachments.MP4


def test_a_song_s_tags_are_gone_and_its_frames_stay():
    tag = b"ID3\x03\x00\x40\x00\x00\x01\x00" + b"TPE1 Li Si".ljust(128, b"\0")
    song = tag + b"\xff\xfb" + SOUND + b"TAG" + b"Li Si".ljust(125, b"\0")
    made = blanked(song)
    assert (len(made), attachments.sniff(made)) == (len(song), attachments.MP3)
    assert made.index(SOUND) == song.index(SOUND)
    assert b"Li Si" not in made
    assert b"TAG" not in made


@given(st.binary(max_size=200))
def test_whatever_is_sent_keeps_its_length(content):
    assert len(blanked(content)) == len(content)
    torn = film()[: len(content)] + content
    assert len(blanked(torn)) == len(torn)
