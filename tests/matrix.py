"""Who may open which address: one row each, read like a table on paper.

A row says who gets in (`yes`), and who may see the thing but not do this (`no`, 403). Everybody
else who is signed in is told that there is no such thing (404), and who is not signed in is sent
to the door. `public=True`: the resident gets in too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from tests.cast import PARTS, RESIDENT, ROLES
from tests.world import World

GET, POST = "GET", "POST"
Values = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """What one method of one address answers to whom."""

    name: str
    method: str
    yes: frozenset[str]
    no: frozenset[str]
    arguments: Values
    values: Values
    anonymous: str
    page: bool  # what GET gives is a page for reading, no download and no fragment

    def expected(self, who: str) -> str:
        """Give the answer that `who` must get."""
        if who in self.yes:
            return "yes"
        if who == RESIDENT:
            return self.anonymous
        return "403" if who in self.no else "404"


def _set(who: str) -> frozenset[str]:
    names = frozenset(who.split())
    assert names <= set(ROLES), names - set(ROLES)
    return names


def row(
    name: str,
    method: str,
    yes: str,
    no: str = "",
    *,
    thing: str = "",
    arg: str = "public_id",
    arguments: Values | None = None,
    values: Values | None = None,
    public: bool = False,
    anonymous: str = "sign in",
    page: bool = True,
) -> Row:
    """Make a row; `thing` names what of the world the address opens."""
    if thing:
        arguments = lambda world: {arg: world[thing].public_id}  # noqa: E731
    return Row(
        name,
        method,
        _set(yes) | ({RESIDENT} if public else set()),
        _set(no),
        arguments or (lambda world: {}),
        values or (lambda world: {}),
        anonymous,
        page and method == GET,
    )


# Groups ------------------------------------------------------------------------------------------
STAFF = " ".join(PARTS)
ALL = f"{STAFF} enterprise"

TABLE: list[Row] = []

# Who reads which page where one reader is enough: the first of these who may.
READERS = ("unit_secretary", "city_operator", "staff", "enterprise", RESIDENT)


@dataclass(frozen=True)
class Page:
    """A page to look at, and as whom."""

    name: str
    url: str
    who: str


def pages(world: World) -> list[Page]:
    """List every page of the table once, with a reader who may open it."""
    return [
        Page(row.name, reverse(row.name, kwargs=row.arguments(world)), _reader(row))
        for row in TABLE
        if row.page
    ]


def _reader(row: Row) -> str:
    return next(who for who in (*READERS, *sorted(row.yes)) if who in row.yes)
