"""Let the stream follow its evening: opened when told, moved with it, closed when called off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from groundwork.base.actor import Actor
from groundwork.live.actions.streams import close_stream, move_stream, open_stream, reopen_stream
from groundwork.live.models.stream import Reach, Stream
from groundwork.study.models import Evening
from groundwork.study.queries.audience import TOLD

KIND = "study.evening"


def follow_evenings(evenings: Sequence[Evening], *, by: Actor, at: datetime) -> None:
    """Open, move or close the streams of evenings, as the evenings stand now.

    The caller has judged the evenings and holds their rows. A draft has no stream. One statement
    finds the streams of a whole term; those without a broadcast cost no other.
    """
    rows = Stream.objects.filter(subject_kind=KIND, subject_id__in=[e.public_id for e in evenings])
    streams = {stream.subject_id: stream for stream in rows}
    for evening in evenings:
        _follow(evening, streams.get(evening.public_id), by=by, at=at)


def follow_evening(evening: Evening, *, by: Actor, at: datetime) -> None:
    """Let the stream of one evening follow it."""
    follow_evenings([evening], by=by, at=at)


def _follow(evening: Evening, stream: Stream | None, *, by: Actor, at: datetime) -> None:
    wanted = evening.broadcast if evening.state in TOLD else ""
    reach = Reach.PUBLIC if evening.public else Reach.STAFF
    if not wanted:
        if stream is not None and stream.state != Stream.State.ENDED:
            close_stream(stream.public_id, by=by, at=at)
    elif stream is None:
        open_stream(
            subject_kind=KIND, subject_id=evening.public_id, title=evening.title,
            starts_at=evening.starts_at, ends_at=evening.ends_at, host=evening.host,
            source=wanted, outside_url=evening.live_url, reach=reach, by=by, at=at,
        )  # fmt: skip
    else:
        if (
            stream.state == Stream.State.ENDED
            and stream.started_at is None
            and at < evening.ends_at
        ):
            reopen_stream(stream.public_id, by=by, at=at)  # taken off the plan and put back
        move_stream(
            stream.public_id, title=evening.title, starts_at=evening.starts_at,
            ends_at=evening.ends_at, source=wanted, outside_url=evening.live_url, reach=reach,
            by=by, at=at,
        )  # fmt: skip
