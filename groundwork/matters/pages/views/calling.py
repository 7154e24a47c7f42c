"""Call-backs, and what raisers say afterwards."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from groundwork.base import clock
from groundwork.base.errors import Forbidden, RuleBroken
from groundwork.base.http import Request
from groundwork.matters.actions import calling as actions
from groundwork.matters.pages.forms.trust import CallForm, SatisfactionFilter
from groundwork.matters.policy import calling as policy
from groundwork.matters.queries import calling as queries
from groundwork.matters.queries import satisfaction as figures
from groundwork.matters.queries.satisfaction import Asked
from groundwork.web.errors import say

PERIOD = timedelta(days=90)
LONGEST = timedelta(days=3660)


@require_GET
@login_required
def calls(request: Request) -> HttpResponse:
    """List the call-backs to make."""
    if not policy.may_call(request.actor):
        raise Forbidden
    found = queries.calls(request.actor, clock.now(), request.GET.get("after", ""))
    return render(request, "matters/calls.html", {"calls": found})


@require_GET
@never_cache
@login_required
def call(request: Request, public_id: str) -> HttpResponse:
    """Show one call with its script; the number only to who has it in hand."""
    return _page(request, public_id, CallForm())


def _page(request: Request, public_id: str, form: CallForm, status: int = 200) -> HttpResponse:
    at = clock.now()
    task = policy.call_for(request.actor, public_id, at=at)
    found = queries.call(task, request.actor, at)
    return render(request, "matters/call.html", {"call": found, "form": form}, status=status)


@require_POST
@login_required
def call_take(request: Request, public_id: str) -> HttpResponse:
    """Take a call in hand."""
    actions.take_call(public_id, by=request.actor)
    return redirect("matters:call", public_id)


@require_POST
@login_required
def call_record(request: Request, public_id: str) -> HttpResponse:
    """Write down what came of a call."""
    form = CallForm(request.POST)
    if form.is_valid():
        try:
            task = actions.record_call(public_id, actions.CallSaid(**form.said()), by=request.actor)
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            done = task.done_at is not None
            messages.success(request, _("已记下。") if done else _("已记下，改天再打。"))
            return redirect("matters:calls")
    return _page(request, public_id, form, status=422)


@require_GET
def satisfaction(request: Request) -> HttpResponse:
    """Show the three rates of a period, by place, category and door; no figure by unit."""
    places, categories = figures.places(), figures.categories()
    form = SatisfactionFilter(request.GET or None, places=places, categories=categories)
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    start, end = _period(said.get("start"), said.get("end"))
    place = next((row for row in places if row.public_id == said.get("place")), None)
    category = next((row for row in categories if row.public_id == said.get("category")), None)
    asked, at = Asked(start, end, place, category, said.get("door", "")), clock.now()
    context = {
        "form": form,
        "asked": asked,
        "numbers": figures.satisfaction(asked, at),
        "tables": (
            (_("按地点"), figures.by_place(asked, at)),
            (_("按类别"), figures.by_category(asked, at)),
            (_("按渠道"), figures.by_door(asked, at)),
        ),
        "cutoff": at,
    }
    return render(request, "matters/call_rates.html", context)


def _period(start: date | None, end: date | None) -> tuple[date, date]:
    """Give the period asked for, the last 90 days where it makes no sense."""
    end = end or clock.today()
    start = start or end - PERIOD
    return (start, end) if start <= end <= start + LONGEST else (end - PERIOD, end)
