"""Pages for those who are asked: what is asked now, the answer, the outcome; without account."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from groundwork.base import clock
from groundwork.base.errors import Forbidden, GroundworkError, NotFound
from groundwork.base.http import Request
from groundwork.matters.actions.knocking import Sender
from groundwork.service.actions import replies as acts
from groundwork.service.pages.forms.rounds import ReplyForm
from groundwork.service.policy import rounds as policy
from groundwork.service.queries import rounds as queries
from groundwork.web.errors import say


@require_GET
def asking(request: Request) -> HttpResponse:
    """List what everybody is asked now, what I am asked, and what came of earlier rounds."""
    by, at = request.actor, clock.now()
    context = {
        "mine": queries.waiting(by, at),
        "open": queries.open_to_all(at),
        "listing": queries.reported(request.GET.get("after", "")),
        "reads_rounds": policy.reads_rounds(by),
    }
    return render(request, "service/asking.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: Request, public_id: str) -> HttpResponse:
    """Ask, and take the answer."""
    by, at = request.actor, clock.now()
    found = policy.asked_round(by, public_id, at)
    context = {
        "round": found,
        "open": queries.is_open(found, at),
        "replied": queries.has_replied(by, found),
        "to_all": found.audience == "all",
    }
    if request.method == "GET":
        form = ReplyForm(by=by, asked=found)
        return render(request, "service/ask.html", {**context, "form": form})
    form = ReplyForm(request.POST, by=by, asked=found)
    if form.is_valid():
        try:
            taken = acts.send_reply(
                public_id,
                form.answer(request.POST.get("client_key", "")),
                by=by,
                sender=_sender(request),
                at=at,
            )
        except (NotFound, Forbidden):
            raise
        except GroundworkError as error:
            form.add_error(None, say(error))
            context["status"] = error.status
        else:
            return render(request, "service/ask_done.html", {**context, "taken": taken})
    status = int(str(context.pop("status", 422)))
    return render(request, "service/ask.html", {**context, "form": form}, status=status)


def _sender(request: Request) -> Sender:
    return Sender(
        browser=request.META.get("CSRF_COOKIE", ""), address=request.META.get("REMOTE_ADDR", "")
    )


@require_GET
def outcome(request: Request, public_id: str) -> HttpResponse:
    """Show what came of a round: how many answered, the matters with their state, our word."""
    found = policy.reported_round(public_id)
    return render(
        request,
        "service/outcome.html",
        {"page": queries.outcome(found, clock.now()), "round": found},
    )
