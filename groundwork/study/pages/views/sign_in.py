"""Sign in on the own phone: a scan, one button; six digits; a broadcast; afterwards."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.base import clock, text
from groundwork.base.errors import GroundworkError, NotFound
from groundwork.base.http import Request
from groundwork.study.actions import roll as actions
from groundwork.study.models import Source
from groundwork.study.pages.forms.roll import CodeForm, LeaveForm
from groundwork.study.policy import roll as policy
from groundwork.study.queries import roll as queries
from groundwork.study.queries import rooms
from groundwork.study.rules import roll as rules
from groundwork.web.errors import say

SCAN_KEY = "study_scan"  # session key: a good scan that waits for its owner to sign in


@require_GET
@never_cache
def scan(request: Request, room: str, token: str) -> HttpResponse:
    """Judge a scan as it arrives; keep it through the sign-in where nobody is signed in yet."""
    at = clock.now()
    try:
        found = rooms.scanned_room(room, token, at)
    except NotFound:
        raise
    except GroundworkError as error:
        return refused(request, error)
    if request.actor.is_anonymous:
        request.session[SCAN_KEY] = [found.public_id, at.timestamp()]
        return redirect_to_login(reverse("study:sign_in_here"))
    return _button(request, found.public_id, at)


@require_GET
@never_cache
@login_required
def here(request: Request) -> HttpResponse:
    """Go on with the scan that was made before signing in to the account."""
    kept = request.session.pop(SCAN_KEY, None)
    if kept is None:
        return redirect("study:sign_in")
    room, stamp = kept
    scanned_at = datetime.fromtimestamp(stamp, clock.ZONE)
    try:
        rules.check_unowned(scanned_at, clock.now())
    except GroundworkError as error:
        return refused(request, error)
    return _button(request, room, scanned_at)


def _button(request: Request, room_id: str, scanned_at: datetime) -> HttpResponse:
    room = rooms.room(room_id)
    part = queries.own_part(room.evening, request.actor, clock.now())
    if part.entry is not None:
        taken = actions.Taken(room.evening, part.entry, fresh=False)
        return render(request, "study/sign_done.html", {"taken": taken})
    receipt = rooms.receipt_for(room_id, scanned_at, request.actor)
    return render(request, "study/sign_here.html", {"room": room, "part": part, "receipt": receipt})


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def sign_in(request: Request) -> HttpResponse:
    """Take the tap after a scan, or the six digits; GET asks for the digits."""
    receipt = request.POST.get("receipt")
    if receipt:
        return _tap(request, receipt)
    form = CodeForm(_joined(request))
    if request.method == "POST" and form.is_valid():
        try:
            taken = actions.sign_in_by_code(form.cleaned_data["code"], by=request.actor)
        except GroundworkError as error:
            form.add_error("code", say(error))
        else:
            return render(request, "study/sign_done.html", {"taken": taken})
    found = rooms.rooms_now(request.actor, clock.now())
    status = 422 if form.errors else 200
    return render(request, "study/sign_code.html", {"form": form, "rooms": found}, status=status)


def _joined(request: Request) -> dict[str, str] | None:
    """Give what was typed without the gap that the screen shows between the digits."""
    if request.method != "POST":
        return None
    return {**request.POST.dict(), "code": text.tight(request.POST.get("code", ""))}


def _tap(request: Request, presented: str) -> HttpResponse:
    try:
        receipt = rooms.read_receipt(presented, request.actor)
        taken = actions.sign_in(
            receipt.room_id, scanned_at=receipt.scanned_at, source=Source.QR, by=request.actor
        )
    except GroundworkError as error:
        return refused(request, error)
    page = "study/sign_done_note.html" if _in_place(request) else "study/sign_done.html"
    return render(request, page, {"taken": taken})


def _in_place(request: Request) -> bool:
    return "HX-Request" in request.headers


def refused(request: Request, error: GroundworkError) -> HttpResponse:
    """Say why a sign-in is refused and what to do instead."""
    page = "study/sign_refused_note.html" if _in_place(request) else "study/sign_refused.html"
    return render(request, page, {"error": error}, status=error.status)


@require_GET
@login_required
def own_part(request: Request, evening: str) -> HttpResponse:
    """Show how one stands to an evening and what one can do: sign in, watch, leave, make up."""
    found = policy.rolled_evening_for(request.actor, evening)
    part = queries.own_part(found, request.actor, clock.now())
    return render(request, "study/sign_part.html", {"part": part, "form": LeaveForm()})


@require_POST
@login_required
def take_part(request: Request, evening: str) -> HttpResponse:
    """Take the one tap of a broadcast, or the statement of having made the evening up."""
    taken = actions.take_part(evening, source=request.POST.get("source", ""), by=request.actor)
    page = "study/sign_done_note.html" if _in_place(request) else "study/sign_done.html"
    return render(request, page, {"taken": taken})
