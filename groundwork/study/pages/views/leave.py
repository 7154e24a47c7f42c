"""Leave: ask, take back, decide."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.study.actions import leave as actions
from groundwork.study.pages.forms.roll import LeaveForm
from groundwork.study.policy import roll as policy
from groundwork.study.queries import roll as queries


@require_POST
@login_required
def ask(request: Request, evening: str) -> HttpResponse:
    """Ask for leave from an evening."""
    form = LeaveForm(request.POST)
    if not form.is_valid():
        found = policy.rolled_evening_for(request.actor, evening)
        part = queries.own_part(found, request.actor, clock.now())
        return render(request, "study/sign_part.html", {"part": part, "form": form}, status=422)
    actions.ask_leave(evening, form.cleaned_data["category"], by=request.actor)
    messages.success(request, _("已提出请假，等书记批。"))
    return redirect("study:own_part", evening)


@require_POST
@login_required
def withdraw(request: Request, leave: str) -> HttpResponse:
    """Take the own asking back."""
    taken = actions.withdraw_leave(leave, by=request.actor)
    messages.success(request, _("请假已撤回。"))
    return redirect("study:own_part", taken.evening.public_id)


@require_GET
@login_required
def leaves(request: Request) -> HttpResponse:
    """List what waits for a decision, what was decided lately, and the own leave."""
    found = queries.leaves(request.actor, clock.now())
    return render(request, "study/leave_list.html", {"leaves": found})


@require_POST
@login_required
def decide(request: Request, leave: str) -> HttpResponse:
    """Grant or refuse."""
    granted = request.POST.get("granted") == "yes"
    actions.decide_leave(leave, granted=granted, by=request.actor)
    messages.success(request, _("已准假。") if granted else _("已回绝。"))
    return redirect("study:leaves")
