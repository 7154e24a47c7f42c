"""An evening's viewers against a real ingest: for the suite, `bench.live` and the model's check.

Pages lose pulses, say them twice and out of order; processes are killed outright. What was
acknowledged is noted minute by minute, to be held against what the store has in the end.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.lapse import FileClock
from groundwork.live.ingest.config import Config
from groundwork.live.rules.audience import draw_audience
from groundwork.live.rules.pulse import HEAD_START, WINDOW, Hours

ROOT = Path(__file__).resolve().parents[1]
STREAM = "k3f9bcdfghjk"
LINES = 128  # connections of the load


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """One real ingest process, on a clock of our own or the machine's."""

    def __init__(
        self, store: str, folder: Path, *, per_second: int, clock: Path | None, port: int = 0
    ) -> None:
        self.port, self.log = port or free_port(), folder / "ingest.log"
        config = Config(store, per_second, port=self.port, trusted=("127.0.0.1",))
        module = ["bench.lapse", str(clock)] if clock else ["groundwork.live.ingest"]
        self.command = [sys.executable, "-m", *module]
        self.env = {**os.environ, **config.environment(), "PYTHONPATH": str(ROOT)}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, prefix: Sequence[str] = ()) -> Process:
        """Start and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*prefix, *self.command], env=self.env, cwd=ROOT, stdout=log, stderr=log
            )
        end = time.monotonic() + 60
        while not self.answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, "the ingest did not start"
            time.sleep(0.02)
        return self

    def answers(self) -> bool:
        """Tell whether somebody listens."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """Kill it outright."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to stop; give its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


# ---- the load ------------------------------------------------------------------------------
Done = Callable[[int, bytes], None]  # status (0: cut off) and the whole answer


class Line(asyncio.Protocol):
    """A connection that asks one thing after the other."""

    def __init__(self, load: Load, port: int) -> None:
        self.load, self.port, self.buffer = load, port, b""
        self.transport: asyncio.Transport | None = None
        self.done: Done | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]
        self.load.lines.add(self)

    def ask(self, url: str, done: Done) -> None:
        """Send one request."""
        self.done = done
        assert self.transport is not None
        said = self.load.whence() if url == STREAM else ""
        self.transport.write(f"POST /live/pulse?{url} HTTP/1.1\r\nhost: x\r\n{said}\r\n".encode())

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, end, body = self.buffer.partition(b"\r\n\r\n")
        if not end or (b"content-length: 28" in head and len(body) < 28):
            return
        answer, self.buffer = self.buffer, b""
        done, self.done = self.done, None
        if done is not None:
            done(int(answer[9:12]), answer)
        self.load.next(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        done, self.done = self.done, None
        if done is not None:
            done(0, b"")
        self.load.lost(self)


class Load:
    """Put questions to some ports over LINES connections; `finish` waits for all answers."""

    def __init__(self, ports: Sequence[int], lines: int = LINES) -> None:
        self.ports, self.most = list(ports), lines
        self.jobs: list[tuple[str, Done]] = []
        self.free: deque[Line] = deque()  # in turn, so that every process gets its share
        self.open = self.running = self.answered = self.asked = 0
        self.after: list[tuple[int, Callable[[], None]]] = []
        self.lines: set[Line] = set()

    async def finish(self, jobs: Iterable[tuple[str, Done]]) -> None:
        """Ask all and come back when each has its answer, or was cut off."""
        self.jobs = list(jobs)[::-1]
        await self._balance()
        while self.jobs or self.running:
            while self.jobs and (self.free or self.open < self.most):
                line = self.free.popleft() if self.free else await self._connect()
                if line is None:
                    self._cut()
                    continue
                self.next(line)
            await asyncio.sleep(0.001)

    async def close(self) -> None:
        """Hang up everywhere."""
        for line in list(self.lines):
            if line.transport is not None:
                line.transport.close()
        while self.lines:
            await asyncio.sleep(0.001)

    def whence(self) -> str:
        """Say from which of 65,536 addresses a page asks for its token, as nginx would."""
        self.asked += 1
        return f"x-forwarded-for: 10.1.{self.asked >> 8 & 255}.{self.asked & 255}\r\n"

    def _cut(self) -> None:
        """Nobody listens: what waits is lost."""
        while self.jobs:
            self.jobs.pop()[1](0, b"")

    async def _balance(self) -> None:
        """Give a process that came back as many lines as the others have, as nginx would."""
        has = Counter(line.port for line in self.lines)
        for _missing in range(sum(max(has.values(), default=0) - has[p] for p in self.ports)):
            if (line := await self._connect()) is not None:
                self.free.appendleft(line)

    async def _connect(self) -> Line | None:
        """Open a line to the port that has the fewest, as nginx would deal them."""
        loop, has = asyncio.get_running_loop(), Counter(line.port for line in self.lines)
        for port in sorted(self.ports, key=lambda one: has[one]):

            def make(port: int = port) -> Line:
                return Line(self, port)

            try:
                _transport, line = await loop.create_connection(make, "127.0.0.1", port)
            except OSError:
                continue
            self.open += 1
            return line
        return None

    def _give(self, line: Line) -> None:
        url, done = self.jobs.pop()
        self.running += 1

        def answered(status: int, answer: bytes) -> None:
            self.running -= 1
            self.answered += 1
            while self.after and self.answered >= self.after[0][0]:
                self.after.pop(0)[1]()
            done(status, answer)

        line.ask(url, answered)

    def next(self, line: Line) -> None:
        """Give a line that has its answer the next question."""
        if line.transport is None:
            return
        if self.jobs:
            self._give(line)
        else:
            self.free.append(line)

    def lost(self, line: Line) -> None:
        """Forget a line that was cut off."""
        self.open -= 1
        self.lines.discard(line)
        if line in self.free:
            self.free.remove(line)


# ---- the viewers ---------------------------------------------------------------------------
@dataclass
class Faults:
    """How often what goes wrong, of all pulses."""

    request_lost: float = 0.025
    answer_lost: float = 0.025
    doubled: float = 0.02
    held_back: float = 0.01  # comes after the next one


@dataclass
class Audience:
    """Viewers, what they were acknowledged and what they ever said: integers of minute bits."""

    n: int
    starts: int
    ends: int
    seed: int
    faults: Faults = field(default_factory=Faults)
    pulses: int = 0
    refused: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        drawn = draw_audience(self.n, self.starts, self.ends, np.random.default_rng(self.seed))
        self.came, self.left, self.away, self.back = (some.tolist() for some in drawn)
        self.token: list[str] = [""] * self.n
        self.due = [60.0 * minute + self.random.random() * 60 for minute in self.came]
        self.acked, self.said = [0] * self.n, [0] * self.n
        self.late: dict[int, str] = {}  # held back, by viewer

    def played(self, viewer: int, minute: int) -> int:
        """Give the bits of the minutes played so far, bit 0 for minute 0."""
        end = min(self.left[viewer], minute + 1)
        bits = _range(self.came[viewer], end)
        if token := self.token[viewer]:  # drawn late: what was long before is nobody's
            bits &= ~_range(0, int(token[8:12], 16) - HEAD_START)
        return bits & ~_range(self.away[viewer], min(self.back[viewer], end))

    def jobs(self, at: float) -> list[tuple[str, Done]]:
        """Make what is due by second `at` of the stream."""
        found: list[tuple[str, Done]] = []
        for viewer in [v for v, due in enumerate(self.due) if due <= at]:
            found += self._speak(viewer, at)
        return found

    def _speak(self, viewer: int, at: float) -> list[tuple[str, Done]]:
        if not self.token[viewer]:
            self.due[viewer] = at + 60
            return [(STREAM, self._drawn(viewer, at))]
        minute = int(at // 60)
        unsaid = self.played(viewer, minute) & ~self.acked[viewer]
        oldest = max(0, minute - WINDOW + 1)
        if not unsaid >> oldest:
            over = minute >= self.left[viewer]
            self.due[viewer] = float("inf") if over else at + 30
            return []
        window = self.played(viewer, minute) >> oldest
        bits = int(f"{window:0{minute - oldest + 1}b}"[::-1], 2)
        url = f"{STREAM}.{self.token[viewer]}.{minute}.{bits:x}"
        return self._send(viewer, at, url, window << oldest)

    def _send(self, viewer: int, at: float, url: str, bits: int) -> list[tuple[str, Done]]:
        luck, faults = self.random.random(), self.faults
        self.due[viewer] = at + 60
        if luck < faults.request_lost:
            return []
        self.said[viewer] |= bits
        held = self.late.pop(viewer, None)
        luck -= faults.request_lost
        if luck < faults.answer_lost:
            done: Done = self._nothing
        else:
            done = self._told(viewer, at, bits)
        jobs = [(url, done)]
        luck -= faults.answer_lost
        if 0 <= luck < faults.doubled:
            jobs.append((url, self._nothing))
        elif 0 <= luck - faults.doubled < faults.held_back:
            self.late[viewer] = url
            jobs = []
        if held is not None:
            jobs.append((held, self._nothing))
        return jobs

    def _nothing(self, status: int, answer: bytes) -> None:
        self.pulses += 1

    def _drawn(self, viewer: int, at: float) -> Done:
        def done(status: int, answer: bytes) -> None:
            if status == 200:
                self.token[viewer] = answer[-28:].decode()
                self.due[viewer] = at + due_of(answer)

        return done

    def _told(self, viewer: int, at: float, bits: int) -> Done:
        def done(status: int, answer: bytes) -> None:
            self.pulses += 1
            if status == 204:
                self.acked[viewer] |= bits
                self.due[viewer] = at + due_of(answer)
            elif status not in {0, 503}:
                self.refused[status] = self.refused.get(status, 0) + 1

        return done

    # ---- afterwards ---------------------------------------------------------------------------
    def number(self, viewer: int) -> int:
        """Give the number of a viewer's token."""
        return int(self.token[viewer][:8], 16)


def due_of(answer: bytes) -> int:
    """Read when the next pulse is due."""
    _, _, rest = answer.partition(b"next-due: ")
    return int(rest.partition(b"\r\n")[0])


def _range(first: int, end: int) -> int:
    return ((1 << end) - 1) & ~((1 << first) - 1) if end > first else 0


async def watch(
    audience: Audience,
    load: Load,
    clock: FileClock,
    hours: Hours,
    *,
    step: int = 30,
    at_minute: dict[int, Callable[[], None]] | None = None,
) -> None:
    """Play the evening from its first minute to the last pulse that is taken.

    `at_minute` does something when half of that minute's pulses have their answers.
    """
    plan = dict(at_minute or {})
    for second in range(0, hours.until - hours.origin, step):
        clock.set(hours.origin + second + 0.5)
        jobs = audience.jobs(second)
        if act := plan.pop(second // 60, None):
            load.after.append((load.answered + len(jobs) // 2, act))
        await load.finish(jobs)
    await load.close()
    assert not plan, f"never reached: {sorted(plan)}"
