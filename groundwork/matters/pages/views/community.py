"""The page of a community: what was raised here."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.matters.queries import community as queries


@require_safe
def community(request: Request, public_id: str) -> HttpResponse:
    """Show what was raised in a community; its secretary sees what is open as well."""
    place = queries.community_of(public_id)
    page = queries.community_matters(
        place,
        request.actor,
        clock.now(),
        after=request.GET.get("after", "")[:200],
        inner_after=request.GET.get("open", "")[:200],
    )
    return render(request, "matters/community.html", {"page": page})
