"""Who comes in by a program's key, and which keys are one's own."""

from __future__ import annotations

from dataclasses import dataclass

from groundwork.access.models import ApiToken
from groundwork.access.queries.actors import feed_digest, grants_in_force, make_actor
from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound


@dataclass(frozen=True)
class TokenHolder:
    """The actor behind a key, and which key it is."""

    actor: Actor
    token: ApiToken


def token_digest(secret: str) -> str:
    """Digest a key (192 random bits need no slow hash)."""
    return feed_digest(f"api {secret}")


def holder_of_token(secret: str) -> TokenHolder | None:
    """Find who comes in by a living key; None for an unknown or revoked one."""
    if not 0 < len(secret) <= 200:
        return None
    token = (
        ApiToken.objects.filter(
            digest=token_digest(secret), revoked_at=None, account__is_active=True
        )
        .select_related("account__person__unit", "account__person__home_community")
        .first()
    )
    if token is None:
        return None
    # Without its grant a key is the account's own, never another and wider role of it.
    held = grants_in_force(token.account)
    row = next((row for row in held if row.public_id == token.acts_as), None)
    return TokenHolder(make_actor(token.account, row), token)


def own_tokens(by: Actor) -> list[ApiToken]:
    """List the own keys, the living ones first."""
    rows = ApiToken.objects.filter(account=by.account_id).order_by("-id")[:200]
    return sorted(rows, key=lambda row: row.revoked_at is not None)


def own_token(by: Actor, public_id: str) -> ApiToken:
    """Fetch one of the own keys. Raises NotFound."""
    token = ApiToken.objects.filter(account=by.account_id, public_id=public_id).first()
    if token is None or by.account_id is None:
        raise NotFound
    return token
