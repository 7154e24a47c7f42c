"""What the worker does after an evening: seal, count, write, erase; each step may come twice.

A crash before the digest is written leaves the sealed minutes, and they are counted again; one
after it leaves minutes whose digest stands, and they are only erased.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from groundwork.base import clock, schedule
from groundwork.base.actor import system
from groundwork.live.actions.watching import enrol_streams, write_digest
from groundwork.live.models import Digest, Stream
from groundwork.live.queries.pulses import pulse_store
from groundwork.live.rules.figures import count_figures
from groundwork.live.rules.pulse import Hours, minute_at
from groundwork.live.store import Store

WORKER = system("worker")
STRAY = 7 * 86_400  # seconds that minutes of a stream we do not know are kept, should it come back


@schedule.every(timedelta(seconds=20))
def keep_watch() -> None:
    """Tell the store which streams run, and digest those that are over."""
    enrol_streams()
    digest_due()


def digest_due(*, at: datetime | None = None) -> int:
    """Digest every stream whose last pulse was taken; give how many. Raises StoreBusy."""
    now, store, done = at or clock.now(), pulse_store(), 0
    for public_id, hours in store.kept().items():
        if now.timestamp() >= hours.until:
            done += digest_stream(store, public_id, hours, at=now)
    return done


def digest_stream(store: Store, public_id: str, hours: Hours, *, at: datetime) -> bool:
    """Digest one stream, from wherever a crash left it; tell whether it has its digest now."""
    stream = Stream.objects.filter(public_id=public_id).first()
    if stream is None:
        if at.timestamp() >= hours.until + STRAY:
            store.erase(public_id)
        return False
    if not Digest.objects.filter(stream=stream).exists():
        store.seal(public_id)
        minutes = minute_at(hours, hours.ends) + 1
        figures = count_figures(store.chunks(public_id, minutes), minutes)
        refused = store.refused(public_id)
        write_digest(stream, figures, origin=hours.origin, refused=refused, by=WORKER, at=at)
    store.erase(public_id)
    return True
