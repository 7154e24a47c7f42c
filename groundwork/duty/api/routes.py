"""The JSON of duty: orders, gates and shifts; the own posts, times, comings and goings.

What a program may do here is what its actor may do on the pages; a gate's log has no door here.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema

from groundwork.access.api import CLOSED, PROBLEMS, Code, Cursor, PublicId, by_of, page, written
from groundwork.base import clock
from groundwork.base.errors import N_, Forbidden, RuleBroken
from groundwork.duty.actions import answering, coming, supply
from groundwork.duty.actions.needs import add_gate, add_shift
from groundwork.duty.api import schemas
from groundwork.duty.models import Post
from groundwork.duty.policy.gates import gate_for, shift_for
from groundwork.duty.policy.orders import order_for, require_open
from groundwork.duty.policy.posts import post_for
from groundwork.duty.policy.supply import may_offer
from groundwork.duty.queries import records
from groundwork.duty.queries.shift import shift_page
from groundwork.duty.rules.needs import NotUnderOrder, span_on
from groundwork.matters.queries.naming import place_named

router = Router(tags=["duty"])
Id = Annotated[PublicId, Path()]
Look = Literal[
    "all", "now", "covered", "uncovered", "next", "short", "unconfirmed", "alone", "leaderless",
    "empty", "resting",
]  # fmt: skip


class OneWay(RuleBroken):
    """Refuse a coming that names no way, or several."""

    code = "duty.one_way"
    text = N_("请给 gate 和 code、digits、poster 三样中的一样。")


class ShiftsNarrowed(Schema):
    """What an order's shifts are narrowed to: a list of the board, a place, a day."""

    look: Look = "all"
    place: Code | None = None
    day: date | None = None
    after: Cursor = ""


@router.get("/orders", response={200: schemas.Orders, **PROBLEMS}, url_name="orders", **CLOSED)
def orders(request: HttpRequest, after: Cursor = "") -> HttpResponse:
    """List the orders that the actor sees, the latest first."""
    return page(*records.order_records(by_of(request), clock.now(), after))


@router.get(
    "/orders/{public_id}", response={200: schemas.Order, **PROBLEMS}, url_name="order", **CLOSED
)
def order(request: HttpRequest, public_id: Id) -> HttpResponse:
    """Give one order."""
    found = order_for(by_of(request), public_id)
    return written(records.order_record(found, clock.now()))


@router.get(
    "/orders/{public_id}/gates",
    response={200: schemas.Gates, **PROBLEMS},
    url_name="gates",
    **CLOSED,
)
def gates(
    request: HttpRequest, public_id: Id, place: Code | None = None, after: Cursor = ""
) -> HttpResponse:
    """List an order's gates, in directory order of their places."""
    return page(*records.gate_records(by_of(request), public_id, place or "", clock.now(), after))


@router.post(
    "/orders/{public_id}/gates",
    response={201: schemas.Gate, **PROBLEMS},
    url_name="add_gate",
    **CLOSED,
)
def new_gate(request: HttpRequest, public_id: Id, said: schemas.GateWish) -> HttpResponse:
    """Set up a gate at a place that the actor keeps."""
    by = by_of(request)
    order_for(by, public_id)
    made = add_gate(public_id, place_named(said.place), said.name, said.spot, by=by)
    return written(records.gate_record(made), 201)


@router.get(
    "/orders/{public_id}/shifts",
    response={200: schemas.Shifts, **PROBLEMS},
    url_name="shifts",
    **CLOSED,
)
def shifts(request: HttpRequest, public_id: Id, narrowed: Query[ShiftsNarrowed]) -> HttpResponse:
    """List an order's shifts, the earliest first; each look is one of the board's figures."""
    said = narrowed
    return page(
        *records.shift_records(
            by_of(request),
            public_id,
            said.look,
            said.place or "",
            said.day,
            clock.now(),
            said.after,
        )
    )


@router.get(
    "/gates/{public_id}", response={200: schemas.Gate, **PROBLEMS}, url_name="gate", **CLOSED
)
def gate(request: HttpRequest, public_id: Id) -> HttpResponse:
    """Give one gate."""
    found = gate_for(by_of(request), public_id)
    return written(records.gate_record(found, closed=records.is_closed(found, clock.now())))


@router.post(
    "/gates/{public_id}/shifts",
    response={201: schemas.Shift, **PROBLEMS},
    url_name="ask_for_shift",
    **CLOSED,
)
def new_shift(request: HttpRequest, public_id: Id, said: schemas.ShiftWish) -> HttpResponse:
    """Ask for people at a gate that the actor keeps."""
    gate = gate_for(by_of(request), public_id, "edit")
    days = clock.day_of(gate.order.starts_at), clock.day_of(gate.order.ends_at)
    if not days[0] <= said.day <= days[1]:
        raise NotUnderOrder
    start, end = span_on(said.day, said.start, said.end, clock.ZONE)
    made = add_shift(public_id, start, end, said.needs.dict(), by=by_of(request))
    made.refresh_from_db()
    return written(records.shift_record(made), 201)


@router.get(
    "/shifts/{public_id}", response={200: schemas.ShiftPage, **PROBLEMS}, url_name="shift", **CLOSED
)
def shift(request: HttpRequest, public_id: Id) -> HttpResponse:
    """Give one shift by kinds, with names as far as the actor may read them."""
    by = by_of(request)
    found = shift_for(by, public_id)
    return written(records.shift_page_record(shift_page(by, found, clock.now())))


@router.post(
    "/shifts/{public_id}/posts",
    response={201: schemas.OwnPost, **PROBLEMS},
    url_name="sign_up",
    **CLOSED,
)
def sign_up(request: HttpRequest, public_id: Id, said: schemas.SignUp) -> HttpResponse:
    """Take an open slot of a shift oneself."""
    post = answering.sign_up(public_id, said.kind, by=by_of(request))
    return _own(request, post, 201)


@router.get("/posts", response={200: schemas.OwnPosts, **PROBLEMS}, url_name="posts", **CLOSED)
def posts(request: HttpRequest, after: Cursor = "") -> HttpResponse:
    """List the actor's own posts, the newest shift first."""
    return page(*records.post_records(by_of(request), after))


@router.get(
    "/posts/{public_id}", response={200: schemas.OwnPost, **PROBLEMS}, url_name="post", **CLOSED
)
def post(request: HttpRequest, public_id: Id) -> HttpResponse:
    """Give one of the own posts."""
    return written(records.post_record(post_for(by_of(request), public_id, "own")))


@router.post(
    "/posts/{public_id}/answer",
    response={200: schemas.OwnPost, **PROBLEMS},
    url_name="answer_post",
    **CLOSED,
)
def answer(request: HttpRequest, public_id: Id, said: schemas.Reply) -> HttpResponse:
    """Say whether one will come to one of the own posts."""
    act = answering.confirm_post if said.comes else answering.decline_post
    return _own(request, act(public_id, by=by_of(request)), 200)


def _own(request: HttpRequest, post: Post, status: int) -> HttpResponse:
    """Tell a post as it stands now, read with its shift."""
    found = post_for(by_of(request), post.public_id, "own")
    return written(records.post_record(found), status)


@router.get(
    "/orders/{public_id}/availability",
    response={200: schemas.Availability, **PROBLEMS},
    url_name="availability",
    **CLOSED,
)
def availability(request: HttpRequest, public_id: Id) -> HttpResponse:
    """Give what the actor said of the own time under an order."""
    by = by_of(request)
    found = order_for(by, public_id)
    if not may_offer(by):
        raise Forbidden
    return written(records.availability_record(by, found))


@router.put(
    "/orders/{public_id}/availability",
    response={200: schemas.Availability, **PROBLEMS},
    url_name="set_availability",
    **CLOSED,
)
def set_availability(request: HttpRequest, public_id: Id, said: schemas.Offer) -> HttpResponse:
    """Say when one can, how often and what for; or not at all, without a reason."""
    by = by_of(request)
    found = order_for(by, public_id)
    require_open(found, clock.now(), "calls_up")
    if said.excused:
        supply.excuse_self(public_id, by=by)
    else:
        answer = supply.Answer(said.times.dict(), said.cap, tuple(said.skills))
        supply.answer_call(public_id, answer, by=by)
    return written(records.availability_record(by, found))


@router.post(
    "/check-ins", response={200: schemas.OwnPost, **PROBLEMS}, url_name="check_in", **CLOSED
)
def check_in(request: HttpRequest, said: schemas.CheckIn) -> HttpResponse:
    """Come to a gate, or go where one is there; where the caller is, is not asked."""
    by = by_of(request)
    scanned = said.gate if said.code else None
    if sum(map(bool, (scanned, said.digits, said.poster))) != 1:
        raise OneWay
    if scanned:
        post = coming.come_by_code(scanned, said.code, by=by)
    elif said.digits:
        post = coming.come_by_digits(said.digits, by=by, said=said.said_at)
    else:
        post = coming.come_by_poster(said.poster, by=by, said=said.said_at)
    return _own(request, post, 200)
