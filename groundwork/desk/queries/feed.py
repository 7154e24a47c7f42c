"""The personal calendar feed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from groundwork.access.models import FeedKey
from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound


@dataclass(frozen=True)
class Feed:
    """A calendar as text, and the mark by which a client knows it has it already."""

    text: bytes

    @property
    def etag(self) -> str:
        """Give the mark of this very text."""
        return f'"{hashlib.sha256(self.text).hexdigest()[:32]}"'


def feed_key(by: Actor) -> FeedKey | None:
    """Find the key in force of the actor's own feed."""
    return FeedKey.objects.filter(account_id=by.account_id, revoked_at=None).first()


def feed(secret: str, *, at: datetime) -> Feed:
    """Give the calendar behind a secret address. Raises NotFound for an unknown or ended one."""
    raise NotFound
