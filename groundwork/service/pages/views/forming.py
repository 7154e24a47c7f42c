"""What the pages of points, areas and rounds share: a form on a page of its own, a question."""

from __future__ import annotations

from collections.abc import Callable

from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from groundwork.base.http import Request
from groundwork.web.sending import sent

LOCAL = ("csrfmiddlewaretoken", "_opened", "client_key")


def as_queued(data: QueryDict) -> dict[str, list[str]]:
    """Give the fields of what a phone's queue sent, to be kept until it is mended."""
    return {name: data.getlist(name) for name in data if name not in LOCAL}


def as_sent(fields: dict[str, list[str]]) -> QueryDict:
    """Give such fields back as a form reads them."""
    data = QueryDict(mutable=True)
    for name, values in fields.items():
        data.setlist(name, values)
    return data


def answer_form(
    request: Request,
    form: Form,
    act: Callable[[], str],
    *,
    title: str,
    done: str,
    back: str,
    verb: str = "",
) -> HttpResponse:
    """Show a form; sent, let `act` do it and go to the address it gives."""
    context = {"form": form, "title": title, "back_url": back, "verb": verb or _("保存")}
    return sent(request, form, act, done) or render(
        request, "service/form.html", context, status=422 if form.errors else 200
    )
