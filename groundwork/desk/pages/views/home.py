"""Home: to-do first for who is signed in, a front page for everybody else."""

from __future__ import annotations

from django.conf import settings
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
        return render(request, "desk/front.html", {"demo": settings.DEMO})
    return render(request, "desk/home.html", {"home": queries.home(request.actor, clock.now())})
