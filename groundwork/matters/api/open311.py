"""Open311 GeoReport v2: parse, call one query or action, answer in JSON or XML alike.

Plain views instead of django-ninja's: the specification has forms, extensions in the address and
XML, and errors of its own. Sessions play no part here, so neither does a CSRF token.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from groundwork.access.queries import holder_of_token
from groundwork.base import clock
from groundwork.base.errors import GroundworkError, NotFound
from groundwork.base.http import Request
from groundwork.matters.actions import programs
from groundwork.matters.api.links import raiser_link
from groundwork.matters.policy import raiser_by_secret
from groundwork.matters.queries import open311 as queries
from groundwork.matters.rules import open311 as rules
from groundwork.web.errors import say

CHANGESET = "2026-11-22T00:00:00+08:00"  # of this interface
TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
# What stands around a list of one kind, and around each of its members.
NAMES = {
    "services": "service",
    "service_requests": "request",
    "service_requests_updates": "request_update",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Answer = tuple[str, Any, int]  # the root's name, what it holds, the status
View = Callable[..., Answer]


# ---- the two forms ------------------------------------------------------------------------------
def as_xml(root: str, data: Any) -> bytes:
    """Write plain data as XML; a null is an empty element."""
    element = ElementTree.Element(root)
    _fill(element, data)
    written: bytes = ElementTree.tostring(element, encoding="utf-8", xml_declaration=True)
    return written


def _fill(element: ElementTree.Element, data: Any) -> None:
    if isinstance(data, Mapping):
        for name, value in data.items():
            _fill(ElementTree.SubElement(element, name), value)
    elif isinstance(data, list):
        for value in data:
            _fill(ElementTree.SubElement(element, NAMES[element.tag]), value)
    elif isinstance(data, bool):
        element.text = "true" if data else "false"
    elif data is not None:
        element.text = _NOT_XML.sub("", str(data))


def _written(form: str, root: str, data: Any, status: int) -> HttpResponse:
    if form == "xml":
        content = as_xml(root, data)
    else:
        content = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")
    response = HttpResponse(content, content_type=TYPES[form], status=status)
    response["Access-Control-Allow-Origin"] = "*"  # open data; no cookie is ever read here
    return response


def answered(view: View) -> Callable[..., HttpResponse]:
    """Let a view give plain data or raise; write it in the form that the address asks for."""

    @wraps(view)
    def inner(request: Request, form: str, **names: str) -> HttpResponse:
        known = form if form in TYPES else "json"
        try:
            if form not in TYPES:
                raise NotFound
            _refuse_nul(request, names)
            _check_jurisdiction(request)
            root, data, status = view(request, **names)
        except GroundworkError as error:
            status = 400 if error.status == 422 else error.status
            problem = [{"code": status, "description": say(error)}]
            return _written(known, "errors", problem, status)
        return _written(known, root, data, status)

    return inner


def _refuse_nul(request: Request, names: Mapping[str, str]) -> None:
    values = [*names.values()]
    for given in (request.GET, request.POST):
        values += [text for name, texts in given.lists() for text in (name, *texts)]
    if any("\0" in value for value in values):
        raise rules.BadValue(name="\\0", value="")


def jurisdiction() -> str:
    """Name this city as the specification does: by its host."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def _check_jurisdiction(request: Request) -> None:
    named = request.GET.get("jurisdiction_id") or request.POST.get("jurisdiction_id") or ""
    if named and named != jurisdiction():
        raise rules.NotOurJurisdiction(ours=jurisdiction())


def _listed(request: Request, name: str) -> list[str]:
    texts = request.GET.getlist(name)
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]


def _wanted(request: Request) -> queries.Wanted:
    statuses = sorted(set(_listed(request, "status")))
    for status in statuses:
        if status not in rules.STATUSES:
            raise rules.BadValue(name="status", value=status[:40])
    return queries.Wanted(
        ids=_listed(request, "service_request_id"),
        services=_listed(request, "service_code"),
        statuses=statuses,
        start=rules.moment("start_date", request.GET.get("start_date", "")),
        end=rules.moment("end_date", request.GET.get("end_date", ""), ends=True),
    )


def _key_of(request: Request) -> str:
    """Give the id of the key that a reader came with; a reader needs none, a wrong one is told."""
    secret = request.GET.get("api_key", "")
    if not secret:
        return ""
    holder = holder_of_token(secret)
    if holder is None:
        raise rules.NoKey
    return holder.token.public_id


# ---- the endpoints ------------------------------------------------------------------------------
@require_safe
@answered
def discovery(request: Request) -> Answer:
    """Say where the interface is, in which forms, and where a key is to be had."""
    base = settings.PUBLIC_URL.rstrip("/")
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": f"{base}/open311/v2",
        "changeset": CHANGESET,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    data = {
        "changeset": CHANGESET,
        "contact": _("%(city)s 12345") % {"city": settings.CITY_NAME},
        "key_service": base + reverse("access:tokens"),
        "endpoints": [endpoint],
    }
    return "discovery", data, 200


@require_safe
@answered
def services(request: Request) -> Answer:
    """List what may be reported."""
    return "services", queries.services(clock.today()), 200


@require_safe
@answered
def service(request: Request, code: str) -> Answer:
    """Describe what may be said with a report."""
    return "service_definition", queries.service_definition(code, clock.today()), 200


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@answered
def requests(request: Request) -> Answer:
    """List public requests, or take a new one."""
    if request.method == "POST":
        return _report(request)
    found = queries.requests_list(_wanted(request), key=_key_of(request), at=clock.now())
    return "service_requests", found, 200


def _report(request: Request) -> Answer:
    said = {**request.GET.dict(), **request.POST.dict()}
    texts = {name: value for name, value in said.items() if isinstance(value, str)}
    holder = programs.key_holder(texts.get("api_key", ""))
    address = request.META.get("REMOTE_ADDR", "")
    once = request.headers.get("Idempotency-Key", "")[:200].replace("\0", "")
    receipt = programs.report_request(texts, key=holder.token, address=address, once=once)
    notice = _(
        "已收到，编号 %(receipt)s。受理并公开后，这里和公开台账都能查到。"
        "raiser_link 是提出人看进展、说解决没有的专用链接，只给一次，请转交本人。坐标没有保存。"
    ) % {"receipt": receipt.matter.receipt}
    link = raiser_link(receipt.secret)
    made = {
        "service_request_id": receipt.matter.public_id,
        "service_notice": notice,
        "account_id": None,
        "receipt": receipt.matter.receipt,
        "raiser_link": link,
    }
    return "service_requests", [made], 201


@require_safe
@answered
def request_(request: Request, public_id: str) -> Answer:
    """Give one request."""
    found = queries.one_request(public_id, key=_key_of(request), at=clock.now())
    return "service_requests", found, 200


@require_safe
@answered
def token(request: Request, secret: str) -> Answer:
    """Give the id of the request whose raiser holds this secret."""
    try:
        raiser = raiser_by_secret(secret)
    except NotFound as error:
        raise rules.NoSuchToken from error
    pair = {"service_request_id": raiser.matter.public_id, "token": secret}
    return "service_requests", [pair], 200


@require_safe
@answered
def updates(request: Request) -> Answer:
    """List what happened to public requests (the adapters' extension)."""
    found = queries.updates(_wanted(request), at=clock.now())
    return "service_requests_updates", found, 200
