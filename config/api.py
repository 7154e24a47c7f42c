"""The one API object: the areas' routers, and every refusal in one declared shape."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from groundwork.access.api import Invalid, NoKey, Unreadable, written
from groundwork.base.errors import Forbidden, GroundworkError, NotFound
from groundwork.campaigns.api.routes import router as campaigns
from groundwork.duty.api.routes import router as duty
from groundwork.figures.api.routes import router as figures
from groundwork.matters.api.routes import router as matters
from groundwork.service.api.routes import router as service
from groundwork.web.errors import say


class Documented(NinjaAPI):
    """An API whose document is written once for each language: it costs as much as ten pages."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._written: dict[tuple[str, str | None], OpenAPISchema] = {}

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Give the OpenAPI document for the addresses below `path_prefix`."""
        prefix = path_prefix or self.get_root_path(path_params or {})
        key = (prefix, get_language())
        if key not in self._written:
            self._written[key] = super().get_openapi_schema(path_prefix=prefix)
        return self._written[key]


api = Documented(
    title="Groundwork",
    version="1",
    description="Ledger, service visits, gate duty, figures, TV inquiry. Keys: see docs/api.md.",
    urls_namespace="api",
    docs_url=None,  # its page loads scripts from elsewhere; the document itself is enough
)
api.add_router("", matters)
api.add_router("", service)
api.add_router("", duty)
api.add_router("", figures)
api.add_router("", campaigns)


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
