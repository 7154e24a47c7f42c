"""What every JSON interface shares: who comes in, what a refusal looks like, pages by key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema
from ninja.errors import AuthenticationError, AuthorizationError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf
from pydantic import StringConstraints

from groundwork.access.actions import note_use
from groundwork.access.queries import actor_of, holder_of_token
from groundwork.base.actor import NOBODY, Actor
from groundwork.base.errors import N_, GroundworkError, NotFound, RuleBroken

JSON = "application/json; charset=utf-8"
_NO_NUL = r"^[^\x00]*$"  # PostgreSQL stores none
Words = Annotated[str, StringConstraints(pattern=_NO_NUL, max_length=5000)]
Line = Annotated[str, StringConstraints(pattern=_NO_NUL, max_length=200)]
# One length in one place: of two the schema would tell the one of the annotation alone.
Name = Annotated[str, StringConstraints(pattern=_NO_NUL, max_length=60)]
Key = Annotated[str, StringConstraints(pattern=_NO_NUL, max_length=40)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
PublicId = Annotated[str, StringConstraints(pattern=r"^[2-9b-z]{12}$")]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Size = Annotated[int, Field(ge=1, le=200)]
Cursor = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,400}$")]


class NoKey(GroundworkError):
    """Say that a key is needed, or that this one is none."""

    code, status = "no_key", 401
    text = N_("请带上密钥：Authorization: Bearer …；写错或已撤销的密钥进不来。")


class Invalid(RuleBroken):
    """Say that values cannot be taken; which, stands beside it."""

    code = "invalid"
    text = N_("有的值不对，请看 faults。")


class Unreadable(GroundworkError):
    """Say that what was sent is not of the form that the document describes."""

    code = "unreadable"
    text = N_("请求读不懂，请按文档的格式来。")


class Fault(Schema):
    """One value that cannot be taken: where it stands, and why."""

    where: str
    why: str


class Problem(Schema):
    """Why something was refused: a stable code, and a sentence in the reader's language."""

    code: str
    sentence: str
    faults: list[Fault] = []


Refusal = Literal[400, 401, 403, 404, 409, 413, 422, 429]
PROBLEMS: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429), Problem)


class Token(HttpBearer):
    """A program's key, made on the account's page: `Authorization: Bearer …`."""

    def __call__(self, request: HttpRequest) -> Any:
        """Come in by the header, if there is one."""
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise NotFound
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """Give the actor of a key; a wrong one is told, not taken for nobody."""
        holder = holder_of_token(token)
        if holder is None:
            raise AuthenticationError
        note_use(holder.token)
        return holder.actor


class Session(APIKeyCookie):
    """The city's own pages: the session's cookie, and for writing the CSRF token as well."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Come in by the session, if somebody is signed in."""
        if self.param_name not in request.COOKIES or not request.user.is_authenticated:
            return None
        if check_csrf(request) is not None:
            raise AuthorizationError
        return self.authenticate(request, None)

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor:
        """Give the actor of the session."""
        return actor_of(request)


def anyone(request: HttpRequest) -> Actor:
    """Let in whoever has no key and no session, as nobody."""
    return NOBODY


# Open to all; who comes with a key or a session is known.
OPEN: dict[str, Any] = {
    "auth": [Token(), Session(), anyone],
    "openapi_extra": {"security": [{}, {"Token": []}, {"Session": []}]},
}
CLOSED: dict[str, Any] = {"auth": [Token(), Session()]}


def by_of(request: HttpRequest) -> Actor:
    """Give the actor that the doors above have found."""
    found: Actor = request.auth  # type: ignore[attr-defined]
    return found


def written(data: Any, status: int = 200) -> HttpResponse:
    """Write plain data by msgspec: pydantic takes longer for a list than its query does."""
    return HttpResponse(msgspec.json.encode(data), content_type=JSON, status=status)


def page(items: Iterable[Any], following: str) -> HttpResponse:
    """Write a page of a list with the cursor of the next one."""
    return written({"items": list(items), "next": following})
