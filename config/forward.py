"""Pass pulses on to the ingest from the city's own port, before Django: one origin, no proxy.

For one machine; beyond it nginx sends `/live/pulse` to the ingest itself (deploy/nginx.conf). Each
of the server's threads keeps one connection to the ingest's socket open.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

PATH = "/live/pulse"
PATIENCE = 5.0  # seconds; the ingest itself says 503 after two
PASSED = {b"next-due", b"stream-at", b"retry-after", b"pulse-rule", b"content-type", b"allow"}
LONGEST_QUERY = 200
PLAIN = re.compile(r"[A-Za-z0-9._-]*")
App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
REASONS = {200: "OK", 204: "No Content", 410: "Gone", 503: "Service Unavailable"}


class Line(threading.local):
    """This thread's connection to the ingest."""

    socket: socket.socket | None = None


def forward_pulses(application: App, where: Path) -> App:
    """Wrap a WSGI application: pulses go to the ingest, everything else goes on."""
    line = Line()

    def serve(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH:
            return application(environ, start)
        query = environ.get("QUERY_STRING", "")
        if len(query) > LONGEST_QUERY or not PLAIN.fullmatch(query):
            start("400 Bad Request", [("Content-Length", "0")])
            return [b""]
        request = _request(environ, query)
        try:
            status, headers, body = _ask(line, where, request)
        except OSError:  # it starts anew, or was never started
            start("503 Service Unavailable", [("Retry-After", "30"), ("Content-Length", "0")])
            return [b""]
        sent = [*headers, ("Cache-Control", "no-store")]
        if status != 204:
            sent.append(("Content-Length", str(len(body))))
        start(f"{status} {REASONS.get(status, 'Refused')}", sent)
        return [body]

    return serve


def _request(environ: dict[str, Any], query: str) -> bytes:
    method = "POST" if environ["REQUEST_METHOD"] == "POST" else "GET"
    lines = [
        f"{method} {PATH}?{query} HTTP/1.1",
        "host: ingest",
        f"x-forwarded-for: {environ.get('REMOTE_ADDR', '')}",
    ]
    if site := environ.get("HTTP_SEC_FETCH_SITE"):
        lines.append(f"sec-fetch-site: {site}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _ask(line: Line, where: Path, request: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
    """Ask once; a connection that the ingest closed meanwhile is opened anew and asked again.

    To send a pulse twice is harmless: minutes are a set.
    """
    for fresh in (line.socket is None, True):
        if line.socket is None:
            line.socket = socket.socket(socket.AF_UNIX)
            line.socket.settimeout(PATIENCE)
            line.socket.connect(str(where))
        try:
            line.socket.sendall(request)
            return _answer(line.socket)
        except OSError as fault:
            line.socket.close()
            line.socket = None
            if fresh or isinstance(fault, TimeoutError):
                raise
    raise ConnectionResetError


def _answer(open_line: socket.socket) -> tuple[int, list[tuple[str, str]], bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(open_line)
    head, _, body = data.partition(b"\r\n\r\n")
    first, *rest = head.split(b"\r\n")
    headers, length = [], 0
    for text in rest:
        name, _, value = text.partition(b":")
        name, value = name.lower(), value.strip()
        if name == b"content-length":
            length = int(value)
        elif name in PASSED:
            headers.append((name.decode("latin-1").title(), value.decode("latin-1")))
    while len(body) < length:
        body += _more(open_line)
    return int(first[9:12]), headers, body


def _more(open_line: socket.socket) -> bytes:
    data = open_line.recv(4096)
    if not data:
        raise ConnectionResetError
    return data
