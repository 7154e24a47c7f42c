"""One search over everything the reader may see."""

from __future__ import annotations

from dataclasses import dataclass

from groundwork.base.actor import Actor
from groundwork.base.listing import Hit

PER_GROUP = 8


@dataclass(frozen=True)
class Group:
    """The hits of one kind."""

    title: str
    hits: list[Hit]
    more: bool = False


def search(by: Actor, q: str, *, limit: int = PER_GROUP) -> list[Group]:
    """Find `q` in every area; groups without a hit are left out."""
    return []
