"""What a wall shows at a moment: figures, one curve, which districts, tonight, open orders.

Of a district it says yes or no, never how many: tiles of different weight would rank them. What
somebody may see is decided by the areas' own policies; `audience` names who sees alike, so that a
thousand walls can be shown one reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Substr

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.duty.models import Order
from groundwork.duty.policy.orders import open_orders, visible_orders
from groundwork.figures.policy import tiles_of
from groundwork.figures.queries.source import Scope
from groundwork.figures.queries.values import Value, values_of
from groundwork.figures.rules.catalogue import FIGURES
from groundwork.figures.rules.periods import Period
from groundwork.registry.models import Place
from groundwork.study.models import Evening, Room
from groundwork.study.policy.hall import open_halls
from groundwork.study.queries.audience import TOLD

SHOWN = (
    "matters.raised", "matters.resolution_rate", "matters.confirmed_rate", "service.visits",
    "study.attendance", "study.people",
)  # fmt: skip
MOST_EVENINGS, MOST_ORDERS = 3, 3  # that are written out; the others are counted


@dataclass(frozen=True)
class Tile:
    """A place below, in the order of the directory: whether something is on there, yes or no."""

    place: Place
    evening: bool
    order: bool


@dataclass(frozen=True)
class Wall:
    """One reading. `orders` is None for who may not know of any."""

    values: list[Value]
    cutoff: datetime
    tiles: list[Tile]
    evenings: list[Evening]
    more_evenings: int
    orders: list[Order] | None
    more_orders: int


def audience(by: Actor) -> str:
    """Name those who are shown the same: staff, others who are signed in, everybody."""
    if by.person_id is not None or by.system:
        return "staff"
    return "public" if by.is_anonymous else "known"


def read_wall(by: Actor, place: Place, period: Period, at: datetime) -> Wall:
    """Read what a wall of a place shows; the number of statements is constant."""
    values = values_of([FIGURES[key] for key in SHOWN], Scope("place", place.path), period, at)
    tonight = list(_tonight(by, at).filter(_touching("host__place__path", place)))
    orders = list(_orders(by, at).filter(_touching("place__path", place)))
    knows = audience(by) == "staff"
    return Wall(
        values=[values[key] for key in SHOWN],
        cutoff=min(value.cutoff for value in values.values()),
        tiles=_tiles(place, tonight, orders),
        evenings=tonight[:MOST_EVENINGS],
        more_evenings=len(tonight[MOST_EVENINGS:]),
        orders=orders[:MOST_ORDERS] if knows else None,
        more_orders=len(orders[MOST_ORDERS:]),
    )


def _tonight(by: Actor, at: datetime) -> QuerySet[Evening]:
    """Give today's evenings that were announced and not called off, the city's own first."""
    midnight = clock.local(clock.day_of(at), time())
    today = {"starts_at__gte": midnight, "starts_at__lt": midnight + timedelta(days=1)}
    rows = open_halls(by).filter(state__in=TOLD, **today)
    return rows.order_by("host__place__depth", "parent", "starts_at", "id")


def _orders(by: Actor, at: datetime) -> QuerySet[Order]:
    rows = visible_orders(by).filter(pk__in=open_orders(at).values("pk"))
    return rows.select_related("place").order_by("place__path", "starts_at", "id")


def _touching(column: str, place: Place) -> Q:
    """Make a condition: at a place, below it, or for all of a place above it."""
    steps = range(Place.steplen, len(place.path), Place.steplen)
    above = [place.path[:end] for end in steps]
    return Q(**{f"{column}__startswith": place.path}) | Q(**{f"{column}__in": above})


def _tiles(place: Place, tonight: Sequence[Evening], orders: Sequence[Order]) -> list[Tile]:
    places = tiles_of(place)
    if not places:
        return []
    length = len(places[0].path)
    rooms = Room.objects.filter(evening__in=[evening.pk for evening in tonight])
    seats = rooms.order_by().annotate(spot=Substr("body__place__path", 1, length))
    studying = set(seats.values_list("spot", flat=True).distinct())
    studying |= {spot[:length] for spot in _spots(e.host.place for e in tonight)}
    ordered = _spots(order.place for order in orders)
    return [
        Tile(
            tile,
            tile.path in studying,
            any(tile.path.startswith(o) or o.startswith(tile.path) for o in ordered),
        )
        for tile in places
    ]


def _spots(places: Iterable[Place | None]) -> set[str]:
    return {place.path for place in places if place is not None}
