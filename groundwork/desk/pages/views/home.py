"""Home, and the way to the register one keeps."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from groundwork.base import clock
from groundwork.base.errors import NotFound
from groundwork.base.http import Request
from groundwork.desk import queries


@require_safe
def home(request: Request) -> HttpResponse:
    """Show what waits for whoever looks; a front page to those not signed in."""
    if request.actor.is_anonymous:
        return render(request, "desk/front.html", {"demo": settings.DEMO})
    return render(request, "desk/home.html", {"home": queries.home(request.actor, clock.now())})


@login_required
@require_safe
def own_register(request: Request) -> HttpResponse:
    """Lead to the register of the unit one keeps."""
    body = queries.register_body(request.actor)
    if body is None:
        raise NotFound
    return redirect("study:register", body.public_id)
