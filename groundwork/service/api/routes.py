"""The JSON of service: visits, contact points, patrols, rounds; listed, told and written down."""

from __future__ import annotations

from collections.abc import Sequence
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
from groundwork.matters.actions.knocking import Sender
from groundwork.matters.actions.raising import Receipt
from groundwork.matters.queries.naming import category_coded, place_named
from groundwork.matters.rules.intake import phone_of
from groundwork.matters.rules.naming import BadPhone
from groundwork.service.actions.areas import PatrolPlan, record_patrol
from groundwork.service.actions.replies import Answer, send_reply
from groundwork.service.actions.visits import Contact, Problem, VisitPlan, record_visit
from groundwork.service.api import schemas
from groundwork.service.policy.visits import sides, visit_for
from groundwork.service.queries import records
from groundwork.service.queries.choices import companions_named
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
    by = by_of(request)
    plan = VisitPlan(
        service=said.service,
        day=said.day,
        place=place_named(said.place) if said.place.strip() else None,
        host=records.host_named(by, said.host),
        brought=tuple(said.brought),
        problems=_problems(said.problems),
        companions=companions_named(by, said.companions),
        contact=Contact(said.contact_name, _phone(said.contact_phone)),
        note=said.note,
        client_key=said.client_key,
    )
    done = record_visit(plan, by=by)
    return _recorded(done.visit.public_id, done.receipts, fresh=done.fresh)


def _problems(said: Sequence[schemas.FoundProblem]) -> tuple[Problem, ...]:
    today = clock.today()
    return tuple(
        Problem(
            words=one.words,
            category=category_coded(one.category, today),
            place=place_named(one.place) if one.place.strip() else None,
            urgency=one.urgency,
        )
        for one in said
    )


def _phone(typed: str) -> str:
    number = phone_of(typed) if typed.strip() else ""
    if number is None:
        raise BadPhone(value=typed[:40])
    return number


def _recorded(public_id: str, receipts: Sequence[Receipt], *, fresh: bool) -> HttpResponse:
    numbers = [receipt.matter.receipt for receipt in receipts]
    return written({"id": public_id, "receipts": numbers, "fresh": fresh}, 201)


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


@router.post(
    "/rounds/{public_id}/replies",
    response={201: schemas.Recorded, **PROBLEMS},
    url_name="reply_to_round",
    **OPEN,
)
def reply(request: HttpRequest, public_id: Id, said: schemas.RoundReply) -> HttpResponse:
    """Answer a round: one to all as nobody, one that names whom it asks with a key of theirs."""
    keys = records.questions_numbered(public_id, [one.question for one in said.answers])
    answer = Answer(
        answers={keys[one.question]: one.text for one in said.answers},
        to_do=frozenset(keys[one.question] for one in said.answers if one.to_do),
        place=place_named(said.place) if said.place.strip() else None,
        name=said.name,
        phone=_phone(said.phone),
        confidential=said.confidential,
        client_key=said.client_key,
    )
    by, address = by_of(request), request.META.get("REMOTE_ADDR", "")
    sender = Sender(f"account {by.account_id}" if by.account_id else f"-{address}", address)
    taken = send_reply(public_id, answer, by=by, sender=sender)
    return _recorded(taken.reply.public_id, taken.receipts, fresh=taken.fresh)


@router.get(
    "/areas", response={200: schemas.PatrolAreas, **PROBLEMS}, url_name="patrol_areas", **CLOSED
)
def areas(request: HttpRequest, after: Cursor = "") -> HttpResponse:
    """List the patrol areas the actor sees, with who is responsible."""
    items, following = records.area_records(by_of(request), after)
    return page(items, following)


@router.post(
    "/areas/{public_id}/patrols",
    response={201: schemas.Recorded, **PROBLEMS},
    url_name="record_patrol",
    **CLOSED,
)
def walk(request: HttpRequest, public_id: Id, said: schemas.PatrolPlan) -> HttpResponse:
    """Record a round through an area; each problem becomes a matter of a place within it."""
    plan = PatrolPlan(said.day, _problems(said.problems), said.note, said.client_key)
    done = record_patrol(public_id, plan, by=by_of(request))
    return _recorded(done.patrol.public_id, done.receipts, fresh=done.fresh)
