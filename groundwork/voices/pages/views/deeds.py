"""Pages of sheets with hours from another system."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.base.errors import NotFound, RuleBroken
from groundwork.base.http import Request
from groundwork.registry.queries import marked_sheet
from groundwork.voices.actions import deeds as acts
from groundwork.voices.pages.forms.home import SheetForm
from groundwork.voices.policy import deeds as policy
from groundwork.voices.queries import deed_sheets as queries
from groundwork.voices.rules.deed_sheet import COLUMNS
from groundwork.web.downloads import sheet_file
from groundwork.web.errors import say
from groundwork.web.sending import form_page, tapped


@login_required
@form_page
def sheets(request: Request) -> HttpResponse:
    """Take a sheet; list those brought in."""
    by = request.actor
    policy.check_may_import(by)
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = acts.upload_deeds(file.read(), name=file.name, by=by)
        except RuleBroken as error:
            form.add_error("file", say(error))
        else:
            return redirect("voices:deed_sheet", batch.public_id)
    context = {"form": form, "sheets": queries.own_sheets(by)}
    return render(request, "voices/deeds.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def template(request: Request) -> HttpResponse:
    """Send an empty sheet."""
    policy.check_may_import(request.actor)
    return sheet_file(queries.template(), _("服务时长模板"))


@login_required
@require_GET
def sheet(request: Request, public_id: str) -> HttpResponse:
    """Show one sheet as far as it has come."""
    page = queries.sheet_page(request.actor, public_id)
    return render(request, "voices/deed_sheet.html", {"page": page, "batch": page.batch})


def _back(public_id: str) -> str:
    return reverse("voices:deed_sheet", args=[public_id])


@login_required
@require_POST
def confirm(request: Request, public_id: str) -> HttpResponse:
    """Write the good rows."""
    by, leaving = request.actor, request.POST.get("leaving_bad") == "yes"
    return tapped(
        request,
        lambda: acts.confirm_deeds(public_id, leaving_bad=leaving, by=by),
        _("已写入各人的服务记录。"),
        _back(public_id),
    )


@login_required
@require_POST
def undo(request: Request, public_id: str) -> HttpResponse:
    """Take back what a sheet wrote."""
    by = request.actor
    return tapped(
        request, lambda: acts.undo_deeds(public_id, by=by), _("整批已撤销。"), _back(public_id)
    )


@login_required
@require_GET
def marked(request: Request, public_id: str) -> HttpResponse:
    """Send the clerk's own sheet back with the rows to mend."""
    page = queries.sheet_page(request.actor, public_id)
    if not page.may_mark:
        raise NotFound
    return sheet_file(marked_sheet(page.batch, COLUMNS), _("需要改的行"))
