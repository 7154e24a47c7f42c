"""Pages of calls: the list, one call, taking it, confirming it; one's own hours."""

from __future__ import annotations

from datetime import time, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.base import clock
from groundwork.base.errors import Forbidden
from groundwork.base.http import Request
from groundwork.voices.actions import calls as acts
from groundwork.voices.pages.forms.home import CallForm, ConfirmForm
from groundwork.voices.pages.views.forming import answer_form
from groundwork.voices.policy import home as policy
from groundwork.voices.queries import home as queries
from groundwork.web.downloads import sheet_file
from groundwork.web.panels import panels_at
from groundwork.web.sending import form_page, tapped

NEAR = ("home", "near", "all")


@login_required
@require_GET
def calls(request: Request) -> HttpResponse:
    """List what communities call for."""
    by = request.actor
    if not (by.person_id or policy.keeps_any(by)):
        raise Forbidden
    near = request.GET.get("near", "home" if by.home_community else "all")
    near = near if near in NEAR else "home"
    listing = queries.calls_page(by, clock.now(), near, request.GET.get("after", ""))
    names = [("home", _("我的社区")), ("near", _("本街道（乡镇）")), ("all", _("全市"))]
    context = {"listing": listing, "near": near, "names": names, "keeps": policy.keeps_any(by)}
    return render(request, "voices/calls.html", context)


@login_required
@form_page
def call_new(request: Request) -> HttpResponse:
    """Say what the community needs."""
    by = request.actor
    policy.require_keeper(by)
    day = clock.today() + timedelta(days=3)
    initial = {
        "starts_at": clock.local(day, time(9)).replace(tzinfo=None),
        "ends_at": clock.local(day, time(11)).replace(tzinfo=None),
    }
    places = list(policy.kept_communities(by))
    form = CallForm(request.POST or None, places=places, initial=initial)

    def act() -> str:
        made = acts.post_call(form.plan(), by=by)
        return reverse("voices:call", args=[made.public_id])

    return answer_form(
        request,
        form,
        act,
        title=_("社区需要帮手"),
        done=_("已发布，住在附近的干部都能看到。"),
        back=reverse("voices:community"),
        verb=_("发布"),
    )


@login_required
@require_GET
def call(request: Request, public_id: str) -> HttpResponse:
    """Show a call; to its community also who took it."""
    by = request.actor
    page = queries.call_page(by, policy.call_for(by, public_id), clock.now())
    return render(request, "voices/call.html", {"page": page, "call": page.call})


def _call(public_id: str) -> str:
    return reverse("voices:call", args=[public_id])


@login_required
@require_POST
def take(request: Request, public_id: str) -> HttpResponse:
    """Take a call."""
    by = request.actor
    policy.require_person(by)
    return tapped(
        request, lambda: acts.take_call(public_id, by=by), _("报上名了，到时见。"), _call(public_id)
    )


@login_required
@form_page
def off(request: Request, public_id: str) -> HttpResponse:
    """Ask, then call it off."""
    by = request.actor
    found = policy.call_for(by, public_id, "keep")
    if request.method == "POST":
        done = _("已取消，报名的人都告诉了。")
        return tapped(request, lambda: acts.call_off(public_id, by=by), done, _call(public_id))
    context = {
        "question": _("取消“%(title)s”？") % {"title": found.title},
        "consequence": _("报了名的人会收到通知，不用再来。"),
        "verb": _("取消这件事"),
        "danger": True,
        "back_url": _call(public_id),
    }
    return render(request, "web/confirm.html", context)


@login_required
@require_POST
def give_back(request: Request, public_id: str) -> HttpResponse:
    """Give a call back."""
    by = request.actor
    return tapped(
        request,
        lambda: acts.give_back(public_id, by=by),
        _("已退，谢谢早说。"),
        reverse("voices:home"),
    )


@login_required
@form_page
def confirm(request: Request, public_id: str) -> HttpResponse:
    """Confirm from when to when somebody was there."""
    by = request.actor
    taking = queries.taking_to_settle(by, public_id)
    form = ConfirmForm(request.POST or None, taking=taking)

    def act() -> str:
        acts.confirm_taking(public_id, **form.cleaned_data, by=by)
        return reverse("voices:community")

    return answer_form(
        request,
        form,
        act,
        title=_("%(name)s：%(title)s") % {"name": taking.person.name, "title": taking.call.title},
        done=_("已确认，记进了本人的服务记录。"),
        back=reverse("voices:community"),
        verb=_("确认"),
        lead=_("时间对就直接点确认。"),
    )


@login_required
@require_POST
def release(request: Request, public_id: str) -> HttpResponse:
    """Let it go, without a record."""
    by = request.actor
    return tapped(
        request,
        lambda: acts.release_taking(public_id, by=by),
        _("已放下，不记任何情况。"),
        reverse("voices:community"),
    )


@login_required
@require_GET
def hours(request: Request) -> HttpResponse:
    """Show one's own record, with the gate shifts that duty lays beside it."""
    by = request.actor
    person = policy.require_person(by)
    panels = panels_at("own_hours", person, by=by, at=clock.now())
    found = queries.hours(queries.own_deeds(by))
    return render(request, "voices/hours.html", {"hours": found, "panels": panels})


@login_required
@require_GET
def hours_export(request: Request) -> HttpResponse:
    """Give one's own record as xlsx."""
    by = request.actor
    policy.require_person(by)
    found = queries.hours(queries.own_deeds(by))
    return sheet_file(queries.hours_workbook(found), _("服务记录"))
