"""The broadcast at scale with the real parts: nginx takes RTMP, asks the city, serves the HLS."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

import pytest

from bench.hall_page import nginx_conf
from groundwork.live.media import hls
from tests.city import City, free_port, wait_until
from tests.live import Broadcast, Encoder, decoded, on_air
from tests.servers import Nginx


@dataclass
class Edge:
    """A broadcast whose only doors are nginx's."""

    live: Broadcast
    rtmp: int
    http: int
    cached: int  # the port of deploy/nginx.conf, which keeps what the city says

    def get(self, path: str, port: int = 0) -> tuple[int, bytes, Message]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port or self.http}{path}") as answer:
                return answer.status, answer.read(), answer.headers
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read(), refused.headers


@pytest.fixture
def edge(running_city: City, tmp_path) -> Iterator[Edge]:
    live = on_air(running_city)
    rtmp, http, cached = free_port(), free_port(), free_port()
    nginx = Nginx(
        "nginx-live.conf",
        tmp_path / "nginx",
        {
            "listen 1935;": f"listen 127.0.0.1:{rtmp};",
            "listen 8080;": f"listen 127.0.0.1:{http};",
            "127.0.0.1:8000": f"127.0.0.1:{running_city.port}",
            "127.0.0.1:1936": f"127.0.0.1:{live.port}",
            "/srv/groundwork/data": str(running_city.data),
        },
    )
    folder = tmp_path / "cache"
    cache = Nginx.of(nginx_conf(cached, running_city, folder), folder)
    nginx.start(rtmp)
    cache.start(cached)
    yield Edge(live, rtmp, http, cached)
    nginx.stop()
    cache.stop()


def test_nginx_asks_the_city_takes_the_push_and_serves_what_everybody_may_watch(edge):
    live = edge.live
    good = f"rtmp://127.0.0.1:{edge.rtmp}/live/{live.key}"
    code, _said = Encoder(good + "x", seconds=2).finish()
    assert code != 0
    assert live.facts()["endings"] == []  # the receiver never heard of it

    with Encoder(good, seconds=600, realtime=True):
        live.wait_for(state="on_air")
        code, _said = Encoder(good, seconds=2).finish()
        assert code != 0
        live.wait_for(endings=["", "second"])
        path = live.now()["hls"]
        wait_until(lambda: edge.get(path)[0] == 200, "nginx to have the playlist")
        low = path.replace("master", "low")
        status, body, headers = edge.get(low)
        assert (status, headers["Server"][:5]) == (200, "nginx")
        assert headers["Cache-Control"] == "public, max-age=1"
        assert headers["Content-Type"] == "application/vnd.apple.mpegurl"
        segment = path.replace("master.m3u8", hls.read(body.decode(), 1)[-1].name)
        status, body, headers = edge.get(segment)
        assert (status, body[0], headers["Content-Type"]) == (200, 0x47, "video/mp2t")
        assert "immutable" in headers["Cache-Control"]
        assert decoded(f"http://127.0.0.1:{edge.http}{low}", most=2)[1] == ""
        now = [edge.get(f"/live/{live.stream}/now.json")[0] for _ in range(3)]
        assert now == [200, 200, 200]
        kept_for_all(edge, low, segment)
        # No longer everybody's: gone from nginx at once, and the city asks who is there.
        live.city.call("tests.live_scenes:reach", live.stream, "staff")
        assert edge.get(segment)[0] == 404
        assert edge.get("/live/rtmp/publish")[0] == 404
        # The cache asks for every playlist, within its second, and keeps a segment for a minute.
        wait_until(lambda: edge.get(low, edge.cached)[0] == 404, "the cache to ask the city")
    assert live.wait_for(state="broken")["endings"][0] in {"stopped", "lost"}


def kept_for_all(edge: Edge, low: str, segment: str) -> None:
    """Fetch through deploy/nginx.conf: the first asks the city, the next are given what is kept."""
    fetched = [edge.get(segment, edge.cached) for _ in range(3)]
    assert [headers["X-Cache"] for _s, _b, headers in fetched] == ["MISS", "HIT", "HIT"]
    assert {body for _s, body, _h in fetched} == {edge.get(segment)[1]}
    # browsers may keep it for a day; what nginx alone is told stays there
    assert "max-age=86400" in fetched[0][2]["Cache-Control"]
    assert "X-Accel-Expires" not in fetched[0][2]
    assert decoded(f"http://127.0.0.1:{edge.cached}{low}", most=2)[1] == ""
    # a playlist is never older than a second
    seen = edge.get(low, edge.cached)[1]
    wait_until(lambda: edge.get(low, edge.cached)[1] != seen, "the kept playlist to go on")
