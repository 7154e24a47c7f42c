"""What happens inside a test's city for a broadcast; called by name in a process of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from groundwork.access.models import Account
from groundwork.base import clock
from groundwork.base.actor import system
from groundwork.live.actions.recordings import work_on
from groundwork.live.actions.streams import close_stream, move_stream, open_stream, renew_key
from groundwork.live.models import Stream
from groundwork.registry.models import Body, Place

CITY = system("tests")


def open_one(scene: dict[str, Any]) -> dict[str, str]:
    """Open a stream that began five minutes ago and ends in `minutes`; give it and its key."""
    now = clock.now()
    place = Place.objects.first() or Place.add_root(code="3302", name="宁波市", level="city")
    body = Body.objects.first() or Body.add_root(
        code="NB-FGW", name="宁波市发展和改革委员会", kind="unit", place=place
    )
    stream = open_stream(
        subject_kind="test",
        subject_id=scene.get("subject", "one"),
        title="数字经济与宁波制造",
        starts_at=now + timedelta(minutes=scene.get("starts_in", -5)),
        ends_at=now + timedelta(minutes=scene.get("minutes", 60)),
        host=body,
        reach=scene.get("reach", "public"),
        by=CITY,
    )
    key = renew_key(stream.public_id, by=CITY)
    if scene.get("told"):  # somebody made the key and is told of what goes wrong
        host = Account.objects.create(username="host", created_at=now)
        Stream.objects.filter(public_id=stream.public_id).update(key_made_by=host.pk)
    return {"stream": stream.public_id, "key": key}


def work(recording: str) -> None:
    """Make a recording watchable now, as the worker does in its turn."""
    work_on(recording)


def close(public_id: str) -> str:
    """End a stream as its host does."""
    return close_stream(public_id, by=CITY).state


def reach(public_id: str, who: str) -> str:
    """Say who may watch."""
    return move_stream(public_id, reach=who, by=CITY).reach
