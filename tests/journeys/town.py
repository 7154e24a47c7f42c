"""What runs inside the journeys' city: the cast moves in. Called through `City.call`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from groundwork.access.models import Account
from groundwork.base import clock
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
