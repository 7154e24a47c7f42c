"""The one API object: the areas' routers, and every refusal in one declared shape."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError

from groundwork.access.api import Invalid, NoKey, Unreadable, written
from groundwork.base.errors import Forbidden, GroundworkError, NotFound
from groundwork.duty.api.routes import router as duty
from groundwork.figures.api.routes import router as figures
from groundwork.matters.api.routes import router as matters
from groundwork.service.api.routes import router as service
from groundwork.web.errors import say

api = NinjaAPI(
    title="Groundwork",
    version="1",
    description="The problem ledger, service visits, gate duty, figures. Keys: see docs/api.md.",
    urls_namespace="api",
    docs_url=None,  # its page loads scripts from elsewhere; the document itself is enough
)
api.add_router("", matters)
api.add_router("", service)
api.add_router("", duty)
api.add_router("", figures)


def _say(
    error: GroundworkError, status: int = 0, faults: list[dict[str, str]] | None = None
) -> HttpResponse:
    problem = {"code": error.code, "sentence": say(error), "faults": faults or []}
    return written(problem, status or error.status)


@api.exception_handler(GroundworkError)
def refused(request: HttpRequest, error: GroundworkError) -> HttpResponse:
    """Answer an error of the city with its own status."""
    return _say(error)


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    """Answer what Django does not find."""
    return _say(NotFound())


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name every value that cannot be taken; what was sent is not sent back."""
    faults = [
        {"where": ".".join(map(str, fault["loc"])), "why": str(fault["msg"])}
        for fault in error.errors
    ]
    return _say(Invalid(), faults=faults)


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what cannot be read, and who may not come in."""
    if isinstance(error, AuthorizationError):
        return _say(Forbidden())
    if isinstance(error, AuthenticationError):
        response = _say(NoKey())
        response["WWW-Authenticate"] = "Bearer"
        return response
    return _say(Unreadable(), error.status_code)


def nothing_there(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer an address that is none in the form of the others."""
    return _say(NotFound())
