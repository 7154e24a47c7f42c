"""A unit's register of evenings."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from groundwork.base import clock
from groundwork.base.errors import NotFound
from groundwork.base.http import Request
from groundwork.study.actions import export
from groundwork.study.policy import roll as policy
from groundwork.study.queries import record as queries
from groundwork.web.downloads import sheet_file


@require_GET
@login_required
def own_register(request: Request) -> HttpResponse:
    """Go to the register of the unit one keeps."""
    unit = policy.tickable_units(request.actor).order_by("path").first()
    if unit is None:
        raise NotFound
    return redirect("study:register", unit.public_id)


def _register(request: Request, body: str) -> queries.Register:
    unit = policy.register_for(request.actor, body)
    at = clock.now()
    term = queries.known_term(request.GET.get("term", ""), at)
    return queries.register(unit, term, at)


@require_GET
@login_required
def register(request: Request, body: str) -> HttpResponse:
    """Show which evenings were held, with rolls and absences by category."""
    return render(request, "study/register.html", _context(_register(request, body)))


def _context(found: queries.Register) -> dict[str, object]:
    return {
        "register": found,
        "term_name": queries.term_name(found.term),
        "terms": [(term, queries.term_name(term)) for term in found.terms],
        "at": clock.now(),
    }


@require_GET
@login_required
def paper(request: Request, body: str) -> HttpResponse:
    """Show the register for printing."""
    return render(request, "study/register_print.html", _context(_register(request, body)))


@require_GET
@login_required
def download(request: Request, body: str) -> HttpResponse:
    """Give the register as xlsx; the trail says who took it."""
    found = _register(request, body)
    content = export.export_register(found.unit, found.term, by=request.actor)
    return sheet_file(content, "register")
