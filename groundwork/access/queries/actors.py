"""Who acts: from a request's session, from an account, from the secret address of a calendar."""

from __future__ import annotations

import hashlib
from datetime import date

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext

from groundwork.access.models import Account, FeedKey
from groundwork.access.models import Grant as GrantRow
from groundwork.base import clock
from groundwork.base.actor import NOBODY, ROLE_NAMES, Actor, Grant, Role

ACTING_KEY = "acting_as"  # session key: the public id of the chosen grant, AS_STAFF for none
AS_STAFF = "-"
_RANK = {role.value: place for place, role in enumerate(Role)}


def grants_in_force(account: Account, *, on: date | None = None) -> list[GrantRow]:
    """List an account's grants of today (or `on`), the widest first."""
    today = on or clock.today()
    rows = account.grants.filter(
        Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today
    ).select_related("body", "place", "acting_for__person")
    return sorted(rows, key=lambda row: (_RANK[row.role], row.pk))


def choose(account: Account, rows: list[GrantRow], chosen: str | None) -> GrantRow | None:
    """Pick the grant to act with: the session's choice, else the account's own, else the widest."""
    for wish in (chosen, account.acts_as):
        if wish == AS_STAFF:
            return None
        found = next((row for row in rows if row.public_id == wish), None)
        if found is not None:
            return found
    return rows[0] if rows else None


def actor_of(request: HttpRequest) -> Actor:
    """Build the actor of a request from its session.

    Three statements with the session's own: session; account with person, unit and community;
    grants with their nodes. Grants are read each time, so that taking one away works at once.
    """
    account = request.user
    if not isinstance(account, Account):
        return NOBODY
    row = choose(account, grants_in_force(account), request.session.get(ACTING_KEY))
    return make_actor(account, row)


def actor_of_account(account: Account) -> Actor:
    """Build the actor as which an account comes in without a session: a feed, a letter."""
    return make_actor(account, choose(account, grants_in_force(account), None))


def feed_digest(secret: str) -> str:
    """Digest the secret of a calendar address (160 random bits need no slow hash)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_of_feed(secret: str) -> Actor | None:
    """Build the actor behind a living calendar address; None for an unknown or revoked one."""
    key = (
        FeedKey.objects.filter(digest=feed_digest(secret), revoked_at=None, account__is_active=True)
        .select_related("account__person__unit", "account__person__home_community")
        .first()
    )
    return actor_of_account(key.account) if key else None


def node_of(row: GrantRow) -> str:
    """Name the body or place a grant is held at."""
    return str(row.body or row.place)


def label_of(row: GrantRow) -> str:
    """Say what one acts as: node and role, in the reader's language."""
    return f"{node_of(row)} · {gettext(ROLE_NAMES[Role(row.role)])}"


def make_actor(account: Account, row: GrantRow | None) -> Actor:
    """Build the actor of an account that acts with one grant, or as plain staff."""
    person = account.person
    grants: tuple[Grant, ...] = ()
    name = person.name if person else account.username
    label = str(person.unit) if person else ""
    if row is not None:
        stands_in = str(row.acting_for.person or row.acting_for) if row.acting_for else ""
        grants = (
            Grant(
                role=Role(row.role),
                body=row.body.path if row.body else None,
                place=row.place.path if row.place else None,
                name=node_of(row),
                id=row.pk,
                acting_for=stands_in,
            ),
        )
        label = label_of(row)
        if person is None:  # an enterprise's account: it is called as the enterprise is
            name, label = node_of(row), gettext(ROLE_NAMES[Role(row.role)])
        if stands_in:
            label = gettext("%(label)s（代%(name)s）") % {"label": label, "name": stands_in}
    return Actor(
        account_id=account.pk,
        person_id=account.person_id,
        grants=grants,
        display_name=name,
        as_label=label,
        unit=person.unit.path if person else None,
        home_community=(person.home_community.path if person and person.home_community else None),
        locale=account.locale or "zh-hans",
    )
