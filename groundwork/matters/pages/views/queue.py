"""The desk: matters by deadline, narrowed; the fields that look things up."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.base.text import tidy
from groundwork.matters.actions import reading
from groundwork.matters.pages.forms.handling import QueueFilter
from groundwork.matters.policy import matter_for
from groundwork.matters.policy.joining import may_take_calls
from groundwork.matters.queries import choices
from groundwork.matters.queries import queue as queries
from groundwork.matters.queries.card import card_matter
from groundwork.matters.queries.wanted import Wanted
from groundwork.registry.queries import find_communities
from groundwork.web.downloads import sheet_file
from groundwork.web.widgets import Choice

LONGEST = 60


@login_required
@require_safe
def queue(request: Request) -> HttpResponse:
    """Show the desk; `pick` turns the rows into ticks for a batch."""
    by, at = request.actor, clock.now()
    form = _filter(request)
    found = queries.desk_of(by, wanted_of(form.cleaned_data, request), at)
    context = {
        "queue": found,
        "form": form,
        "pick": "pick" in request.GET,
        "may_phone": may_take_calls(by),
        "now": at,
    }
    return render(request, "matters/queue.html", context)


@login_required
@require_safe
def queue_export(request: Request) -> HttpResponse:
    """Give the desk's list as xlsx, narrowed as on the page; the trail says who took it."""
    wanted = wanted_of(_filter(request).cleaned_data, request)
    content = reading.export_desk(wanted, by=request.actor, at=clock.now())
    return sheet_file(content, "matters")


def _filter(request: Request) -> QueueFilter:
    form = QueueFilter(
        request.GET,
        categories=choices.categories(closed=True),
        places=choices.places(request.actor),
        priorities=choices.priorities(request.actor),
    )
    form.is_valid()
    return form


def wanted_of(said: dict[str, Any], request: Request) -> Wanted:
    """Read what the address asks for; what cannot be read asks for nothing."""
    category = choices.category_of(said.get("category") or "")
    return Wanted(
        tab=said.get("tab") or "",
        state=said.get("state") or "",
        category=category.pk if category else None,
        place=choices.place_of(said.get("place") or ""),
        priority=said.get("priority"),
        light=said.get("light") or "",
        door=said.get("door") or "",
        urgency=said.get("urgency") or "",
        lead=tidy(said.get("lead") or ""),
        pressed=said.get("pressed") or "",
        mine=bool(said.get("mine")),
        q=tidy(request.GET.get("q", ""))[:LONGEST],
        after=request.GET.get("after", ""),
    )


def _choices(request: Request, found: list[Any]) -> HttpResponse:
    rows = [Choice(*row) for row in found]
    return render(request, "web/parts/choices.html", {"choices": rows})


@login_required
@require_safe
def choices_bodies(request: Request) -> HttpResponse:
    """Answer the search for a lead; of a complaint without whom it complains of."""
    public_id = request.GET.get("matter", "")
    matter = card_matter(request.actor, public_id, clock.now()) if public_id else None
    return _choices(request, choices.bodies_for(request.actor, matter, request.GET.get("q", "")))


@login_required
@require_safe
def choices_outside(request: Request) -> HttpResponse:
    """Answer the search for a body beyond the city's own tree."""
    return _choices(request, choices.outside_for(request.actor, request.GET.get("q", "")))


@login_required
@require_safe
def choices_places(request: Request) -> HttpResponse:
    """Answer the search for a community."""
    return _choices(request, list(find_communities(request.actor, request.GET.get("q", ""))))


@login_required
@require_safe
def choices_people(request: Request) -> HttpResponse:
    """Answer the search for a colleague of a matter's lead."""
    public_id = request.GET.get("matter", "")
    matter = matter_for(request.actor, public_id, "hand_over", at=clock.now())
    found = choices.people_of(matter.lead, request.GET.get("q", "")) if matter.lead else []
    return _choices(request, found)
