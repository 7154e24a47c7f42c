"""A unit's register of matters: page, paper, sheet."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from groundwork.base import clock
from groundwork.base.errors import NotFound
from groundwork.base.http import Request
from groundwork.matters.actions import reading
from groundwork.matters.pages.forms.settings import RegisterFilter
from groundwork.matters.policy import register as policy
from groundwork.matters.queries import choices
from groundwork.matters.queries import register as queries
from groundwork.web.downloads import sheet_file


@login_required
@require_safe
def own_register(request: Request) -> HttpResponse:
    """Go to the own unit's register; who reads many chooses one by name."""
    body = request.GET.get("body", "")
    if body:
        return redirect("matters:register", policy.register_for(request.actor, body).public_id)
    unit = policy.register_bodies(request.actor).order_by("path").first()
    if unit is None:
        raise NotFound
    return redirect("matters:register", unit.public_id)


def _wanted(request: Request) -> tuple[queries.Wanted, RegisterFilter]:
    form = RegisterFilter(
        request.GET,
        categories=choices.categories(closed=True),
        priorities=choices.priorities(request.actor),
    )
    form.is_valid()
    said: dict[str, Any] = form.cleaned_data
    usual = queries.usual(clock.now())
    start, end = said.get("start") or usual.start, said.get("end") or usual.end
    return queries.Wanted(
        start=min(start, end),
        end=max(start, end),
        state=said.get("state") or "",
        category=choices.category_of(said.get("category") or ""),
        priority=said.get("priority"),
        late=bool(said.get("late")),
        after=request.GET.get("after", ""),
    ), form


def _context(request: Request, found: queries.Register, form: RegisterFilter) -> dict[str, Any]:
    asked: QueryDict = request.GET.copy()
    asked.pop("after", None)
    return {
        "register": found,
        "form": form,
        "asked": asked.urlencode(),
        "at": clock.now(),
        "most_printed": queries.MOST_PRINTED,
        "chooses": policy.widest_place(request.actor) is not None,
    }


@login_required
@require_safe
def register(request: Request, body: str) -> HttpResponse:
    """Show what a unit led, newest first, with the three rates of the whole."""
    unit = policy.register_for(request.actor, body)
    wanted, form = _wanted(request)
    found = queries.register(request.actor, unit, wanted, clock.now())
    return render(request, "matters/register.html", _context(request, found, form))


@login_required
@require_safe
def paper(request: Request, body: str) -> HttpResponse:
    """Show the register for printing, narrowed as on the page."""
    unit = policy.register_for(request.actor, body)
    wanted, form = _wanted(request)
    found = queries.printed(request.actor, unit, wanted, clock.now())
    return render(request, "matters/register_print.html", _context(request, found, form))


@login_required
@require_safe
def download(request: Request, body: str) -> HttpResponse:
    """Give the register as xlsx, narrowed as on the page; the trail says who took it."""
    unit = policy.register_for(request.actor, body)
    wanted, _form = _wanted(request)
    content = reading.export_register(unit, wanted, by=request.actor, at=clock.now())
    return sheet_file(content, "matters-register")
