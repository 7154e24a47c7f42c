"""A stream of tonight's evening and one that only its hosts see, for every address of `live`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groundwork.base.actor import system
from groundwork.live.actions.streams import renew_key
from groundwork.live.models import Stream
from groundwork.live.queries.playing import stream_of

if TYPE_CHECKING:
    from tests.world import World

CITY = system("tests")


def build(world: World) -> None:
    """Give the stream of tonight's evening a key and captions."""
    stream = stream_of("study.evening", world["tonight"].public_id)
    assert stream is not None
    renew_key(stream.public_id, by=CITY, at=world.at)
    Stream.objects.filter(pk=stream.pk).update(
        captions="WEBVTT\n\n00:00.000 --> 00:02.000\n大家晚上好。\n", captions_at=world.at
    )
    stream.refresh_from_db()
    world.things["stream"] = stream
