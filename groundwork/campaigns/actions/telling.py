"""Tell an enterprise, or who keeps an alliance, one thing of this area."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from groundwork.access.actions import notices
from groundwork.access.models import Account, Grant
from groundwork.base.actor import Role
from groundwork.base.clock import day_of
from groundwork.base.tree import chain
from groundwork.registry.models import Body, Person


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


def speakers_of(body: Body, at: datetime) -> list[int]:
    """Name the accounts that speak for an enterprise."""
    return _holders((Role.ENTERPRISE,), body, at)


def keepers_of(body: Body, at: datetime) -> list[int]:
    """Name the accounts that keep what a body leads: its secretaries and clerks."""
    return _holders((Role.UNIT_SECRETARY, Role.CLERK), body, at)


def _holders(roles: tuple[Role, ...], body: Body, at: datetime) -> list[int]:
    day = day_of(at)
    held = Grant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day),
        valid_from__lte=day,
        role__in=roles,
        body__path__in=chain(body.path),
        account__is_active=True,
    )
    return sorted(set(held.values_list("account_id", flat=True)))
