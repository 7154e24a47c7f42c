"""Pages of one gate and one shift for who asks for people there."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.base import clock
from groundwork.base.errors import Conflict, RuleBroken
from groundwork.base.http import Request
from groundwork.duty.actions import bulk_needs
from groundwork.duty.actions import gates as acts
from groundwork.duty.actions.bulk_needs import Scope
from groundwork.duty.actions.needs import add_gate
from groundwork.duty.models.need import Kind
from groundwork.duty.pages.forms.need import (
    CallOffForm,
    CloseForm,
    GateCopyForm,
    GateEditForm,
    GateForm,
    NeedFilter,
    NumbersForm,
    ShiftsForm,
)
from groundwork.duty.pages.views.needs import put_words
from groundwork.duty.pages.views.orders import form_for, picker
from groundwork.duty.policy import gates as policy
from groundwork.duty.policy.orders import order_for
from groundwork.duty.policy.sheets import check_may_import
from groundwork.duty.queries import needs as queries
from groundwork.duty.queries.choices import own_place
from groundwork.duty.queries.places import seen_place
from groundwork.web.errors import say
from groundwork.web.sending import sent

form_page = require_http_methods(["GET", "POST"])


@login_required
@require_GET
def gates(request: Request, public_id: str) -> HttpResponse:
    """List the gates of an order."""
    by, at = request.actor, clock.now()
    found = order_for(by, public_id)
    wanted = NeedFilter(request.GET)
    wanted.is_valid()
    place = seen_place(found, wanted.cleaned_data.get("place", ""))
    page = queries.gate_list(by, found, place, at, request.GET.get("after", ""))
    return render(request, "duty/gates.html", {"page": page, "order": found})


@login_required
@form_page
def gate_new(request: Request, public_id: str) -> HttpResponse:
    """Set up a gate."""
    by = request.actor
    order_for(by, public_id)
    check_may_import(by)
    place = own_place(by)
    form = GateForm(
        request.POST or None, by=by, initial={"place": place.public_id if place else ""}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = add_gate(public_id, **form.cleaned_data, by=by)
        except (RuleBroken, Conflict) as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("卡口已设，现在写要几个人。"))
            return redirect("duty:gate_shifts", made.public_id)
    back = reverse("duty:gates", args=[public_id])
    return form_for(request, form, _("设卡口"), back, _("设卡口"))


@login_required
@require_GET
def gate(request: Request, public_id: str) -> HttpResponse:
    """Show a gate: its shifts, its closures, whom to call."""
    found = policy.gate_for(request.actor, public_id)
    page = queries.gate_page(request.actor, found, clock.now(), request.GET.get("after", ""))
    return render(request, "duty/gate.html", {"page": page, "gate": found, "order": found.order})


@login_required
@form_page
def gate_edit(request: Request, public_id: str) -> HttpResponse:
    """Change a gate's words and whom to call."""
    by = request.actor
    found = policy.gate_for(by, public_id, "edit")
    contacts = queries.gate_page(by, found, clock.now()).contacts
    initial = {
        "name": found.name,
        "spot": found.spot,
        "contacts": "\n".join(person.work_number for person in contacts),
    }
    form = GateEditForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.edit_gate(public_id, **form.cleaned_data, by=by)
        except (RuleBroken, Conflict) as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("已保存。"))
            return redirect("duty:gate", public_id)
    back = reverse("duty:gate", args=[public_id])
    return form_for(request, form, _("修改卡口"), back, _("保存"))


@login_required
@form_page
def gate_shifts(request: Request, public_id: str) -> HttpResponse:
    """Ask for shifts at a gate."""
    by = request.actor
    found = policy.gate_for(by, public_id, "edit")
    first = max(clock.today(), clock.day_of(found.order.starts_at))
    initial = {"first": first, "last": first, "lead": 1, "general": 2}
    form = ShiftsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            done = bulk_needs.ask_many(
                found.order.public_id,
                form.spans(),
                data["first"],
                data["last"],
                form.needs(),
                Scope(gate=found),
                replace=data["replace"],
                by=by,
            )
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, put_words(done))
            return redirect("duty:gate", public_id)
    back = reverse("duty:gate", args=[public_id])
    context = {"form": form, "order": found.order, "title": found.name, "back_url": back}
    return render(request, "duty/shifts_form.html", context, status=422 if form.errors else 200)


@login_required
@form_page
def gate_copy(request: Request, public_id: str) -> HttpResponse:
    """Copy a day of a gate to a day or a range."""
    by = request.actor
    found = policy.gate_for(by, public_id, "edit")
    today = clock.today()
    tomorrow = today + timedelta(days=1)
    initial = {"source": today, "first": tomorrow, "last": tomorrow}
    form = GateCopyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        days = (data["source"], data["first"], data["last"])
        try:
            done = bulk_needs.copy_day(found.order.public_id, *days, Scope(gate=found), by=by)
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, put_words(done))
            return redirect("duty:gate", public_id)
    back = reverse("duty:gate", args=[public_id])
    return form_for(request, form, _("照某一天排需求"), back, _("抄过去"))


@login_required
@form_page
def gate_close(request: Request, public_id: str) -> HttpResponse:
    """Close a gate for a time; its shifts are called off and people told."""
    by = request.actor
    policy.gate_for(by, public_id, "edit")
    form = CloseForm(request.POST or None, initial={"starts_at": picker(clock.now())})
    if request.method == "POST" and form.is_valid():
        try:
            shifts, people = acts.close_gate(public_id, **form.cleaned_data, by=by)
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            said = _("卡口已关，取消了 %(shifts)s 个班次，已告诉 %(people)s 人。")
            messages.success(request, said % {"shifts": shifts, "people": people})
            return redirect("duty:gate", public_id)
    back = reverse("duty:gate", args=[public_id])
    lead = _("这段时间的班次会取消，排在这里的人会收到通知。")
    return form_for(request, form, _("关闭卡口一段时间"), back, _("关闭"), lead=lead)


@login_required
@require_POST
def gate_reopen(request: Request, public_id: str) -> HttpResponse:
    """Open a closed gate again."""
    back = acts.reopen_gate(public_id, by=request.actor)
    said = _("卡口重新开放，恢复了 %(n)s 个班次；人要重新排。") % {"n": back}
    messages.success(request, said)
    return redirect("duty:gate", public_id)


@login_required
@form_page
def shift_numbers(request: Request, public_id: str) -> HttpResponse:
    """Change one shift's numbers."""
    by = request.actor
    found = policy.shift_for(by, public_id, "lead")
    policy.gate_for(by, found.gate.public_id, "edit")
    form = NumbersForm(request.POST or None, initial=queries.numbers_of(found))

    def act() -> str:
        acts.set_numbers(public_id, form.needs(), by=by)
        return reverse("duty:gate", args=[found.gate.public_id])

    if (done := sent(request, form, act, _("人数已改。"))) is not None:
        return done
    context = {"form": form, "shift": found, "gate": found.gate, "kinds": Kind.choices}
    return render(request, "duty/shift_numbers.html", context, status=422 if form.errors else 200)


@login_required
@form_page
def shift_call_off(request: Request, public_id: str) -> HttpResponse:
    """Call one shift off."""
    by = request.actor
    found = policy.shift_for(by, public_id, "lead")
    policy.gate_for(by, found.gate.public_id, "edit")
    form = CallOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            people = acts.call_off_shift(public_id, form.cleaned_data["reason"], by=by)
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("班次已取消，已告诉 %(n)s 人。") % {"n": people})
            return redirect("duty:gate", found.gate.public_id)
    back = reverse("duty:gate", args=[found.gate.public_id])
    lead = _("排在这个班次的人会收到通知。")
    return form_for(request, form, _("取消这个班次"), back, _("取消班次"), lead=lead)
