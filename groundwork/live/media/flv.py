"""FLV, the form in which RTMP's messages become a file, and what the first of them say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from groundwork.live.media import amf
from groundwork.live.media.rtmp import AUDIO, DATA, VIDEO, Media

HEADER = b"FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00"
PATIENCE = 5000  # ms of one track within which the other must have begun

_AVC, _AAC = 7, 10  # codec numbers of FLV
_VIDEO_NAMES = {2: "H.263", 3: "Screen", 4: "VP6", 5: "VP6", 6: "Screen", 12: "HEVC"}
_AUDIO_NAMES = {0: "PCM", 1: "ADPCM", 2: "MP3", 3: "PCM", 4: "Nellymoser", 5: "Nellymoser"}
_AUDIO_NAMES |= {6: "Nellymoser", 7: "G.711", 8: "G.711", 11: "Speex", 14: "MP3"}


def tag(media: Media, start: int) -> bytes:
    """Write one message as a tag, its time counted from `start`."""
    data = media.data
    if media.kind == DATA:
        data = _without_order(data)
    at = max(0, media.at - start)
    head = bytes([media.kind]) + len(data).to_bytes(3, "big")
    head += (at & 0xFFFFFF).to_bytes(3, "big") + bytes([at >> 24 & 0xFF]) + bytes(3)
    return head + data + (len(head) + len(data)).to_bytes(4, "big")


def _without_order(data: bytes) -> bytes:
    """Take away the order to keep what follows ("@setDataFrame"), which is none of the file's."""
    try:
        values = amf.decode(data)
        return data[amf.first_size(data) :] if values and values[0] == "@setDataFrame" else data
    except amf.BadAmf:
        return b""


@dataclass
class Tracks:
    """What an encoder sends, as its first messages say; `problem` is a code of `rules.media`."""

    video: bytes = b""  # the AVC decoder configuration
    audio: bytes = b""  # the AAC one
    details: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    found: str = ""  # the codec that we cannot take
    first: int | None = None

    @property
    def complete(self) -> bool:
        """Tell whether pictures and sound have both said what they are."""
        return bool(self.video and self.audio)

    def look(self, media: Media) -> None:
        """Learn from one message."""
        if media.kind == DATA:
            self._details(media.data)
            return
        self.first = media.at if self.first is None else self.first
        if media.kind == VIDEO:
            self._picture(media.data)
        elif media.kind == AUDIO:
            self._sound(media.data)
        if not self.complete and not self.problem and media.at - self.first > PATIENCE:
            self.problem = "no_picture" if not self.video else "no_sound"

    def _details(self, data: bytes) -> None:
        try:
            values = amf.decode(data)
        except amf.BadAmf:
            return
        self.details = next((v for v in values if isinstance(v, dict)), self.details)

    def _picture(self, data: bytes) -> None:
        if data[0] & 0x80:  # "enhanced RTMP": the codec as four letters
            self._refuse("video_codec", data[1:5].decode("ascii", "replace"))
        elif data[0] & 0x0F != _AVC:
            self._refuse("video_codec", _VIDEO_NAMES.get(data[0] & 0x0F, "?"))
        elif len(data) > 9 and data[1] == 0:
            if data[5] != 1:  # no AVC configuration after all
                self._refuse("nonsense", "")
            self.video = data[5:]

    def _sound(self, data: bytes) -> None:
        if data[0] >> 4 == 9:  # "enhanced RTMP"
            self._refuse("audio_codec", data[1:5].decode("ascii", "replace"))
        elif data[0] >> 4 != _AAC:
            self._refuse("audio_codec", _AUDIO_NAMES.get(data[0] >> 4, "?"))
        elif len(data) > 3 and data[1] == 0:
            self.audio = data[2:]

    def _refuse(self, problem: str, found: str) -> None:
        if not self.problem:
            self.problem, self.found = problem, found

    @property
    def codecs(self) -> str:
        """Name the codecs as a playlist does (RFC 6381)."""
        kind = (self.audio[0] >> 3) or 2 if self.audio else 2
        return f"avc1.{self.video[1:4].hex()},mp4a.40.{kind}"

    @property
    def size(self) -> tuple[int, int]:
        """Give width and height as the encoder states them, 0 where it does not."""
        values = [self.details.get(name) for name in ("width", "height")]
        wide, high = (int(v) if isinstance(v, float) and 0 < v < 20000 else 0 for v in values)
        return wide, high

    @property
    def picture(self) -> str:
        """Say what the pictures are, for the host."""
        wide, high = self.size
        rate = self.details.get("framerate")
        words = ["H.264"] + ([f"{wide}×{high}"] if wide and high else [])
        return " ".join(words + ([f"{rate:.0f} fps"] if isinstance(rate, float) and rate else []))
