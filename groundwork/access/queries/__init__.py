"""Every read of the area, by subject."""

from groundwork.access.queries.actors import (
    ACTING_KEY,
    AS_STAFF,
    actor_of,
    actor_of_account,
    actor_of_feed,
    grants_in_force,
    make_actor,
)
from groundwork.access.queries.notices import unread_count
from groundwork.access.queries.remarks import todo
from groundwork.access.queries.tokens import TokenHolder, holder_of_token, own_tokens

__all__ = [
    "ACTING_KEY",
    "AS_STAFF",
    "TokenHolder",
    "actor_of",
    "actor_of_account",
    "actor_of_feed",
    "grants_in_force",
    "holder_of_token",
    "make_actor",
    "own_tokens",
    "todo",
    "unread_count",
]
