"""The hall of an evening: watch, ask, check oneself; open to everybody where the evening is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from groundwork.base import clock
from groundwork.base.errors import GroundworkError, NotFound
from groundwork.base.http import Request
from groundwork.matters.actions.knocking import Sender
from groundwork.study.actions import hall as actions
from groundwork.study.pages.forms.hall import QuestionForm
from groundwork.study.policy.hall import hall_for
from groundwork.study.queries import hall as queries
from groundwork.study.queries import quiz as quizzes
from groundwork.web.errors import say

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponse]
FRESH = 5  # seconds that an edge may keep what everybody without an account sees alike


def picture_policy() -> dict[str, list[str]]:
    """Say where the picture may come from: this city, and the edge it names (LIVE_HLS_URL).

    Media Source hands the picture over as blob:. No worker and no script is let in: hls.js runs
    without its worker.
    """
    found = {"media-src": ["'self'", "blob:"]}
    if settings.LIVE_HLS_URL:
        parts = urlsplit(settings.LIVE_HLS_URL)
        edge = f"{parts.scheme}://{parts.netloc}"
        found["media-src"].append(edge)
        found["connect-src"] = ["'self'", edge]
    return found


def open_to_all(view: View[P]) -> View[P]:
    """Lead who is not signed in to the door where a hall is not public, or is not there."""

    @wraps(view)
    def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound:
            if not request.actor.is_anonymous:
                raise
            return redirect_to_login(request.get_full_path())

    return guarded


def shared(request: Request, response: HttpResponse) -> HttpResponse:
    """Let an edge keep for some seconds what everybody without an account gets alike."""
    if request.actor.is_anonymous:
        patch_cache_control(response, public=True, max_age=FRESH)
    else:
        patch_cache_control(response, private=True, no_store=True)
    return response


@require_safe
@open_to_all
def hall(request: Request, evening: str) -> HttpResponse:
    """Show the hall. Without an account it is one page for everybody: no cookie, no token."""
    at = clock.now()
    page = queries.hall_page(request.actor, hall_for(request.actor, evening), at)
    context = {"page": page, "evening": page.evening, "now": at}
    if request.actor.is_anonymous:
        context["csrf_token"] = ""
    answer = shared(request, render(request, "study/hall.html", context))
    answer._csp_update = picture_policy()  # type: ignore[attr-defined]  # what django-csp's decorator sets
    return answer


@require_safe
@open_to_all
def part(request: Request, evening: str) -> HttpResponse:
    """Show again how one stands to the evening: the one tap appears as it begins."""
    found = hall_for(request.actor, evening)
    page = queries.hall_page(request.actor, found, clock.now())
    return render(request, "study/hall_part.html", {"page": page, "evening": found})


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def ask(request: Request, evening: str) -> HttpResponse:
    """Take a question to the speaker, from anybody in the hall."""
    found = hall_for(request.actor, evening)
    form = QuestionForm(request.POST or None)
    context = {"evening": found, "form": form, "asked": False}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status = _take(request, evening, form)
            context["asked"] = status == 200
    return render(request, _framed(request, "hall_ask"), context, status=status)


def _take(request: Request, evening: str, form: QuestionForm) -> int:
    # The browser is the token of this form; the address is counted generously.
    sender = Sender(request.META.get("CSRF_COOKIE", ""), request.META.get("REMOTE_ADDR", ""))
    sending = request.POST.get("client_key", "")[:36]
    try:
        actions.ask_question(
            evening, form.cleaned_data["text"], sender=sender, sending=sending, by=request.actor
        )
    except NotFound:
        raise
    except GroundworkError as error:
        form.add_error("text", say(error))
        return error.status
    return 200


@require_safe
@open_to_all
def questions(request: Request, evening: str) -> HttpResponse:
    """List what was put to the speaker: one page for everybody."""
    found = hall_for(request.actor, evening)
    context = {"evening": found, "asked": queries.asked(found)}
    if request.actor.is_anonymous and request.htmx:
        context["csrf_token"] = ""
    response = render(request, _framed(request, "hall_questions"), context)
    return shared(request, response)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def quiz(request: Request, evening: str) -> HttpResponse:
    """Ask the voluntary questions beside the picture. Nothing is written, nobody is counted."""
    found = hall_for(request.actor, evening)
    context = {
        "evening": found,
        "answered": request.method == "POST",
        "checked": quizzes.check(found, request.POST.dict()),
    }
    return render(request, _framed(request, "hall_quiz"), context)


def _framed(request: Request, name: str) -> str:
    """Name the fragment for htmx, else the page around it."""
    return f"study/{name}_part.html" if request.htmx else f"study/{name}.html"
