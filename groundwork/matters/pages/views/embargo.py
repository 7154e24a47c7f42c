"""What is kept back until its hour: the list, the hour of one, what a crew brings."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from groundwork.base import clock
from groundwork.base.errors import Forbidden
from groundwork.base.http import Request
from groundwork.matters.actions import embargo as acts
from groundwork.matters.actions.raising import Telling
from groundwork.matters.pages.forms.embargo import FilmedForm, ReleaseForm, WithholdForm
from groundwork.matters.pages.views.card import form_page
from groundwork.matters.pages.views.doors import receipt_url
from groundwork.matters.policy.embargo import may_withhold
from groundwork.matters.queries import embargo as queries
from groundwork.web.sending import sent


@login_required
@require_safe
def withheld(request: Request) -> HttpResponse:
    """List what waits for its hour."""
    if not may_withhold(request.actor):
        raise Forbidden
    listing = queries.withheld(request.actor, clock.now(), request.GET.get("after", ""))
    return render(request, "matters/withheld.html", {"listing": listing})


@login_required
@form_page
def withhold(request: Request, public_id: str) -> HttpResponse:
    """Set, move or lift the hour of one matter."""
    by, at = request.actor, clock.now()
    kept = queries.kept(by, public_id, at)
    lifts = "release" in request.POST
    posted = request.POST if request.method == "POST" else None
    hour = {"until": kept.matter.withheld_until if kept.waits else None}
    form = WithholdForm(None if lifts else posted, initial=hour)
    release = ReleaseForm(posted if lifts else None, prefix="release")
    status = 200
    if posted is not None:
        back = reverse("matters:withheld")

        def act() -> str:
            if lifts:
                acts.lift_embargo(public_id, release.cleaned_data["text"], by=by, at=at)
            else:
                said = form.cleaned_data
                acts.withhold_matter(public_id, said["until"], said["text"], by=by, at=at)
            return back

        done = _("已公开。") if lifts else _("已定下公开的时间，到时以前哪里都查不到。")
        answer = sent(request, release if lifts else form, act, done)
        if answer is not None:
            return answer
        status = 422
    context = {"kept": kept, "matter": kept.matter, "form": form, "release": release}
    return render(request, "matters/withhold.html", context, status=status)


@login_required
@form_page
def withheld_new(request: Request) -> HttpResponse:
    """Write down what a television crew brings, with its hour."""
    by, at = request.actor, clock.now()
    if not may_withhold(by):
        raise Forbidden
    form = FilmedForm(request.POST) if request.method == "POST" else FilmedForm()
    if form.is_bound:

        def act() -> str:
            telling = Telling(**form.telling_fields())
            why = form.cleaned_data["text"]
            receipt = acts.raise_withheld(telling, form.teller(), why, by=by, at=at)
            return receipt_url(receipt.secret)

        answer = sent(request, form, act, _("已登记。到时以前哪里都查不到；下面的链接给交来的人。"))
        if answer is not None:
            return answer
    status = 422 if form.is_bound else 200
    return render(request, "matters/withheld_new.html", {"form": form}, status=status)
