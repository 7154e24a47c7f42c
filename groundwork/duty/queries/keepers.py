"""Whose accounts to tell of a gate: those nearest to it who keep its place."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from groundwork.access.models import Grant
from groundwork.base.actor import Role
from groundwork.base.clock import day_of
from groundwork.base.tree import chain
from groundwork.duty.models import Gate

KEEPERS = (Role.COMMUNITY_SECRETARY, Role.GATE_LEAD)
ABOVE = (Role.DISTRICT_OPERATOR, Role.CITY_OPERATOR)


def keepers_of(gate: Gate, at: datetime) -> list[int]:
    """Name the accounts that keep a gate's place; where nobody does, the operators nearest."""
    day = day_of(at)
    held = Grant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day),
        valid_from__lte=day,
        account__is_active=True,
        place__path__in=chain(gate.place.path),
    )
    for roles in (KEEPERS, ABOVE):
        rows = list(held.filter(role__in=roles).values_list("place__path", "account_id"))
        if rows:
            nearest = max(len(path) for path, _account in rows)
            return sorted({account for path, account in rows if len(path) == nearest})
    return []
