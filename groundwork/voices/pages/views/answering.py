"""The page of those who are asked; without account where the survey is open."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from groundwork.base import clock
from groundwork.base.errors import Forbidden, GroundworkError, NotFound
from groundwork.base.http import Request
from groundwork.matters.actions.knocking import Sender
from groundwork.voices.actions.answers import send_answer
from groundwork.voices.models import Survey
from groundwork.voices.pages.forms.surveys import AnswerForm
from groundwork.voices.policy import surveys as policy
from groundwork.voices.queries import surveys as queries
from groundwork.web.errors import say


@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: Request, public_id: str) -> HttpResponse:
    """Ask, and take the answer; what a phone's queue sends is answered by a note."""
    by, at = request.actor, clock.now()
    found = policy.asked_survey(by, public_id)
    questions = list(found.questions.all())
    context = {
        "survey": found,
        "title": queries.in_language(found.title, found.title_en),
        "why": queries.in_language(found.why, found.why_en),
        "open": found.state == Survey.State.OPEN and found.opens_at <= at < found.closes_at,
    }
    queued = "HX-Request" in request.headers
    form = AnswerForm(request.POST or None, questions=questions)
    if request.method == "GET" or not form.is_valid():
        return _asked(request, form, context, queued, 422 if form.errors else 200)
    try:
        taken = send_answer(
            public_id,
            form.raw(),
            client_key=request.POST.get("client_key", "")[:60],
            by=by,
            sender=_sender(request),
            at=at,
        )
    except (NotFound, Forbidden):
        raise
    except GroundworkError as error:
        form.add_error(None, say(error))
        return _asked(request, form, context, queued, error.status)
    name = "voices/answer_note.html" if queued else "voices/answer_done.html"
    return render(request, name, {**context, "taken": taken})


def _asked(
    request: Request, form: AnswerForm, context: dict[str, object], queued: bool, status: int
) -> HttpResponse:
    if queued:
        return render(request, "voices/answer_refused.html", {"form": form}, status=status)
    return render(request, "voices/answer.html", {**context, "form": form}, status=status)


def _sender(request: Request) -> Sender:
    """Tell where an answer comes from; browsers without a cookie are one to each address."""
    address = request.META.get("REMOTE_ADDR", "")
    return Sender(request.META.get("CSRF_COOKIE") or f"answer {address}", address)
