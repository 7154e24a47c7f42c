"""Who can come: the call, the person's phone page, the unit's page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.base import clock
from groundwork.base.errors import Forbidden, NotFound, RuleBroken
from groundwork.base.http import Request
from groundwork.duty.actions import supply as acts
from groundwork.duty.pages.forms.supply import SLOT_NAMES, AnswerForm, StayForm
from groundwork.duty.policy import orders as policy
from groundwork.duty.policy import supply as supply_policy
from groundwork.duty.queries import supply as queries
from groundwork.duty.rules import times as rules
from groundwork.web.errors import say

form_page = require_http_methods(["GET", "POST"])
NOT_AT_ALL = "none"


@login_required
@form_page
def order_call(request: Request, public_id: str) -> HttpResponse:
    """Call people up, after saying how many."""
    by = request.actor
    found = policy.order_for(by, public_id, "edit")
    if request.method == "POST":
        asked = acts.call_up(public_id, by=by)
        messages.success(request, _("已召集 %(n)s 人，各人手机上都收到了。") % {"n": asked})
        return redirect("duty:order", public_id)
    waiting = acts.to_ask(found)
    context = {
        "question": _("召集“%(place)s”各单位的人？") % {"place": found.place},
        "consequence": _(
            "%(n)s 人会收到通知，请他们说什么时候能来；不能参加不用说原因。已召集过的不会再收到。"
        )
        % {"n": waiting.count()},
        "verb": _("召集"),
        "back_url": reverse("duty:order", args=[public_id]),
        "fields": {},
    }
    return render(request, "web/confirm.html", context)


@login_required
@form_page
def supply(request: Request, public_id: str) -> HttpResponse:
    """Say when one can come: one tap, or day by day."""
    by, at = request.actor, clock.now()
    found = policy.order_for(by, public_id)
    if not supply_policy.may_offer(by):
        raise Forbidden
    policy.require_open(found, at, "calls_up")
    page = queries.own_call(by, found, at)
    days = [line.day for line in page.days]
    if request.method == "POST" and "tap" in request.POST:
        return _tapped(request, public_id, page)
    initial = {"cap": page.cap, "skills": list(page.skills)}
    form = AnswerForm(request.POST or None, days=days, initial=initial)
    if request.method == "POST" and form.is_valid():
        week: Any = page.times.get("week", {})
        acts.answer_call(public_id, form.answer(week), by=by)
        messages.success(request, _("记下了。随时可以再改。"))
        return redirect("duty:supply", public_id)
    context = {
        "page": page,
        "order": found,
        "form": form,
        "patterns": rules.PATTERNS,
        "said": rules.said(page.times),
        "words": queries.times_text(page.times),
        "grid": [(line, _slots(line.day, line.ticked)) for line in page.days],
        "slots": SLOT_NAMES.values(),
    }
    return render(request, "duty/supply.html", context, status=422 if form.errors else 200)


def _slots(day: date, ticked: set[str]) -> list[tuple[str, Any, bool, str]]:
    return [
        (code, SLOT_NAMES[code], code in ticked, f"day_{day:%Y%m%d}")
        for code, _start, _end in rules.SLOTS
    ]


def _tapped(request: Request, public_id: str, page: queries.OwnCall) -> HttpResponse:
    """Take an answer of one tap; how often and what for stay as they were."""
    tap = request.POST["tap"]
    pattern = rules.pattern_of(tap)
    if tap == NOT_AT_ALL:
        acts.excuse_self(public_id, by=request.actor)
        messages.success(request, _("知道了，不用说原因。想来的时候随时可以改。"))
    elif pattern is None:
        raise NotFound
    else:
        times = {"week": rules.week_of(pattern), "days": {}}
        answer = acts.Answer(times, page.cap, tuple(page.skills))
        acts.answer_call(public_id, answer, by=request.actor)
        said = _("记下了：%(words)s，一周最多 %(cap)s 次。随时可以再改。")
        messages.success(request, said % {"words": _(pattern.label), "cap": page.cap})
    return redirect("duty:supply", public_id)


# ---- the unit -----------------------------------------------------------------------------------
@login_required
@require_GET
def units(request: Request, public_id: str) -> HttpResponse:
    """List the units of an order that the reader answers for."""
    by = request.actor
    found = policy.order_for(by, public_id)
    if not supply_policy.reads_units(by):
        raise Forbidden
    listing, lines = queries.part_list(by, found, request.GET.get("after", ""))
    context = {"order": found, "lines": lines, "listing": listing}
    return render(request, "duty/units.html", context)


@login_required
@form_page
def unit(request: Request, public_id: str, unit: str) -> HttpResponse:
    """Show who of a unit was asked and what each answered; keep some in the office."""
    by = request.actor
    part = supply_policy.part_for(by, public_id, unit)
    form = StayForm(request.POST or None, initial={"stay": part.stay})
    if request.method == "POST":
        supply_policy.part_for(by, public_id, unit, "edit")
    if request.method == "POST" and form.is_valid():
        try:
            acts.keep_in_office(public_id, unit, form.cleaned_data["stay"], by=by)
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("已保存。排班时工作日不会动这些人手。"))
            return redirect("duty:unit", public_id, unit)
    page = queries.part_page(by, part, request.GET.get("after", ""))
    context = {"page": page, "order": part.order, "unit": part.unit, "form": form}
    return render(request, "duty/unit.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def unit_hold(request: Request, public_id: str, volunteer: str) -> HttpResponse:
    """Keep somebody at the desk, or let them go."""
    held = request.POST.get("held") == "yes"
    row = acts.hold_person(public_id, volunteer, held, by=request.actor)
    return redirect("duty:unit", public_id, row.unit.public_id)


@login_required
@require_POST
def unit_release(request: Request, public_id: str, unit: str) -> HttpResponse:
    """Let everybody of a unit go with one tap."""
    acts.release_unit(public_id, unit, by=request.actor)
    messages.success(request, _("本单位的人都放行了。"))
    return redirect("duty:unit", public_id, unit)
