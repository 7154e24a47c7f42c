"""The board of an order: what is covered now, the next hours, what is at risk, who rests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count as CountOf
from django.db.models import F, Q, Sum

from groundwork.base.numbers import Count, Rate
from groundwork.duty.models import Order, Shift
from groundwork.duty.queries.shifts import (
    BY_CODE,
    RISK,
    Look,
    Wanted,
    at_place,
    below,
    people_of,
    wanted_shifts,
)
from groundwork.registry.models import Place

AT_RISK = ("unconfirmed", "alone", "leaderless")


@dataclass(frozen=True)
class Figure:
    """One number of the board and the list it opens onto."""

    look: Look
    n: Count


@dataclass(frozen=True)
class PlaceLine:
    """One place below: what the next 24 hours ask for and have there."""

    place: Place
    shifts: int
    wanted: int
    posted: int
    confirmed: int

    @property
    def short(self) -> int:
        """Count the slots nobody has."""
        return max(0, self.wanted - self.posted)


@dataclass(frozen=True)
class Board:
    """What an operator sees of an order at a place."""

    order: Order
    place: Place
    gates: Rate  # gates with somebody there, of those that have a shift now
    now: list[Figure]
    next: list[Figure]
    risk: list[Figure]
    resting: Figure
    people_resting: Count
    places: list[PlaceLine]


def board(order: Order, place: Place, at: datetime) -> Board:
    """Read the board; every number is the length of the list of its name at this place."""
    here = at_place(place)
    n = _counts(order, here, at)
    resting = Wanted("resting", None if place.pk == order.place_id else place)
    return Board(
        order=order,
        place=place,
        gates=_gates(order, here, at),
        now=[_figure(code, n) for code in ("now", "covered", "uncovered")],
        next=[_figure(code, n) for code in ("next", "short")],
        risk=[_figure(code, n) for code in AT_RISK],
        resting=_figure("resting", n),
        people_resting=Count(people_of(order, resting, at)),
        places=_places(order, place, at),
    )


def _figure(code: str, n: dict[str, int]) -> Figure:
    return Figure(BY_CODE[code], Count(n[code]))


def _counts(order: Order, here: Q, at: datetime) -> dict[str, int]:
    """Count all lists of the board in one statement over the shifts of two days."""
    codes = ("now", "covered", "uncovered", "next", "short", *AT_RISK, "resting")
    rows = Shift.objects.filter(here, order=order, called_off_at=None).filter(
        starts_at__gt=at - timedelta(days=2), starts_at__lte=at + RISK
    )
    counts = {code: CountOf("pk", filter=BY_CODE[code].narrow(at)) for code in codes}
    return rows.order_by().aggregate(**counts)


def _gates(order: Order, here: Q, at: datetime) -> Rate:
    rows = wanted_shifts(order, Wanted("now"), at).filter(here).order_by()
    found = rows.aggregate(
        whole=CountOf("gate", distinct=True),
        part=CountOf("gate", distinct=True, filter=Q(present__gt=0)),
    )
    return Rate(found["part"], found["whole"])


def _places(order: Order, place: Place, at: datetime) -> list[PlaceLine]:
    """Add up the next 24 hours by the places one step below, in the directory's order."""
    columns = {Place.Level.CITY: "district", Place.Level.DISTRICT: "township"}
    column = columns.get(Place.Level(place.level), "place")
    rows = Shift.objects.filter(at_place(place), order=order, called_off_at=None).filter(
        starts_at__gt=at, starts_at__lte=at + RISK
    )
    sums = (
        rows.order_by()
        .values_list(column)
        .annotate(
            shifts=CountOf("pk"),
            wanted_n=Sum("wanted"),
            posted_n=Sum("posted"),
            confirmed_n=Sum("confirmed"),
        )
    )
    by_place = {row[0]: row[1:] for row in sums}
    return [
        PlaceLine(one, *by_place.get(one.pk, (0, 0, 0, 0)))
        for one in below(place)
        if one.pk in by_place
    ]


def slots_open(order: Order, at: datetime) -> int:
    """Count the slots ahead that nobody has."""
    rows = wanted_shifts(order, Wanted("empty"), at)
    return rows.aggregate(n=Sum(F("wanted") - F("posted")))["n"] or 0
