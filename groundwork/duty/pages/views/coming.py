"""Come and go on the own phone: a scan of the gate's code, or of its poster."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.base.errors import GroundworkError
from groundwork.base.http import Request
from groundwork.duty.actions import coming as actions
from groundwork.duty.models import Post
from groundwork.duty.policy.gates import poster_gate

SCAN_KEY = "duty_scan"  # session key: a scan that waits for its owner to sign in


@require_GET
@never_cache
def scan(request: Request, gate: str, code: str) -> HttpResponse:
    """Keep a scan, through the sign-in where needed, and ask for the one tap."""
    request.session[SCAN_KEY] = [gate, code]
    return redirect("duty:come_here")


@require_http_methods(["GET", "POST"])
@never_cache
def come(request: Request) -> HttpResponse:
    """Show the button after a scan; the tap checks in, or out where one is in."""
    kept = request.session.get(SCAN_KEY)
    if request.actor.is_anonymous:
        return redirect_to_login(reverse("duty:come_here"))
    if kept is None:
        return render(request, "duty/come_none.html")
    gate, code = kept
    if request.method != "POST":
        return render(request, "duty/come.html")
    try:
        post = actions.come_by_code(gate, code, by=request.actor)
    except GroundworkError as error:
        return _refused(request, error)
    del request.session[SCAN_KEY]
    return _done(request, post)


@require_GET
@never_cache
def poster(request: Request, code: str) -> HttpResponse:
    """Show what the poster at a gate leads to: come and go for staff, thanks for everybody."""
    gate = poster_gate(code)
    return render(request, "duty/poster_here.html", {"gate": gate, "code": code})


@require_POST
@login_required
def poster_here(request: Request, code: str) -> HttpResponse:
    """Take the tap at the poster; the shift's lead then confirms it."""
    try:
        post = actions.come_by_poster(code, by=request.actor)
    except GroundworkError as error:
        return _refused(request, error)
    return _done(request, post)


def _done(request: Request, post: Post) -> HttpResponse:
    return render(request, "duty/come_done.html", {"post": post, "shift": post.shift})


def _refused(request: Request, error: GroundworkError) -> HttpResponse:
    return render(request, "duty/come_refused.html", {"error": error}, status=error.status)
