"""Places: the browser of the official directory, aliases, grid cells."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from groundwork.base.http import Request
from groundwork.base.text import tidy
from groundwork.desk.pages.forms import registry as forms
from groundwork.desk.pages.views.forming import choices_page, form_page
from groundwork.desk.pages.views.people import form_methods
from groundwork.registry import actions, policy, queries
from groundwork.registry.models import Place
from groundwork.registry.rules.bodies import split_aliases

LONGEST = 60


@login_required
@require_safe
def places(request: Request) -> HttpResponse:
    """Browse from the city down, or find by name."""
    q = tidy(request.GET.get("q", ""))[:LONGEST]
    page = queries.place_page(request.actor, q=q)
    return render(request, "desk/places.html", {"page": page})


@login_required
@require_safe
def place(request: Request, public_id: str) -> HttpResponse:
    """Show one place."""
    page = queries.place_page(request.actor, public_id)
    return render(request, "desk/places.html", {"page": page})


def _card(subject: Place) -> str:
    return reverse("desk:place", args=[subject.public_id])


def _way(subject: Place, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "back": _card(subject),
        "crumbs": (_("地点"), reverse("desk:places"), str(subject), _card(subject), title),
    }


@login_required
@form_methods
def place_edit(request: Request, public_id: str) -> HttpResponse:
    """Keep a place's aliases."""
    by = request.actor
    subject = policy.place_for(by, public_id, "edit")
    form = forms.PlaceForm(request.POST or None, initial={"aliases": "、".join(subject.aliases)})

    def act(said: dict[str, Any]) -> str:
        actions.edit_place(subject, aliases=split_aliases(said["aliases"]), by=by)
        return _card(subject)

    return form_page(
        request, form, act, done=_("已保存。"), verb=_("保存"), **_way(subject, _("修改别名"))
    )


@login_required
@form_methods
def grid_add(request: Request, public_id: str) -> HttpResponse:
    """Add a grid cell to a community."""
    by = request.actor
    subject = policy.place_for(by, public_id, "add_grid")
    form = forms.GridForm(request.POST or None)

    def act(said: dict[str, Any]) -> str:
        actions.add_grid(subject, name=said["name"], by=by)
        return _card(subject)

    return form_page(
        request, form, act, done=_("已新增。"), verb=_("新增"), **_way(subject, _("新增网格"))
    )


@login_required
@form_methods
def grid_close(request: Request, public_id: str) -> HttpResponse:
    """Close a grid cell."""
    by = request.actor
    subject = policy.place_for(by, public_id, "add_grid")
    form = forms.CloseForm(request.POST or None)

    def act(said: dict[str, Any]) -> str:
        actions.close_grid(subject, last_day=said["last_day"], by=by)
        return _card(subject)

    return form_page(
        request,
        form,
        act,
        done=_("已撤销，历史保留。"),
        verb=_("撤销"),
        danger=True,
        **_way(subject, _("撤销网格")),
    )


@login_required
@require_safe
def choices_communities(request: Request) -> HttpResponse:
    """Answer a field that looks for a community."""
    found = queries.find_communities(request.actor, request.GET.get("q", ""))
    return choices_page(request, found)
