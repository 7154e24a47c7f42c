"""A document to take along, in Chinese as it was written: Word, PDF, plain text, a picture."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import override
from django.views.decorators.http import require_GET

from groundwork.base import clock
from groundwork.base.errors import NotFound, RuleBroken
from groundwork.base.http import Request
from groundwork.figures import policy
from groundwork.figures.models import Briefing
from groundwork.figures.pages.periods import label_of, name_of
from groundwork.figures.queries import briefings as queries
from groundwork.figures.queries.box import LAYOUTS, draw
from groundwork.figures.queries.paper import Paper, as_text, paper_of
from groundwork.figures.queries.pdf import as_pdf, as_png
from groundwork.figures.queries.word import as_docx
from groundwork.web.errors import say

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WIDE = 2  # picture elements of a PNG for one of the drawing: sharp on a phone and in print
FORMS: dict[str, tuple[str, Callable[[Paper], bytes]]] = {
    "docx": (DOCX, as_docx),
    "pdf": ("application/pdf", as_pdf),
    "txt": ("text/plain; charset=utf-8", lambda paper: as_text(paper).encode()),
}


def _paper(request: Request, public_id: str) -> tuple[Briefing, Paper]:
    found = policy.briefing_for(request.actor, public_id)
    seen = queries.looks(found, clock.now())
    with override("zh-hans"):
        return found, paper_of(found, seen, name_of, label_of)


def _given(content: bytes, kind: str, name: str, *, download: bool) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(download, name) or ""
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def file(request: Request, public_id: str, form: str) -> HttpResponse:
    """Give a document as Word, PDF or plain text."""
    found, paper = _paper(request, public_id)
    if form not in FORMS:
        raise NotFound
    kind, make = FORMS[form]
    try:
        content = make(paper)
    except RuleBroken as error:
        messages.error(request, say(error))
        return redirect(reverse("figures:briefing", args=[public_id]))
    return _given(content, kind, f"{found.title}.{form}", download=form != "txt")


@require_GET
def picture(request: Request, public_id: str, layout: str, form: str) -> HttpResponse:
    """Give a document's first numbers as a picture, SVG or PNG."""
    found, paper = _paper(request, public_id)
    if layout not in LAYOUTS or form not in ("svg", "png") or not paper.entries:
        raise NotFound
    drawn = draw(paper, layout)
    if form == "svg":
        return _given(drawn.svg.encode(), "image/svg+xml", f"{found.title}.svg", download=False)
    try:
        content = as_png(drawn.svg, WIDE * drawn.width)
    except RuleBroken as error:
        messages.error(request, say(error))
        return redirect(reverse("figures:briefing", args=[public_id]))
    return _given(content, "image/png", f"{found.title}.png", download=True)
