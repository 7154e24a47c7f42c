"""Pages of orders: the list, one order, its form, its acts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from groundwork.base import clock
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.http import Request
from groundwork.duty.actions import orders as acts
from groundwork.duty.models import Order
from groundwork.duty.pages.forms.order import OrderForm, ProlongForm, ReasonForm
from groundwork.duty.policy import orders as policy
from groundwork.duty.queries import choices
from groundwork.duty.queries import orders as queries
from groundwork.duty.queries.keeping import keeping as keeping_of
from groundwork.duty.rules import orders as rules
from groundwork.web.panels import panels_at
from groundwork.web.sending import sent

form_page = require_http_methods(["GET", "POST"])


@login_required
@require_GET
def orders(request: Request) -> HttpResponse:
    """List the orders."""
    if request.actor.person_id is None:
        raise NotFound
    state = request.GET.get("state", "")
    state = state if state in Order.State.values else ""
    page = queries.order_list(
        request.actor, clock.now(), state=state, after=request.GET.get("after", "")
    )
    keeping = keeping_of(request.actor, clock.now())
    context = {
        "page": page,
        "state": state,
        "states": Order.State.choices,
        "keeping": keeping,
    }
    return render(request, "duty/orders.html", context)


def picker(moment: datetime) -> datetime:
    """Give a moment as the device's own picker wants it: the city's, without a zone."""
    return moment.astimezone(clock.ZONE).replace(tzinfo=None)


def _fresh(request: Request) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    kind = kind if kind in Order.Kind.values else str(Order.Kind.EPIDEMIC)
    body, place = choices.own_body(request.actor), choices.own_place(request.actor)
    start = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return {
        "kind": kind,
        "body": body.public_id if body else "",
        "place": place.public_id if place else "",
        "basis": rules.BASES[kind],
        "starts_at": picker(start),
        "ends_at": picker(start + timedelta(days=rules.DAYS[kind])),
        **{code: code in rules.PRESETS[kind] for code in rules.CODES},
    }


@login_required
@form_page
def order_new(request: Request) -> HttpResponse:
    """Draw up an order; the kind, chosen first, brings its switches and its legal basis."""
    by = request.actor
    if by.person_id is None:
        raise NotFound
    if not policy.may_order(by):
        raise Forbidden
    if request.method == "GET" and request.GET.get("kind") not in Order.Kind.values:
        return render(request, "duty/order_kinds.html", {"kinds": Order.Kind.choices})
    form = OrderForm(request.POST or None, by=by, initial=_fresh(request))

    def act() -> str:
        made = acts.draft_order(form.plan(), by=by)
        return reverse("duty:order", args=[made.public_id])

    if (done := sent(request, form, act, _("草稿已存。设好卡口，看过以后再下达。"))) is not None:
        return done
    return form_for(request, form, _("起草启动令"), reverse("duty:orders"), _("存草稿"))


def form_for(
    request: Request, form: Any, title: str, back: str, verb: str, **more: Any
) -> HttpResponse:
    """Show a form on a page of its own."""
    context = {"form": form, "title": title, "back_url": back, "verb": verb, **more}
    return render(request, "duty/form.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def order(request: Request, public_id: str) -> HttpResponse:
    """Show an order."""
    found = policy.order_for(request.actor, public_id)
    at = clock.now()
    page = queries.order_page(request.actor, found, at)
    panels = panels_at("order", found, by=request.actor, at=at)
    return render(request, "duty/order.html", {"page": page, "order": found, "panels": panels})


@login_required
@form_page
def order_edit(request: Request, public_id: str) -> HttpResponse:
    """Change a draft."""
    by = request.actor
    found = policy.order_for(by, public_id, "edit")
    initial = {
        "body": found.body.public_id,
        "place": found.place.public_id,
        "starts_at": picker(found.starts_at),
        "ends_at": picker(found.ends_at),
        **{name: getattr(found, name) for name in ("kind", "title", "basis", *rules.CODES)},
    }
    form = OrderForm(request.POST or None, by=by, initial=initial)

    def act() -> str:
        acts.edit_draft(public_id, form.plan(), by=by)
        return reverse("duty:order", args=[public_id])

    if (done := sent(request, form, act, _("已保存。"))) is not None:
        return done
    back = reverse("duty:order", args=[public_id])
    return form_for(request, form, _("修改草稿"), back, _("保存"))


@login_required
@form_page
def order_activate(request: Request, public_id: str) -> HttpResponse:
    """Put an order in force, after saying exactly which doors open."""
    found = policy.order_for(request.actor, public_id, "edit")
    if request.method == "POST":
        acts.activate_order(public_id, by=request.actor)
        messages.success(request, _("启动令已下达。"))
        return redirect("duty:order", public_id)
    page = queries.order_page(request.actor, found, clock.now())
    context = {
        "order": found,
        "page": page,
        "shut": [line.door for line in page.doors if not line.on],
        "question": _("下达“%(title)s”？") % {"title": found.title},
        "verb": _("下达，生效"),
        "danger": False,
        "back_url": reverse("duty:order", args=[public_id]),
        "fields": {},
        "consequence": _("下达以后，从开始到结束，只打开下面这几扇门。"),
    }
    return render(request, "duty/order_activate.html", context)


@login_required
@form_page
def order_prolong(request: Request, public_id: str) -> HttpResponse:
    """Move the end of an order in force."""
    by = request.actor
    found = policy.order_for(by, public_id, "edit")
    form = ProlongForm(request.POST or None, initial={"ends_at": picker(found.ends_at)})

    def act() -> str:
        acts.prolong_order(public_id, **form.cleaned_data, by=by)
        return reverse("duty:order", args=[public_id])

    if (
        done := sent(request, form, act, _("结束时间已改，告知书已换成新的一版，请重新张贴。"))
    ) is not None:
        return done
    back = reverse("duty:order", args=[public_id])
    return form_for(request, form, _("改结束时间"), back, _("保存"))


@login_required
@form_page
def order_switch(request: Request, public_id: str, door: str, to: str) -> HttpResponse:
    """Open or shut one door, after asking why."""
    by = request.actor
    found = policy.order_for(by, public_id, "edit")
    known = {one.code: one for one in rules.DOORS}
    if door not in known or to not in ("on", "off"):
        raise NotFound
    form = ReasonForm(request.POST or None)

    def act() -> str:
        acts.throw_switch(public_id, door, to == "on", form.cleaned_data["reason"], by=by)
        return reverse("duty:order", args=[public_id])

    if (
        done := sent(request, form, act, _("开关已改。告知书有变化的，请打印新的一版张贴。"))
    ) is not None:
        return done
    name = {"door": _(known[door].name)}
    title = _("打开“%(door)s”") % name if to == "on" else _("关上“%(door)s”") % name
    lead = _(known[door].opens) if to == "on" else _shut_words(door, found)
    back = reverse("duty:order", args=[public_id])
    return form_for(request, form, title, back, title, lead=lead)


def _shut_words(door: str, found: Order) -> str:
    if door == rules.KEEPS_LOG and found.takes_temperature:
        return _("卡口不再登记，测体温一起关上。已有的登记保存到启动令结束，届时抹除。")
    if door == rules.KEEPS_LOG:
        return _("卡口不再登记。已有的登记保存到启动令结束，届时抹除。")
    return _("马上关上，网上的入口不再接受。")


@login_required
@form_page
def order_end(request: Request, public_id: str) -> HttpResponse:
    """End an order now, after saying what goes with it."""
    by = request.actor
    found = policy.order_for(by, public_id, "edit")
    form = ReasonForm(request.POST or None)

    def act() -> str:
        acts.end_order(public_id, form.cleaned_data["reason"], by=by)
        return reverse("duty:order", args=[public_id])

    if (done := sent(request, form, act, _("启动令已结束，登记正在抹除。"))) is not None:
        return done
    context = {
        "order": found,
        "form": form,
        "ending": queries.ending_of(found),
        "back_url": reverse("duty:order", args=[public_id]),
    }
    return render(request, "duty/order_end.html", context, status=422 if form.errors else 200)
