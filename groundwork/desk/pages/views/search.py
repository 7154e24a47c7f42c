"""One search over everything one may see."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from groundwork.base import text
from groundwork.base.http import Request
from groundwork.desk import queries

LONGEST = 60


@login_required
@require_safe
def search(request: Request) -> HttpResponse:
    """Show what was found, grouped by kind; as one types, only the results are sent."""
    q = text.tidy(request.GET.get("q", ""))[:LONGEST]
    groups = queries.search(request.actor, q) if q else []
    page = "desk/parts/found.html" if request.htmx else "desk/search.html"
    return render(request, page, {"q": q, "groups": groups})
