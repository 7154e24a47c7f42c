"""Who may cut, show and take away recordings: the hosts of their stream."""

from __future__ import annotations

from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import sole
from groundwork.live.models import Recording
from groundwork.live.policy.streams import hosts_for, visible_streams


def recording_for(by: Actor, public_id: str, *, lock: bool = False) -> Recording:
    """Fetch a recording that the actor hosts. Raises NotFound, or Forbidden to who only watches."""
    recordings = Recording.objects.select_related("stream__host__place").filter(
        stream__in=visible_streams(by)
    )
    if lock:
        recordings = recordings.select_for_update(of=("self",))
    recording = sole(recordings.filter(public_id=public_id))
    if recording is None:
        raise NotFound
    if not hosts_for(by, recording.stream.host):
        raise Forbidden
    return recording
