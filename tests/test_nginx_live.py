"""The broadcast at scale with the real parts: nginx takes RTMP, asks the city, serves the HLS."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

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

    def get(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.http}{path}") as answer:
                return answer.status, answer.read(), dict(answer.headers)
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read(), dict(refused.headers)


@pytest.fixture
def edge(running_city: City, tmp_path) -> Iterator[Edge]:
    live = on_air(running_city)
    rtmp, http = free_port(), free_port()
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
    nginx.start(rtmp)
    yield Edge(live, rtmp, http)
    nginx.stop()


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
        # No longer everybody's: gone from nginx at once, and the city asks who is there.
        live.city.call("tests.live_scenes:reach", live.stream, "staff")
        assert edge.get(segment)[0] == 404
        assert edge.get("/live/rtmp/publish")[0] == 404
    assert live.wait_for(state="broken")["endings"][0] in {"stopped", "lost"}
