"""What every page with a form does when it is sent."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from groundwork.base.errors import RuleBroken
from groundwork.base.http import Request
from groundwork.web.errors import say

form_page = require_http_methods(["GET", "POST"])


def sent(request: Request, form: Form, act: Callable[[], str], done: str) -> HttpResponse | None:
    """Do the act of a sent form and go to the address it gives; None where the form is shown.

    A rule that `act` breaks is said above the fields; what was typed stays.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        target = act()
    except RuleBroken as error:
        form.add_error(None, say(error))
        return None
    messages.success(request, done)
    return redirect(target)


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
