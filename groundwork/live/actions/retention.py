"""Erase recordings that have had their time; that there was one, and how long, stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from groundwork.base import retention
from groundwork.base.actor import Actor
from groundwork.live.actions.recordings import drop_files
from groundwork.live.models import Recording, Stream
from groundwork.live.rules.retention import RULES

State = Recording.State


@retention.eraser("live.recording")
def erase_recordings(ids: Sequence[str], at: datetime) -> int:
    """Delete the files of recordings, and the captions where no recording is left."""
    left = Recording.objects.exclude(state=State.ERASED).filter(public_id__in=ids)
    found = list(left.select_related("stream"))
    for recording in found:
        drop_files(recording)
    Recording.objects.filter(pk__in=[one.pk for one in found]).update(
        state=State.ERASED, name="", size=0
    )
    streams = {one.stream_id for one in found}
    kept = Recording.objects.exclude(state=State.ERASED).filter(stream__in=streams)
    bare = streams - set(kept.values_list("stream_id", flat=True))
    Stream.objects.filter(pk__in=bare).update(captions="")
    return len(found)


@retention.eraser("live.keeper")
def erase_keepers(ids: Sequence[str], at: datetime) -> int:
    """Forget who made the keys of streams."""
    made = Stream.objects.filter(public_id__in=ids, key_made_by__isnull=False)
    return made.update(key_made_by=None)


def _ready(before: datetime) -> QuerySet[Recording, str]:
    return _of(State.READY, before)


def _refused(before: datetime) -> QuerySet[Recording, str]:
    return _of(State.REFUSED, before)


def _of(state: str, before: datetime) -> QuerySet[Recording, str]:
    found = Recording.objects.filter(state=state, ready_at__lt=before)
    return found.order_by("pk").values_list("public_id", flat=True)


def _keepers(before: datetime) -> QuerySet[Stream, str]:
    found = Stream.objects.filter(key_made_by__isnull=False, ends_at__lt=before)
    return found.order_by("pk").values_list("public_id", flat=True)


DUE: Mapping[str, retention.Due] = {
    "live.recordings": _ready,
    "live.refused": _refused,
    "live.keeper": _keepers,
}


def erase_due(*, by: Actor, at: datetime | None = None, most: int = retention.MOST_BATCHES) -> int:
    """Erase what its rule says has had its time; give how many."""
    return retention.erase_due(RULES, DUE, by=by, at=at, most=most)
