"""One shift: who stands it, what is open, take it oneself; why it is empty and who could."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.duty.actions import answering
from groundwork.duty.policy.gates import shift_for
from groundwork.duty.queries import shift as queries


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
        messages.warning(request, _("这个班离您另一个班不到 11 小时，已告诉带班，请注意休息。"))
    return redirect("duty:post", post.public_id)


@login_required
@require_GET
def why(request: Request, public_id: str) -> HttpResponse:
    """Say why a shift lacks somebody, who could stand it, and what one more person would do."""
    found = queries.kept_shift(request.actor, public_id)
    context = {"shift": found, "page": queries.why_page(found, clock.now())}
    return render(request, "duty/why.html", context)


@login_required
@require_POST
def assign(request: Request, public_id: str) -> HttpResponse:
    """Give an open slot to somebody who fits."""
    person, kind = (request.POST.get(name, "") for name in ("person", "kind"))
    post = answering.assign(public_id, person, kind, by=request.actor)
    messages.success(request, _("已排给%(name)s，本人会收到通知。") % {"name": post.person.name})
    return redirect("duty:shift", public_id)
