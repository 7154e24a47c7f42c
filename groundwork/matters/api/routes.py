"""The ledger's JSON: the board for all, one's own list for the staff, a way in and a way's end."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Header, Path, Query, Router, Schema

from groundwork.access.api import (
    CLOSED,
    OPEN,
    PROBLEMS,
    Code,
    Cursor,
    Line,
    PublicId,
    Size,
    by_of,
    page,
    written,
)
from groundwork.base import clock
from groundwork.matters.actions.programs import Told, raise_told
from groundwork.matters.api import schemas
from groundwork.matters.api.links import raiser_link
from groundwork.matters.policy import raiser_by_secret
from groundwork.matters.queries import records
from groundwork.matters.queries.card import card_matter
from groundwork.matters.queries.timeline import timeline
from groundwork.matters.rules.states import State

router = Router(tags=["matters"])
Id = Annotated[PublicId, Path()]


class Narrowed(Schema):
    """What a list is narrowed to."""

    category: Code | None = None
    place: Code | None = None
    state: State | None = None
    q: Line = ""
    after: Cursor = ""
    size: Size = 50

    def wanted(self) -> records.Wanted:
        """Give it as the query takes it."""
        return records.Wanted(
            self.category or "", self.place or "", self.state or "", self.q, self.after, self.size
        )


class StaffNarrowed(Narrowed):
    """What the staff's list is narrowed to: by the id of a central task too."""

    priority: PublicId | None = None

    def wanted(self) -> records.Wanted:
        """Give it as the query takes it."""
        return replace(super().wanted(), priority=self.priority or "")


@router.get(
    "/categories", response={200: schemas.Categories, **PROBLEMS}, url_name="categories", **OPEN
)
def categories(request: HttpRequest) -> HttpResponse:
    """List the categories in force."""
    return written({"items": records.category_records(clock.today())})


@router.get("/places", response={200: schemas.Places, **PROBLEMS}, url_name="places", **OPEN)
def places(request: HttpRequest, q: Line) -> HttpResponse:
    """Find places by name or official code, twenty at most."""
    return written({"items": records.place_records(q)})


@router.get("/board", response={200: schemas.Matters, **PROBLEMS}, url_name="board", **OPEN)
def board(request: HttpRequest, narrowed: Query[Narrowed]) -> HttpResponse:
    """List what the public board shows, the newest first."""
    found = records.board(narrowed.wanted(), clock.now())
    return page(found.items, found.next)


@router.get(
    "/board/{public_id}",
    response={200: schemas.Matter, **PROBLEMS},
    url_name="board_matter",
    **OPEN,
)
def board_matter(request: HttpRequest, public_id: Id) -> HttpResponse:
    """Give one matter of the board."""
    matter = records.board_matter(public_id, clock.now())
    return written(records.told(matter, staff=False))


@router.get(
    "/board/{public_id}/way",
    response={200: schemas.Way, **PROBLEMS},
    url_name="board_way",
    **OPEN,
)
def board_way(request: HttpRequest, public_id: Id) -> HttpResponse:
    """Tell the way of a matter of the board, as the public reads it."""
    at = clock.now()
    way = timeline(records.board_matter(public_id, at), None, at)
    return written(records.way_record(way, receipt=False))


@router.get(
    "/matters", response={200: schemas.StaffMatters, **PROBLEMS}, url_name="matters", **CLOSED
)
def matters(request: HttpRequest, narrowed: Query[StaffNarrowed]) -> HttpResponse:
    """List what the actor reads as one of the staff, the newest first."""
    found = records.staff_list(by_of(request), narrowed.wanted(), clock.now())
    return page(found.items, found.next)


@router.post(
    "/matters", response={201: schemas.Receipt, **PROBLEMS}, url_name="raise_matter", **OPEN
)
def raise_(request: HttpRequest, said: schemas.Telling) -> HttpResponse:
    """Raise a matter: as nobody, as an enterprise, or as staff. The receipt's secret comes once.

    The same words from the same place within a day join the matter that stands (`joined`).
    """
    address = request.META.get("REMOTE_ADDR", "")
    receipt = raise_told(Told(**said.dict()), address=address, by=by_of(request))
    made = {
        "id": receipt.matter.public_id,
        "receipt": receipt.matter.receipt,
        "secret": receipt.secret,
        "link": raiser_link(receipt.secret),
        "again": receipt.again,
        "joined": receipt.joined,
    }
    return written(made, 201)


@router.get(
    "/matters/{public_id}",
    response={200: schemas.StaffMatter, **PROBLEMS},
    url_name="matter",
    **CLOSED,
)
def matter(request: HttpRequest, public_id: Id) -> HttpResponse:
    """Give one matter as the actor reads it."""
    found = card_matter(by_of(request), public_id, clock.now())
    return written(records.told(found, staff=True))


@router.get(
    "/matters/{public_id}/way",
    response={200: schemas.Way, **PROBLEMS},
    url_name="matter_way",
    **CLOSED,
)
def matter_way(request: HttpRequest, public_id: Id) -> HttpResponse:
    """Tell the way of a matter, as the actor reads it."""
    at, by = clock.now(), by_of(request)
    way = timeline(card_matter(by, public_id, at), by, at)
    return written(records.way_record(way, receipt=True))


@router.get("/raised/way", response={200: schemas.Way, **PROBLEMS}, url_name="raised_way", **OPEN)
def raised_way(
    request: HttpRequest,
    receipt_secret: Line = Header("", alias="Receipt-Secret"),  # type: ignore[type-arg]  # noqa: B008
) -> HttpResponse:
    """Tell a raiser the way of the own matter, by the receipt's secret; never in an address."""
    raiser = raiser_by_secret(receipt_secret)
    way = timeline(raiser.matter, raiser, clock.now())
    return written(records.way_record(way, receipt=True))
