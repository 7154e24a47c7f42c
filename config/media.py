"""Serve what everybody may watch before Django: a segment costs a file read and no thread.

A folder below LIVE_DIR/open stands there only while a stream is everybody's; all else goes on to
Django, which asks who is there. A segment is read whole and handed to granian, so that a phone on a
slow line holds none of the city's threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from groundwork.live.media import files

PREFIX = "/live/hls/"
App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def serve_media(application: App, root: Path) -> App:
    """Wrap a WSGI application."""
    places = files.Places(root)

    def serve(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith(PREFIX) or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return application(environ, start)
        found = files.split(path[len(PREFIX) :])
        body = files.read(places.open(found[0]), found[1]) if found else None
        if found is None or body is None:
            return application(environ, start)
        start("200 OK", headers(found[1], len(body)))
        return [body] if environ["REQUEST_METHOD"] == "GET" else [b""]

    return serve


def headers(rest: str, length: int) -> list[tuple[str, str]]:
    """Say what a file is and how long it may be kept.

    A cache of the city's own keeps it shorter than a browser (X-Accel-Expires is nginx's): what a
    host takes away must be gone from it soon. The hall's page may fetch from an edge's own name.
    """
    return [
        ("Content-Type", files.TYPES[Path(rest).suffix]),
        ("Content-Length", str(length)),
        ("Cache-Control", f"public, {files.age(rest)}"),
        ("X-Accel-Expires", str(files.edge_age(rest))),
        ("Access-Control-Allow-Origin", "*"),
        ("X-Content-Type-Options", "nosniff"),
    ]
