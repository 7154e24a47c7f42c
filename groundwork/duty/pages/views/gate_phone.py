"""The phone at the gate: one page for a whole shift, with or without signal.

Its cookie opens one gate while the order is in force; nobody is signed in on it.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.base import clock, codes
from groundwork.base.errors import GroundworkError
from groundwork.base.http import Request
from groundwork.duty.actions import phones as actions
from groundwork.duty.actions.entries import Sent, Unreadable, take_sending
from groundwork.duty.models import GatePhone, Order
from groundwork.duty.policy import phones as policy
from groundwork.duty.queries import at_gate
from groundwork.duty.rules.log import MOST_SENT
from groundwork.web.errors import say

COOKIE = "gw_gate"
LIFE = 60 * 60 * 24 * 60  # seconds: the longest order anybody prolongs is a new opening
LONGEST = 200_000  # bytes of one sending
FIELDS = 12  # of one act
LONGEST_FIELD = 400


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def open_phone(request: Request, public_id: str) -> HttpResponse:
    """Make the phone in hand the gate's own: the shift's lead does, or the community."""
    at = clock.now()
    gate = policy.openable_gate(request.actor, public_id, at)
    if request.method == "GET":
        return render(request, "duty/phone_open.html", {"gate": gate})
    _phone, token = actions.open_phone(public_id, by=request.actor, at=at)
    response = redirect("duty:phone")
    response.set_cookie(
        COOKIE,
        token,
        max_age=LIFE,
        path=reverse("duty:phone"),
        httponly=True,
        samesite="Strict",
        secure=request.is_secure(),
    )
    return response


@require_POST
@login_required
def close_phones(request: Request, public_id: str) -> HttpResponse:
    """Close every phone of a gate, where one was lost."""
    actions.close_phones(public_id, by=request.actor)
    return redirect("duty:phone_open", public_id)


def _phone(request: Request, at: datetime) -> GatePhone:
    return policy.phone_for(request.COOKIES.get(COOKIE, ""), at)


@require_GET
@never_cache
def phone(request: Request) -> HttpResponse:
    """Show the gate's page; the worker keeps it for a shift without signal."""
    at = clock.now()
    try:
        found = _phone(request, at)
    except GroundworkError as error:
        return render(request, "duty/phone_shut.html", {"error": error}, status=error.status)
    gate = found.gate
    context = {"gate": gate, "order": gate.order, "calls": at_gate.calls_of(gate, at)}
    return render(request, "duty/phone.html", context)


@require_GET
def worker(request: Request) -> HttpResponse:
    """Give the script that keeps the gate's page open where there is no signal."""
    script = "text/javascript; charset=utf-8"
    response = render(request, "duty/phone_worker.js", content_type=script)
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
def manifest(request: Request) -> JsonResponse:
    """Let the page be put on the home screen of the gate's phone."""
    return JsonResponse(
        {
            "name": gettext("卡口手机"),
            "short_name": gettext("卡口"),
            "start_url": reverse("duty:phone"),
            "scope": reverse("duty:phone"),
            "display": "standalone",
            "background_color": "#faf8f4",
            "theme_color": "#1f4f7a",
            "icons": [{"src": static("web/seal.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
    )


@require_GET
@never_cache
def state(request: Request) -> JsonResponse:
    """Tell the phone who stands here, what the code is, and what the last shift left to say."""
    at = clock.now()
    try:
        found = _phone(request, at)
    except GroundworkError as error:
        return _refused(error)
    gate = found.gate
    shifts = at_gate.shifts_at(gate, at)
    note = at_gate.note_for(gate, at)
    since = shifts.now.starts_at if shifts.now else at - at_gate.LINGERS
    calls = {"calls": at_gate.calls_of(gate, at)}
    return JsonResponse(
        {
            "csrf": get_token(request),
            "at": at.timestamp(),
            "end": gate.order.ends_at.timestamp(),
            "doors": _doors(gate.order),
            "calls": render_to_string("duty/parts/phone_calls.html", calls, request),
            "alarms": at_gate.alarms_of(gate, at),
            "reach": at_gate.reaches(gate, at),
            "code": _code(request, found, at) if gate.order.checks_in else "",
            "ahead": _ahead(request, found, at),
            "shift": _hours(shifts.now),
            "next": _hours(shifts.then),
            "people": at_gate.people_of(gate, at),
            "asks": at_gate.asked_of(gate, at),
            "entries": at_gate.counted(gate, since),
            "note": note
            and {
                "key": note.client_key,
                "text": note.note,
                "name": note.from_post.person.name,
                "from": note.from_post.public_id,
                "counted": note.counted,
                "at": note.given_at.timestamp(),
            },
        }
    )


def _doors(order: Order) -> dict[str, bool]:
    """Say which doors stand open: a phone that shows another page loads it anew."""
    return {
        "log": order.keeps_log,
        "temperature": order.takes_temperature,
        "comes": order.checks_in,
    }


def _hours(shift: Any) -> dict[str, float] | None:
    if shift is None:
        return None
    return {"from": shift.starts_at.timestamp(), "to": shift.ends_at.timestamp()}


def _ahead(request: Request, found: GatePhone, at: datetime) -> dict[str, object] | None:
    """Give the six digits of the hours ahead to a phone that asks: it may lose its line."""
    if "ahead" not in request.GET or not found.gate.order.checks_in:
        return None
    return {"first": codes.step_of(at), "digits": at_gate.digits_of(found.gate, at)}


def _code(request: Request, found: GatePhone, at: datetime) -> str:
    """Draw the rotating code as a picture."""
    path = reverse("duty:come", args=[found.gate.public_id, at_gate.code_of(found.gate, at)])
    address = settings.PUBLIC_URL.rstrip("/") + path
    return render_to_string("duty/phone_code.html", {"address": address}, request)


@require_POST
def sync(request: Request) -> JsonResponse:
    """Take what the phone kept: each act under its key gets its own answer."""
    at = clock.now()
    try:
        found = policy.phone_to_sync(request.COOKIES.get(COOKIE, ""), at)
        answers = take_sending(found, _read(request, at), at=at)
    except GroundworkError as error:
        return _refused(error)
    return JsonResponse(
        {
            "answers": [
                {
                    "key": one.key,
                    "error": say(one.error) if one.error else "",
                    "code": one.error.code if one.error else "",
                }
                for one in answers
            ]
        }
    )


def _refused(error: GroundworkError) -> JsonResponse:
    return JsonResponse({"code": error.code, "error": say(error)}, status=error.status)


def _read(request: Request, at: datetime) -> list[Sent]:
    """Read a sending: at most `MOST_SENT` acts of short words. Raises Unreadable."""
    if len(request.body) > LONGEST:
        raise Unreadable
    try:
        acts = json.loads(request.body)["acts"]
        if not isinstance(acts, list) or len(acts) > MOST_SENT:
            raise Unreadable
        return [_act(act, at) for act in acts]
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise Unreadable from None


def _act(act: dict[str, Any], at: datetime) -> Sent:
    said = {str(k)[:20]: str(v)[:LONGEST_FIELD] for k, v in list(act["said"].items())[:FIELDS]}
    key = str(act["key"])
    if not 1 <= len(key) <= 40:
        raise Unreadable
    moment = datetime.fromtimestamp(float(act["at"]), clock.ZONE)
    return Sent(key, str(act["kind"])[:10], moment, said)
