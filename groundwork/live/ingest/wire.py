"""HTTP/1.1 as far as pulses need it: uvloop reads and writes, httptools (Node's llhttp) parses.

Measured against granian's RSGI on one core: 18 µs a pulse instead of 34 (docs/adr/). What does not
fit is not argued with: a long request, a body, a second request before the answer end the line.
"""

from __future__ import annotations

import asyncio
from typing import Any, Protocol, cast

from httptools import HttpParserError, HttpRequestParser

LONGEST_REQUEST = 8_192  # bytes, head and body
IDLE = 75.0  # seconds an unused connection stays
MOST_CONNECTIONS = 16_384
HEADERS = {b"x-forwarded-for", b"sec-fetch-site"}
REASONS = {200: "OK", 204: "No Content", 404: "Not Found", 503: "Service Unavailable"}
FULL = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 60\r\ncontent-length: 0\r\n\r\n"


class Taker(Protocol):
    """Who answers requests, sooner or later, through `Line.send`."""

    closing: bool

    def take(self, line: Line) -> None:
        """Take the request that stands in `line`."""


def reply(status: int, headers: list[tuple[str, str]], body: bytes = b"") -> bytes:
    """Write an answer."""
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Refused')}"]
    lines += [f"{name}: {value}" for name, value in headers]
    if status != 204:
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class Line(asyncio.Protocol):
    """One connection: one request at a time."""

    __slots__ = (
        *("busy", "headers", "lines", "loop", "parser", "read", "seen"),
        *("taker", "transport", "url"),
    )

    def __init__(self, taker: Taker, lines: set[Line]) -> None:
        self.taker, self.lines = taker, lines
        self.busy, self.read, self.url = False, 0, b""
        self.headers: dict[bytes, bytes] = {}
        self.transport: asyncio.Transport | None = None
        self.loop = asyncio.get_running_loop()
        self.seen = self.loop.time()

    # ---- asyncio's side ---------------------------------------------------------------------
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.parser = HttpRequestParser(self)
        self.lines.add(self)
        if len(self.lines) > MOST_CONNECTIONS:
            self.transport.write(FULL)
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        self.lines.discard(self)

    def data_received(self, data: bytes) -> None:
        self.read += len(data)
        if self.read > LONGEST_REQUEST:
            self.close()
            return
        try:
            self.parser.feed_data(data)
        except HttpParserError:  # an upgrade too
            self.close()

    # ---- httptools' side --------------------------------------------------------------------
    def on_url(self, url: bytes) -> None:
        self.url = url

    def on_header(self, name: bytes, value: bytes) -> None:
        if (low := name.lower()) in HEADERS:
            self.headers[low] = value

    def on_message_complete(self) -> None:
        if self.busy:
            self.close()
            return
        self.busy, self.read, self.seen = True, 0, self.loop.time()
        self.taker.take(self)

    # ---- the taker's side -------------------------------------------------------------------
    @property
    def method(self) -> bytes:
        """Give the method of the request."""
        return self.parser.get_method()

    @property
    def peer(self) -> str:
        """Give the address of who is connected; empty on a socket of this machine."""
        name: Any = self.transport.get_extra_info("peername") if self.transport else ""
        return str(name[0]) if isinstance(name, tuple) else ""

    def send(self, answer: bytes) -> None:
        """Answer the request; who has gone meanwhile misses it."""
        transport = self.transport
        if transport is None:
            return
        transport.write(answer)
        self.busy = False
        if self.headers:
            self.headers = {}
        if self.taker.closing or not self.parser.should_keep_alive():
            self.close()

    def close(self) -> None:
        """End the line once what was written is out."""
        if self.transport is not None:
            self.transport.close()


def sweep(loop: asyncio.AbstractEventLoop, lines: set[Line]) -> None:
    """Close connections that have not asked anything for IDLE seconds, again and again."""
    now = loop.time()
    for line in list(lines):
        if not line.busy and now - line.seen > IDLE:
            line.close()
    loop.call_later(IDLE / 5, sweep, loop, lines)
