"""One's own community: registration; what waits for the community's secretary."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.registry.queries import find_communities
from groundwork.voices.actions import home as acts
from groundwork.voices.pages.forms.home import RefuseForm, RegisterForm
from groundwork.voices.pages.views.forming import answer_form
from groundwork.voices.policy import home as policy
from groundwork.voices.queries import home as queries
from groundwork.web.sending import form_page, tapped


@login_required
@require_GET
def home(request: Request) -> HttpResponse:
    """Show where one is registered, what the community calls for, what one took."""
    by = request.actor
    policy.require_person(by)
    page = queries.home(by, clock.now())
    return render(request, "voices/home.html", {"page": page, "keeps": policy.keeps_any(by)})


@login_required
@form_page
def register(request: Request) -> HttpResponse:
    """Register with the community one lives in."""
    by = request.actor
    person = policy.require_person(by)
    place = person.home_community
    initial = {"place": place.public_id if place else "", "since": clock.today()}
    form = RegisterForm(request.POST or None, by=by, initial=initial)

    def act() -> str:
        acts.register_home(form.cleaned_data["place"], since=form.cleaned_data["since"], by=by)
        return reverse("voices:home")

    return answer_form(
        request,
        form,
        act,
        title=_("到社区报到"),
        done=_("已报到，等社区确认。"),
        back=reverse("voices:home"),
        verb=_("报到"),
        lead=_("报一次就好。社区确认以后生效；搬家再报一次，经历都保留。"),
    )


@login_required
@require_POST
def withdraw(request: Request, public_id: str) -> HttpResponse:
    """Take back a registration that waits."""
    acts.withdraw_home(public_id, by=request.actor)
    messages.success(request, _("已撤回。"))
    return redirect("voices:home")


@login_required
@require_GET
def community(request: Request) -> HttpResponse:
    """Show a secretary who registered, who did what, what was called for."""
    by = request.actor
    policy.require_keeper(by)
    page = queries.community(by, clock.now(), request.GET.get("after", ""))
    return render(request, "voices/community.html", {"page": page})


@login_required
@require_POST
def confirm(request: Request, public_id: str) -> HttpResponse:
    """Confirm that somebody lives here."""
    by = request.actor
    return tapped(
        request,
        lambda: acts.confirm_home(public_id, by=by),
        _("已确认。"),
        reverse("voices:community"),
    )


@login_required
@form_page
def refuse(request: Request, public_id: str) -> HttpResponse:
    """Say why somebody is not confirmed."""
    by = request.actor
    found = policy.registration_for(by, public_id, "settle")
    form = RefuseForm(request.POST or None)
    back = reverse("voices:community")

    def act() -> str:
        acts.refuse_home(public_id, form.cleaned_data["reason"], by=by)
        return back

    return answer_form(
        request,
        form,
        act,
        title=_("%(name)s的报到，不能确认") % {"name": found.person.name},
        done=_("已告诉本人。"),
        back=back,
        verb=_("不确认"),
    )


@login_required
@require_safe
def choices_communities(request: Request) -> HttpResponse:
    """Answer a field that looks for a community."""
    found = find_communities(request.actor, request.GET.get("q", ""))
    return render(request, "web/parts/choices.html", {"choices": found})
