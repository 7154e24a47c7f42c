"""A whole evening against real processes: nothing acknowledged is lost, nothing is invented."""

from __future__ import annotations

from bench.evening import Audience
from bench.live_exact import again, cut, judge, play
from groundwork.live.tests.redis_server import RedisServer

ENDS = 75  # the last minute of an evening of three quarters of an hour: bench.live_exact plays two


def check(url: str, audience: Audience) -> None:
    """Hold the store and the figures against what every page was told."""
    found = judge(url, audience)
    assert (found.lost, found.invented, found.twice) == (0, 0, 0)
    assert found.figures == found.paper
    assert found.refused == {}
    # and the evening was one: nearly everything played was in the end acknowledged
    assert found.acknowledged > 0.97 * found.played


def test_an_evening_on_sqlite_whose_ingest_is_killed_twice(tmp_path):
    url = f"sqlite:///{tmp_path}/pulses.sqlite3"
    kills = lambda p: {33: again(p[0]), 70: again(p[1])}  # noqa: E731
    audience = play(url, tmp_path, 1_200, 2, kills, ends=ENDS)
    check(url, audience)
    assert audience.pulses > 4_000


def test_twelve_thousand_on_redis_with_every_process_killed_outright(tmp_path):
    server = RedisServer(tmp_path / "redis").start()
    try:
        audience = play(
            server.url,
            tmp_path,
            12_000,
            6,
            lambda p: {33: again(p[0]), 45: cut(server), 70: again(p[1])},
            ends=ENDS,
        )
        check(server.url, audience)
        assert audience.pulses > 50_000
    finally:
        server.stop()
