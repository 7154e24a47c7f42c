"""The request as this house's middleware leaves it."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from groundwork.base.actor import Actor


class Request(HttpRequest):
    """A request with the actor on it: what every view takes."""

    actor: Actor
    htmx: HtmxDetails
