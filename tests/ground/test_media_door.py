"""What is served before Django: files of streams that are everybody's, and nothing else."""

from __future__ import annotations

import pytest

from config.media import serve_media
from groundwork.live.media.files import Places

STREAM = "wvknxbpnw4fr"


@pytest.fixture
def ask(tmp_path):
    places = Places(tmp_path)
    folder = places.stream(STREAM)
    (folder / "r" / "bcdfghjkmnpq").mkdir(parents=True)
    (folder / "low.m3u8").write_text("#EXTM3U")
    (folder / "p1-low-00000.ts").write_bytes(b"\x47")
    (folder / "r" / "bcdfghjkmnpq" / "low.m3u8").write_text("#EXTM3U")
    (tmp_path / "secret-key").write_text("secret")
    places.say_open(STREAM, True)

    def django(environ, start):
        start("404 Django", [])
        return [b"asked"]

    app = serve_media(django, tmp_path)

    def get(path: str, method: str = "GET"):
        said = {}
        start = lambda status, headers: said.update(status=status, headers=dict(headers))  # noqa: E731
        body = b"".join(app({"PATH_INFO": path, "REQUEST_METHOD": method}, start))
        return said["status"], body, said["headers"]

    get.places = places
    return get


def test_playlists_live_a_second_and_segments_a_day(ask):
    status, body, headers = ask(f"/live/hls/{STREAM}/low.m3u8")
    assert (status, body) == ("200 OK", b"#EXTM3U")
    assert headers["Content-Type"] == "application/vnd.apple.mpegurl"
    assert headers["Cache-Control"] == "public, max-age=1"
    _status, _body, headers = ask(f"/live/hls/{STREAM}/p1-low-00000.ts")
    assert headers["Content-Type"] == "video/mp2t"
    assert headers["Cache-Control"] == "public, max-age=86400, immutable"
    assert headers["X-Accel-Expires"] == "60"  # what is taken away is gone from nginx in a minute
    assert headers["Access-Control-Allow-Origin"] == "*"  # an edge may have a name of its own
    _status, _body, headers = ask(f"/live/hls/{STREAM}/r/bcdfghjkmnpq/low.m3u8")
    assert headers["Cache-Control"] == "public, max-age=30"
    assert ask(f"/live/hls/{STREAM}/low.m3u8", "HEAD")[1] == b""


@pytest.mark.parametrize(
    "path",
    [
        f"/live/hls/{STREAM}/none.ts",
        f"/live/hls/{STREAM}/../../secret-key",
        f"/live/hls/{STREAM}/",
        "/live/hls/bcdfghjkmnpq/low.m3u8",
        "/live/hls//etc/passwd",
        "/study/",
    ],
)
def test_all_else_is_djangos(ask, path):
    assert ask(path)[0] == "404 Django"


def test_what_is_no_longer_everybodys_goes_through_django_at_once(ask):
    ask.places.say_open(STREAM, False)
    assert ask(f"/live/hls/{STREAM}/low.m3u8")[0] == "404 Django"
    ask.places.say_open(STREAM, True)
    ask.places.say_open(STREAM, True)
    assert ask(f"/live/hls/{STREAM}/low.m3u8")[0] == "200 OK"
