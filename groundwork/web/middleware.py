"""Turn the house's errors into pages in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from groundwork.base.errors import GroundworkError


def error_text(error: GroundworkError) -> str:
    """Give an error's sentence in the language now active."""
    text = gettext(error.text)
    return text % error.params if error.params else text


class ErrorMiddleware:
    """Answer 404, 403, 409 or 422 where an action or policy raised the like."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Render the error's page; anything that is not ours goes on to Django."""
        if not isinstance(error, GroundworkError):
            return None
        context = {"status": error.status, "text": error_text(error)}
        template = f"{error.status}.html" if error.status in (403, 404) else "web/error.html"
        return render(request, template, context, status=error.status)
