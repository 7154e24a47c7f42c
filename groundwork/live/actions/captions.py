"""Keep the captions of a recording."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.live.actions.streams import KIND
from groundwork.live.models import Stream
from groundwork.live.policy.streams import stream_for
from groundwork.live.rules.media import check_captions


@transaction.atomic
def put_captions(public_id: str, text: str, *, by: Actor, at: datetime | None = None) -> Stream:
    """Put captions, or with "" take them away. Raises RuleBroken for what is no WebVTT."""
    stream = stream_for(by, public_id, "host", lock=True)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if text:
        check_captions(text)
    stream.captions, stream.captions_at = text, at or clock.now()
    stream.save(update_fields=["captions", "captions_at"])
    trail.record(by, "caption", KIND, stream.public_id, ["captions"], at=at)
    return stream
