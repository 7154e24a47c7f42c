"""What the pages of the area share: a form on a page of its own."""

from __future__ import annotations

from collections.abc import Callable

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from groundwork.base.http import Request
from groundwork.web.sending import sent


def answer_form(
    request: Request,
    form: Form,
    act: Callable[[], str],
    *,
    title: str,
    done: str,
    back: str,
    verb: str = "",
    lead: str = "",
) -> HttpResponse:
    """Show a form; sent, let `act` do it and go to the address it gives."""
    context = {
        "form": form,
        "title": title,
        "back_url": back,
        "verb": verb or _("保存"),
        "lead": lead,
        "keyed": "client_key" in request.POST or request.method == "GET",
    }
    return sent(request, form, act, done) or render(
        request, "campaigns/form.html", context, status=422 if form.errors else 200
    )
