"""Is every acknowledged minute of an evening in its digest, and none invented?

python -m bench.live_exact [--viewers 1200000] [--store redis] [--ends 120]

A whole evening of so many simulated pages against two real ingest processes and a real store, on a
clock that runs as fast as the answers come: 5 % of all pulses are lost (half of them on the way,
half as answers), 2 % are said twice, 1 % come after the next one; each ingest is killed outright
once, at minute 33 and 70, and Redis at minute 45. What every page was told is noted as one integer
of minute bits and held against the store afterwards; the three figures are held against a count
that goes browser by browser and minute by minute and shares no line with the product's. The suite
plays the same with 12,000 (tests/test_pulses.py). The last line is one JSON object; the exit code
is 1 where anything is lost, invented or miscounted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import uvloop

from bench.evening import STREAM, Audience, Load, Process, watch
from bench.lapse import FileClock
from groundwork.live.rules.figures import PAUSE, count_figures
from groundwork.live.rules.pulse import Hours, minute_at
from groundwork.live.store import Store, open_store
from groundwork.live.tests.redis_server import RedisServer

ORIGIN = 1_589_881_500  # 2020-05-19 17:45 in Ningbo
STARTS, ENDS = 30, 120  # minutes
ROOM = 2_000  # viewers for each pulse a second of one process: 7 pulses a page, as at full scale
Kills = Callable[[list[Process]], dict[int, Callable[[], None]]]


@dataclass(frozen=True)
class Verdict:
    """What became of an evening: the first three must be nothing, the two counts the same."""

    lost: int  # browsers of which an acknowledged minute is missing
    invented: int  # numbers with a minute that nobody ever said
    twice: int  # numbers that two browsers were given
    figures: tuple[int, int, int, int]  # plays, viewers, peak, its minute: by the digest's code
    paper: tuple[int, int, int, int]  # the same, counted one by one
    acknowledged: int  # browser-minutes
    played: int  # browser-minutes that truly were
    refused: dict[int, int]  # answers that were neither yes nor "later", by status
    digest_s: float

    @property
    def exact(self) -> bool:
        """Tell whether nothing was lost, invented or counted otherwise."""
        wrong = self.lost or self.invented or self.twice or self.refused
        return not wrong and self.figures == self.paper


def hours(ends: int) -> Hours:
    """Give the hours of an evening that ends in that minute."""
    return Hours(ORIGIN, ORIGIN + ends * 60, ORIGIN + ends * 60 + 900)


def play(
    url: str, folder: Path, viewers: int, per_second: int, kills: Kills, *, ends: int = ENDS
) -> Audience:
    """Play an evening; `kills` makes what happens at which minute from the processes."""
    store = open_store(url)
    store.register(STREAM, hours(ends))
    store.close()
    clock = FileClock(folder / "clock")
    clock.set(ORIGIN + 1)
    processes = [
        Process(url, folder, per_second=per_second, clock=folder / "clock").start()
        for _ in range(2)
    ]
    audience = Audience(viewers, STARTS, ends, seed=5)
    load = Load([p.port for p in processes], lines=min(2_000, max(400, viewers // 100)))
    acts = kills(processes)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(watch(audience, load, clock, hours(ends), at_minute=acts))
        ended = [p.stop() for p in processes]
        assert ended == [0, 0], processes[0].log.read_text()
    finally:
        for process in processes:
            process.kill()
        clock.close()
    return audience


def judge(url: str, audience: Audience) -> Verdict:
    """Hold the store and the figures against what every page was told."""
    store: Store = open_store(url)
    evening = hours(audience.ends)
    minutes = minute_at(evening, evening.ends) + 1
    began = time.perf_counter()
    store.seal(STREAM)
    counted = count_figures(store.chunks(STREAM, minutes), minutes)
    digest_s = time.perf_counter() - began
    kept = kept_by_number(store, minutes)
    store.close()
    spoke = [v for v in range(audience.n) if audience.token[v]]
    owners = {audience.number(v): v for v in spoke}
    return Verdict(
        lost=sum(1 for v in spoke if audience.acked[v] & ~kept.get(audience.number(v), 0)),
        invented=sum(
            1 for n, bits in kept.items() if n not in owners or bits & ~audience.said[owners[n]]
        ),
        twice=len(spoke) - len(owners),
        figures=(counted.plays, counted.viewers, counted.peak, counted.peak_minute or 0),
        paper=paper_figures(kept.values(), minutes, PAUSE),
        acknowledged=sum(bits.bit_count() for bits in audience.acked),
        played=sum(audience.played(v, 10**4).bit_count() for v in range(audience.n)),
        refused=audience.refused,
        digest_s=digest_s,
    )


# ---- the count on paper --------------------------------------------------------------------
def kept_by_number(store: Store, minutes: int) -> dict[int, int]:
    """Read the store's minutes back as integers of minute bits, by token number."""
    found: dict[int, int] = {}
    for chunk, columns in enumerate(store.chunks(STREAM, minutes)):
        bits = np.unpackbits(columns, axis=1)
        for number in np.flatnonzero(bits.any(axis=0)).tolist():
            text = bits[::-1, number].tobytes().translate(_DIGITS)
            found[chunk * bits.shape[1] + number] = int(text, 2)
    return found


_DIGITS = bytes([48, 49, *range(2, 256)])


def paper_figures(kept: Iterable[int], minutes: int, pause: int) -> tuple[int, int, int, int]:
    """Count plays, viewers, peak and its minute, browser by browser."""
    plays = viewers = 0
    curve = [0] * minutes
    for bits in kept:
        viewers += 1
        last = -(10**6)
        for minute in range(minutes):
            if bits >> minute & 1:
                curve[minute] += 1
                plays += minute - last > pause
                last = minute
    peak = max(curve)
    return plays, viewers, peak, curve.index(peak)


# ---- what goes wrong -----------------------------------------------------------------------
def again(process: Process) -> Callable[[], None]:
    """Kill an ingest outright and start it anew, in the middle of its work."""

    def act() -> None:
        process.kill()
        process.start()

    return act


def cut(server: RedisServer) -> Callable[[], None]:
    """Kill Redis outright and start it anew; it reads its file."""

    def act() -> None:
        server.kill()
        server.start()

    return act


def main() -> None:
    """Play the evening, judge it, print one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--viewers", type=int, default=1_200_000)
    parser.add_argument("--store", choices=("redis", "sqlite"), default="redis")
    parser.add_argument("--ends", type=int, default=ENDS, help="the evening's last minute, ≥ 75")
    parser.add_argument("--per-second", type=int, default=0, help="of one process; 0: by size")
    asked = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (10_000, 10_000))
    room = asked.per_second or max(1, asked.viewers // ROOM)
    with tempfile.TemporaryDirectory(prefix="bench-exact-") as name:
        folder, server = Path(name), None
        url = f"sqlite:///{folder}/pulses.sqlite3"
        if asked.store == "redis":
            server = RedisServer(folder / "redis").start()
            url = server.url

        def kills(processes: list[Process]) -> dict[int, Callable[[], None]]:
            acts = {33: again(processes[0]), 70: again(processes[1])}
            return {**acts, 45: cut(server)} if server else acts

        try:
            began = time.perf_counter()
            audience = play(url, folder, asked.viewers, room, kills, ends=asked.ends)
            seconds = time.perf_counter() - began
            print(f"played in {seconds:.0f} s, {audience.pulses} pulses answered", flush=True)
            found = judge(url, audience)
        finally:
            if server is not None:
                server.stop()
    print(json.dumps(_said(found, audience, asked.store, seconds)))
    sys.exit(0 if found.exact else 1)


def _said(found: Verdict, audience: Audience, store: str, seconds: float) -> dict[str, object]:
    plays, viewers, peak, minute = found.figures
    return {
        "name": "live_exact",
        "store": store,
        "exact": found.exact,
        "viewers": audience.n,
        "minutes": audience.ends,
        "lost": found.lost,
        "invented": found.invented,
        "numbers_twice": found.twice,
        "figures": {"plays": plays, "viewers": viewers, "peak": peak, "peak_minute": minute},
        "figures_equal_slow_count": found.figures == found.paper,
        "pulses": audience.pulses,
        "acknowledged_minutes": found.acknowledged,
        "acknowledged_share": round(found.acknowledged / found.played, 4),
        "refused": found.refused,
        "digest_s": round(found.digest_s, 2),
        "played_s": round(seconds),
    }


if __name__ == "__main__":
    main()
