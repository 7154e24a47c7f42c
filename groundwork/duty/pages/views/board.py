"""The board of an order and the lists its numbers open onto."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.duty.pages.forms.shifts import ShiftFilter
from groundwork.duty.policy.orders import keeps_order, order_for
from groundwork.duty.queries import board as boards
from groundwork.duty.queries import shifts as queries


@login_required
@never_cache
@require_GET
def board(request: Request, public_id: str) -> HttpResponse:
    """Show what is covered now, what comes, what is at risk, who rests."""
    by, at = request.actor, clock.now()
    order = order_for(by, public_id)
    place = queries.place_of(request.GET.get("place", ""), order) or order.place
    within = f"&place={place.public_id}" if place.pk != order.place_id else ""
    listed = reverse("duty:shifts", args=[public_id])
    context = {
        "covered_url": f"{listed}?look=covered{within}",
        "now_url": f"{listed}?look=now{within}",
        "order": order,
        "place": place,
        "page": boards.board(order, place, at),
        "at": at,
        "keeps": keeps_order(by, order),
        "deeper": place.pk != order.place_id,
    }
    return render(request, "duty/board.html", context)


@login_required
@require_GET
def shifts(request: Request, public_id: str) -> HttpResponse:
    """List an order's shifts by place, day and what they lack."""
    by, at = request.actor, clock.now()
    order = order_for(by, public_id)
    form = ShiftFilter(request.GET or None, days=queries.days_of(order))
    said = form.cleaned_data if form.is_valid() else {}
    place = queries.place_of(said.get("place") or "", order)
    wanted = queries.Wanted(
        look=said.get("look") or "all",
        place=place,
        day=said.get("day"),
        after=request.GET.get("after", ""),
    )
    listing = queries.shifts(order, wanted, at)
    query = request.GET.copy()
    query.pop("after", None)
    query.pop("place", None)
    context = {
        "order": order,
        "form": form,
        "wanted": wanted,
        "look": queries.BY_CODE[wanted.look],
        "listing": listing,
        "n": queries.counted(order, wanted, at),
        "resting": queries.people_of(order, wanted, at) if wanted.look == "resting" else None,
        "places": queries.below(place or order.place),
        "above": place.get_parent() if place and place.pk != order.place_id else None,
        "query": query.urlencode(),
    }
    return render(request, "duty/shifts.html", context)
