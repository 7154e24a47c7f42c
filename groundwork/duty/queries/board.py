"""The board of an order: what is covered now, the next hours, what is at risk, who rests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import F, QuerySet, Sum

from groundwork.base.numbers import Count, Rate
from groundwork.duty.models import Order, Post, Shift
from groundwork.duty.queries.shifts import (
    BY_CODE,
    RISK,
    Look,
    Wanted,
    at_place,
    below,
    wanted_shifts,
)
from groundwork.duty.rules.posts import CAME
from groundwork.registry.models import Place

NOW, NEXT = ("now", "covered", "uncovered"), ("next", "short")
AT_RISK = ("unconfirmed", "alone", "leaderless")
AHEAD = (*NEXT, *AT_RISK)  # all of these lie within the next 24 hours


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
    """Read the board; every number is the length of the list of its name at this place.

    Four statements over three spans of time, each no longer than its lists: a large city's day
    is fifteen hundred shifts.
    """
    rows = Shift.objects.filter(at_place(place), order=order, called_off_at=None).order_by()
    now, resting = _now(rows, at), _resting(rows, at)
    column, ahead = _column(place), _ahead(rows, _column(place), at)
    n = {**now, **resting, **{code: sum(row[code] for row in ahead) for code in AHEAD}}
    return Board(
        order=order,
        place=place,
        gates=Rate(now["gates_covered"], now["gates"]),
        now=[_figure(code, n) for code in NOW],
        next=[_figure(code, n) for code in NEXT],
        risk=[_figure(code, n) for code in AT_RISK],
        resting=_figure("resting", n),
        people_resting=Count(resting["people"]),
        places=_places(place, {row[column]: row for row in ahead}),
    )


def _figure(code: str, n: dict[str, int]) -> Figure:
    return Figure(BY_CODE[code], Count(n[code]))


def _counts(codes: tuple[str, ...], at: datetime) -> dict[str, CountOf]:
    return {code: CountOf("pk", filter=BY_CODE[code].narrow(at)) for code in codes}


def _now(rows: QuerySet[Shift], at: datetime) -> dict[str, int]:
    """Count the shifts that run now, and their gates; from the posts, where somebody stands."""
    running = rows.filter(BY_CODE["now"].narrow(at))
    n = running.aggregate(now=CountOf("pk"), gates=CountOf("gate", distinct=True))
    held = Post.objects.filter(shift__in=running.values("pk"), state="standing").aggregate(
        covered=CountOf("shift", distinct=True),
        gates_covered=CountOf("shift__gate", distinct=True),
    )
    return {**n, **held, "uncovered": n["now"] - held["covered"]}


def _resting(rows: QuerySet[Shift], at: datetime) -> dict[str, int]:
    """Count the shifts after which people rest, and the people: somebody came to each of them."""
    ended = rows.filter(BY_CODE["resting"].narrow(at)).values("pk")
    posts = Post.objects.filter(shift__in=ended, state__in=CAME)
    return posts.aggregate(
        resting=CountOf("shift", distinct=True), people=CountOf("person", distinct=True)
    )


def _column(place: Place) -> str:
    """Name the column by which the places one step below are told apart."""
    columns = {Place.Level.CITY: "district", Place.Level.DISTRICT: "township"}
    return columns.get(Place.Level(place.level), "place")


def _ahead(rows: QuerySet[Shift], column: str, at: datetime) -> list[dict[str, Any]]:
    """Count the lists of the next 24 hours and add up what they ask for, by places below."""
    soon = rows.filter(starts_at__gt=at, starts_at__lte=at + RISK)
    return list(
        soon.values(column).annotate(
            **_counts(AHEAD, at),
            shifts=CountOf("pk"),
            wanted_n=Sum("wanted"),
            posted_n=Sum("posted"),
            confirmed_n=Sum("confirmed"),
        )
    )


def _places(place: Place, sums: dict[int | None, dict[str, Any]]) -> list[PlaceLine]:
    """Say what the next 24 hours ask for and have, in the directory's order of places."""
    columns = ("shifts", "wanted_n", "posted_n", "confirmed_n")
    return [
        PlaceLine(one, *(sums[one.pk][name] for name in columns))
        for one in below(place)
        if one.pk in sums
    ]


def slots_open(order: Order, at: datetime) -> int:
    """Count the slots ahead that nobody has."""
    rows = wanted_shifts(order, Wanted("empty"), at)
    return rows.aggregate(n=Sum(F("wanted") - F("posted")))["n"] or 0
