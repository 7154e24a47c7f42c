"""What runs inside the journeys' city: the cast moves in. Called through `City.call`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from groundwork.access.actions import issue_slip
from groundwork.access.models import Account
from groundwork.base import clock
from groundwork.base.actor import system
from groundwork.study.models import Evening, RollEntry
from tests import cast, matrix, world


def populate() -> dict[str, Any]:
    """Write cast and world as of now; return session keys, addresses and public ids."""
    at = clock.now()
    made = world.build(cast.build(), at)
    return {
        "sessions": {who: _session(account) for who, account in made.cast.accounts.items()},
        "pages": [vars(page) for page in matrix.pages(made)],
        "ids": {name: thing.public_id for name, thing in made.things.items()},
        "at": at.isoformat(),
    }


def _session(account: Account) -> str:
    """Sign somebody in without the door; the door has a journey of its own."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    assert session.session_key
    return session.session_key


def let_time_pass(evening: str, minutes: int) -> None:
    """Move an evening so that it began `minutes` ago: the town has only the real clock."""
    row = Evening.objects.get(public_id=evening)
    length = row.ends_at - row.starts_at
    row.starts_at = clock.now() - timedelta(minutes=minutes)
    row.ends_at = row.starts_at + length
    row.save(update_fields=["starts_at", "ends_at"])


def on_the_roll(evening: str) -> list[str]:
    """Name who is on the roll of an evening, by how."""
    entries = RollEntry.objects.filter(evening__public_id=evening, withdrawn=False)
    return [f"{e.person.name} {e.source}" for e in entries.select_related("person").order_by("id")]


def new_slip(who: str) -> list[str]:
    """Print a slip for one of the cast; return work number and code."""
    account = Account.objects.get(person__name=cast.PARTS[who].name)
    issued = issue_slip(account, by=system("tests"))
    return [account.username, issued.code]
