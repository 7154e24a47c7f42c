"""Declare a jury; its page, one tap for each problem."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from groundwork.base import clock
from groundwork.base.errors import NotFound
from groundwork.base.http import Request
from groundwork.campaigns.actions import inquiry_jury as acts
from groundwork.campaigns.pages.forms.inquiry import JurorsForm
from groundwork.campaigns.pages.views.forming import answer_form
from groundwork.campaigns.pages.views.inquiry_desk import evening
from groundwork.campaigns.policy import inquiry as policy
from groundwork.campaigns.queries import inquiry_desk as queries
from groundwork.web.sending import form_page, tapped


@login_required
@form_page
def jurors(request: Request, public_id: str) -> HttpResponse:
    """Declare who sits on the jury."""
    by, at = request.actor, clock.now()
    episode = policy.episode_for(by, public_id, "edit", at=at)
    accounts = list(queries.juror_choices(episode, clock.day_of(at)))
    seated = [str(key) for key in queries.seated(episode)]
    form = JurorsForm(request.POST or None, accounts=accounts, initial={"jurors": seated})

    def act() -> str:
        acts.declare_jurors(public_id, form.accounts(), by=by, at=at)
        return evening(public_id)

    return answer_form(
        request, form, act, title=_("定评议员"), done=_("已定。"), back=evening(public_id)
    )


@login_required
@require_safe
def jury(request: Request, public_id: str) -> HttpResponse:
    """Show a juror the problems, one tap each."""
    page = queries.jury_page(request.actor, public_id, clock.now())
    context = {"page": page, "episode": page.episode}
    return render(request, "campaigns/inquiry/jury.html", context)


@login_required
@require_POST
def vote(request: Request, public_id: str, word: str) -> HttpResponse:
    """Take a juror's tap."""
    by, at = request.actor, clock.now()
    if word not in ("yes", "no"):
        raise NotFound
    item = policy.item_for(by, public_id, "judge", at=at)
    target = reverse("campaigns:inquiry_jury", args=[item.episode.public_id])
    return tapped(
        request,
        lambda: acts.vote(public_id, word == "yes", by=by, at=at),
        _("已记下，截止以前可以改。"),
        f"{target}#{public_id}",
    )
