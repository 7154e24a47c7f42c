"""A row of the table of permissions, and the groups that rows name.

A row says who gets in (`yes`), and who may see the thing but not do this (`no`, 403). Everybody
else who is signed in is told that there is no such thing (404), and who is not signed in is sent
to the door.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
    reader: str  # who looks at the page where one reader is enough
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
    anonymous: str = "sign in",
    reader: str = "",
    page: bool = True,
) -> Row:
    """Make a row; `thing` names what of the world the address opens."""
    if thing:
        arguments = lambda world: {arg: world[thing].public_id}  # noqa: E731
    return Row(
        name,
        method,
        _set(yes),
        _set(no),
        arguments or (lambda world: {}),
        values or (lambda world: {}),
        anonymous,
        reader,
        page and method == GET and bool(yes),
    )


# Groups ------------------------------------------------------------------------------------------
STAFF = " ".join(PARTS)
ALL = f"{STAFF} enterprise"  # everybody who is signed in
EVERYBODY = f"{ALL} {RESIDENT}"


def less(group: str, *gone: str) -> str:
    """Name who is in a group and in none of the others."""
    out = {who for names in gone for who in names.split()}
    return " ".join(who for who in group.split() if who not in out)


def others(*groups: str) -> str:
    """Name everybody signed in who is in none of the groups."""
    named = {who for group in groups for who in group.split()}
    return " ".join(who for who in ALL.split() if who not in named)
