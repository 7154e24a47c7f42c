"""What the directory's form pages share: show, check, act, go on; a broken rule comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import zip_longest
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render

from groundwork.base.http import Request
from groundwork.web.sending import sent
from groundwork.web.widgets import Choice

Act = Callable[[dict[str, Any]], str]


def form_page(
    request: Request,
    form: Form,
    act: Act,
    *,
    title: str,
    done: str,
    back: str,
    verb: str,
    crumbs: tuple[str, ...] = (),
    note: str = "",
    danger: bool = False,
) -> HttpResponse:
    """Show a form; sent, let `act` do it and go to the address it gives.

    A rule that `act` breaks is said above the fields; the clerk's input stays.
    """
    gone = sent(request, form, lambda: act(form.cleaned_data), done)
    if gone:
        return gone
    context = {
        "form": form,
        "title": title,
        "back": back,
        "verb": verb,
        "way": list(zip_longest(crumbs[::2], crumbs[1::2], fillvalue="")),
        "note": note,
        "danger": danger,
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/person_form.html", context, status=status)


def choices_page(request: Request, found: Iterable[Any]) -> HttpResponse:
    """Answer a field that is being typed into."""
    choices = [Choice(*item) for item in found]
    return render(request, "web/parts/choices.html", {"choices": choices})
