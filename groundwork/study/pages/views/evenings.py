"""Pages of evenings: list, one evening, plan, publish, move, cancel, close, rooms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groundwork.base import clock, text
from groundwork.base.errors import Forbidden, RuleBroken
from groundwork.base.http import Request
from groundwork.study.actions import evening as acts
from groundwork.study.actions import publishing
from groundwork.study.actions.programme import STARTS, USUAL
from groundwork.study.models import Evening
from groundwork.study.pages.forms import evening as forms
from groundwork.study.policy.evening import evening_for, is_planner, material_for
from groundwork.study.queries import choices
from groundwork.study.queries import evening as queries
from groundwork.web.errors import say

TABS = ("upcoming", "past", "drafts")
form_page = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def evenings(request: Request) -> HttpResponse:
    """List evenings by tab, month, theme and words."""
    by, at = request.actor, clock.now()
    form = forms.EveningFilter(request.GET or None)
    said: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    planner = is_planner(by)
    when = request.GET.get("when", "upcoming")
    wanted = queries.Wanted(
        when=when if when in TABS and (planner or when != "drafts") else "upcoming",
        scope=said.get("scope") or "mine",
        month=said.get("month"),
        theme=said.get("theme") or "",
        q=text.tidy(request.GET.get("q", ""))[:60],
        after=request.GET.get("after", ""),
    )
    context = {
        "listing": queries.evenings(by, wanted, at),
        "wanted": wanted,
        "form": form,
        "planner": planner,
        "model": queries.last_own_evening(by, at) if planner else None,
        "narrowed": bool(wanted.q or wanted.month or wanted.theme or wanted.scope != "mine"),
    }
    return render(request, "study/evenings.html", context)


@login_required
@require_safe
def evening(request: Request, public_id: str) -> HttpResponse:
    """Show one evening, and at the bottom what its reader may do."""
    by, at = request.actor, clock.now()
    page = queries.evening_page(by, evening_for(by, public_id), at)
    room_form = forms.RoomForm(bodies=page.room_bodies) if page.room_bodies else None
    return render(request, "study/evening.html", {"page": page, "room_form": room_form, "now": at})


@login_required
@form_page
def evening_new(request: Request) -> HttpResponse:
    """Plan an evening; what is usual is filled in."""
    by, at = request.actor, clock.now()
    if not is_planner(by):
        raise Forbidden
    material, under = request.GET.get("material", ""), request.GET.get("under", "")
    if under:
        initial = forms.initial_under(by, evening_for(by, under))
    else:
        start = acts.next_start(at, clock.local(at.date(), STARTS))
        initial = forms.fresh_initial(by, start, start + USUAL)
    if material:
        initial["materials"] = [material_for(by, material).public_id]
    form = forms.EveningForm(request.POST or None, by=by, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.create_evening(form.plan(), by=by, at=at)
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            return redirect("study:evening_publish", made.public_id)
    return render(request, "study/evening_form.html", {"form": form, "evening": None})


@login_required
@form_page
def evening_edit(request: Request, public_id: str) -> HttpResponse:
    """Change an evening; the times of a published one are changed by moving it."""
    by = request.actor
    found = evening_for(by, public_id, "edit")
    initial = forms.initial_of(found)
    form = forms.EveningForm(request.POST or None, by=by, evening=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.edit_evening(public_id, form.plan(), by=by, at=clock.now())
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("已保存。"))
            draft = found.state == Evening.State.DRAFT
            return redirect("study:evening_publish" if draft else "study:evening", public_id)
    return render(request, "study/evening_form.html", {"form": form, "evening": found})


@login_required
@form_page
def evening_publish(request: Request, public_id: str) -> HttpResponse:
    """Show whom publishing would call and what to look at first; then publish."""
    by, at = request.actor, clock.now()
    found = evening_for(by, public_id, "publish")
    error = None
    if request.method == "POST":
        try:
            publishing.publish_evening(public_id, by=by, at=at)
        except RuleBroken as refused:
            error = refused
        else:
            messages.success(request, _("已发布。应到人员的首页和日历里都能看到。"))
            return redirect("study:evening", public_id)
    context = {"evening": found, "preview": queries.preview(found), "error": error}
    status = error.status if error else 200
    return render(request, "study/evening_publish.html", context, status=status)


@login_required
@require_POST
def evening_copy(request: Request, public_id: str) -> HttpResponse:
    """Draft the next evening after the model of one, and open it for changes."""
    by = request.actor
    copy = acts.copy_evening(public_id, host=choices.own_body(by), by=by, at=clock.now())
    messages.success(request, _("已照上一场拟好草稿，请核对后发布。"))
    return redirect("study:evening_edit", copy.public_id)


@login_required
@form_page
def evening_move(request: Request, public_id: str) -> HttpResponse:
    """Move a published evening, with a reason."""
    by = request.actor
    found = evening_for(by, public_id, "move")
    start, end = (m.astimezone(clock.ZONE) for m in (found.starts_at, found.ends_at))
    initial = {"day": start.date(), "starts": start.time(), "ends": end.time()}
    form = forms.MoveForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        starts_at, ends_at = form.times()
        try:
            acts.move_evening(
                public_id,
                starts_at=starts_at,
                ends_at=ends_at,
                reason=form.cleaned_data["reason"],
                by=by,
                at=clock.now(),
            )
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("已改期，应到人员会收到通知。"))
            return redirect("study:evening", public_id)
    return render(request, "study/evening_change.html", {"form": form, "evening": found})


@login_required
@form_page
def evening_cancel(request: Request, public_id: str) -> HttpResponse:
    """Cancel an evening, with a reason."""
    by = request.actor
    found = evening_for(by, public_id, "cancel")
    form = forms.CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            acts.cancel_evening(public_id, reason=reason, by=by, at=clock.now())
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("已取消。"))
            return redirect("study:evening", public_id)
    context = {"form": form, "evening": found, "cancelling": True}
    return render(request, "study/evening_change.html", context)


@login_required
@require_POST
def evening_close(request: Request, public_id: str) -> HttpResponse:
    """Close an evening once its rolls are in."""
    try:
        acts.close_evening(public_id, by=request.actor, at=clock.now())
    except RuleBroken as error:
        messages.error(request, say(error))
    else:
        messages.success(request, _("已封存。"))
    return redirect("study:evening", public_id)


@login_required
@require_POST
def room_add(request: Request, public_id: str) -> HttpResponse:
    """Give a body a room at an evening."""
    by, at = request.actor, clock.now()
    page = queries.evening_page(by, evening_for(by, public_id), at)
    form = forms.RoomForm(request.POST, bodies=page.room_bodies)
    if form.is_valid():
        data = form.cleaned_data
        try:
            acts.add_room(
                public_id,
                body_id=data["body"],
                name=data["name"],
                capacity=data["capacity"],
                by=by,
                at=at,
            )
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("会场已安排。"))
            return redirect("study:evening", public_id)
    context = {"page": page, "room_form": form, "now": at}
    return render(request, "study/evening.html", context, status=422)


@login_required
@require_POST
def room_remove(request: Request, public_id: str, room_id: str) -> HttpResponse:
    """Take a room back."""
    try:
        acts.remove_room(public_id, room_id, by=request.actor, at=clock.now())
    except RuleBroken as error:
        messages.error(request, say(error))
    return redirect("study:evening", public_id)


@login_required
@require_safe
def choices_bodies(request: Request) -> HttpResponse:
    """Answer the search-as-you-type of bodies the actor plans for."""
    found = choices.body_choices(request.actor, request.GET.get("q", ""))
    return render(request, "web/parts/choices.html", {"choices": found})
