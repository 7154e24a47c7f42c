"""The personal calendar feed and the page that gives its secret address."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groundwork.access.actions import personal as actions
from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.desk import queries

SHOWN_ONCE = "feed_secret"  # session key: the secret waits here for the page after the redirect


@login_required
@require_http_methods(["GET", "POST"])
def address(request: Request) -> HttpResponse:
    """Show whether an address is in force; a POST makes a new one and shows it once."""
    if request.method == "POST":
        request.session[SHOWN_ONCE] = actions.issue_feed_key(by=request.actor)
        return redirect("desk:calendar")
    secret = request.session.pop(SHOWN_ONCE, None)
    return render(
        request,
        "desk/calendar.html",
        {
            "key": queries.feed_key(request.actor),
            "address": _address(secret) if secret else "",
            "webcal": re.sub(r"^https?", "webcal", _address(secret)) if secret else "",
        },
    )


def _address(secret: str) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse("desk:feed", args=[secret])


@login_required
@require_POST
def revoke(request: Request) -> HttpResponseRedirect:
    """End the address in force."""
    if actions.revoke_feed_key(by=request.actor):
        messages.success(request, _("旧的订阅地址已失效。"))
    return redirect("desk:calendar")


@require_safe
def feed(request: Request, secret: str) -> HttpResponse:
    """Give the calendar behind a secret address; no session, no cookie. 404 once revoked."""
    feed = queries.feed(secret, at=clock.now())
    if request.headers.get("If-None-Match") == feed.etag:
        return HttpResponseNotModified(headers={"ETag": feed.etag})
    headers = {"ETag": feed.etag, "Cache-Control": "private, max-age=900"}
    return HttpResponse(feed.text, content_type="text/calendar; charset=utf-8", headers=headers)
