"""Pages of what is needed: an order's shifts by day, copied, asked for, as spreadsheets."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.base import clock
from groundwork.base.errors import NotFound, RuleBroken
from groundwork.base.http import Request
from groundwork.duty.actions import bulk_needs, need_sheets
from groundwork.duty.actions.bulk_needs import Put, Scope
from groundwork.duty.models import Order
from groundwork.duty.pages.forms.need import (
    CopyForm,
    ExportFilter,
    ManyShiftsForm,
    NeedFilter,
    SheetForm,
)
from groundwork.duty.pages.views.orders import form_for
from groundwork.duty.policy import orders as policy
from groundwork.duty.policy import sheets as sheet_policy
from groundwork.duty.queries import need_sheets as sheets
from groundwork.duty.queries import needs as queries
from groundwork.duty.queries.places import seen_place
from groundwork.duty.rules.need_sheet import COLUMNS
from groundwork.duty.rules.needs import MOST_DAYS
from groundwork.registry.queries.workbooks import marked_sheet
from groundwork.web.downloads import sheet_file
from groundwork.web.errors import say

form_page = require_http_methods(["GET", "POST"])


@login_required
@require_GET
def needs(request: Request, public_id: str) -> HttpResponse:
    """List the shifts of a day of an order."""
    by, at = request.actor, clock.now()
    found = policy.order_for(by, public_id)
    wanted = NeedFilter(request.GET)
    wanted.is_valid()
    day = wanted.cleaned_data.get("day") or _first_day(found)
    place = seen_place(found, wanted.cleaned_data.get("place", ""))
    page = queries.need_list(by, found, day, place, at, request.GET.get("after", ""))
    context = {"page": page, "order": found, "may_import": sheet_policy.may_import(by)}
    return render(request, "duty/needs.html", context)


def _first_day(found: Order) -> date:
    """Begin with today, within the order's time."""
    first, last = clock.day_of(found.starts_at), clock.day_of(found.ends_at)
    return min(max(clock.today(), first), last)


@login_required
@form_page
def needs_copy(request: Request, public_id: str) -> HttpResponse:
    """Copy a day's needs to a day or a range, for a place or everything one keeps."""
    by = request.actor
    found = _asked(request, public_id)
    today = clock.today()
    tomorrow = today + timedelta(days=1)
    initial = {"source": request.GET.get("day") or today, "first": tomorrow, "last": tomorrow}
    form = CopyForm(request.POST or None, by=by, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        days = (data["source"], data["first"], data["last"])
        try:
            done = bulk_needs.copy_day(public_id, *days, Scope(place=data["place"]), by=by)
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            return _told(request, done, found, data["first"])
    back = reverse("duty:needs", args=[public_id])
    return form_for(request, form, _("照某一天排需求"), back, _("抄过去"))


def _asked(request: Request, public_id: str) -> Order:
    """Fetch an order for who keeps gates."""
    found = policy.order_for(request.actor, public_id)
    sheet_policy.check_may_import(request.actor)
    return found


def put_words(done: Put) -> str:
    """Say what became of many wishes."""
    parts = [_("新增 %(n)s 个班次") % {"n": done.made}]
    if done.changed:
        parts.append(_("改了 %(n)s 个的人数") % {"n": done.changed})
    if done.same:
        parts.append(_("%(n)s 个已经有了，没有动") % {"n": done.same})
    if done.closed:
        parts.append(_("%(n)s 个因卡口关闭或班次取消跳过") % {"n": done.closed})
    if done.outside:
        parts.append(_("%(n)s 个不在启动令时间内跳过") % {"n": done.outside})
    return _("，").join(parts) + _("。")


def _told(request: Request, done: Put, found: Order, day: date) -> HttpResponse:
    messages.success(request, put_words(done))
    target = reverse("duty:needs", args=[found.public_id])
    return redirect(f"{target}?{urlencode({'day': day.isoformat()})}")


@login_required
@form_page
def needs_many(request: Request, public_id: str) -> HttpResponse:
    """Ask for the same hours at all gates of a place."""
    by = request.actor
    found = _asked(request, public_id)
    day = _first_day(found)
    initial = {"first": day, "last": day, "lead": 1, "general": 2}
    form = ManyShiftsForm(request.POST or None, by=by, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            done = bulk_needs.ask_many(
                public_id,
                form.spans(),
                data["first"],
                data["last"],
                form.needs(),
                Scope(place=data["place"]),
                replace=data["replace"],
                by=by,
            )
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            return _told(request, done, found, data["first"])
    back = reverse("duty:needs", args=[public_id])
    context = {"form": form, "order": found, "title": _("给很多卡口一起排需求"), "back_url": back}
    return render(request, "duty/shifts_form.html", context, status=422 if form.errors else 200)


# ---- spreadsheets -----------------------------------------------------------------------------
@login_required
@form_page
def needs_sheet(request: Request, public_id: str) -> HttpResponse:
    """Take a sheet of needs; offer the template and the sheet of what stands."""
    found = _asked(request, public_id)
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = need_sheets.upload_needs(
                public_id, file.read(), name=file.name, by=request.actor
            )
        except RuleBroken as error:
            form.add_error("file", say(error))
        else:
            return redirect("duty:sheet", batch.public_id)
    context = {"form": form, "order": found, "first": _first_day(found)}
    return render(request, "duty/needs_sheet.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def needs_template(request: Request, public_id: str) -> HttpResponse:
    """Send an empty sheet."""
    _asked(request, public_id)
    return sheet_file(sheets.template(), _("卡口需求模板"))


@login_required
@require_GET
def needs_export(request: Request, public_id: str) -> HttpResponse:
    """Send the needs of some days as a sheet that may be brought in again."""
    found = _asked(request, public_id)
    wanted: Any = ExportFilter(request.GET)
    wanted.is_valid()
    first = wanted.cleaned_data.get("first") or _first_day(found)
    last = wanted.cleaned_data.get("last") or first
    last = max(first, min(last, first + timedelta(days=MOST_DAYS)))
    name = _("卡口需求 %(first)s") % {"first": first.isoformat()}
    return sheet_file(sheets.export(request.actor, found, first, last), name)


@login_required
@require_GET
def sheet(request: Request, public_id: str) -> HttpResponse:
    """Show one sheet as far as it has come."""
    page = sheets.sheet_page(request.actor, public_id)
    return render(request, "duty/sheet.html", {"page": page, "batch": page.batch})


@login_required
@require_POST
def sheet_confirm(request: Request, public_id: str) -> HttpResponse:
    """Ask for the good rows."""
    leaving = request.POST.get("leaving_bad") == "yes"
    try:
        done = need_sheets.confirm_needs(public_id, leaving_bad=leaving, by=request.actor)
    except RuleBroken as error:
        messages.error(request, say(error))
    else:
        messages.success(request, put_words(done))
    return redirect("duty:sheet", public_id)


@login_required
@require_GET
def sheet_marked(request: Request, public_id: str) -> HttpResponse:
    """Send the clerk's own sheet back with the rows to mend."""
    page = sheets.sheet_page(request.actor, public_id)
    if not page.may_mark:
        raise NotFound
    return sheet_file(marked_sheet(page.batch, COLUMNS), _("需要改的行"))
