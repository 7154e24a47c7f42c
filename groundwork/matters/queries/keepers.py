"""Whose accounts to tell of a matter: those nearest to it who hold the keys."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from groundwork.access.models import Grant
from groundwork.base.actor import Role
from groundwork.base.clock import day_of
from groundwork.base.tree import chain, covers
from groundwork.matters.models import Matter
from groundwork.matters.policy import HANDLERS, LEADERS, OPERATORS
from groundwork.matters.rules.routing import named_in_complaint
from groundwork.registry.models import Body, Person, Place


def handlers_of(body: Body, at: datetime, *, avoid: Body | None = None) -> list[int]:
    """Name who handles for a body: its handlers, else its secretary and clerk, else of the next
    body above.
    """
    for path in chain(body.path):
        for roles in ((Role.HANDLER,), HANDLERS):
            if found := _nearest(roles, "body__path", [path], at, avoid):
                return found
    return []


def handles_for(person: Person, body: Body, at: datetime) -> bool:
    """Tell whether a person handles for a body: works there, or holds the role there or above."""
    homes = [person.unit.path, person.office.path if person.office else None]
    if any(covers([body.path], home) for home in homes):
        return True
    held = _in_force(at).filter(account__person=person, role__in=HANDLERS)
    return held.filter(body__path__in=chain(body.path)).exists()


def dispatchers_of(place: Place, at: datetime, *, avoid: Body | None = None) -> list[int]:
    """Name the dispatchers nearest to a place; where there is none, the operators nearest."""
    for roles in ((Role.DISPATCHER,), OPERATORS):
        if found := _nearest(roles, "place__path", chain(place.path), at, avoid):
            return found
    return []


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
