"""The JSON of service: visits listed, one, recorded; contact points; rounds."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema

from groundwork.access.api import (
    CLOSED,
    OPEN,
    PROBLEMS,
    Cursor,
    PublicId,
    by_of,
    page,
    written,
)
from groundwork.base import clock
from groundwork.matters.queries.naming import category_coded, place_named
from groundwork.matters.rules.intake import phone_of
from groundwork.matters.rules.naming import BadPhone
from groundwork.service.actions.visits import Contact, Problem, VisitPlan, record_visit
from groundwork.service.api import schemas
from groundwork.service.policy.visits import sides, visit_for
from groundwork.service.queries import records
from groundwork.service.queries.visits import Wanted, visit_page, visits

router = Router(tags=["service"])
Id = Annotated[PublicId, Path()]


class Narrowed(Schema):
    """What the list of visits is narrowed to; `side` is the first the actor has, if left out."""

    side: Literal["mine", "unit", "place", "received"] | None = None
    service: schemas.Service | None = None
    found: bool = False
    since: date | None = None
    until: date | None = None
    after: Cursor = ""


@router.get("/visits", response={200: schemas.Visits, **PROBLEMS}, url_name="visits", **CLOSED)
def visit_list(request: HttpRequest, narrowed: Query[Narrowed]) -> HttpResponse:
    """List the visits of one side the actor sees them from, the newest day first."""
    by = by_of(request)
    own = sides(by)
    side = narrowed.side or (own[0] if own else "mine")
    listed = visits(
        by,
        Wanted(
            side=side,
            service=narrowed.service or "",
            found=narrowed.found,
            since=narrowed.since,
            until=narrowed.until,
            after=narrowed.after,
        ),
    )
    return page([records.visit_record(row) for row in listed.rows], listed.next)


@router.post(
    "/visits", response={201: schemas.Recorded, **PROBLEMS}, url_name="record_visit", **CLOSED
)
def record(request: HttpRequest, said: schemas.VisitPlan) -> HttpResponse:
    """Record a visit of the actor's own; each problem becomes a matter."""
    by, today = by_of(request), clock.today()
    phone = phone_of(said.contact_phone) if said.contact_phone.strip() else ""
    if phone is None:
        raise BadPhone(value=said.contact_phone[:40])
    problems = tuple(
        Problem(
            words=one.words,
            category=category_coded(one.category, today),
            place=place_named(one.place) if one.place.strip() else None,
            urgency=one.urgency,
        )
        for one in said.problems
    )
    plan = VisitPlan(
        service=said.service,
        day=said.day,
        place=place_named(said.place) if said.place.strip() else None,
        host=records.host_named(by, said.host),
        brought=tuple(said.brought),
        problems=problems,
        contact=Contact(said.contact_name, phone),
        note=said.note,
        client_key=said.client_key,
    )
    done = record_visit(plan, by=by)
    made = {
        "id": done.visit.public_id,
        "receipts": [receipt.matter.receipt for receipt in done.receipts],
        "fresh": done.fresh,
    }
    return written(made, 201)


@router.get(
    "/visits/{public_id}",
    response={200: schemas.VisitPage, **PROBLEMS},
    url_name="visit",
    **CLOSED,
)
def visit(request: HttpRequest, public_id: Id) -> HttpResponse:
    """Give one visit as the actor reads it."""
    by = by_of(request)
    found = visit_page(by, visit_for(by, public_id), clock.now())
    return written(records.visit_page_record(found))


@router.get(
    "/contact-points",
    response={200: schemas.ContactPoints, **PROBLEMS},
    url_name="contact_points",
    **CLOSED,
)
def contact_points(request: HttpRequest, after: Cursor = "") -> HttpResponse:
    """List where whose squad stands, in directory order."""
    items, following = records.point_records(by_of(request), after)
    return page(items, following)


@router.get("/rounds", response={200: schemas.Rounds, **PROBLEMS}, url_name="rounds", **OPEN)
def rounds(request: HttpRequest, after: Cursor = "") -> HttpResponse:
    """List the rounds of consultation that everybody may see."""
    items, following = records.round_records(clock.now(), after)
    return page(items, following)


@router.get(
    "/rounds/{public_id}",
    response={200: schemas.RoundPage, **PROBLEMS},
    url_name="round",
    **OPEN,
)
def round_(request: HttpRequest, public_id: Id) -> HttpResponse:
    """Give one such round with its questions."""
    return written(records.round_page_record(public_id, clock.now()))
