"""Who acts, from a request."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext

from groundwork.access.models import Account
from groundwork.access.models import Grant as GrantRow
from groundwork.base import clock
from groundwork.base.actor import NOBODY, ROLE_NAMES, Actor, Grant, Role

ACTING_KEY = "acting_as"  # session key: the public id of the chosen grant, "" for plain staff


def grants_in_force(account: Account) -> list[GrantRow]:
    """List an account's grants of today, the widest first."""
    today = clock.today()
    return list(
        account.grants.filter(Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today)
        .select_related("body", "place", "acting_for__person")
        .order_by("id")
    )


def actor_of(request: HttpRequest) -> Actor:
    """Build the actor of a request from its session."""
    account = request.user
    if not isinstance(account, Account):
        return NOBODY
    rows = grants_in_force(account)
    chosen = request.session.get(ACTING_KEY)
    if chosen is None:
        row = rows[0] if rows else None
    else:
        row = next((r for r in rows if r.public_id == chosen), None)
    return make_actor(account, row)


def make_actor(account: Account, row: GrantRow | None) -> Actor:
    """Build the actor of an account that acts with one grant, or as plain staff."""
    person = account.person
    grants: tuple[Grant, ...] = ()
    label = ""
    if row is not None:
        node = row.body or row.place
        assert node is not None
        grants = (
            Grant(
                role=Role(row.role),
                body=row.body.path if row.body else None,
                place=row.place.path if row.place else None,
                name=str(node),
                id=row.pk,
                acting_for=str(row.acting_for.person or "") if row.acting_for else "",
            ),
        )
        label = f"{node} · {gettext(ROLE_NAMES[Role(row.role)])}"
    elif person is not None:
        label = str(person.unit)
    return Actor(
        account_id=account.pk,
        person_id=account.person_id,
        grants=grants,
        display_name=person.name if person else account.username,
        as_label=label,
        unit=person.unit.path if person else None,
        home_community=(person.home_community.path if person and person.home_community else None),
        locale=account.locale or "zh-hans",
    )
