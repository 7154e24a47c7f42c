"""What benches share: the yardstick view, warm calls through the real WSGI handler, medians.

The yardstick ("the trivial view") has the city's own middleware and session, one query by an
indexed key and the base template with an empty body. Ratios to it, taken in the same run, say
more than milliseconds: they travel from machine to machine.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

TRIVIAL = "/bench/trivial/"


class Browser:
    """Calls the WSGI application as a server does, with the cookies of one signed-in account."""

    def __init__(self, application: Callable[..., Any], cookies: dict[str, str]) -> None:
        self.application = application
        self.cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self.seen: dict[str, str] = {}  # the headers of the last answer

    def get(self, path: str, **more: str) -> tuple[int, bytes]:
        """Fetch a page; give its status and body. `more` are headers as WSGI names them."""
        where, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": where,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1:8000",
            "HTTP_COOKIE": self.cookies,
            "HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **more,
        }
        seen: list[str] = []

        def start_response(status: str, headers: Any, exc_info: Any = None) -> Callable[..., Any]:
            seen.append(status)
            self.seen = {name.lower(): value for name, value in headers}
            return lambda data: None

        answer = self.application(environ, start_response)
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        return int(seen[0].split()[0]), body


def sign_in(account: Any) -> dict[str, str]:
    """Open a session for an account, as signing in does; give the cookies."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return {settings.SESSION_COOKIE_NAME: session.session_key or ""}


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """Collect the statements sent to the database inside the block."""
    from django.db import connection

    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


def median_times(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Time every call in turn, round after round; give each one's median in seconds.

    In turn, so that a machine that slows down for a moment slows all of them.
    """
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - started)
    return {name: statistics.median(seen) for name, seen in times.items()}
