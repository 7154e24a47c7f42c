"""Behind the hall: the moderator's desk, the speaker's screen, the evening's screen."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from groundwork.base import clock
from groundwork.base.errors import NotFound
from groundwork.base.http import Request
from groundwork.study.actions import hall as actions
from groundwork.study.policy.hall import hall_for
from groundwork.study.queries import hall as queries
from groundwork.study.queries import watching
from groundwork.study.rules import hall as rules


@require_safe
@never_cache
@login_required
def moderate(request: Request, evening: str) -> HttpResponse:
    """Show what waits, what stands on the speaker's screen, what is done; htmx asks again."""
    found = hall_for(request.actor, evening, "moderate")
    page = "study/hall_desk_part.html" if request.htmx else "study/hall_desk.html"
    return render(request, page, {"evening": found, "desk": queries.desk(found)})


@require_POST
@login_required
def move(request: Request, evening: str, question: str) -> HttpResponse:
    """Take one step with a question."""
    verb = next((verb for verb in rules.VERBS if verb == request.POST.get("verb")), None)
    if verb is None:
        raise NotFound
    actions.move_question(evening, question, verb, by=request.actor)
    if request.htmx:
        found = hall_for(request.actor, evening, "moderate")
        context = {"evening": found, "desk": queries.desk(found)}
        return render(request, "study/hall_desk_part.html", context)
    return redirect("study:hall_moderate", evening)


@require_safe
@never_cache
@login_required
def speaker(request: Request, evening: str) -> HttpResponse:
    """Show the speaker what to answer, in large letters; htmx asks again."""
    found = hall_for(request.actor, evening, "speak")
    page = "study/hall_speaker_part.html" if request.htmx else "study/hall_speaker.html"
    return render(request, page, {"evening": found, "questions": queries.shortlist(found)})


@require_safe
@never_cache
@login_required
def screen(request: Request, evening: str) -> HttpResponse:
    """Show the evening's screen for the hall and the city's office."""
    found = hall_for(request.actor, evening, "watch")
    page = "study/hall_screen_part.html" if request.htmx else "study/hall_screen.html"
    shown = watching.screen(found, clock.now())
    return render(request, page, {"evening": found, "screen": shown})


@require_safe
@never_cache
@login_required
def now_json(request: Request, evening: str) -> JsonResponse:
    """Give the evening's screen as JSON, the same kept reading for however many ask."""
    found = hall_for(request.actor, evening, "watch")
    return JsonResponse(watching.screen(found, clock.now()))
