"""A stream of tonight's evening and one that only its hosts see, for every address of `live`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from groundwork.base.actor import system
from groundwork.live.actions.streams import open_stream, renew_key
from groundwork.live.models import Stream

if TYPE_CHECKING:
    from tests.world import World

CITY = system("tests")


def build(world: World) -> None:
    """Open the stream of tonight's evening, with a key and captions."""
    evening = world["tonight"]
    stream = open_stream(
        subject_kind="study.evening",
        subject_id=evening.public_id,
        title=evening.title,
        starts_at=evening.starts_at,
        ends_at=evening.ends_at,
        host=evening.host,
        by=CITY,
        at=world.at - timedelta(days=2),
    )
    renew_key(stream.public_id, by=CITY, at=world.at)
    Stream.objects.filter(pk=stream.pk).update(
        captions="WEBVTT\n\n00:00.000 --> 00:02.000\n大家晚上好。\n", captions_at=world.at
    )
    stream.refresh_from_db()
    world.things["stream"] = stream
