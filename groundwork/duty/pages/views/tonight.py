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


@login_required
@never_cache
@require_GET
def tonight(request: Request, public_id: str) -> HttpResponse:
    """Show a place's gates of today and tonight to who keeps them."""
    page = queries.tonight(request.actor, public_id, clock.now())
    return render(request, "duty/tonight.html", {"page": page, "place": page.place})
