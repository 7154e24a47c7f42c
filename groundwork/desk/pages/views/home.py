"""Home, to-do, and the page of the reader's own things."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.desk import queries


@require_safe
def home(request: Request) -> HttpResponse:
    """Show what waits for whoever looks; a front page to those not signed in."""
    if request.actor.is_anonymous:
        return render(request, "desk/front.html")
    return render(request, "desk/home.html", {"home": queries.home(request.actor, clock.now())})


@login_required
@require_safe
def me(request: Request) -> HttpResponse:
    """Show the reader's own things: as what one acts, record, calendar, security."""
    return render(request, "desk/me.html")
