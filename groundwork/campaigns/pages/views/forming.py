"""What the pages of the area share: a form on a page of its own, a question before an act."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from groundwork.base.errors import RuleBroken
from groundwork.base.http import Request
from groundwork.web.errors import say
from groundwork.web.sending import sent

form_page = require_http_methods(["GET", "POST"])


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


def tapped(request: Request, act: Callable[[], object], done: str, target: str) -> HttpResponse:
    """Do what one button asks and go on; a rule that forbids it is said on the next page."""
    try:
        act()
    except RuleBroken as error:
        messages.error(request, say(error))
    else:
        messages.success(request, done)
    return redirect(target)


def ask_first(
    request: Request, question: str, *, consequence: str, verb: str, back: str
) -> HttpResponse:
    """Ask before what cannot be taken back."""
    context = {
        "question": question,
        "consequence": consequence,
        "verb": verb,
        "danger": True,
        "back_url": back,
    }
    return render(request, "web/confirm.html", context)
