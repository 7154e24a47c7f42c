"""Come and go on the own phone: a scan of the gate's code, its six digits, or its poster.

One page does it all, also where there is no signal: a worker keeps it, the tap waits in the page
and is sent once. Where a phone is, nobody asks.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.base import clock
from groundwork.base.errors import GroundworkError
from groundwork.base.http import Request
from groundwork.duty.actions import coming as actions
from groundwork.duty.models import Post
from groundwork.duty.policy.gates import poster_gate
from groundwork.duty.queries.mine import post_now

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
    """Show the button after a scan, else ask for the six digits; the tap checks in, or out.

    With `blank` it is the page as a phone keeps it: without a scan, which would be stale.
    """
    if request.actor.is_anonymous:
        return redirect_to_login(reverse("duty:come_here"))
    if request.method == "POST":
        return _tapped(request)
    blank = "blank" in request.GET
    gate, code = (None if blank else request.session.get(SCAN_KEY)) or ("", "")
    post = None if blank else post_now(request.actor, clock.now())
    return render(request, "duty/come.html", {"gate": gate, "code": code, "post": post})


def _tapped(request: Request) -> HttpResponse:
    data = request.POST
    kept = request.session.pop(SCAN_KEY, None) or ("", "")
    gate, code = data.get("gate") or kept[0], data.get("code") or kept[1]
    try:
        if data.get("digits"):
            digits = "".join(data["digits"].split())[:12]
            post = actions.come_by_digits(digits, by=request.actor, said=said_of(request))
        elif code:
            post = actions.come_by_code(gate, code, by=request.actor)
        else:
            raise actions.NothingShown
    except GroundworkError as error:
        return _refused(request, error)
    return _done(request, post)


def said_of(request: Request) -> datetime | None:
    """Read when the phone says the tap was; None where it says nothing that is a time."""
    try:
        return datetime.fromtimestamp(float(request.POST.get("said", "")), clock.ZONE)
    except (ValueError, OverflowError, OSError):
        return None


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
        post = actions.come_by_poster(code, by=request.actor, said=said_of(request))
    except GroundworkError as error:
        return _refused(request, error)
    return _done(request, post)


@require_GET
def worker(request: Request) -> HttpResponse:
    """Give the script that keeps the page of coming and going within reach without signal."""
    script = "text/javascript; charset=utf-8"
    response = render(request, "duty/come_worker.js", content_type=script)
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = "/duty/"  # the poster's address lies beside this one
    return response


def _done(request: Request, post: Post) -> HttpResponse:
    page = "duty/come_done_note.html" if request.htmx else "duty/come_done.html"
    return render(request, page, {"post": post, "shift": post.shift})


def _refused(request: Request, error: GroundworkError) -> HttpResponse:
    page = "duty/come_refused_note.html" if request.htmx else "duty/come_refused.html"
    return render(request, page, {"error": error}, status=error.status)
