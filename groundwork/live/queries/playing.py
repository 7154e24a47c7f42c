"""What a player needs to know of a stream now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from groundwork.live.models import Recording, Stream
from groundwork.live.models.stream import Source


@dataclass(frozen=True)
class Playing:
    """What there is to play: addresses are empty where there is nothing."""

    state: str  # waiting | on_air | broken | ended
    hls_url: str  # the master playlist while it runs
    audio_url: str  # the sound alone, while it runs
    replay_url: str  # the master playlist of the recording
    cut_short: bool  # the replay ends before the evening did: the disk was full
    captions_url: str
    outside_url: str
    started_at: datetime | None


def stream_of(subject_kind: str, subject_id: str) -> Stream | None:
    """Give the stream of something; who may see that may see that it has one."""
    return (
        Stream.objects.select_related("host__place")
        .filter(subject_kind=subject_kind, subject_id=subject_id)
        .first()
    )


def replay_of(stream: Stream) -> Recording | None:
    """Give the recording that is shown: the newest that is ready."""
    ready = stream.recordings.filter(state=Recording.State.READY, shown=True)
    return ready.order_by("-id").first()


def playing(stream: Stream, now: datetime) -> Playing:
    """Say what of a stream can be played at a moment: two statements."""
    outside = stream.source == Source.OUTSIDE
    running = stream.state in {Stream.State.ON_AIR, Stream.State.BROKEN}
    live = hls_url(stream) if running and not outside else ""
    replay = replay_of(stream) if not running else None
    state = stream.state
    if outside and stream.state == Stream.State.WAITING and now >= stream.starts_at:
        state = Stream.State.ENDED if now >= stream.ends_at else Stream.State.ON_AIR
    return Playing(
        state=state,
        hls_url=f"{live}master.m3u8" if live else "",
        audio_url=f"{live}audio.m3u8" if live else "",
        replay_url=f"{hls_url(stream)}r/{replay.public_id}/master.m3u8" if replay else "",
        cut_short=replay is not None and replay.cut_short and replay.trim_end is None,
        captions_url=reverse("live:captions", args=[stream.public_id]) if stream.captions else "",
        outside_url=stream.outside_url if outside else "",
        started_at=stream.started_at,
    )


def hls_url(stream: Stream) -> str:
    """Give the folder of a stream's playlists and segments, with a slash at its end."""
    base = settings.LIVE_HLS_URL if stream.public else ""
    return f"{base or '/live/hls/'}{stream.public_id}/"
