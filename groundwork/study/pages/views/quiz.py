"""The voluntary self-check: answers are shown right or wrong and forgotten."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from groundwork.base.errors import GroundworkError
from groundwork.base.http import Request
from groundwork.study.actions import quiz as actions
from groundwork.study.pages.forms.roll import QuestionForm
from groundwork.study.policy.evening import evening_for, plans_for
from groundwork.study.policy.roll import rolled_evening_for
from groundwork.study.queries import quiz as queries
from groundwork.web.errors import say


@require_http_methods(["GET", "POST"])
@login_required
def quiz(request: Request, evening: str) -> HttpResponse:
    """Ask, and say what was right and why. Nothing is written, nobody is counted."""
    found = rolled_evening_for(request.actor, evening)
    context = {
        "evening": found,
        "answered": request.method == "POST",
        "checked": queries.check(found, request.POST.dict()),
        "may_edit": plans_for(request.actor, found.host),
    }
    return render(request, "study/quiz.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def questions(request: Request, evening: str) -> HttpResponse:
    """List an evening's questions and add one; for who plans it."""
    found = evening_for(request.actor, evening, "quiz")
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            choices, right = queries.placed(
                form.cleaned_data["choices"].splitlines(), queries.questions(found).count()
            )
            asked, why = form.cleaned_data["asked"], form.cleaned_data["why"]
            actions.add_question(evening, asked, choices, right, why, by=request.actor)
        except GroundworkError as error:
            form.add_error("choices", say(error))
        else:
            messages.success(request, _("题目已加上。"))
            return redirect("study:questions", evening)
    context = {"evening": found, "form": form, "questions": queries.questions(found)}
    status = 422 if form.errors else 200
    return render(request, "study/quiz_questions.html", context, status=status)


@require_POST
@login_required
def remove(request: Request, evening: str, question: str) -> HttpResponse:
    """Take a question out."""
    actions.remove_question(evening, question, by=request.actor)
    messages.success(request, _("题目已去掉。"))
    return redirect("study:questions", evening)
