"""One shift: who stands it, what is open, take it oneself; why it is empty and who could."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.duty.actions import absences, answering
from groundwork.duty.pages.forms.shifts import CannotForm
from groundwork.duty.policy.gates import keeps_place, shift_for
from groundwork.duty.policy.posts import post_for
from groundwork.duty.queries import shift as queries
from groundwork.web.sending import sent


@login_required
@require_GET
def shift(request: Request, public_id: str) -> HttpResponse:
    """Show one shift."""
    by = request.actor
    found = shift_for(by, public_id)
    page = queries.shift_page(by, found, clock.now())
    return render(request, "duty/shift.html", {"shift": found, "page": page})


@login_required
@require_POST
def sign_up(request: Request, public_id: str) -> HttpResponse:
    """Take an open slot oneself."""
    post = answering.sign_up(public_id, request.POST.get("kind", ""), by=request.actor)
    messages.success(request, _("报上了，谢谢。请看地点和同伴。"))
    if post.short_rest:
        messages.warning(
            request, _("这个班离您另一个班不到 11 小时，已告诉带班或社区，请注意休息。")
        )
    return redirect("duty:post", post.public_id)


@login_required
@require_GET
def why(request: Request, public_id: str) -> HttpResponse:
    """Say why a shift lacks somebody, who could stand it, and what one more person would do."""
    found = queries.kept_shift(request.actor, public_id)
    context = {"shift": found, "page": queries.why_page(found, clock.now())}
    return render(request, "duty/why.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def cannot(request: Request, public_id: str) -> HttpResponse:
    """Note that somebody rang up and cannot come; the next page names who could instead."""
    post = post_for(request.actor, public_id, "lead")
    form = CannotForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        absences.note_absence(public_id, form.cleaned_data["until"], by=request.actor)
        page = "duty:why" if keeps_place(request.actor, post.shift.place.path) else "duty:shift"
        return reverse(page, args=[post.shift.public_id])

    told = _("记下了，已告诉本人；附近合适的人会收到通知，下面的人现在就能排。")
    if (done := sent(request, form, act, told)) is not None:
        return done
    context = {
        "form": form,
        "title": _("%(name)s来不了") % {"name": post.person.name},
        "lead": _("不用问原因，也不记原因。本人会收到通知，知道替他记了什么。"),
        "back_url": reverse("duty:shift", args=[post.shift.public_id]),
        "verb": _("记下并找人"),
    }
    return render(request, "duty/form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def assign(request: Request, public_id: str) -> HttpResponse:
    """Give an open slot to somebody who fits."""
    person, kind = (request.POST.get(name, "") for name in ("person", "kind"))
    post = answering.assign(public_id, person, kind, by=request.actor)
    messages.success(request, _("已排给%(name)s，本人会收到通知。") % {"name": post.person.name})
    return redirect("duty:shift", public_id)
