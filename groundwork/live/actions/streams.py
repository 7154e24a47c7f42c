"""Open, move and close streams; give their key."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, Conflict, RuleBroken
from groundwork.live.actions.closing import finish_later
from groundwork.live.media.files import Places
from groundwork.live.models import Stream
from groundwork.live.models.stream import Reach, Source
from groundwork.live.policy.streams import require_host, stream_for
from groundwork.live.rules import streams as rules
from groundwork.registry.models import Body

KIND = "live.stream"


@transaction.atomic
def open_stream(
    *,
    subject_kind: str,
    subject_id: str,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    host: Body,
    source: str = Source.EMBEDDED,
    outside_url: str = "",
    reach: str = Reach.PUBLIC,
    by: Actor,
    at: datetime | None = None,
) -> Stream:
    """Open a stream of something. Raises Forbidden, RuleBroken, Conflict when there is one."""
    now = at or clock.now()
    require_host(by, host)
    rules.check_times(starts_at, ends_at)
    _check_link(source, outside_url)
    if Stream.objects.filter(subject_kind=subject_kind, subject_id=subject_id).exists():
        raise Conflict(N_("这一场已经有直播了。"))
    stream = Stream.objects.create(
        subject_kind=subject_kind,
        subject_id=subject_id,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        host=host,
        source=source,
        outside_url=outside_url,
        reach=reach,
        opened_at=now,
    )
    trail.record(by, "open", KIND, stream.public_id, at=now)
    return stream


@transaction.atomic
def move_stream(
    public_id: str,
    *,
    title: str | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    source: str | None = None,
    outside_url: str | None = None,
    reach: str | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Stream:
    """Change what is given of a stream: its times, name, source or reach. Raises RuleBroken."""
    stream = stream_for(by, public_id, "host", lock=True)
    wished = {
        "title": title,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "source": source,
        "outside_url": outside_url,
        "reach": reach,
    }
    changed = [
        name
        for name, value in wished.items()
        if value is not None and value != getattr(stream, name)
    ]
    for name in changed:
        setattr(stream, name, wished[name])
    rules.check_times(stream.starts_at, stream.ends_at)
    _check_link(stream.source, stream.outside_url)
    if changed:
        stream.save(update_fields=changed)
        transaction.on_commit(lambda: _shut(stream))
        trail.record(by, "move", KIND, stream.public_id, changed, at=at)
    return stream


@transaction.atomic
def close_stream(public_id: str, *, by: Actor, at: datetime | None = None) -> Stream:
    """End a stream for good; who sends is cut off. Raises RuleBroken when it is over already."""
    now = at or clock.now()
    stream = stream_for(by, public_id, "host", lock=True)
    stream.state = rules.next_state(stream.state, "close")
    stream.ended_at, stream.broken_at = now, None
    stream.save(update_fields=["state", "ended_at", "broken_at"])
    trail.record(by, "close", KIND, stream.public_id, ["state"], at=now)
    finish_later(stream)
    return stream


@transaction.atomic
def reopen_stream(public_id: str, *, by: Actor, at: datetime | None = None) -> Stream:
    """Take back an end that came by mistake: the same key goes on. Raises RuleBroken."""
    now = at or clock.now()
    stream = stream_for(by, public_id, "host", lock=True)
    stream.state = rules.next_state(stream.state, "reopen")
    stream.ended_at, stream.broken_at = None, now
    # What is over by the clock would be ended again within a minute.
    stream.ends_at = max(stream.ends_at, now + rules.GRACE)
    stream.save(update_fields=["state", "ended_at", "broken_at", "ends_at"])
    trail.record(by, "reopen", KIND, stream.public_id, ["state"], at=now)
    return stream


@transaction.atomic
def renew_key(public_id: str, *, by: Actor, at: datetime | None = None) -> str:
    """Give a stream a new key and say it this once; the former one is good for nothing."""
    now = at or clock.now()
    stream = stream_for(by, public_id, "host", lock=True)
    if stream.source != Source.EMBEDDED:
        raise RuleBroken(N_("这一场不在本平台直播，不需要推流密钥。"))
    key = secrets.token_urlsafe(24)
    stream.key_digest, stream.key_made_at = digest(key), now
    stream.key_made_by = by.account_id
    stream.save(update_fields=["key_digest", "key_made_at", "key_made_by"])
    trail.record(by, "renew_key", KIND, stream.public_id, ["key_digest"], at=now)
    return key


def _shut(stream: Stream) -> None:
    """Take away at once what is no longer everybody's; what becomes so the receiver opens."""
    if not stream.public:
        Places(Path(settings.LIVE_DIR)).say_open(stream.public_id, False)


def digest(key: str) -> str:
    """Give what is kept of a key: it is random, so a plain hash cannot be turned round."""
    return hashlib.sha256(key.encode()).hexdigest()


def _check_link(source: str, outside_url: str) -> None:
    if source == Source.OUTSIDE and not outside_url:
        raise RuleBroken(N_("外部直播要填链接。"))
