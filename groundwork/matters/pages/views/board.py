"""The public board and one matter of it; nobody needs to sign in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from groundwork.base import clock, text
from groundwork.base.http import Request
from groundwork.matters.models import Door
from groundwork.matters.pages.views.mine import file_response
from groundwork.matters.queries import board as queries
from groundwork.matters.queries.board import Wanted
from groundwork.web.panels import panels_at

NAMES = ("place", "category", "state", "lead", "door", "q")


def asked(request: Request) -> dict[str, str]:
    """Give the filter of an address: only what is asked for."""
    said = {name: text.tidy(request.GET.get(name, ""))[:60] for name in NAMES}
    return {name: value for name, value in said.items() if value}


def wanted_of(request: Request) -> Wanted:
    """Read the filter of an address. Raises NotFound for names that name nothing."""
    return queries.wanted_of(**asked(request), after=request.GET.get("after", "")[:200])


@require_safe
def board(request: Request) -> HttpResponse:
    """Show what was raised, where, who is responsible, until when, what came of it."""
    at = clock.now()
    wanted = wanted_of(request)
    found = queries.board(wanted, at)
    return render(request, "matters/board.html", _context(request, wanted) | {"board": found})


def _context(request: Request, wanted: Wanted) -> dict[str, Any]:
    said = asked(request)
    without_lead = urlencode({name: value for name, value in said.items() if name != "lead"})
    return {
        "wanted": wanted,
        "asked": said,
        "query": urlencode(said),
        "without_lead": without_lead,
        "choices": queries.choices_of(wanted),
        "states": [(state.value, state.label) for state in queries.STATES],
        "doors": Door.choices,
    }


@require_safe
def matter(request: Request, public_id: str) -> HttpResponse:
    """Show one matter of the board with its way."""
    at = clock.now()
    page = queries.public_page(public_id, at)
    panels = panels_at("matter", page.line.matter, by=request.actor, at=at)
    return render(request, "matters/board_matter.html", {"page": page, "panels": panels})


@require_safe
def file(request: Request, public_id: str, file_id: str) -> FileResponse:
    """Give a photo or document of a public answer."""
    return file_response(queries.public_file(public_id, file_id, clock.now()).attachment)
