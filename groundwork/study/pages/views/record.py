"""One's own learning record, and nobody else's."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.study.actions import export
from groundwork.study.queries import record as queries
from groundwork.web.downloads import sheet_file


@require_GET
@login_required
def record(request: Request) -> HttpResponse:
    """Show what one studied, when and how."""
    return render(request, "study/record.html", _context(request))


def _context(request: Request) -> dict[str, object]:
    terms = queries.own_record(request.actor)
    return {
        "terms": [(queries.term_name(term), studied) for term, studied in terms],
        "total": sum(len(studied) for _term, studied in terms),
        "at": clock.now(),
    }


@require_GET
@login_required
def paper(request: Request) -> HttpResponse:
    """Show the record for printing."""
    return render(request, "study/record_print.html", _context(request))


@require_GET
@login_required
def download(request: Request) -> HttpResponse:
    """Give the record as xlsx."""
    return sheet_file(export.export_record(by=request.actor), "record")
