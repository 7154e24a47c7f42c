"""Tell somebody one thing of this area."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from groundwork.access.actions import notices
from groundwork.access.models import Account
from groundwork.registry.models import Person


def tell(
    to: Iterable[Account | Person | int],
    kind: str,
    key: str,
    text: str,
    url: str,
    *,
    at: datetime,
    **params: object,
) -> None:
    """Put one sentence into inboxes, once for each `key`."""
    notices.notify(to, kind=kind, key=f"{kind}:{key}", text=text, params=params, url=url, at=at)
