"""The page of a community: what was raised here for everybody, and more for who answers for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import NotFound
from groundwork.base.listing import Listing, page_by_key
from groundwork.base.tree import covers
from groundwork.matters.models import Matter
from groundwork.matters.policy import DISPATCHERS, visible_matters
from groundwork.matters.policy.places import at_place
from groundwork.matters.queries import board
from groundwork.matters.rules.states import OPEN
from groundwork.registry.models import Place

KEEPERS = (Role.COMMUNITY_SECRETARY, *DISPATCHERS)
NEAR = (Place.Level.COMMUNITY, Place.Level.GRID)
MOST = 30


@dataclass(frozen=True)
class CommunityMatters:
    """What was raised in a place: for everybody, and what is open for who answers for it."""

    place: Place
    public: board.Board
    inner: Listing[Matter] | None  # None: not for this reader


def place_of(public_id: str) -> Place:
    """Fetch a place: a community, village or grid cell (NEAR) has a page of its own here."""
    place = Place.objects.filter(public_id=public_id).first()
    if place is None:
        raise NotFound
    return place


def community_matters(
    place: Place, by: Actor, at: datetime, *, after: str = "", inner_after: str = ""
) -> CommunityMatters:
    """Read what was raised in a place and below."""
    public = board.board(board.Wanted(place=place, after=after), at)
    return CommunityMatters(place, public, open_matters(place, by, at, after=inner_after))


def open_matters(
    place: Place, by: Actor, at: datetime, *, after: str = "", size: int = MOST
) -> Listing[Matter] | None:
    """Read what is still open in a place and below, the newest first; None: not for this reader."""
    if not covers(by.places(*KEEPERS), place.path):
        return None
    rows = visible_matters(by, at).filter(at_place(place), state__in=OPEN)
    rows = rows.select_related("category", "lead", "place").defer("text", "answer")
    return page_by_key(rows, ("-id",), after, size=size)
