"""The broadcast at scale with the real parts: nginx takes RTMP, asks the city, serves the HLS."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

import pytest

from bench.evening import STREAM, Process
from bench.hall_page import nginx_conf
from bench.live_exact import kept_by_number
from groundwork.live.media import hls
from groundwork.live.rules.pulse import Hours
from groundwork.live.store import open_store
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
    cache = Nginx.of(nginx_conf(cached, running_city.port, folder), folder)
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


def test_nginx_deals_pulses_among_the_ingests_and_one_that_dies_loses_none(tmp_path):
    """The real file of deploy/, two real ingests on one store: what is acknowledged is there."""
    url = f"sqlite:///{tmp_path}/pulses.sqlite3"
    store = open_store(url)
    now = int(time.time()) // 60 * 60
    store.register(STREAM, Hours(now - 600, now + 3600, now + 4500))
    both = [Process(url, tmp_path, per_second=1000, clock=None).start() for _ in range(2)]
    front, ports = free_port(), [process.port for process in both]
    nginx = Nginx.of(nginx_conf(front, free_port(), tmp_path / "nginx", ports), tmp_path / "nginx")
    nginx.start(front)

    def says(what: str) -> tuple[int, bytes]:
        address = f"http://127.0.0.1:{front}/live/pulse?{what}"
        with urllib.request.urlopen(urllib.request.Request(address, method="POST")) as answer:
            return answer.status, answer.read()

    try:
        tokens = [says(STREAM)[1].decode() for _ in range(8)]
        taken = [metric(port, "groundwork_pulses_drawn_total") for port in ports]
        assert sum(taken) == 8
        assert min(taken) > 0
        both[0].kill()
        assert {says(f"{STREAM}.{token}.10.3")[0] for token in tokens} == {204}
        numbers = {int(token[:8], 16) for token in tokens}
        assert len(numbers) == 8
        store.seal(STREAM)
        assert set(kept_by_number(store, 11)) == numbers
        with pytest.raises(urllib.error.HTTPError, match="403"):  # the offices' own page
            urllib.request.urlopen(f"http://127.0.0.1:{front}/metrics")
    finally:
        nginx.stop()
        store.close()
        for process in both:
            process.kill()


def metric(port: int, name: str) -> float:
    """Read a number of an ingest."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        found = re.search(rf"^{name} ([0-9.]+)$", answer.read().decode(), re.M)
    assert found, name
    return float(found[1])
