"""Take pulses of streams, write what remains of them, record what others say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.db import IntegrityError, transaction

from groundwork.base import changes, clock, trail
from groundwork.base.actor import Actor
from groundwork.base.clock import ZONE
from groundwork.base.errors import N_, RuleBroken
from groundwork.live.models import Digest, OutsideFigure, Stream
from groundwork.live.policy.streams import stream_for
from groundwork.live.queries.pulses import pulse_store
from groundwork.live.queries.watching import to_enrol
from groundwork.live.rules.figures import Figures
from groundwork.live.rules.pulse import watch_hours

DIGEST = "live.digest"
OUTSIDE = "live.outside_figure"
MOST_OUTSIDE = 10_000_000_000  # more than people on earth: a slip of the keyboard


def enrol_stream(stream: Stream) -> None:
    """Let pages of a stream send pulses, or tell the store its new hours. Raises StoreBusy."""
    hours = watch_hours(stream.starts_at, stream.ends_at, stream.ended_at)
    pulse_store().register(stream.public_id, hours)


def enrol_streams(*, at: datetime | None = None) -> int:
    """Tell the store every stream that is or will be watched; give how many. Raises StoreBusy."""
    streams = list(to_enrol(at or clock.now()))
    for stream in streams:
        enrol_stream(stream)
    return len(streams)


@transaction.atomic
def write_digest(
    stream: Stream,
    figures: Figures,
    *,
    origin: int,
    refused: dict[str, int],
    by: Actor,
    at: datetime | None = None,
) -> Digest:
    """Write the figures of a stream, once: who comes second gets the first's.

    `origin` is the second since 1970 at which minute 0 of the figures begins.
    """
    at, start = at or clock.now(), datetime.fromtimestamp(origin, UTC).astimezone(ZONE)
    watched = [minute for minute, n in enumerate(figures.curve) if n]
    first, end = (watched[0], watched[-1] + 1) if watched else (0, 0)
    peak_at = None
    if figures.peak_minute is not None:
        peak_at = start + timedelta(minutes=figures.peak_minute)
    try:
        with transaction.atomic():
            digest = Digest.objects.create(
                stream=stream,
                plays=figures.plays,
                viewers=figures.viewers,
                peak=figures.peak,
                peak_at=peak_at,
                curve=list(figures.curve[first:end]),
                curve_from=start + timedelta(minutes=first),
                refused=refused,
                made_at=at,
            )
    except IntegrityError:
        return Digest.objects.get(stream=stream)
    trail.record(by, "digest", DIGEST, stream.public_id, at=at)
    changes.record(
        DIGEST,
        stream.public_id,
        after={"host": stream.host_id, "day": clock.day_of(stream.starts_at).isoformat()},
        at=at,
    )
    return digest


@transaction.atomic
def record_outside_figure(
    public_id: str,
    *,
    figure: str,
    number: int,
    source: str,
    said_on: date,
    by: Actor,
    at: datetime | None = None,
) -> OutsideFigure:
    """Record a figure the broadcaster gave, beside ours. Raises NotFound, Forbidden, RuleBroken."""
    at = at or clock.now()
    stream = stream_for(by, public_id, "host")
    source = source.strip()
    if not source:
        raise RuleBroken(N_("请写明这个数字是谁提供的。"))
    if figure not in OutsideFigure.Figure.values or not 0 <= number <= MOST_OUTSIDE:
        raise RuleBroken(N_("这个数字不对，请核对后再填。"))
    if said_on > clock.day_of(at) or said_on < clock.day_of(stream.starts_at):
        raise RuleBroken(N_("提供日期应在直播当天到今天之间。"))
    row = OutsideFigure.objects.create(
        stream=stream,
        figure=figure,
        number=number,
        source=source,
        said_on=said_on,
        recorded_by=by.account_id,
        recorded_at=at,
    )
    trail.record(by, "record", OUTSIDE, stream.public_id, ["figure", "number", "source"], at=at)
    return row
