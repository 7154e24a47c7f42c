"""What hangs at the gates, and the temporary branches of an order."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from groundwork.base.errors import Forbidden, RuleBroken
from groundwork.base.http import Request
from groundwork.duty.actions import branches
from groundwork.duty.actions import notices as acts
from groundwork.duty.pages.forms.order import BranchForm, NoticeForm
from groundwork.duty.pages.views.orders import form_for
from groundwork.duty.policy import gates as gate_policy
from groundwork.duty.policy import notices as notice_policy
from groundwork.duty.policy import orders as policy
from groundwork.duty.policy import sheets
from groundwork.duty.queries import choices
from groundwork.web.errors import say
from groundwork.web.sending import sent

form_page = require_http_methods(["GET", "POST"])


@require_GET
def notice(request: Request, public_id: str) -> HttpResponse:
    """Show the notice as it hangs at the gates, to everybody: a sheet for paper."""
    found = notice_policy.notice_for(request.actor, public_id, request.GET.get("version", ""))
    context = {"notice": found, "order": found.order, "parts": found.text.split("\n\n")}
    return render(request, "duty/notice_print.html", context)


@login_required
@form_page
def notice_edit(request: Request, public_id: str) -> HttpResponse:
    """Write a new version of the notice."""
    by = request.actor
    found = policy.order_for(by, public_id, "edit")
    last = found.notices.order_by("-version").first()
    text = last.text if last else acts.proposed(found)
    form = NoticeForm(request.POST or None, initial={"text": text})
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.write_notice(public_id, form.cleaned_data["text"], by=by)
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            said = _("告知书现在是第 %(n)s 版，请打印张贴。") % {"n": made.version}
            messages.success(request, said)
            return redirect("duty:notice", public_id)
    back = reverse("duty:order", args=[public_id])
    return form_for(request, form, _("修改告知书"), back, _("存为新的一版"))


@login_required
@form_page
def branch_new(request: Request, public_id: str) -> HttpResponse:
    """Form a temporary branch."""
    by = request.actor
    found = policy.order_for(by, public_id, "edit")
    initial = {"place": found.place.public_id, "name": _("卡口临时党支部")}
    form = BranchForm(request.POST or None, by=by, initial=initial)

    def act() -> str:
        branches.form_branch(public_id, **form.cleaned_data, by=by)
        return reverse("duty:order", args=[public_id])

    if (done := sent(request, form, act, _("临时党支部已成立，随启动令结束。"))) is not None:
        return done
    back = reverse("duty:order", args=[public_id])
    return form_for(request, form, _("成立临时党支部"), back, _("成立"))


@login_required
@require_GET
def gate_poster(request: Request, public_id: str) -> HttpResponse:
    """Print a gate's poster: its name and the code that opens check-in."""
    found = gate_policy.gate_for(request.actor, public_id, "edit")
    link = settings.PUBLIC_URL + reverse("duty:poster", args=[found.poster])
    context = {"gate": found, "order": found.order, "link": link}
    return render(request, "duty/gate_poster.html", context)


@login_required
@require_GET
def choices_places(request: Request) -> HttpResponse:
    """Answer the search for a place one keeps."""
    sheets.check_may_import(request.actor)
    found = choices.kept_places(request.actor, request.GET.get("q", "")[:60])
    return render(request, "web/parts/choices.html", {"choices": found})


@login_required
@require_GET
def choices_bodies(request: Request) -> HttpResponse:
    """Answer the search for a body in whose name one orders."""
    if not policy.may_order(request.actor):
        raise Forbidden
    found = choices.ordering_bodies(request.actor, request.GET.get("q", "")[:60])
    return render(request, "web/parts/choices.html", {"choices": found})
