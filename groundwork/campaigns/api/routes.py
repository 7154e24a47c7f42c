"""The JSON of the television inquiry: seasons, what was asked of whom, what came of it."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema

from groundwork.access.api import OPEN, PROBLEMS, Cursor, PublicId, page, written
from groundwork.base import clock
from groundwork.campaigns.api import schemas
from groundwork.campaigns.queries import inquiry_records as records

router = Router(tags=["inquiry"])
Id = Annotated[PublicId, Path()]


class ProblemsAsked(Schema):
    """Which problems of a season: all, or those not solved yet."""

    open: bool = False
    after: Cursor = ""


@router.get(
    "/seasons", response={200: schemas.InquirySeasons, **PROBLEMS}, url_name="seasons", **OPEN
)
def seasons(request: HttpRequest, after: Cursor = "") -> HttpResponse:
    """List the seasons of the television inquiry, the newest first."""
    items, following = records.season_records(after)
    return page(items, following)


@router.get(
    "/seasons/{public_id}",
    response={200: schemas.InquirySeasonPage, **PROBLEMS},
    url_name="season",
    **OPEN,
)
def season(request: HttpRequest, public_id: Id, asked: Query[ProblemsAsked]) -> HttpResponse:
    """Give a season with its problems so far broadcast; with a key no more than without."""
    found = records.season_record(public_id, clock.now(), open_only=asked.open, after=asked.after)
    return written(found)
