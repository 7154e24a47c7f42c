"""A community's evening: its gates, who stands there, what is still needed, who reported here."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.duty.queries import tonight as queries
from groundwork.web.panels import panels_at


@login_required
@never_cache
@require_GET
def tonight(request: Request, public_id: str) -> HttpResponse:
    """Show a place's gates of today and tonight to who keeps them."""
    by, at = request.actor, clock.now()
    page = queries.tonight(by, public_id, at)
    panels = panels_at("community", page.place, by=by, at=at, apart_from="duty")
    context = {"page": page, "place": page.place, "panels": panels}
    return render(request, "duty/tonight.html", context)
