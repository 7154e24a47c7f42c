"""Whose accounts to tell of a matter: those nearest to it who hold the keys."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from groundwork.access.models import Grant
from groundwork.base.clock import day_of
from groundwork.matters.models import Matter
from groundwork.matters.policy import DISPATCHERS, HANDLERS, LEADERS, OPERATORS
from groundwork.matters.rules.routing import named_in_complaint
from groundwork.registry.models import Body, Place

STEP = Body.steplen


def chain(path: str) -> list[str]:
    """List a path and those above it, the deepest first."""
    return [path[:end] for end in range(len(path), 0, -STEP)]


def handlers_of(body: Body, at: datetime, *, avoid: Body | None = None) -> list[int]:
    """Name the accounts that handle for a body: its own, else those of the next body above."""
    return _nearest(HANDLERS, "body__path", chain(body.path), at, avoid)


def dispatchers_of(place: Place, at: datetime, *, avoid: Body | None = None) -> list[int]:
    """Name the accounts that dispatch for a place: its own, else those of the next place above."""
    return _nearest(DISPATCHERS, "place__path", chain(place.path), at, avoid)


def leaders_at(path: str, at: datetime, *, avoid: Body | None = None) -> list[int]:
    """Name who answers for the body of a path: its secretaries, and the operators of its place
    where it stands above the units.
    """
    there = Q(role__in=LEADERS, body__path=path)
    body = Body.objects.filter(path=path, kind=Body.Kind.PARTY).select_related("place").first()
    if body is not None and body.place is not None:
        there |= Q(role__in=OPERATORS, place__path=body.place.path)
    return _accounts(_in_force(at).filter(there), avoid)


def operators_at(path: str, at: datetime, *, avoid: Body | None = None) -> list[int]:
    """Name the operators of the place of a path."""
    there = _in_force(at).filter(role__in=OPERATORS, place__path=path)
    return _accounts(there, avoid)


def deciders_of(matter: Matter, at: datetime) -> list[int]:
    """Name the operators nearest to a matter: they decide what its lead asks for."""
    return _nearest(OPERATORS, "place__path", chain(matter.place.path), at, matter.concerns)


def _in_force(at: datetime) -> QuerySet[Grant]:
    day = day_of(at)
    return Grant.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


def _nearest(
    roles: Collection[str], field: str, paths: list[str], at: datetime, avoid: Body | None
) -> list[int]:
    held = _in_force(at).filter(role__in=roles, **{f"{field}__in": paths})
    for path in sorted(set(held.values_list(field, flat=True)), key=len, reverse=True):
        if found := _accounts(held.filter(**{field: path}), avoid):
            return found
    return []


def _accounts(held: QuerySet[Grant], avoid: Body | None) -> list[int]:
    """List the holders, without those who belong to the body a complaint names."""
    rows = held.values_list("account_id", "body__path", "account__person__unit__path")
    named = avoid.path if avoid is not None else None
    return sorted(
        {
            pk
            for pk, *homes in rows
            if not any(home and named_in_complaint(home, named) for home in homes)
        }
    )
