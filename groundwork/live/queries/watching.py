"""Who watches: now, minute by minute, and what the digest says afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet

from groundwork.base.clock import ZONE
from groundwork.base.numbers import Count
from groundwork.live.models import Digest, OutsideFigure, Stream
from groundwork.live.queries.pulses import pulse_store
from groundwork.live.rules.pulse import MINUTE
from groundwork.live.store import StoreBusy


@dataclass(frozen=True)
class Point:
    """One minute of the curve."""

    at: datetime
    viewers: Count


@dataclass(frozen=True)
class WatchingNow:
    """Viewers of the newest minute all pulses of which are in, and the curve up to it."""

    viewers: Count
    at: datetime  # that minute's beginning; "now" is never ahead of what is known
    curve: tuple[Point, ...]


def watching_now(stream: Stream) -> WatchingNow | None:
    """Say who watches a stream now; None while nothing was counted or the store is away.

    One row is read, which the ingest writes every few seconds: a thousand screens cost it nothing.
    """
    try:
        store = pulse_store()
        counted, hours = store.published(stream.public_id), store.kept().get(stream.public_id)
    except StoreBusy:
        return None
    if counted is None or hours is None:
        return None

    def begins(minute: int) -> datetime:
        return datetime.fromtimestamp(hours.origin + minute * MINUTE, UTC).astimezone(ZONE)

    known = sorted(minute for minute in counted.curve if minute <= counted.settled)
    first = next((minute for minute in known if counted.curve[minute]), counted.settled)
    return WatchingNow(
        viewers=Count(counted.curve.get(counted.settled, 0)),
        at=begins(counted.settled),
        curve=tuple(
            Point(begins(minute), Count(counted.curve[minute]))
            for minute in known
            if minute >= first
        ),
    )


def digest_of(stream: Stream) -> Digest | None:
    """Give the digest of a stream; None before it is made."""
    return Digest.objects.filter(stream=stream).first()


def curve_of(digest: Digest) -> tuple[Point, ...]:
    """Give a digest's curve with its times."""
    return tuple(
        Point(digest.curve_from + timedelta(minutes=i), Count(n))
        for i, n in enumerate(digest.curve)
    )


def outside_figures(stream: Stream) -> QuerySet[OutsideFigure]:
    """List what others said of a stream, in the order it was recorded."""
    return OutsideFigure.objects.filter(stream=stream)


def to_enrol(at: datetime) -> QuerySet[Stream]:
    """List the streams whose pulses are taken or will be, or were until lately."""
    recent = Stream.objects.filter(digest=None, ends_at__gte=at - timedelta(days=1))
    return recent.exclude(source="outside").order_by("id")
