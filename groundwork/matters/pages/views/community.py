"""The page of a community: what was raised here."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.matters.queries import community as queries
from groundwork.web.panels import panels_at


@require_safe
def community(request: Request, public_id: str) -> HttpResponse:
    """Show what was raised in a community; its secretary sees what is open as well.

    Of a larger place the board shows it.
    """
    place = queries.place_of(public_id)
    if place.level not in queries.NEAR:
        return redirect(f"{reverse('matters:board')}?place={place.public_id}")
    page = queries.community_matters(
        place,
        request.actor,
        clock.now(),
        after=request.GET.get("after", "")[:200],
        inner_after=request.GET.get("open", "")[:200],
    )
    panels = panels_at("community", place, by=request.actor, at=clock.now())
    return render(request, "matters/community.html", {"page": page, "panels": panels})
