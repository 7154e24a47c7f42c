"""Playlists: read what ffmpeg lists, write what viewers get (RFC 8216)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

SHOWN = 6  # segments in a live playlist
KEPT = 20  # segments a slow player may still fetch, those in the playlist included
KEPT_TIGHT = SHOWN + 2  # while the disk is short: old segments go before the recording does
_LENGTH = re.compile(r"#EXTINF:([0-9.]+)")


@dataclass(frozen=True)
class Segment:
    """One piece of a rendition: where it lies, how long, and of which part it is."""

    name: str
    seconds: float
    part: int


def read(text: str, part: int) -> list[Segment]:
    """List the whole segments of a playlist that ffmpeg writes."""
    found, seconds = [], 0.0
    for line in text.splitlines():
        if length := _LENGTH.match(line):
            seconds = float(length[1])
        elif line and not line.startswith("#") and "/" not in line:
            found.append(Segment(line, seconds, part))
    return found


def _body(segments: Iterable[Segment], before: int | None) -> list[str]:
    lines = []
    for segment in segments:
        if before is not None and segment.part != before:
            lines.append("#EXT-X-DISCONTINUITY")
        before = segment.part
        lines += [f"#EXTINF:{segment.seconds:.6f},", segment.name]
    return lines


def _head(segments: Sequence[Segment]) -> list[str]:
    longest = max((math.ceil(segment.seconds) for segment in segments), default=2)
    return ["#EXTM3U", "#EXT-X-VERSION:6", f"#EXT-X-TARGETDURATION:{longest}"]


def live(segments: Sequence[Segment], *, over: bool, hidden: int = 0) -> str:
    """Write the window of what runs: the last segments, numbered on through every broken line.

    The first `hidden` are never shown.
    """
    first = max(hidden, len(segments) - SHOWN, 0)
    gone, window = segments[:first], segments[first:]
    breaks = sum(a.part != b.part for a, b in pairwise(gone))
    lines = [
        *_head(segments),  # of all: the target duration of a playlist must not change
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f"#EXT-X-MEDIA-SEQUENCE:{first}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{breaks}",
        *_body(window, gone[-1].part if gone else None),
    ]
    return "\n".join([*lines, *(["#EXT-X-ENDLIST"] if over else []), ""])


def whole(segments: Sequence[Segment]) -> str:
    """Write the playlist of a recording."""
    lines = [*_head(segments), "#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-INDEPENDENT-SEGMENTS"]
    return "\n".join([*lines, *_body(segments, None), "#EXT-X-ENDLIST", ""])


@dataclass(frozen=True)
class Rendition:
    """One line of a master playlist; bits per second at the peak and on average."""

    name: str
    peak: int
    average: int
    codecs: str
    size: tuple[int, int] = (0, 0)


def master(renditions: Sequence[Rendition]) -> str:
    """Write the master playlist, the first rendition first: players begin with it."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:6", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for one in renditions:
        size = f",RESOLUTION={one.size[0]}x{one.size[1]}" if all(one.size) else ""
        lines.append(
            f"#EXT-X-STREAM-INF:BANDWIDTH={one.peak},AVERAGE-BANDWIDTH={one.average}"
            f',CODECS="{one.codecs}"{size}'
        )
        lines.append(f"{one.name}.m3u8")
    return "\n".join([*lines, ""])


def rates(sizes: Sequence[tuple[int, float]]) -> tuple[int, int]:
    """Give peak and average bits per second of segments: (bytes, seconds) each.

    Pieces shorter than half a second say nothing of a peak.
    """
    peaks = [size * 8 / seconds for size, seconds in sizes if seconds >= 0.5]
    length = sum(seconds for _, seconds in sizes)
    average = sum(size for size, _ in sizes) * 8 / length if length else 0
    return math.ceil(max(peaks, default=average)), math.ceil(average)


def within(
    segments: Sequence[Segment], start: float, end: float | None
) -> tuple[list[Segment], float]:
    """Keep the segments wholly between two times; give them and where the first begins.

    What was cut away is never shown, not even in part: the cut lies at the next key frame inside.
    """
    kept, at, begins = [], 0.0, None
    for segment in segments:
        until = at + segment.seconds
        if at >= start - 0.05 and (end is None or until <= end + 0.05):
            begins = at if begins is None else begins
            kept.append(segment)
        at = until
    return kept, begins or 0.0


def length(segments: Iterable[Segment]) -> float:
    """Add up the seconds."""
    return sum(segment.seconds for segment in segments)
