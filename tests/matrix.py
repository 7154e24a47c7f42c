"""Who may open which address: one row each, read like a table on paper.

A row says who gets in (`yes`), and who may see the thing but not do this (`no`, 403). Everybody
else who is signed in is told that there is no such thing (404), and who is not signed in is sent
to the door. `public=True`: the resident gets in too.
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
    )


# Groups ------------------------------------------------------------------------------------------
STAFF = " ".join(PARTS)
ALL = f"{STAFF} enterprise"

TABLE: list[Row] = []
