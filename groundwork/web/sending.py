"""What every page with a form does when it is sent."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect

from groundwork.base.errors import RuleBroken
from groundwork.base.http import Request
from groundwork.web.errors import say


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
