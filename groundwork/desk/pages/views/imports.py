"""The import wizard: template → upload → check → choose → confirm → undo."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from groundwork.base import clock
from groundwork.base.errors import Conflict, Forbidden, NotFound, RuleBroken
from groundwork.base.http import Request
from groundwork.desk.pages.forms import registry as forms
from groundwork.desk.pages.views.people import form_methods
from groundwork.registry import actions, policy, queries
from groundwork.web.downloads import sheet_file
from groundwork.web.errors import say

KINDS = {
    "people": gettext_lazy("人员"),
    "bodies": gettext_lazy("机构"),
    "places": gettext_lazy("地名"),
}


@login_required
@form_methods
def imports(request: Request) -> HttpResponse:
    """Offer templates, take a sheet, list what came in before."""
    by = request.actor
    page = queries.imports_page(by, cursor=request.GET.get("after", ""))
    if not page.kinds:
        return render(request, "desk/imports_forbidden.html", status=403)
    kinds = [(kind, KINDS[kind]) for kind in page.kinds]
    form = forms.UploadForm(request.POST or None, request.FILES or None, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = actions.upload_import(
                file.read(), name=file.name, kind=form.cleaned_data["kind"], by=by
            )
        except RuleBroken as error:
            form.add_error("file", say(error))
        else:
            return redirect("desk:import", batch.public_id)
    context = {"page": page, "form": form, "kinds": kinds, "names": KINDS}
    return render(request, "desk/imports.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def import_template(request: Request, kind: str) -> HttpResponse:
    """Send the template of a kind."""
    if kind not in KINDS:
        raise NotFound
    content = queries.template(cast(policy.ImportKind, kind), by=request.actor)
    return sheet_file(content, _("%(kind)s导入模板") % {"kind": KINDS[kind]})


@login_required
@require_safe
def import_batch(request: Request, public_id: str) -> HttpResponse:
    """Show one import as far as it has come."""
    page = queries.import_page(request.actor, public_id, at=clock.now())
    context = {"page": page, "batch": page.batch, "names": KINDS}
    return render(request, "desk/import.html", context)


@login_required
@require_POST
def import_choose(request: Request, public_id: str) -> HttpResponse:
    """Take the answers to ambiguous names; one answer may serve many rows."""
    batch = policy.import_for(request.actor, public_id, "choose")
    page = queries.import_page(request.actor, public_id, at=clock.now())
    choices = {}
    for group in page.groups:
        answer = request.POST.get(f"group-{group.key}", "")
        for row in group.rows:
            own = request.POST.get(f"row-{row}-{group.column}", "") or answer
            if own:
                choices[row, group.column] = own
    actions.choose_for_import(batch, choices, by=request.actor)
    return redirect("desk:import", public_id)


@login_required
@require_POST
def import_confirm(request: Request, public_id: str) -> HttpResponse:
    """Write the good rows."""
    batch = policy.import_for(request.actor, public_id, "confirm")
    leaving = request.POST.get("leaving_bad") == "yes"
    try:
        actions.confirm_import(batch, leaving_bad=leaving, by=request.actor)
    except (RuleBroken, Conflict) as error:
        messages.error(request, say(error))
    else:
        messages.success(request, _("已写入。30 天内可以整批撤销。"))
    return redirect("desk:import", public_id)


@login_required
@require_POST
def import_undo(request: Request, public_id: str) -> HttpResponse:
    """Take an import back."""
    batch = policy.import_for(request.actor, public_id, "undo")
    leaving = request.POST.get("leaving_changed") == "yes"
    target = reverse("desk:import", args=[public_id])
    try:
        actions.undo_import(batch, leaving_changed=leaving, by=request.actor)
    except RuleBroken as error:
        messages.error(request, say(error))
        if error.code == "registry.cannot_undo":
            target += "?undo=partly"
    else:
        messages.success(request, _("已撤销，恢复到导入之前。"))
    return redirect(target)


@login_required
@require_safe
def import_marked(request: Request, public_id: str) -> HttpResponse:
    """Send the clerk's own sheet back with the rows to mend."""
    batch = policy.import_for(request.actor, public_id, "view")
    if not queries.import_page(request.actor, public_id, at=clock.now()).may_mark:
        raise Forbidden
    return sheet_file(queries.marked_sheet(batch), _("需要改的行"))
