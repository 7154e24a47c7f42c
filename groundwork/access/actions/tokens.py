"""Keys by which programs come in: made, used, revoked."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from groundwork.access.models import Account, ApiToken
from groundwork.access.models import Grant as GrantRow
from groundwork.access.queries.actors import AS_STAFF
from groundwork.access.queries.tokens import own_token, token_digest
from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, Forbidden, RuleBroken

MOST_LIVING = 20


class TooManyTokens(RuleBroken):
    """Refuse one more key where many are alive."""

    code = "access.too_many_tokens"
    text = N_("您已有 %(n)s 把密钥在用。请先撤销不用的。")


@transaction.atomic
def issue_token(*, name: str, by: Actor, at: datetime | None = None) -> str:
    """Make a key that acts as the actor acts now. The secret is known only now."""
    if by.account_id is None:
        raise Forbidden
    at = at or clock.now()
    Account.objects.select_for_update().get(pk=by.account_id)
    living = ApiToken.objects.filter(account=by.account_id, revoked_at=None).count()
    if living >= MOST_LIVING:
        raise TooManyTokens(n=living)
    acts_as = AS_STAFF
    if by.grants:
        acts_as = GrantRow.objects.get(pk=by.grants[0].id or 0).public_id
    secret = secrets.token_urlsafe(24)
    token = ApiToken.objects.create(
        account_id=by.account_id,
        name=name,
        digest=token_digest(secret),
        acts_as=acts_as,
        created_at=at,
    )
    trail.record(by, "issue", "api_token", token.public_id, at=at)
    return secret


@transaction.atomic
def revoke_token(public_id: str, *, by: Actor, at: datetime | None = None) -> ApiToken:
    """End one of the own keys; twice is once. Raises NotFound."""
    token = own_token(by, public_id)
    if token.revoked_at is None:
        token.revoked_at = at or clock.now()
        token.save(update_fields=["revoked_at"])
        trail.record(by, "revoke", "api_token", token.public_id, ["revoked_at"], at=at)
    return token


def note_use(token: ApiToken, *, at: datetime | None = None) -> None:
    """Keep the last day a key was used, one write a day."""
    day = clock.day_of(at or clock.now())
    if token.used_on != day:
        ApiToken.objects.filter(pk=token.pk).update(used_on=day)
