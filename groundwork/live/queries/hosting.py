"""What the host's page shows of a broadcast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from groundwork.live.media.files import Places, free_bytes
from groundwork.live.media.replay import pace
from groundwork.live.models import Push, Recording, Stream
from groundwork.live.models.stream import Source
from groundwork.live.queries.playing import hls_url
from groundwork.live.rules import pushing
from groundwork.live.rules.media import PROBLEMS, clock_of

SHOWN_PUSHES = 12
SHOWN_RECORDINGS = 6


@dataclass(frozen=True)
class RecordingLine:
    """One recording in words."""

    recording: Recording
    problem: str
    length: str
    start: str
    end: str
    megabytes: int
    url: str

    @property
    def cut(self) -> bool:
        """Tell whether less is shown than there is."""
        one = self.recording
        return one.trim_start > 0 or one.trim_end is not None


@dataclass(frozen=True)
class HostPage:
    """Everything the host sees at a moment."""

    stream: Stream
    embedded: bool
    rtmp_url: str
    running: Push | None
    silent: bool  # it runs, but nothing came for some seconds
    pushes: Sequence[Push]
    recordings: Sequence[RecordingLine]
    still: bool  # there is a picture of what comes
    disk: str  # "" | tight: not enough to the end | low: nothing is recorded | full: no broadcast
    room_minutes: int  # that can still be recorded, where it is tight
    free_gb: int
    upload_mb: int
    early: bool  # what comes now is a rehearsal
    opens_at: datetime


def host_page(stream: Stream, now: datetime) -> HostPage:
    """Gather the page in three statements."""
    pushes = list(stream.pushes.order_by("-id")[:SHOWN_PUSHES])
    running = next((push for push in pushes if push.ended_at is None), None)
    recordings = list(stream.recordings.exclude(state=Recording.State.ERASED)[:SHOWN_RECORDINGS])
    root = Path(settings.LIVE_DIR)
    free = free_bytes(root) if root.exists() else 0
    folder = _folder(stream) if running is not None else None
    disk, room = _disk(stream, folder, free, now) if root.exists() else ("", 0.0)
    return HostPage(
        stream=stream,
        embedded=stream.source == Source.EMBEDDED,
        rtmp_url=settings.LIVE_RTMP_URL if settings.LIVE_RTMP_PORT else "",
        running=running,
        silent=running is not None and pushing.is_silent(now, running.seen_at),
        pushes=pushes,
        recordings=[_line(stream, one) for one in recordings],
        still=running is not None and folder is not None and _still(folder, running) is not None,
        disk=disk,
        room_minutes=int(room) // 60,
        free_gb=free >> 30,
        upload_mb=settings.LIVE_UPLOAD_MB,
        early=stream.state == Stream.State.WAITING and pushing.is_rehearsal(now, stream.starts_at),
        opens_at=stream.starts_at - pushing.LEAD,
    )


def _disk(stream: Stream, folder: Path | None, free: int, now: datetime) -> tuple[str, float]:
    """Say how the disk stands, and how many seconds more an encoder that sends is recorded."""
    reserve = settings.LIVE_KEEP_FREE_MB * pushing.MB
    if not pushing.may_send(free):
        return "full", 0.0
    if not pushing.may_record(free, reserve):
        return "low", 0.0
    room = pushing.room_for(free, reserve, pace(folder)) if folder else float("inf")
    return ("tight", room) if pushing.is_tight(room, now, stream.ends_at) else ("", 0.0)


def _folder(stream: Stream) -> Path | None:
    """Find the folder of what a broadcast records."""
    recording = stream.recordings.filter(origin=Recording.Origin.BROADCAST).first()
    return Places(Path(settings.LIVE_DIR)).recording(recording.public_id) if recording else None


def _line(stream: Stream, recording: Recording) -> RecordingLine:
    shown = recording.state == Recording.State.READY and recording.shown
    return RecordingLine(
        recording=recording,
        problem=PROBLEMS.get(recording.problem, ""),
        length=clock_of(recording.duration) if recording.duration else "",
        start=clock_of(recording.shown_start or 0),
        end=clock_of(recording.shown_end or 0),
        megabytes=recording.size >> 20,
        url=f"{hls_url(stream)}r/{recording.public_id}/master.m3u8" if shown else "",
    )


def still_path(stream: Stream) -> Path | None:
    """Find the latest still of what an encoder sends now; None where there is none."""
    running = stream.pushes.filter(ended_at=None).first()
    folder = _folder(stream) if running is not None else None
    return _still(folder, running) if running is not None and folder is not None else None


def _still(folder: Path, running: Push) -> Path | None:
    path = folder / f"p{running.part}" / "still.jpg"
    return path if path.exists() else None
