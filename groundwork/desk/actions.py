"""The desk's own writes: the secret address of a personal calendar feed."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from groundwork.access.models import FeedKey
from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden
from groundwork.desk.rules import digest_of

SECRET_BYTES = 24  # 192 bits: the address is the only key to the feed


@transaction.atomic
def issue_feed_key(*, by: Actor, at: datetime | None = None) -> str:
    """Make a new secret address of the own feed and end the older one; return the secret.

    The secret is shown once; only its digest is kept. Raises Forbidden for those not signed in.
    """
    at = at or clock.now()
    if by.account_id is None:
        raise Forbidden
    FeedKey.objects.filter(account_id=by.account_id, revoked_at=None).update(revoked_at=at)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    key = FeedKey.objects.create(account_id=by.account_id, digest=digest_of(secret), created_at=at)
    trail.record(by, "issue", "feed_key", str(key.pk), at=at)
    return secret


@transaction.atomic
def revoke_feed_key(*, by: Actor, at: datetime | None = None) -> bool:
    """End the own feed's address; tell whether there was one. Raises Forbidden without account."""
    at = at or clock.now()
    if by.account_id is None:
        raise Forbidden
    open_keys = FeedKey.objects.select_for_update().filter(
        account_id=by.account_id, revoked_at=None
    )
    keys = list(open_keys)
    for key in keys:
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])
        trail.record(by, "revoke", "feed_key", str(key.pk), ["revoked_at"], at=at)
    return bool(keys)
