"""Put what was recorded before the worker, once a broadcast is over."""

from __future__ import annotations

from datetime import datetime

from groundwork.base import outbox
from groundwork.live.models import Recording, Stream

WORK = "live.work"  # of the outbox: the worker finishes a broadcast or works on an upload
State = Recording.State


def finish_later(stream: Stream) -> None:
    """Have the worker make the replay of a stream that is over, once nobody sends any more."""
    if stream.pushes.filter(ended_at=None).exists():
        return  # the receiver cuts it off and comes here again
    grown = stream.recordings.select_for_update().filter(state=State.GROWING).first()
    if grown is not None:
        grown.state = State.WAITING
        grown.attempts = 0
        grown.save(update_fields=["state", "attempts"])
        work_later(grown)


def work_later(recording: Recording, *, due: datetime | None = None) -> None:
    """Put a recording before the worker: once for each part that came and each try.

    With `due` it is tried once more then, which counts as no try.
    """
    parts = recording.parts.count()
    key = f"{WORK}:{recording.public_id}:{parts}:{recording.attempts}"
    key += f":{due:%d%H%M}" if due else ""
    outbox.put(WORK, {"recording": recording.public_id}, key=key, due=due)
