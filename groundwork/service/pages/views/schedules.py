"""Pages of standing orders to ask again: set one, pause, resume, end it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.service.actions import schedules as acts
from groundwork.service.models import RoundSchedule
from groundwork.service.pages.forms.schedules import ScheduleForm
from groundwork.service.pages.views.forming import answer_form
from groundwork.service.policy import rounds as policy
from groundwork.web.sending import form_page


@login_required
@form_page
def schedule(request: Request, public_id: str) -> HttpResponse:
    """Ask what a round asks again at set times."""
    by, today = request.actor, clock.today()
    found = policy.round_for(by, public_id, "schedule")
    initial = {
        "every": "month",
        "nth": 1,
        "opens": time(9),
        "lasts": 10,
        "valid_from": today + timedelta(days=1),
        "valid_to": today + timedelta(days=365),
    }
    form = ScheduleForm(request.POST or None, initial=initial)

    def act() -> str:
        made = acts.schedule_round(public_id, form.plan(), by=by)
        newest = made.rounds.order_by("-turn").values_list("public_id", flat=True)
        return reverse("service:round", args=[newest[0]])

    return answer_form(
        request,
        form,
        act,
        title=_("定期再问：%(title)s") % {"title": found.title},
        done=_("已定期，第一次的草稿在这里，到时自动发布。"),
        back=reverse("service:round", args=[public_id]),
    )


def _done(request: Request, act: Callable[..., RoundSchedule], key: str, said: str) -> HttpResponse:
    found = act(key, by=request.actor)
    messages.success(request, said)
    newest = found.rounds.order_by("-turn").values_list("public_id", flat=True)
    return redirect("service:round", newest[0])


@login_required
@require_POST
def pause(request: Request, public_id: str) -> HttpResponse:
    """Let no turn come until further notice."""
    return _done(request, acts.pause_schedule, public_id, _("已暂停，到时不会开始。"))


@login_required
@require_POST
def resume(request: Request, public_id: str) -> HttpResponse:
    """Go on with the next turn."""
    return _done(request, acts.resume_schedule, public_id, _("已恢复，从下一次接着问。"))


@login_required
@require_POST
def end(request: Request, public_id: str) -> HttpResponse:
    """Ask no more."""
    return _done(request, acts.end_schedule, public_id, _("已结束，不再定期问。"))
