"""The phone clerk's one screen: write the call down, read the number out, take the next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from groundwork.base import clock
from groundwork.base.errors import Conflict, Forbidden, NotFound, RuleBroken
from groundwork.base.http import Request
from groundwork.matters.actions.joining import join_matter
from groundwork.matters.actions.raising import Telling, raise_matter, receipt_of
from groundwork.matters.models import Category, Door
from groundwork.matters.pages.forms.raising import PhoneForm
from groundwork.matters.pages.views.doors import receipt_url
from groundwork.matters.policy.joining import may_look_up_callers, may_take_calls
from groundwork.matters.queries import intake as queries
from groundwork.matters.queries import similar
from groundwork.web.errors import say

LAST_CALL = "matters_last_call"  # session key: the sending just written down, never its link


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: Request) -> HttpResponse:
    """Write down a call."""
    if not may_take_calls(request.actor):
        raise Forbidden
    at = clock.now()
    form = PhoneForm(request.POST) if request.method == "POST" else PhoneForm()
    if form.is_bound and form.is_valid():
        try:
            return _save(request, form, at)
        except (RuleBroken, Conflict, NotFound) as error:  # what was typed stays
            form.add_error(None, say(error))
    status = 422 if form.is_bound else 200
    page = _page(request, form) | {"around": _around(form, at) if form.is_bound else None}
    return render(request, "matters/portal_phone.html", page, status=status)


def _save(request: Request, form: PhoneForm, at: datetime) -> HttpResponse:
    data = form.cleaned_data
    fields = form.telling_fields() | {"category": data["category"] or _category(form, at)}
    telling = Telling(
        **fields,
        door=Door.PHONE,
        urgency=data["urgency"],
        client_key=f"{Door.PHONE}.{form.client_key.replace('-', '')}",
    )
    into, by = request.POST.get("to", ""), request.actor
    if into:
        receipt = join_matter(into, telling, form.teller(), by=by, at=at)
    else:
        receipt = raise_matter(telling, form.teller(), by=by, at=at)
    request.session[LAST_CALL] = telling.client_key if receipt.secret else ""
    return redirect("matters:phone")


def _around(form: PhoneForm, at: datetime) -> similar.Around | None:
    """Look around as the three-step doors do, as soon as place and words are there."""
    place, words = form.cleaned_data.get("place"), form.cleaned_data.get("words")
    return similar.around(words, place, at=at) if place and words else None


def _category(form: PhoneForm, at: datetime) -> Category:
    """Find the category by the words; what says nothing is the last one, where others stand."""
    data = form.cleaned_data
    near = similar.around(data["words"], data["place"], at=at)
    guesses = similar.guess_categories(data["words"], form.offered, near.alike)
    return guesses[0].category if guesses else form.offered[-1]


def _page(request: Request, form: PhoneForm) -> dict[str, Any]:
    key = request.session.pop(LAST_CALL, "") if not form.is_bound else ""
    saved = receipt_of(Door.PHONE, key)
    return {
        "form": form,
        "saved": saved.matter if saved else None,
        "saved_joined": bool(saved and saved.joined),
        "saved_url": receipt_url(saved.secret) if saved else "",
        "may_look": may_look_up_callers(request.actor),
    }


@require_POST
@login_required
def phone_near(request: Request) -> HttpResponse:
    """Show what stands on the board already that is like the call, to be joined."""
    if not may_take_calls(request.actor):
        raise Forbidden
    form = PhoneForm(request.POST)
    form.is_valid()  # what is not filled in yet is not asked here
    page = {"around": _around(form, clock.now()), "form_id": "phone"}
    return render(request, "matters/portal_near.html", page)


@require_POST
@login_required
def phone_earlier(request: Request) -> HttpResponse:
    """Find what the same number brought before; for dispatchers, never by its address."""
    if not may_look_up_callers(request.actor):
        raise Forbidden
    typed = request.POST.get("phone", "")
    found = queries.earlier_of_caller(request.actor, typed, at=clock.now())
    page = {"earlier": found, "asked": bool(typed.strip())}
    return render(request, "matters/portal_phone_earlier.html", page)
