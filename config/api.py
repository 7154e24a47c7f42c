"""The one API object: the areas' routers, and every refusal in one declared shape."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError

from groundwork.access.api import written
from groundwork.base.errors import Forbidden, GroundworkError, NotFound
from groundwork.matters.api.routes import router as matters
from groundwork.service.api.routes import router as service
from groundwork.web.errors import say

api = NinjaAPI(
    title="Groundwork",
    version="1",
    description="The problem ledger and service visits. Keys: see docs/api.md.",
    urls_namespace="api",
    docs_url=None,  # its page loads scripts from elsewhere; the document itself is enough
)
api.add_router("", matters)
api.add_router("", service)


def _problem(status: int, code: str, sentence: str, **more: object) -> HttpResponse:
    return written({"code": code, "sentence": sentence, "faults": [], **more}, status)


def _say(error: GroundworkError) -> HttpResponse:
    return _problem(error.status, error.code, say(error))


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
    return _problem(422, "invalid", _("有的值不对，请看 faults。"), faults=faults)


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what cannot be read, and who may not come in."""
    if isinstance(error, AuthorizationError):
        return _say(Forbidden())
    if isinstance(error, AuthenticationError):
        sentence = _("请带上密钥：Authorization: Bearer …；写错或已撤销的密钥进不来。")
        response = _problem(401, "no_key", sentence)
        response["WWW-Authenticate"] = "Bearer"
        return response
    return _problem(error.status_code, "unreadable", _("请求读不懂，请按文档的格式来。"))


def nothing_there(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer an address that is none in the form of the others."""
    return _say(NotFound())
