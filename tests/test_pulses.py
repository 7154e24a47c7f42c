"""A whole evening against real processes: nothing acknowledged is lost, nothing is invented."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bench.evening import (
    STREAM,
    Audience,
    Load,
    Process,
    kept_by_number,
    paper_figures,
    watch,
)
from bench.lapse import FileClock
from groundwork.live.rules.figures import PAUSE, count_figures
from groundwork.live.rules.pulse import Hours, minute_at
from groundwork.live.store import open_store
from groundwork.live.tests.redis_server import RedisServer

ORIGIN = 1_589_881_500  # 2020-05-19 17:45 in Ningbo
ENDS = ORIGIN + 120 * 60
HOURS = Hours(ORIGIN, ENDS, ENDS + 900)
STARTS = 30


def play(url: str, folder: Path, viewers: int, per_second: int, kills) -> Audience:
    """Play an evening; `kills` makes what happens at which minute from the processes."""
    store = open_store(url)
    store.register(STREAM, HOURS)
    clock = FileClock(folder / "clock")
    clock.set(ORIGIN + 1)
    processes = [
        Process(url, folder, per_second=per_second, clock=folder / "clock").start()
        for _ in range(2)
    ]
    audience = Audience(viewers, STARTS, 120, seed=5)
    load = Load([p.port for p in processes], lines=400)
    try:
        asyncio.run(watch(audience, load, clock, HOURS, at_minute=kills(processes)))
        assert [p.stop() for p in processes] == [0, 0], processes[0].log.read_text()
    finally:
        for process in processes:
            process.kill()
        clock.close()
    check(store, audience)
    store.close()
    return audience


def check(store, audience: Audience) -> None:
    """Hold the store and the figures against what every page was told."""
    minutes = minute_at(HOURS, HOURS.ends) + 1
    store.seal(STREAM)
    kept = kept_by_number(store, minutes)
    spoke = [v for v in range(audience.n) if audience.token[v]]
    lost = [v for v in spoke if audience.acked[v] & ~kept.get(audience.number(v), 0)]
    assert lost == []
    owners = {audience.number(v): v for v in spoke}
    assert len(owners) == len(spoke)  # no number twice, whoever was killed
    invented = [n for n, bits in kept.items() if bits & ~audience.said[owners[n]]]
    assert invented == []
    figures = count_figures(store.chunks(STREAM, minutes), minutes)
    found = (figures.plays, figures.viewers, figures.peak, figures.peak_minute)
    assert found == paper_figures(kept.values(), minutes, PAUSE)
    # and the evening was one: nearly everything played was in the end acknowledged
    told = sum(bits.bit_count() for bits in audience.acked)
    truly = sum(audience.played(v, 10**4).bit_count() for v in range(audience.n))
    assert told > 0.97 * truly
    assert audience.refused == {}


def again(process: Process):
    """Kill an ingest outright and start it anew, in the middle of its work."""

    def act() -> None:
        process.kill()
        process.start()

    return act


def test_an_evening_on_sqlite_whose_ingest_is_killed_twice(tmp_path):
    url = f"sqlite:///{tmp_path}/pulses.sqlite3"
    audience = play(url, tmp_path, 1_200, 2, lambda p: {33: again(p[0]), 70: again(p[1])})
    assert audience.pulses > 8_000


@pytest.mark.parametrize("viewers", [12_000])
def test_twelve_thousand_on_redis_with_every_process_killed_outright(tmp_path, viewers):
    server = RedisServer(tmp_path / "redis").start()

    def cut() -> None:
        server.kill()
        server.start()

    try:
        audience = play(
            server.url,
            tmp_path,
            viewers,
            6,
            lambda p: {33: again(p[0]), 45: cut, 70: again(p[1])},
        )
        assert audience.pulses > 60_000
    finally:
        server.stop()
