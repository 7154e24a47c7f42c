"""Builders for the area's tests, and the way in for everybody's."""

from __future__ import annotations

from django.test import Client

from groundwork.access.models import Account, Grant
from groundwork.access.queries import ACTING_KEY, AS_STAFF

BACKEND = "groundwork.access.adapters.DoorBackend"


def sign_in(client: Client, account: Account, *, acting_as: Grant | str | None = None) -> Client:
    """Sign an account in; `acting_as` a grant, `"staff"` for none, else as the account begins."""
    client.force_login(account, backend=BACKEND)
    if acting_as is not None:
        session = client.session
        session[ACTING_KEY] = acting_as.public_id if isinstance(acting_as, Grant) else AS_STAFF
        session.save()
    return client
