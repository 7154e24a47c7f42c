"""The edge of every request: the city's errors become pages, sent forms are timed."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from groundwork.base.errors import GroundworkError, NotFound
from groundwork.base.faults import fault_of
from groundwork.web.actions import record_form_timing
from groundwork.web.declared import OPENED_FIELD, read_opened
from groundwork.web.errors import say

logger = logging.getLogger(__name__)
FOR_PROGRAMS = ("/api/", "/open311/")
Response = Callable[[HttpRequest], HttpResponseBase]


class ErrorMiddleware:
    """Turn an error of the city that no view caught into a page with its sentence."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # PostgreSQL stores no NUL, so nothing with one in its name is there. What programs ask is
        # answered in their own form.
        if request.path.startswith(FOR_PROGRAMS):
            return self.get_response(request)
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return render(request, "web/refused.html", _refusal(NotFound()), status=404)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer with the error's own status."""
        fault = error if isinstance(error, GroundworkError) else fault_of(error)
        if fault is None:
            return None
        page = (
            "web/parts/error_note.html" if request.headers.get("HX-Request") else "web/refused.html"
        )
        return render(request, page, _refusal(fault), status=fault.status)


def _refusal(error: GroundworkError) -> dict[str, object]:
    return {"error": error, "sentence": say(error), "status": error.status}


class FormTimingMiddleware:
    """Keep how long a declared form took, once it was sent with success.

    Success is the redirect after a POST, or htmx's 2xx. The row is written outside the view's
    transaction; if it cannot be written, the reader's answer stands all the same.
    """

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method != "POST" or not _succeeded(request, response):
            return response
        opened = read_opened(request.POST.get(OPENED_FIELD, ""))
        if opened is not None:
            try:
                record_form_timing(*opened)
            except DatabaseError:
                logger.warning("form timing was not kept", exc_info=True)
        return response


def _succeeded(request: HttpRequest, response: HttpResponseBase) -> bool:
    if request.headers.get("HX-Request"):
        return response.status_code < 300
    return 300 <= response.status_code < 400
