"""Pulses on one core, beside nginx answering a bare 204 on the same core; memory; the digest.

python -m bench.live [--viewers 1200000] [--rounds 3] [--seconds 4] [--connections 4000] [--growth]

Needs wrk, nginx, taskset (Debian) and a redis-server. The server under test runs on core 0, the
generator on core 1; nginx, the SQLite ingest and the Redis ingest take turns, round by round, and
the median counts. On a machine that others use too, look at `cpu_ratio`: processor time per answer,
nginx's over ours. `generator_ceiling` is what wrk could send with a whole core to itself. Every
pulse is the first to claim its minutes, so every one has to reach the disk; p99 is that of 4,000
connections that all ask again at once. The digest reads, counts and erases. `growth` lets 10,000 to
3 million viewers speak, one store after the other: what it took while the last of them came, the
memory of the ingest (and of Redis) once all have spoken, and their digest.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.evening import STREAM, Process, free_port
from groundwork.live.rules.audience import columns_of
from groundwork.live.rules.figures import count_figures
from groundwork.live.rules.pulse import Hours
from groundwork.live.rules.tokens import SIGNS, sign_token
from groundwork.live.store import Store, open_store
from groundwork.live.store.redis import RedisStore
from groundwork.live.tests.redis_server import RedisServer

TICKS = os.sysconf("SC_CLK_TCK")
MINUTES = 120
SIZES = (10_000, 100_000, 1_200_000, 3_000_000)
NGINX = """daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.err;
events {{ worker_connections 16384; }}
http {{ access_log off; keepalive_requests 1000000000; {temp}
server {{ listen 127.0.0.1:{port} backlog=16384; location / {{ return 204; }} }} }}
"""
# Whoever speaks again claims the two minutes before: as many as fifteen laps stay fresh.
LUA = """local file = io.open("{tokens}", "r"); local tokens = file:read("*a"); file:close()
local n, i, sub, floor, tails = #tokens / {signs}, {first}, string.sub, math.floor, {{}}
local head = "POST /live/pulse?{stream}."
for lap = 0, 14 do
  tails[lap] = "." .. ({minute} - 2 * lap) .. ".3 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n"
end
request = function()
  local at = (i % n) * {signs}
  local tail = tails[floor(i / n) % 15]
  i = i + 1
  return head .. sub(tokens, at + 1, at + {signs}) .. tail
end
"""


@dataclass
class Run:
    """What one turn of the generator met with."""

    per_second: float
    p99_ms: float
    cpu: float  # seconds of the server's processor time for each answer
    ceiling: float  # answers a second that the generator had processor time for
    bad: int


def spent(pid: int) -> float:
    """Give the processor seconds of a process and its children that live."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    total = (int(fields[11]) + int(fields[12])) / TICKS
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return total + sum(spent(int(child)) for child in children)


class Bench:
    """The servers under test and the generator."""

    def __init__(self, folder: Path, viewers: int, connections: int) -> None:
        self.folder, self.viewers, self.connections = folder, viewers, connections
        self.first = 0  # the next token that has not spoken
        now = int(time.time()) // 60 * 60
        self.hours = Hours(now - 30 * 60, now + 7200, now + 8100)
        self.minute = 30

    def tokens(self, store: Store, name: str) -> Path:
        """Write down a true token for every viewer, drawn before the first minute of any lap."""
        store.register(STREAM, self.hours)
        key = next(s.key for s in store.streams() if s.id == STREAM)
        first, path = store.reserve(STREAM, self.viewers), self.folder / name
        path.write_text("".join(sign_token(key, first + i, 1) for i in range(self.viewers)))
        return path

    def wrk(self, port: int, pid: int, tokens: Path, seconds: int) -> Run:
        """Let the generator ask for so many seconds."""
        script = self.folder / "pulse.lua"
        script.write_text(
            LUA.format(
                tokens=tokens, signs=SIGNS, first=self.first, stream=STREAM, minute=self.minute
            )
        )
        command = [
            *("taskset", "-c", "1", "wrk", "-t1", f"-c{self.connections}", f"-d{seconds}s"),
            *("--latency", "--timeout", "20s", "-s", str(script), f"http://127.0.0.1:{port}/"),
        ]
        before, used = spent(pid), resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds * 5 + 60)
        after, now = spent(pid), resource.getrusage(resource.RUSAGE_CHILDREN)
        own = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
        said = done.stdout
        n = int(_find(r"(\d+) requests in", said))
        self.first += n + self.connections
        wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
        return Run(
            per_second=float(_find(r"Requests/sec: +([0-9.]+)", said)),
            p99_ms=_milliseconds(_find(r"99% +(\S+)", said)),
            cpu=(after - before) / n,
            ceiling=n / own,
            bad=int(wrong[1]) if wrong else 0,
        )

    def nginx(self) -> tuple[subprocess.Popen[bytes], int]:
        """Start nginx, which answers 204 and nothing else, on core 0."""
        port, conf = free_port(), self.folder / "nginx.conf"
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temp = " ".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in kinds)
        conf.write_text(NGINX.format(folder=self.folder, port=port, temp=temp))
        command = ["taskset", "-c", "0", "nginx", "-c", str(conf), "-e", f"{self.folder}/nginx.err"]
        process = subprocess.Popen(command)
        _until(lambda: _answers(port))
        return process, port


def _find(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if not found:
        raise SystemExit(f"wrk said:\n{text}")
    return found[1]


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([0-9.]+)(us|ms|s|m)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
    except OSError:
        return False
    return True


def _until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not happened():
        if time.monotonic() > end:
            raise SystemExit("a server did not start")
        time.sleep(0.05)


def memory_mb(pid: int) -> float:
    """Give the most memory a process has had."""
    return int(_find(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())) / 1024


def speed(bench: Bench, folder: Path, rounds: int, seconds: int) -> dict[str, object]:
    """Let nginx and both ingests take turns; give the figures of `bench.live`'s first line."""
    redis = RedisServer(folder / "redis").start()
    os.sched_setaffinity(redis.process.pid, {1})  # type: ignore[union-attr]
    urls = {"sqlite": f"sqlite:///{folder}/pulses.sqlite3", "redis": redis.url}
    servers: dict[str, tuple[int, int, Path]] = {}
    ingests = {}
    for name, url in urls.items():
        store = open_store(url)
        tokens = bench.tokens(store, f"tokens-{name}")
        store.close()
        one = Process(url, folder, per_second=100_000, clock=None).start(["taskset", "-c", "0"])
        assert one.process is not None
        ingests[name], servers[name] = one, (one.port, one.process.pid, tokens)
    nginx, port = bench.nginx()
    servers["nginx"] = (port, nginx.pid, servers["sqlite"][2])
    runs: dict[str, list[Run]] = {name: [] for name in ("nginx", "sqlite", "redis")}
    try:
        for _round in range(rounds):
            for name, seen in runs.items():
                seen.append(bench.wrk(*servers[name], seconds))
                print(name, seen[-1], flush=True)
        mb = {
            f"{prefix}mb": round(_fill(bench, ingests[name], servers[name]))
            for name, prefix in (("sqlite", ""), ("redis", "redis_"))
        }
    finally:
        nginx.terminate()
        nginx.wait()
        for one in ingests.values():
            one.stop()
        redis.stop()
    return {**_speeds(runs), **mb}


def _fill(bench: Bench, ingest: Process, server: tuple[int, int, Path]) -> float:
    """Let every viewer speak, then read how much memory the ingest took."""
    bench.first = 0
    while bench.first < bench.viewers:
        run = bench.wrk(*server, 10)
        print("fill", bench.first, round(run.per_second), flush=True)
    with urllib.request.urlopen(f"http://127.0.0.1:{ingest.port}/metrics", timeout=20) as answer:
        kept = _find(r"\ngroundwork_pulses_kept_total ([0-9.e+]+)", answer.read().decode())
    print("kept", float(kept))
    return memory_mb(server[1])


def _speeds(runs: dict[str, list[Run]]) -> dict[str, object]:
    def median(name: str, what: str) -> float:
        return statistics.median(getattr(run, what) for run in runs[name])

    found: dict[str, object] = {}
    for name, prefix in (("sqlite", ""), ("redis", "redis_")):
        found |= {
            f"{prefix}ratio": round(median(name, "per_second") / median("nginx", "per_second"), 2),
            f"{prefix}cpu_ratio": round(median("nginx", "cpu") / median(name, "cpu"), 2),
            f"{prefix}pulses_per_s": round(median(name, "per_second")),
            f"{prefix}cpu_us": round(median(name, "cpu") * 1e6, 1),
            f"{prefix}p99_ms": round(median(name, "p99_ms")),
            f"{prefix}bad": sum(run.bad for run in runs[name]),
        }
    found["nginx_per_s"] = round(median("nginx", "per_second"))
    found["nginx_cpu_us"] = round(median("nginx", "cpu") * 1e6, 1)
    found["generator_ceiling"] = round(median("sqlite", "ceiling"))
    return found


def digest(store: Store, viewers: int) -> tuple[float, int]:
    """Fill a store with a whole evening, then seal, count and erase; seconds, and viewers."""
    now = int(time.time())
    store.register(STREAM, Hours(now - MINUTES * 60, now, now))
    store.reserve(STREAM, viewers)
    chunks = columns_of(viewers, 30, MINUTES, MINUTES, np.random.default_rng(1))
    for chunk, columns in enumerate(chunks):
        if isinstance(store, RedisStore):  # 85 million bits one by one would take minutes
            store.r.set(store._chunk(STREAM, chunk, "bits"), columns.tobytes())
            continue
        for minute in range(MINUTES):
            numbers = np.flatnonzero(np.unpackbits(columns[minute])).astype(np.uint64)
            pairs = (numbers + np.uint64(chunk << 16)) | np.uint64(minute << 32)
            if len(pairs):
                store.add({STREAM: pairs})
    store.count(STREAM, [0])  # folds what lies open, as the ingest does every few seconds
    started = time.perf_counter()
    store.seal(STREAM)
    found = count_figures(store.chunks(STREAM, MINUTES), MINUTES)
    store.erase(STREAM)
    return time.perf_counter() - started, found.viewers


def digests(folder: Path, viewers: int) -> dict[str, object]:
    """Time the digest of both stores."""
    found: dict[str, object] = {}
    redis = RedisServer(folder / "redis-digest").start()
    for prefix, url in (("", f"sqlite:///{folder}/digest.sqlite3"), ("redis_", redis.url)):
        store = open_store(url)
        seconds, counted = digest(store, viewers)
        store.close()
        assert counted == viewers, counted
        found[f"{prefix}digest_s"] = round(seconds, 2)
        print(f"digest of {viewers} by {prefix or 'sqlite'}: {seconds:.2f} s", flush=True)
    redis.stop()
    return found


def grown(folder: Path, viewers: int, connections: int) -> dict[str, object]:
    """Let so many viewers speak to a fresh ingest of either store, and digest their evening."""
    found: dict[str, object] = {}
    for name, prefix in (("sqlite", ""), ("redis", "redis_")):
        here = folder / name
        here.mkdir(parents=True)
        redis = RedisServer(here / "redis").start() if name == "redis" else None
        if redis is not None:
            os.sched_setaffinity(redis.process.pid, {1})  # type: ignore[union-attr]
        url = redis.url if redis else f"sqlite:///{here}/pulses.sqlite3"
        bench, store = Bench(here, viewers, connections), open_store(url)
        tokens = bench.tokens(store, "tokens")
        ingest = Process(url, here, per_second=100_000, clock=None).start(["taskset", "-c", "0"])
        assert ingest.process is not None
        try:
            while bench.first < viewers:
                run = bench.wrk(ingest.port, ingest.process.pid, tokens, 4)
            found |= {
                f"{prefix}pulses_per_s": round(run.per_second),
                f"{prefix}cpu_us": round(run.cpu * 1e6, 1),
                f"{prefix}p99_ms": round(run.p99_ms),
                f"{prefix}bad": run.bad,
                f"{prefix}mb": round(memory_mb(ingest.process.pid)),
            }
            if redis is not None and redis.process is not None:
                found["redis_server_mb"] = round(memory_mb(redis.process.pid))
        finally:
            ingest.stop()
            store.close()
            if redis is not None:
                redis.stop()
    return found | digests(folder, viewers)


def main() -> None:
    """Run the parts that were asked for and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--viewers", type=int, default=1_200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--connections", type=int, default=4000)
    parser.add_argument("--growth", action="store_true", help="from 10 k to 3 M viewers")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="of the growth")
    parser.add_argument("--only", choices=("speed", "digest", "growth"))
    asked = parser.parse_args()
    for program in ("wrk", "nginx", "taskset"):
        if not shutil.which(program):
            sys.exit(f"{program} is missing: apt-get install wrk nginx-light util-linux")
    resource.setrlimit(resource.RLIMIT_NOFILE, (20_000, 20_000))
    found: dict[str, object] = {"name": "live", "load": os.getloadavg()[0]}
    with tempfile.TemporaryDirectory(prefix="bench-live-") as name:
        folder = Path(name)
        if asked.only in {None, "speed"}:
            bench = Bench(folder, asked.viewers, asked.connections)
            found |= speed(bench, folder, asked.rounds, asked.seconds)
        if asked.only in {None, "digest"}:
            found |= digests(folder, asked.viewers)
        if asked.growth or asked.only == "growth":
            found["growth"] = {
                str(n): grown(folder / str(n), n, asked.connections) for n in asked.sizes
            }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
