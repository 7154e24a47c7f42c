"""A person's own shifts: the next one big, yes or no in one tap, and what is open nearby."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from groundwork.base import clock
from groundwork.base.errors import Forbidden
from groundwork.base.http import Request
from groundwork.duty.actions import answering
from groundwork.duty.policy.posts import post_for
from groundwork.duty.queries import mine as queries
from groundwork.duty.queries import shifts as lists
from groundwork.duty.queries.shift import post_reasons


def require_person(request: Request) -> None:
    """Refuse whoever is none of the staff."""
    if request.actor.person_id is None:
        raise Forbidden


@login_required
@never_cache
@require_GET
def mine(request: Request) -> HttpResponse:
    """Show the own shifts."""
    require_person(request)
    by, at = request.actor, clock.now()
    page = queries.mine(by, at, request.GET.get("after", ""))
    orders = queries.open_orders_of(by, at)
    return render(request, "duty/mine.html", {"page": page, "orders": orders, "at": at})


@login_required
@never_cache
@require_GET
def post(request: Request, public_id: str) -> HttpResponse:
    """Show one of the own shifts: where exactly, with whom, whom to call."""
    found = post_for(request.actor, public_id, "own")
    page = queries.post_page(found, clock.now(), steps=True)
    return render(request, "duty/post.html", {"post": found, "page": page, "at": clock.now()})


@login_required
@require_POST
def confirm(request: Request, public_id: str) -> HttpResponse:
    """Say that one will come."""
    answering.confirm_post(public_id, by=request.actor)
    messages.success(request, _("已确认，谢谢。"))
    return redirect("duty:post", public_id)


@login_required
@require_POST
def decline(request: Request, public_id: str) -> HttpResponse:
    """Say that one cannot; no reason is asked for."""
    answering.decline_post(public_id, by=request.actor)
    messages.success(request, _("知道了，不用说明原因。系统正在找人接这个班。"))
    return redirect("duty:mine")


@login_required
@require_GET
def post_why(request: Request, public_id: str) -> HttpResponse:
    """Say why this person is on this shift."""
    found = post_for(request.actor, public_id, "view")
    reasons = post_reasons(found, clock.now())
    own = found.person_id == request.actor.person_id
    return render(request, "duty/post_why.html", {"post": found, "reasons": reasons, "own": own})


@login_required
@never_cache
@require_GET
def open_shifts(request: Request) -> HttpResponse:
    """List open slots near home under the orders in force."""
    require_person(request)
    by, at = request.actor, clock.now()
    orders = queries.open_orders_of(by, at)
    wanted = request.GET.get("order", "")
    order = next((one for one in orders if one.public_id == wanted), orders[0] if orders else None)
    context: dict[str, object] = {"orders": orders, "order": order, "wide": "wide" in request.GET}
    if order is not None:
        near = queries.reach_of(by)
        inside = near is not None and near.path.startswith(order.place.path)
        place = near if inside and "wide" not in request.GET else None
        rows = lists.wanted_shifts(order, lists.Wanted("empty", place), at)
        found, following = queries.open_near(by, order, rows, at, request.GET.get("after", ""))
        context |= {"place": place, "rows": found, "following": following, "near": inside}
    return render(request, "duty/open.html", context)
