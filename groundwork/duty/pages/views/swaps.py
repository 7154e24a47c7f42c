"""Swaps: offers that fit, one's own offers, offer a post."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.base import clock
from groundwork.base.errors import Forbidden, GroundworkError, NotFound
from groundwork.base.http import Request
from groundwork.duty.actions import swapping
from groundwork.duty.pages.forms.shifts import SwapForm
from groundwork.duty.pages.views.answers import require_person
from groundwork.duty.policy.posts import post_for
from groundwork.duty.queries import mine as queries
from groundwork.web.errors import say


@login_required
@never_cache
@require_GET
def swaps(request: Request) -> HttpResponse:
    """List offers that fit, and one's own."""
    require_person(request)
    by = request.actor
    context = {"offers": queries.offers(by, clock.now()), "own": queries.own_offers(by)}
    return render(request, "duty/swaps.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def offer(request: Request, public_id: str) -> HttpResponse:
    """Offer a post to whom it fits; the list holds only those for whom every rule holds."""
    by, at = request.actor, clock.now()
    post = post_for(by, public_id, "own")
    page = queries.post_page(post, at)
    partners = queries.partners(post, at) if page.may_swap else queries.Partners([], [])
    form = SwapForm(request.POST or None, partners=partners, initial={"to": "all"})
    if request.method == "POST" and form.is_valid():
        try:
            swapping.offer_swap(public_id, *form.chosen(), by=by)
        except (Forbidden, NotFound):
            raise
        except GroundworkError as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("已提出换班。有人接手前，这个班还是您的。"))
            return redirect("duty:post", public_id)
    context = {"post": post, "page": page, "form": form, "partners": partners}
    return render(request, "duty/swap_offer.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def take(request: Request, public_id: str) -> HttpResponse:
    """Take a post on offer."""
    post = swapping.take_swap(public_id, by=request.actor)
    messages.success(request, _("接下了，谢谢。对方会收到通知。"))
    return redirect("duty:post", post.public_id)


@login_required
@require_POST
def withdraw(request: Request, public_id: str) -> HttpResponse:
    """Take one's offer back."""
    swap = swapping.withdraw_swap(public_id, by=request.actor)
    messages.success(request, _("已收回。"))
    return redirect("duty:post", swap.post.public_id)
