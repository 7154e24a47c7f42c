"""Keep, cut, show and take away recordings."""

from __future__ import annotations

import errno
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, Conflict, RuleBroken
from groundwork.live.actions.closing import work_later
from groundwork.live.actions.telling import tell_host
from groundwork.live.media import replay, showing
from groundwork.live.media.files import Places, free_bytes, link, used_bytes
from groundwork.live.models import Recording, RecordingPart, Stream
from groundwork.live.policy.recordings import recording_for
from groundwork.live.policy.streams import stream_for
from groundwork.live.rules import media as rules
from groundwork.live.rules import pushing

KIND = "live.recording"
LEAVING = timedelta(minutes=2)
ROOM_AGAIN = timedelta(minutes=1)
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
State, Origin = Recording.State, Recording.Origin


def places() -> Places:
    """Give the folders of all files."""
    return Places(Path(settings.LIVE_DIR))


def upload_recording(
    public_id: str, file: File[bytes], *, by: Actor, at: datetime | None = None
) -> Recording:
    """Take a recording that a host uploads; the worker looks at it. Raises RuleBroken."""
    now = at or clock.now()
    stream = stream_for(by, public_id, "host")
    rules.check_upload(file.size or 0, settings.LIVE_UPLOAD_MB)
    if stream.state in {Stream.State.ON_AIR, Stream.State.BROKEN}:
        raise RuleBroken(N_("直播还在进行，结束之后再上传录像。"))
    _room_for(file.size or 0)
    recording = Recording(stream=stream, origin=Origin.UPLOAD, state=State.WAITING, made_at=now)
    recording.name, recording.size = (file.name or "")[:120], file.size or 0
    folder = places().recording(recording.public_id)
    folder.mkdir(parents=True)
    try:
        _keep(file, folder / "upload")
        with transaction.atomic():
            recording.save()
            work_later(recording)
            trail.record(by, "upload", KIND, recording.public_id, at=now)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return recording


def _keep(file: File[bytes], path: Path) -> None:
    """Keep an upload: by a second name where it lies on the same disk already, else as a copy."""
    lying = getattr(file, "temporary_file_path", None)
    if lying is not None:
        link(Path(lying()), path)
        return
    with path.open("wb") as kept:
        for chunk in file.chunks(1 << 20):
            kept.write(chunk)


def _room_for(size: int) -> None:
    """Refuse a file for which, with what is made of it, the disk has no room."""
    root = places().root
    root.mkdir(parents=True, exist_ok=True)
    reserve = settings.LIVE_KEEP_FREE_MB * pushing.MB
    if not pushing.may_record(free_bytes(root) - 2 * size, reserve):
        raise RuleBroken(pushing.REFUSALS["disk"])


@transaction.atomic
def trim_recording(
    public_id: str, start: float, end: float | None, *, by: Actor, at: datetime | None = None
) -> Recording:
    """Show a recording from and to these seconds only. Raises RuleBroken."""
    recording = recording_for(by, public_id, lock=True)
    if recording.state != State.READY:
        raise Conflict(N_("录像还没有处理好。"))
    rules.check_trim(start, end, recording.duration)
    recording.trim_start, recording.trim_end = start, end
    _show(recording)
    recording.save(update_fields=["trim_start", "trim_end", "shown_start", "shown_end"])
    trail.record(by, "trim", KIND, recording.public_id, ["trim_start", "trim_end"], at=at)
    return recording


@transaction.atomic
def show_recording(
    public_id: str, shown: bool, *, by: Actor, at: datetime | None = None
) -> Recording:
    """Show a recording as the replay, or take it away; the files stay until their time."""
    recording = recording_for(by, public_id, lock=True)
    if recording.state != State.READY:
        raise Conflict(N_("录像还没有处理好。"))
    recording.shown = shown
    _show(recording)
    recording.save(update_fields=["shown", "shown_start", "shown_end"])
    trail.record(by, "show" if shown else "hide", KIND, recording.public_id, ["shown"], at=at)
    return recording


def _show(recording: Recording) -> None:
    """Link what is shown of a recording, and nothing else, where viewers fetch."""
    where, stream = places(), recording.stream
    target = where.stream(stream.public_id) / "r" / recording.public_id
    if not recording.shown:
        shutil.rmtree(target, ignore_errors=True)
        return
    source = where.recording(recording.public_id)
    shown = replay.publish(source, target, recording.trim_start, recording.trim_end)
    if shown is None:
        raise RuleBroken(N_("这样剪就什么都不剩了。"))
    recording.shown_start, recording.shown_end = shown
    where.say_open(stream.public_id, stream.public)


def work_on(public_id: str, *, at: datetime | None = None) -> None:
    """Make a recording watchable; may be run again from the start, whenever it was cut off."""
    with transaction.atomic():
        recording = Recording.objects.select_for_update().filter(public_id=public_id).first()
        if recording is None or recording.state not in {State.WAITING, State.WORKING}:
            return
        recording.state, recording.attempts = State.WORKING, recording.attempts + 1
        recording.save(update_fields=["state", "attempts"])
    try:
        problem = ""
        if recording.attempts > rules.MOST_ATTEMPTS:
            problem = "crashed"
        elif recording.origin == Origin.UPLOAD:
            problem = _encode(recording)
        _settle(public_id, problem, at or clock.now())
    except OSError as fault:
        if fault.errno in NO_ROOM:  # what was recorded is whole, however long there is none
            _wait_for_room(recording, at or clock.now())
            return
        _try_again(recording)
        raise
    except Exception:  # a busy database, a disk away for a moment: another try, up to three
        _try_again(recording)
        raise


@transaction.atomic
def _try_again(recording: Recording) -> None:
    Recording.objects.filter(pk=recording.pk).update(state=State.WAITING)
    work_later(recording)


@transaction.atomic
def _wait_for_room(recording: Recording, now: datetime) -> None:
    tries = recording.attempts - 1  # this one does not count
    Recording.objects.filter(pk=recording.pk).update(
        state=State.WAITING, attempts=tries, problem="room"
    )
    work_later(recording, due=now + ROOM_AGAIN)


def _encode(recording: Recording) -> str:
    """Make the renditions of an upload; give the problem that keeps it from it."""
    folder = places().recording(recording.public_id)
    reserve = settings.LIVE_KEEP_FREE_MB * pushing.MB

    def room() -> bool:
        return pushing.may_record(free_bytes(folder), reserve)

    # Asked before as well: a short film is done before anybody looks again.
    problem = replay.encode(folder, rules.problem_of, room) if room() else "disk"
    if not problem:
        number = {"recording": recording, "number": 1}
        RecordingPart.objects.get_or_create(**number, defaults={"file": "p1"})
    return problem


@transaction.atomic
def _settle(public_id: str, problem: str, now: datetime) -> None:
    recording = (
        Recording.objects.select_for_update(of=("self",))
        .select_related("stream")
        .get(public_id=public_id)
    )
    stream, folder = recording.stream, places().recording(public_id)
    lengths = replay.lengths(folder) if folder.exists() else {}
    for part in recording.parts.all():
        part.duration = lengths.get(part.file, 0.0)
        part.save(update_fields=["duration"])
    recording.duration = sum(lengths.values())
    recording.size = used_bytes(folder) if folder.exists() else 0
    problem = problem or ("" if recording.duration else "empty")
    if not problem and recording.origin == Origin.UPLOAD:
        (folder / "upload").unlink(missing_ok=True)  # what was made of it stays
    recording.state = State.REFUSED if problem else State.READY
    recording.problem, recording.ready_at = problem, now
    if not problem:
        # Only rehearsed: nobody but the hosts saw it, and nobody else will.
        recording.shown = recording.origin == Origin.UPLOAD or stream.started_at is not None
        if recording.trim_start >= recording.duration:
            recording.trim_start = 0
        _show(recording)
    recording.save(
        update_fields=[
            *("duration", "size", "state", "problem", "ready_at", "shown"),
            *("trim_start", "shown_start", "shown_end"),
        ]
    )
    tell_host(stream, "refused" if problem else "ready", at=now)


def clear_shown(*, at: datetime | None = None) -> None:
    """Remove the last seconds of broadcasts that are over: players have left by then."""
    now = at or clock.now()
    over = Stream.objects.filter(
        state=Stream.State.ENDED, ended_at__range=(now - timedelta(days=1), now - LEAVING)
    )
    for stream in over:
        showing.clear(places().stream(stream.public_id))


def drop_files(recording: Recording) -> None:
    """Remove every file of a recording."""
    where = places()
    shutil.rmtree(where.stream(recording.stream.public_id) / "r" / recording.public_id, True)
    shutil.rmtree(where.recording(recording.public_id), ignore_errors=True)
