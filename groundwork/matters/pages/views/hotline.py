"""The exchange with the 12345 hotline: orders in, answers and verdicts out."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groundwork.base import clock
from groundwork.base.errors import Conflict, NotFound, RuleBroken
from groundwork.base.http import Request
from groundwork.matters.actions import hotline as actions
from groundwork.matters.pages.forms.hotline import BackFilter, OrdersForm
from groundwork.matters.policy import hotline as policy
from groundwork.matters.queries import hotline as queries
from groundwork.matters.queries import hotline_sheets as sheets
from groundwork.matters.queries.hotline_back import waiting
from groundwork.matters.rules import hotline as rules
from groundwork.registry.queries.workbooks import marked_sheet
from groundwork.web.downloads import sheet_file
from groundwork.web.errors import say


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hotline(request: Request) -> HttpResponse:
    """Take the hotline's sheet, offer what goes back, list what went both ways."""
    by = request.actor
    policy.check_may_exchange(by)
    form = OrdersForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = actions.upload_orders(file.read(), name=file.name, by=by)
        except RuleBroken as error:
            form.add_error("file", say(error))
        else:
            return redirect("matters:hotline_batch", batch.public_id)
    back = BackFilter(request.GET, by=by)
    wanted = back.wanted()
    context = {
        "form": form,
        "back": back,
        "wanted": wanted,
        "waiting": waiting(by, wanted, clock.now()),
        "batches": queries.batches(by, after=request.GET.get("after", "")),
        "out": rules.OUT,
    }
    return render(request, "matters/hotline.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def template(request: Request) -> HttpResponse:
    """Send an empty sheet."""
    policy.check_may_exchange(request.actor)
    return sheet_file(sheets.template(), _("热线工单模板"))


@login_required
@require_safe
def batch(request: Request, public_id: str) -> HttpResponse:
    """Show one sheet as far as it has come; one that went out is given again."""
    found = policy.batch_for(request.actor, public_id, "view")
    if found.kind == rules.OUT:
        if not found.attachment.file:
            raise NotFound  # forgotten after 30 days
        _batch, content = actions.fetch_sheet(public_id, by=request.actor)
        return sheet_file(content, found.attachment.name.removesuffix(".xlsx"))
    page = sheets.batch_page(request.actor, public_id, at=clock.now())
    return render(request, "matters/hotline_batch.html", {"page": page, "batch": page.batch})


@login_required
@require_POST
def choose(request: Request, public_id: str) -> HttpResponse:
    """Take the answers to ambiguous places and unknown categories; one may serve many rows."""
    page = sheets.batch_page(request.actor, public_id, at=clock.now())
    choices: dict[tuple[int, str], str] = {}
    for group in page.preview.groups:
        answer = request.POST.get(f"group-{group.key}", "")
        choices |= {(row, group.column): answer for row in group.rows if answer}
    actions.choose_for_orders(public_id, choices, by=request.actor)
    return redirect("matters:hotline_batch", public_id)


@login_required
@require_POST
def confirm(request: Request, public_id: str) -> HttpResponse:
    """Write the good rows."""
    leaving = request.POST.get("leaving_bad") == "yes"
    try:
        actions.confirm_orders(public_id, leaving_bad=leaving, by=request.actor)
    except (RuleBroken, Conflict) as error:
        messages.error(request, say(error))
    else:
        messages.success(request, _("已写入台账。还没有进展的工单，30 天内可以撤销。"))
    return redirect("matters:hotline_batch", public_id)


@login_required
@require_POST
def undo(request: Request, public_id: str) -> HttpResponse:
    """Take back what nothing has happened with since."""
    leaving = request.POST.get("leaving_moved") == "yes"
    target = reverse("matters:hotline_batch", args=[public_id])
    try:
        actions.undo_orders(public_id, leaving_moved=leaving, by=request.actor)
    except RuleBroken as error:
        messages.error(request, say(error))
        if error.code == rules.MovedSince.code:
            target += "?undo=partly"
    else:
        messages.success(request, _("已撤销。"))
    return redirect(target)


@login_required
@require_safe
def marked(request: Request, public_id: str) -> HttpResponse:
    """Send the clerk's own sheet back with the rows to mend."""
    page = sheets.batch_page(request.actor, public_id, at=clock.now())
    if not page.may_mark:
        raise NotFound
    return sheet_file(marked_sheet(page.batch, rules.COLUMNS), _("需要改的行"))


@login_required
@require_POST
def export(request: Request) -> HttpResponse:
    """Give what is new since the last export, in the hotline's columns."""
    back = BackFilter(request.POST, by=request.actor)
    try:
        made, content = actions.export_answers(back.wanted(), by=request.actor)
    except RuleBroken as error:
        messages.error(request, say(error))
        return redirect("matters:hotline")
    return sheet_file(content, made.attachment.name.removesuffix(".xlsx"))
