"""The room's screen: the code that is new every 20 seconds."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.study.policy import roll as policy
from groundwork.study.queries import rooms

MOST = 60  # rooms on one page


@require_GET
@never_cache
@login_required
def screen(request: Request, room: str) -> HttpResponse:
    """Show a room's code, large; with htmx only the part that changes."""
    found = policy.room_for(request.actor, room, "show")
    page = "study/screen_code.html" if request.htmx else "study/screen.html"
    return render(request, page, {"screen": rooms.screen(found, clock.now())})


@require_GET
@login_required
def rooms_of(request: Request, evening: str) -> HttpResponse:
    """List an evening's rooms whose screens one may show; a thousand are found by their unit."""
    found = policy.rolled_evening_for(request.actor, evening)
    q = request.GET.get("q", "").strip()
    shown = [
        (room, n)
        for room, n in rooms.room_counts(found)
        if policy.shows_screen(request.actor, room) and (q in room.name or q in room.body.name)
    ]
    context = {"evening": found, "rooms": shown[:MOST], "more": len(shown) > MOST, "q": q}
    return render(request, "study/screen_rooms.html", context)
