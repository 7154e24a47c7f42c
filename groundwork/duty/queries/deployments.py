"""Who of which unit stood where under an order: what a contact point may grow out of.

People, places and days only: what a gate's log held is nowhere in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q, QuerySet

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.base.tree import under
from groundwork.duty.models import Order, Post
from groundwork.duty.policy.gates import KEEPERS
from groundwork.duty.policy.posts import UNIT_READERS
from groundwork.duty.rules.posts import CAME
from groundwork.registry.models import Body, Person, Place

MOST = 200


@dataclass(frozen=True)
class Deployment:
    """A unit at a community: how many of its people stood there, from when to when."""

    unit: Body
    place: Place
    people: int
    first: str
    last: str


@dataclass(frozen=True)
class Stood:
    """What a contact point takes over: who stood, on which days of the week, who led last."""

    order: Order
    unit: Body
    place: Place
    people: list[Person]
    weekdays: list[int]
    leader: Person | None


def posts_stood(by: Actor, order: Order) -> QuerySet[Post]:
    """Posts of an order that somebody came to, as a unit reads its people's or a community its."""
    rows = Post.objects.filter(shift__order=order, state__in=CAME)
    if by.system:
        return rows
    condition = under("person__unit__path", by.bodies(*UNIT_READERS))
    return rows.filter(condition | under("shift__place__path", by.places(*KEEPERS)))


def reads_deployments(by: Actor) -> bool:
    """Tell whether there can be anything for this reader: a unit's or a place's keeper."""
    return bool(by.system) or bool(by.bodies(*UNIT_READERS)) or bool(by.places(*KEEPERS))


def deployments(by: Actor, order: Order, *, most: int = MOST) -> list[Deployment]:
    """List units and communities in the directory's order, in three statements."""
    rows = (
        posts_stood(by, order)
        .filter(shift__place__level=Place.Level.COMMUNITY)
        .order_by("shift__place__path", "person__unit__path")
        .values_list("shift__place_id", "person__unit_id", "shift__place__path")
        .annotate(
            people=Count("person", distinct=True), first=Min("shift__day"), last=Max("shift__day")
        )
    )[:most]
    found = list(rows)
    places = Place.objects.in_bulk([row[0] for row in found])
    units = Body.objects.in_bulk([row[1] for row in found])
    return [
        Deployment(units[unit], places[place], people, first, last)
        for place, unit, _path, people, first, last in found
    ]


def deployment(by: Actor, order: Order, unit_id: str, place_id: str) -> Stood:
    """Read one of them whole. Raises NotFound where nobody of the unit stood there for this reader.

    Who led last leads; nobody's shifts are counted.
    """
    posts = posts_stood(by, order).filter(
        person__unit__public_id=unit_id, shift__place__public_id=place_id
    )
    rows = list(
        posts.select_related("person__unit__place", "shift__place", "shift").order_by(
            "-shift__starts_at", "pk"
        )
    )
    if not rows:
        raise NotFound
    leaders = [row.person for row in rows if row.kind == "lead"]
    people = {row.person_id: row.person for row in rows}
    days = {row.shift.starts_at.astimezone(clock.ZONE).isoweekday() for row in rows}
    return Stood(
        order=order,
        unit=rows[0].person.unit,
        place=rows[0].shift.place,
        people=sorted(people.values(), key=lambda one: (one.sort_key, one.pk)),
        weekdays=sorted(days),
        leader=leaders[0] if leaders else None,
    )


def stood_anywhere(by: Actor, order: Order) -> bool:
    """Tell whether this reader has anything to turn into a contact point."""
    here = Q(shift__place__level=Place.Level.COMMUNITY)
    return reads_deployments(by) and posts_stood(by, order).filter(here).exists()
