"""Alarms from the gates, for those who keep their places."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from groundwork.base.errors import GroundworkError
from groundwork.base.http import Request
from groundwork.duty.actions.alarms import answer_alarm
from groundwork.duty.pages.forms.gate import AlarmForm
from groundwork.duty.policy import alarms as policy
from groundwork.web.errors import say

MOST = 60


@require_GET
@login_required
def alarms(request: Request) -> HttpResponse:
    """List the newest alarms of one's places, those nobody answered first."""
    rows = policy.visible_alarms(request.actor).select_related("gate__place")
    open_ones = list(rows.filter(answered_at=None).order_by("-id")[:MOST])
    past = list(rows.exclude(answered_at=None).order_by("-id")[:MOST])
    return render(request, "duty/alarms.html", {"open": open_ones, "past": past})


@require_http_methods(["GET", "POST"])
@login_required
def alarm(request: Request, public_id: str) -> HttpResponse:
    """Show an alarm and take the word on what was done."""
    found = policy.alarm_for(request.actor, public_id)
    form = AlarmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_alarm(public_id, form.cleaned_data["outcome"], by=request.actor)
            return redirect("duty:alarm", public_id)
        except GroundworkError as error:
            form.add_error("outcome", say(error))
    status = 422 if form.errors else 200
    return render(request, "duty/alarm.html", {"alarm": found, "form": form}, status=status)
