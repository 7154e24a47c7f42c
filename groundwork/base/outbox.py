"""Side effects leave here after commit, at least once, with an idempotency key.

An action calls `put` inside its transaction; the worker calls `deliver_due`. A handler that
raises is tried again after 1, 2, 4 … minutes, at most ten times (seventeen hours); then it waits
for a human, who sees it on the operator's home page and lets it be sent again at the console.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.models import OutboxMessage

Payload = Mapping[str, Any]
Handler = Callable[[Payload], None]
HANDLERS: dict[str, Handler] = {}
MOST_ATTEMPTS = 10


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the one function that carries out messages of `kind`."""

    def register(function: Handler) -> Handler:
        HANDLERS[kind] = function
        return function

    return register


def put(kind: str, payload: Payload, *, key: str, due: datetime | None = None) -> None:
    """Leave a message; a second one with the same `key` is the same message."""
    put_many([(kind, key, payload)], due=due)


def put_many(messages: list[tuple[str, str, Payload]], *, due: datetime | None = None) -> None:
    """Leave many messages as (kind, key, payload)."""
    now = clock.now()
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                kind=kind, key=key, payload=dict(payload), created_at=now, due_at=due or now
            )
            for kind, key, payload in messages
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


def deliver_due(limit: int = 100, *, at: datetime | None = None) -> int:
    """Deliver up to `limit` due messages; return how many were tried.

    Each is claimed for itself, just before its try: a slow mail server must not let the time run
    out of messages that still wait in this process, or another worker sends them a second time.
    """
    tried = 0
    while tried < limit:
        message = _claim(at or clock.now())
        if message is None:
            break
        _deliver(message)
        tried += 1
    return tried


def _claim(now: datetime) -> OutboxMessage | None:
    due = OutboxMessage.objects.filter(
        done_at=None, due_at__lte=now, attempts__lt=MOST_ATTEMPTS
    ).order_by("due_at", "pk")
    # Most rounds find nothing: they must not begin to write, nor wait for who does.
    return _hold_first(due, now) if due.exists() else None


@transaction.atomic
def _hold_first(due: QuerySet[OutboxMessage], now: datetime) -> OutboxMessage | None:
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    message = due.first()
    if message is not None:
        # Pushed back before the try: if this process dies, the message comes again.
        message.attempts += 1
        message.due_at = now + timedelta(minutes=2 ** (message.attempts - 1))
        message.save(update_fields=["attempts", "due_at"])
    return message


def _deliver(message: OutboxMessage) -> None:
    try:
        HANDLERS[message.kind](message.payload)
    except Exception as error:  # whatever a handler meets must not stop the others
        # The class name only: messages of mail servers repeat addresses.
        message.last_error = type(error).__name__
        message.save(update_fields=["last_error"])
    else:
        message.done_at = clock.now()
        message.last_error = ""
        message.save(update_fields=["done_at", "last_error"])


def given_up() -> QuerySet[OutboxMessage]:
    """Give what was tried as often as may be and waits for a human; nothing of it is lost."""
    return OutboxMessage.objects.filter(done_at=None, attempts__gte=MOST_ATTEMPTS)


def send_again(*, by: Actor, at: datetime | None = None) -> int:
    """Let what was given up be tried anew from now on; give how many."""
    at = at or clock.now()
    n = given_up().update(attempts=0, due_at=at)
    if n:
        trail.record(by, "send_again", "base.outbox", str(n), ["attempts"], at=at)
    return n
