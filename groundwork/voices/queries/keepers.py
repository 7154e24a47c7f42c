"""Whose accounts to tell: a community's secretaries, a unit's, the operators above it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from groundwork.access.models import Grant
from groundwork.base.actor import Role
from groundwork.base.clock import day_of
from groundwork.base.tree import chain
from groundwork.registry.models import Body, Place

OPERATORS = (Role.DISTRICT_OPERATOR, Role.CITY_OPERATOR)


def secretaries_of(place: Place, at: datetime) -> list[int]:
    """Name the secretaries nearest to a community."""
    return _nearest(_held(at, (Role.COMMUNITY_SECRETARY,)), "place__path", place.path)


def heads_of(unit: Body, at: datetime) -> list[int]:
    """Name the secretaries of a unit."""
    return _nearest(_held(at, (Role.UNIT_SECRETARY,)), "body__path", unit.path)


def operators_over(unit: Body, at: datetime) -> list[int]:
    """Name the operators nearest above a unit."""
    if unit.place is None:
        return []
    return _nearest(_held(at, OPERATORS), "place__path", unit.place.path)


def _held(at: datetime, roles: Collection[Role]) -> QuerySet[Grant]:
    day = day_of(at)
    return Grant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day),
        valid_from__lte=day,
        role__in=roles,
        account__is_active=True,
    )


def _nearest(held: QuerySet[Grant], field: str, path: str) -> list[int]:
    rows = list(held.filter(**{f"{field}__in": chain(path)}).values_list(field, "account_id"))
    nearest = max((len(found) for found, _account in rows), default=0)
    return sorted({account for found, account in rows if len(found) == nearest})
