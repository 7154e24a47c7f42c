"""One small interface for the office's own messenger, and one vendor that most can be reached by.

A vendor delivers one text to one account or raises; the outbox tries again. An office with another
messenger writes a class with this one method and puts it into `VENDORS` from its own app.
"""

from __future__ import annotations

import base64
import json
from typing import Protocol
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import Request, urlopen

from django.conf import settings

from groundwork.access.models import Account

TIMEOUT = 10.0  # seconds


class Vendor(Protocol):
    """Brings one message to one account."""

    def send(self, account: Account, text: str, url: str) -> None:
        """Deliver `text` with the address it is about, or raise."""


class Webhook:
    """Post `{"to": work number, "text": …, "url": …}` to an address, as JSON."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        host = parts.hostname or ""
        self.address = urlunsplit(
            parts._replace(netloc=f"{host}:{parts.port}" if parts.port else host)
        )
        self.headers = {"Content-Type": "application/json; charset=utf-8"}
        if parts.username:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self.headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"

    def send(self, account: Account, text: str, url: str) -> None:
        """Deliver one message; any answer but 2xx raises."""
        body = json.dumps({"to": account.username, "text": text, "url": url}, ensure_ascii=False)
        # The scheme was checked at boot (config.environment): http or https, nothing else.
        request = Request(self.address, body.encode(), self.headers, method="POST")  # noqa: S310
        with urlopen(request, timeout=TIMEOUT):  # noqa: S310
            pass


VENDORS: dict[str, Vendor] = {}


def vendors() -> list[Vendor]:
    """List the vendors in use: the registered ones and the webhook of the settings."""
    hook = [Webhook(settings.NOTICE_WEBHOOK)] if settings.NOTICE_WEBHOOK else []
    return [*VENDORS.values(), *hook]
