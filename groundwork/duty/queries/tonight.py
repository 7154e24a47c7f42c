"""A community's evening under the orders in force: gates, people, what is needed, who reported."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count as CountOf
from django.db.models import QuerySet, Sum

from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.listing import Listing, capped_count
from groundwork.base.numbers import Count
from groundwork.duty.models import Order, Post, Shift, Volunteer
from groundwork.duty.policy.gates import keeps_place
from groundwork.duty.policy.orders import open_orders
from groundwork.duty.queries.shifts import at_place
from groundwork.duty.rules.posts import HOLDS
from groundwork.matters.models import Matter
from groundwork.matters.queries.community import open_matters
from groundwork.registry.models import Person, Place

SPAN = timedelta(hours=24)
MOST_SHIFTS, MOST_PEOPLE, MOST_MATTERS = 120, 60, 5


@dataclass(frozen=True)
class Evening:
    """One shift of today or tonight and those who stand it."""

    shift: Shift
    posts: list[Post]

    @property
    def open(self) -> int:
        """Count what is still lacking."""
        return max(0, self.shift.wanted - self.shift.posted)


@dataclass(frozen=True)
class Tonight:
    """What a community secretary looks at before the evening."""

    place: Place
    orders: list[Order]
    shifts: list[Evening]
    more: bool
    registered: Count
    people: list[Volunteer]
    matters: (
        Listing[Matter] | None
    )  # what is open here, the newest first; None: not for this reader

    @property
    def open(self) -> int:
        """Count the slots that nobody has in these shifts."""
        return sum(one.open for one in self.shifts)


def tonight(by: Actor, public_id: str, at: datetime) -> Tonight:
    """Read the next 24 hours of a place, for who keeps it. Raises NotFound, Forbidden."""
    place = Place.objects.filter(public_id=public_id).first()
    if place is None:
        raise NotFound
    if not keeps_place(by, place.path):
        raise Forbidden
    orders = list(open_orders(at).select_related("place").order_by("starts_at", "pk"))
    orders = [one for one in orders if _reach(one, place)]
    rows = _shifts(orders, place, at).select_related("gate", "place", "order")
    shifts = list(rows.order_by("starts_at", "pk")[: MOST_SHIFTS + 1])
    shown = shifts[:MOST_SHIFTS]
    registered, people = _people(orders, place)
    return Tonight(
        place=place,
        orders=orders,
        shifts=_with_people(shown),
        more=len(shifts) > MOST_SHIFTS,
        registered=registered,
        people=people,
        matters=open_matters(place, by, at, size=MOST_MATTERS),
    )


@dataclass(frozen=True)
class Brief:
    """A community's evening in one line: its gates, what they ask for, who is there."""

    place: Place
    gates: int
    wanted: int
    posted: int
    confirmed: int

    @property
    def open(self) -> int:
        """Count what is still lacking."""
        return max(0, self.wanted - self.posted)


def brief(place: Place, at: datetime) -> Brief | None:
    """Add up the next 24 hours of a place; None where no order reaches it."""
    orders = [one for one in open_orders(at).select_related("place") if _reach(one, place)]
    if not orders:
        return None
    rows = _shifts(orders, place, at).order_by()
    found = rows.aggregate(
        gates=CountOf("gate", distinct=True),
        wanted=Sum("wanted"),
        posted=Sum("posted"),
        confirmed=Sum("confirmed"),
    )
    return Brief(place, **{name: value or 0 for name, value in found.items()})


def _reach(order: Order, place: Place) -> bool:
    return _touch(order.place.path, place.path)


def _shifts(orders: list[Order], place: Place, at: datetime) -> QuerySet[Shift]:
    """Give the shifts of the next 24 hours, and those that run."""
    return Shift.objects.filter(
        at_place(place),
        order__in=orders,
        called_off_at=None,
        starts_at__lt=at + SPAN,
        starts_at__gt=at - timedelta(days=1),
        ends_at__gt=at,
    )


def _touch(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _with_people(shifts: list[Shift]) -> list[Evening]:
    posts = Post.objects.filter(shift__in=[shift.pk for shift in shifts], state__in=HOLDS)
    by_shift: dict[int, list[Post]] = defaultdict(list)
    for post in posts.select_related("person__unit").order_by("person__sort_key", "pk"):
        by_shift[post.shift_id].append(post)
    return [
        Evening(shift, sorted(by_shift[shift.pk], key=lambda post: post.kind != "lead"))
        for shift in shifts
    ]


def _people(orders: list[Order], place: Place) -> tuple[Count, list[Volunteer]]:
    """Give how many live here and can come, and the first of them; few are counted as read."""
    rows = _registered(orders, place)
    named = rows.select_related("person__unit").order_by("person__sort_key", "pk")
    people = list(named[: MOST_PEOPLE + 1])
    if len(people) > MOST_PEOPLE:
        return Count(capped_count(rows)), people[:MOST_PEOPLE]
    return Count(len(people)), people


def _registered(orders: list[Order], place: Place) -> QuerySet[Volunteer]:
    """Give those who live here, were called up and said when they can come."""
    homes = Place.objects.filter(path__startswith=place.path)
    return Volunteer.objects.filter(
        order__in=orders,
        # From the people of the place to their answers, not through all the city's answers.
        person__in=Person.objects.filter(home_community__in=homes.values("pk")).values("pk"),
        answered_at__isnull=False,
        excused_at=None,
        held_at=None,
    )
