"""The reader's switches, the catalogue of components, the list of declared forms."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.web import queries
from groundwork.web.context import LOOK_COOKIE, LOOKS
from groundwork.web.pages import samples
from groundwork.web.pages.forms import SampleForm
from groundwork.web.panels import panels_at

YEAR = 365 * 24 * 60 * 60
PAGE = 3


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keep auto, light or dark in a cookie and go back."""
    onward = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        onward, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(onward if safe else "/")
    look = request.POST.get("look", "")
    if look in LOOKS:
        response.set_cookie(
            LOOK_COOKIE, look, max_age=YEAR, samesite="Lax", secure=request.is_secure()
        )
    return response


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """Show every component in every state, over invented rows."""
    if request.GET.get("say"):
        messages.success(request, _("已保存。"))
        messages.warning(request, _("还有 3 行没有核对。"))
        messages.error(request, _("没有保存：题目没有填。"))
    faulty = {"place_q": _("岭下村"), "answer": "leave"}
    after = int(request.GET.get("after", "0")) if request.GET.get("after", "0").isdigit() else 0
    rows = list(range(after + 1, after + 1 + PAGE))
    context = {
        "form": SampleForm(prefix="fresh"),
        "faulty": SampleForm({f"bad-{name}": text for name, text in faulty.items()}, prefix="bad"),
        "figures": samples.figures(),
        "districts": samples.districts(),
        "rows": rows,
        "following": str(after + PAGE) if after < 3 * PAGE else None,
        **samples.moments(),
    }
    return render(request, "web/catalogue.html", context)


@require_GET
def catalogue_phone(request: HttpRequest) -> HttpResponse:
    """Show a phone's home page over invented rows."""
    nav = samples.phone_nav()
    context = {"nav": nav, "menu": nav, **samples.moments()}
    return render(request, "web/catalogue_phone.html", context)


@require_GET
def catalogue_choices(request: HttpRequest) -> HttpResponse:
    """Answer the sample search-as-you-type."""
    found = samples.find_place(request.GET.get("q", ""))
    return render(request, "web/parts/choices.html", {"choices": found})


@require_POST
def catalogue_queue(request: HttpRequest) -> HttpResponse:
    """Answer the sample of the offline queue with the key it was sent under; keeps nothing."""
    return render(
        request, "web/parts/queue_answer.html", {"key": request.POST.get("client_key", "")}
    )


@require_GET
def declared_forms(request: Request) -> HttpResponse:
    """List every form of the product, who wants it, and what it costs in minutes."""
    context = {
        "burdens": queries.form_burdens(),
        "total": queries.quarter_total(),
        "panels": panels_at("forms", None, by=request.actor, at=clock.now()),
    }
    return render(request, "web/declared_forms.html", context)
