"""A stream of tonight's evening and one that only its hosts see, for every address of `live`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from groundwork.base.actor import system
from groundwork.live.actions.streams import renew_key
from groundwork.live.media.files import Places
from groundwork.live.models import Recording, Stream
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
    folder = Places(Path(settings.LIVE_DIR)).stream(stream.public_id)
    folder.mkdir(parents=True)
    (folder / "master.m3u8").write_text("#EXTM3U\n")
    world.things["stream"] = stream
    world.things["recording"] = stream.recordings.create(
        origin=Recording.Origin.UPLOAD,
        state=Recording.State.READY,
        name="数字经济.mp4",
        duration=5400,
        shown_start=0,
        shown_end=5400,
        shown=False,
        made_at=world.at,
        ready_at=world.at,
    )
