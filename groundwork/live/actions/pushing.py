"""Let encoders in, follow what they send, note how each of them ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from groundwork.base import clock, trail
from groundwork.base.actor import Actor, system
from groundwork.live.actions.closing import finish_later
from groundwork.live.actions.streams import KIND, digest
from groundwork.live.actions.telling import tell_host
from groundwork.live.models import Push, Recording, RecordingPart, Stream
from groundwork.live.models.stream import Source
from groundwork.live.rules import pushing as rules
from groundwork.live.rules import streams as states
from groundwork.live.rules.pushing import Refused

RECEIVER = system("receiver")
Ending = Push.Ending
TELLS: dict[str, str] = {Ending.CODEC: "codec", Ending.DISK: "full"}  # the host is told of these


@dataclass(frozen=True)
class Begun:
    """An encoder that was let in: what its pictures are of and where they go."""

    push: int
    stream: str
    recording: str
    part: int
    shown: bool  # viewers may see it: no rehearsal
    open: bool  # to everybody


@dataclass(frozen=True)
class Going:
    """What holds for an encoder that sends."""

    shown: bool
    open: bool
    stop: str = ""  # a code of `rules.pushing.TOLD`: cut it off
    tight: bool = False  # the disk will be short before the end, and the host knows


def stream_with_key(key: str) -> Stream | None:
    """Find the stream of a key."""
    return Stream.objects.filter(key_digest=digest(key)).first() if key else None


def check_push(key: str, *, free: int, at: datetime | None = None) -> None:
    """Refuse an encoder that `begin_push` would refuse; only a second one is noted. Raises Refused.

    For nginx, which asks before it hands an encoder on.
    """
    now = at or clock.now()
    stream = stream_with_key(key)
    _check(stream, free)
    assert stream is not None
    running = stream.pushes.filter(ended_at=None).first()
    if running is not None and not rules.is_silent(now, running.seen_at):
        with transaction.atomic():
            _note_second(stream, now)
        raise Refused("second")


def begin_push(key: str, *, free: int, by: Actor = RECEIVER, at: datetime | None = None) -> Begun:
    """Let an encoder in by its key. Raises Refused; a second one with the same key is noted."""
    now = at or clock.now()
    with transaction.atomic():
        found = stream_with_key(key)
        stream = Stream.objects.select_for_update().get(pk=found.pk) if found else None
        _check(stream, free)
        assert stream is not None
        if not _give_way(stream, now):
            return _begin(stream, by, now)
        _note_second(stream, now)
    raise Refused("second")


def _check(stream: Stream | None, free: int) -> None:
    if stream is None:
        raise Refused("bad_key")
    if stream.source != Source.EMBEDDED:
        raise Refused("source")
    if stream.state == Stream.State.ENDED:
        raise Refused("over")
    if not rules.may_send(free):
        raise Refused("disk")


def _give_way(stream: Stream, now: datetime) -> bool:
    """Tell whether another encoder sends; one that fell silent is counted as lost instead."""
    running = stream.pushes.filter(ended_at=None).first()
    if running is None:
        return False
    if not rules.is_silent(now, running.seen_at):
        return True
    running.ended_at, running.ending = running.seen_at, Ending.LOST
    running.save(update_fields=["ended_at", "ending"])
    return False


def _note_second(stream: Stream, now: datetime) -> None:
    """Keep one row for a second encoder however often it knocks, and tell the host once."""
    running = stream.pushes.get(ended_at=None)
    again = stream.pushes.filter(ending=Ending.SECOND, began_at__gte=running.began_at)
    if not again.update(seen_at=now, ended_at=now):
        Push.objects.create(
            stream=stream, began_at=now, seen_at=now, ended_at=now, ending=Ending.SECOND
        )
        tell_host(stream, "second", at=now)


def _begin(stream: Stream, by: Actor, now: datetime) -> Begun:
    rehearsal = stream.state == Stream.State.WAITING and rules.is_rehearsal(now, stream.starts_at)
    if not rehearsal:
        _go_on_air(stream, now)
    part = (stream.pushes.aggregate(last=Max("part"))["last"] or 0) + 1
    push = Push.objects.create(
        stream=stream, began_at=now, seen_at=now, part=part, rehearsal=rehearsal
    )
    recording = _recording_of(stream, now)
    recording.parts.create(number=part, push=push, file=f"p{part}")
    trail.record(by, "begin_push", KIND, stream.public_id, at=now)
    return Begun(
        push=push.pk,
        stream=stream.public_id,
        recording=recording.public_id,
        part=part,
        shown=not rehearsal,
        open=stream.public,
    )


def _go_on_air(stream: Stream, now: datetime) -> None:
    if stream.state == Stream.State.ON_AIR:
        return  # one encoder took the place of another
    stream.state = states.next_state(stream.state, "begin")
    stream.started_at = stream.started_at or now
    stream.broken_at = None
    stream.save(update_fields=["state", "started_at", "broken_at"])


def _recording_of(stream: Stream, now: datetime) -> Recording:
    """Give the recording of the broadcast: one, however often the line breaks."""
    broadcast, growing = Recording.Origin.BROADCAST, Recording.State.GROWING
    found, _new = stream.recordings.get_or_create(
        origin=broadcast, defaults={"made_at": now, "state": growing}
    )
    if found.state != growing:  # closed by mistake and opened again
        found.state = growing
        found.save(update_fields=["state"])
    return found


def note_tracks(push: int, *, video: str, audio: str) -> None:
    """Keep what an encoder sends, for the host's page."""
    Push.objects.filter(pk=push).update(video=video[:40], audio=audio[:40])


@transaction.atomic
def beat_push(
    push: int,
    *,
    seconds: float,
    cut_short: bool = False,
    room: float | None = None,
    at: datetime | None = None,
) -> Going:
    """Note that an encoder sent within the last seconds; say what holds for it now.

    `seconds` is how much of this push is recorded: where a rehearsal ends, the replay begins.
    `room` are the seconds that can still be recorded, given until the host was warned.
    """
    now = at or clock.now()
    row = Push.objects.select_related("stream").get(pk=push)
    stream = row.stream
    if row.ended_at is not None or stream.state == Stream.State.ENDED:
        return Going(shown=False, open=False, stop="over")
    if stream.key_made_at and stream.key_made_at > row.began_at:
        return Going(shown=False, open=False, stop="bad_key")
    Push.objects.filter(pk=push, ended_at=None).update(seen_at=now)
    if cut_short:
        _cut_short(stream, now)
    tight = room is not None and rules.is_tight(room, now, stream.ends_at)
    if tight and not cut_short:
        tell_host(stream, "tight", at=now, minutes=int(room or 0) // 60)
    if row.rehearsal and not rules.is_rehearsal(now, stream.starts_at):
        _end_rehearsal(row, seconds, now)
    return Going(shown=not row.rehearsal, open=stream.public, tight=tight)


def _cut_short(stream: Stream, now: datetime) -> None:
    grown = stream.recordings.filter(origin=Recording.Origin.BROADCAST, cut_short=False)
    if grown.update(cut_short=True):
        tell_host(stream, "disk", at=now)


def _end_rehearsal(push: Push, seconds: float, now: datetime) -> None:
    """Go on air; what was rehearsed is cut off the replay unless the host wants it."""
    stream = Stream.objects.select_for_update().get(pk=push.stream_id)
    _go_on_air(stream, now)
    push.rehearsal = False
    push.save(update_fields=["rehearsal"])
    recording = _recording_of(stream, now)
    before = sum(part.duration or 0 for part in recording.parts.all())
    recording.trim_start = before + seconds
    recording.save(update_fields=["trim_start"])


@transaction.atomic
def end_push(
    push: int,
    ending: str,
    *,
    seconds: float = 0,
    cut_short: bool = False,
    found: str = "",
    by: Actor = RECEIVER,
    at: datetime | None = None,
) -> None:
    """Note how an encoder ended and what of it is recorded; a goodbye past the end ends it all."""
    now = at or clock.now()
    row = Push.objects.get(pk=push)
    stream = Stream.objects.select_for_update().get(pk=row.stream_id)
    RecordingPart.objects.filter(push=row).update(duration=seconds)
    if cut_short:
        _cut_short(stream, now)
    if row.ended_at is None:
        row.ended_at, row.ending, row.found = now, ending, found[:40]
        row.save(update_fields=["ended_at", "ending", "found"])
        trail.record(by, "end_push", KIND, stream.public_id, at=now)
        if ending in TELLS:
            tell_host(stream, TELLS[ending], at=now)
        _lose(stream, ending, now)
    if stream.state == Stream.State.ENDED:
        finish_later(stream)


def _lose(stream: Stream, ending: str, now: datetime) -> None:
    """Say that the line is down, or after a goodbye past the planned end that it is over."""
    if stream.state != Stream.State.ON_AIR:
        return
    goodbye = ending == Ending.STOPPED
    step = states.after_goodbye(now, stream.ends_at) if goodbye else "lose"
    stream.state = states.next_state(stream.state, step)
    stream.broken_at = now if step == "lose" else None
    stream.ended_at = now if step == "close" else None
    stream.save(update_fields=["state", "broken_at", "ended_at"])


def sweep_pushes(*, at: datetime | None = None) -> int:
    """Count encoders as lost whose receiver gives no sign of life; give how many."""
    now = at or clock.now()
    return _restarted(Push.objects.filter(seen_at__lte=now - rules.GONE), now)


def recover_pushes(*, at: datetime | None = None) -> int:
    """Count encoders as lost that an earlier receiver left: there is one receiver at a time."""
    return _restarted(Push.objects.all(), at or clock.now())


def _restarted(pushes: QuerySet[Push], now: datetime) -> int:
    gone = list(pushes.filter(ended_at=None).values_list("pk", flat=True))
    for push in gone:
        end_push(push, Ending.RESTART, at=now)
    return len(gone)


@transaction.atomic
def end_streams(*, at: datetime | None = None) -> int:
    """End the streams that are over and that nobody sends into; give how many."""
    now = at or clock.now()
    due = Stream.objects.exclude(state=Stream.State.ENDED).filter(
        ends_at__lte=now - states.GRACE, source=Source.EMBEDDED, pushes__isnull=False
    )
    ended = 0
    for stream in due.distinct():
        if stream.pushes.filter(ended_at=None).exists():
            continue
        if states.is_over(stream.state, now, stream.ends_at, stream.broken_at):
            stream.state = states.next_state(stream.state, "close")
            stream.ended_at, stream.broken_at = now, None
            stream.save(update_fields=["state", "ended_at", "broken_at"])
            trail.record(RECEIVER, "close", KIND, stream.public_id, ["state"], at=now)
            finish_later(stream)
            ended += 1
    return ended
