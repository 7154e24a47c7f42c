"""The wall behind the real nginx with deploy/nginx.conf: many screens are one question."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.city import ROOT, free_port
from tests.servers import Nginx

PART = "/figures/wall/part/?place=330203&period=2026"
SCREENS = 24


class City(ThreadingHTTPServer):
    """Answers as `wall_part` does (tests/test_wall.py holds it to that) and counts who asks."""

    daemon_threads = True
    # More than the screens: one that nginx let through must be counted, not turned away.
    request_queue_size = 2 * SCREENS

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.asked: list[str] = []


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        city: Any = self.server
        account = "gw_session" in self.headers.get("Cookie", "")
        city.asked.append(f"{self.path}{' signed in' if account else ''}")
        body = f"asked {len(city.asked)}".encode()
        self.send_response(200)
        self.send_header("Cache-Control", "private, no-cache" if account else "public, max-age=600")
        self.send_header("ETag", '"one"')
        self.send_header("Vary", "Cookie, Accept-Language")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def edge(tmp_path) -> Iterator[tuple[City, str]]:
    city, port = City(), free_port()
    threading.Thread(target=city.serve_forever, daemon=True).start()
    # A file of conf.d stands inside the http block of Debian's nginx.conf.
    whole = tmp_path / "whole.conf"
    whole.write_text(
        "worker_processes auto; pid /run/nginx.pid; error_log /var/log/nginx/error.log;\n"
        f"events {{}} http {{ {(ROOT / 'deploy/nginx.conf').read_text()} }}"
    )
    nginx = Nginx(
        str(whole),
        tmp_path / "nginx",
        {
            "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
            "listen [::]:443 ssl http2;": "",
            "listen 80;": f"listen 127.0.0.1:{free_port()};",
            "listen [::]:80;": "",
            "ssl_certificate     /etc/ssl/groundwork/fullchain.pem;": "",
            "ssl_certificate_key /etc/ssl/groundwork/privkey.pem;": "",
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{city.server_address[1]};",
        },
    )
    nginx.start(port)
    yield city, f"http://127.0.0.1:{port}"
    nginx.stop()
    city.shutdown()
    city.server_close()


def get(url: str, **headers: str) -> tuple[int, str, str]:
    asked = urllib.request.Request(
        url, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    try:
        with urllib.request.urlopen(asked) as answer:
            return answer.status, answer.read().decode(), answer.headers["X-Cache"]
    except urllib.error.HTTPError as other:
        return other.code, "", other.headers["X-Cache"]


def test_many_walls_at_once_are_one_question_to_the_city(edge):
    city, url = edge
    with ThreadPoolExecutor(SCREENS) as screens:
        answers = list(screens.map(get, [url + PART] * SCREENS))
    assert {(status, body) for status, body, _cache in answers} == {(200, "asked 1")}
    assert len(city.asked) == 1

    assert get(url + PART, If_None_Match='"one"')[0] == 304, "nginx says itself that nothing is new"
    assert get(url + PART + "&made=up")[1] == "asked 1", "what is made up makes no copies"
    assert len(city.asked) == 1

    assert get(url + PART.replace("203", "212"))[1] == "asked 2", "another district is another wall"
    assert get(url + PART, Accept_Language="en")[1] == "asked 3"
    for n in (4, 5):  # who has an account sees more, and nobody else sees that
        assert get(url + PART, Cookie="gw_session=x") == (200, f"asked {n}", "BYPASS")
    assert get(url + PART) == (200, "asked 1", "HIT")
    assert get(url + PART.replace("part/", ""))[1] == "asked 6", "the page itself is not kept"
