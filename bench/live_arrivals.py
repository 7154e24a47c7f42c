"""Predict what an audience does to the ingest, and check the prediction against a real one.

python -m bench.live_arrivals [--viewers 4000] [--audience 1200000] [--per-second 12000]

The model is made of the rules alone: who comes when (rules.audience), which second each answer
deals out (rules.pacing.Slots). It plays a rush around the start, drop-outs, a line that breaks for
40 seconds at minute 75 with three in ten pages loaded anew within half a minute, and one ingest
that dies at minute 90. The same viewers then play the same evening against two real processes;
`error` is the largest difference of a five-minute sum, as a share of the largest sum. Audience and
room per second are scaled together, so that a small run says what a large one does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bench.evening import STREAM, Audience, Done, Load, Process, watch
from bench.lapse import FileClock
from groundwork.live.rules.pacing import Slots
from groundwork.live.rules.pulse import Hours
from groundwork.live.rules.tokens import sign_token
from groundwork.live.store import open_store

ORIGIN = 1_589_881_500  # 19 May 2020, 17:45 in Ningbo
ENDS = ORIGIN + 120 * 60
HOURS = Hours(ORIGIN, ENDS, ENDS + 900)
STARTS, BREAK, DEATH = 30, 75, 90  # minutes
IMPATIENT = 0.3  # of the pages are loaded anew when the picture stops
BIN = 5  # minutes
STEP = 10  # seconds


@dataclass
class Seen:
    """What an evening did to the ingest, minute by minute."""

    draws: dict[int, int] = field(default_factory=dict)
    pulses: dict[int, int] = field(default_factory=dict)
    away: dict[int, int] = field(default_factory=dict)  # 503 or cut off
    longest_due: int = 0

    def note(self, minute: int, draw: bool, status: int, answer: bytes) -> None:
        """Count an answer."""
        kind = self.away if status in {0, 503} else self.draws if draw else self.pulses
        kind[minute] = kind.get(minute, 0) + 1
        if b"next-due: " in answer:
            due = int(answer.partition(b"next-due: ")[2].partition(b"\r\n")[0])
            self.longest_due = max(self.longest_due, due)

    def bins(self) -> list[int]:
        """Sum pulses by five minutes."""
        end = (HOURS.until - HOURS.origin) // 60
        return [
            sum(self.pulses.get(minute, 0) for minute in range(first, first + BIN))
            for first in range(0, end, BIN)
        ]


class Counting(Load):
    """A load that notes every answer."""

    def __init__(self, ports: list[int], clock: FileClock, seen: Seen) -> None:
        super().__init__(ports, lines=256)
        self.clock, self.seen = clock, seen

    async def finish(self, jobs: Iterable[tuple[str, Done]]) -> None:
        """Ask all, and note what comes back."""
        minute = int(self.clock() - ORIGIN) // 60
        await super().finish([(url, self._noting(minute, url, done)) for url, done in jobs])

    def _noting(self, minute: int, url: str, done: Done) -> Done:
        def note(status: int, answer: bytes) -> None:
            self.seen.note(minute, url == STREAM, status, answer)
            done(status, answer)

        return note


class Model(Counting):
    """The rules in place of the process: two shares of the room, no network, no disk."""

    def __init__(self, clock: FileClock, seen: Seen, per_second: int) -> None:
        super().__init__([0], clock, seen)
        self.slots = [Slots(per_second), Slots(per_second)]
        self.number = 0

    async def finish(self, jobs: Iterable[tuple[str, Done]]) -> None:
        """Answer all at once."""
        now = int(self.clock())
        minute = (now - ORIGIN) // 60
        for i, (url, done) in enumerate(jobs):
            self.answered += 1
            due, body = self.slots[i % 2].take(now), ""
            if url == STREAM:
                body, self.number = sign_token(b"m", self.number, minute), self.number + 1
            head = f"HTTP/1.1 {200 if body else 204} x\r\nnext-due: {due}\r\n\r\n{body}"
            self._noting(minute, url, done)(int(head[9:12]), head.encode())
            while self.after and self.answered >= self.after[0][0]:
                self.after.pop(0)[1]()


class Impatient(Audience):
    """Viewers some of whom load the page anew when the picture stops."""

    def reload(self) -> None:
        """Let three in ten of those who watch ask again within half a minute, out of turn."""
        at = BREAK * 60.0
        for viewer in range(self.n):
            watching = self.came[viewer] <= BREAK < self.left[viewer]
            if watching and self.token[viewer] and self.random.random() < IMPATIENT:
                self.due[viewer] = at + 30 * self.random.random()


def play(viewers: int, load: Counting, clock: FileClock, death: Callable[[], None]) -> Seen:
    """Play the evening."""
    audience = Impatient(viewers, STARTS, 120, seed=11)
    acts = {BREAK: audience.reload, DEATH: death}
    asyncio.run(watch(audience, load, clock, HOURS, step=STEP, at_minute=acts))
    return load.seen


def real(viewers: int, per_second: int, folder: Path) -> Seen:
    """Play the evening against two real processes, one of which dies and is started again."""
    url, clock = f"sqlite:///{folder}/pulses.sqlite3", FileClock(folder / "clock")
    store = open_store(url)
    store.register(STREAM, HOURS)
    store.close()
    clock.set(ORIGIN + 1)
    both = [
        Process(url, folder, per_second=per_second, clock=folder / "clock").start()
        for _ in range(2)
    ]

    def death() -> None:
        both[0].kill()
        both[0].start()

    try:
        return play(viewers, Counting([p.port for p in both], clock, Seen()), clock, death)
    finally:
        clock.close()
        for process in both:
            process.kill()


def main() -> None:
    """Predict, play for real, compare; print one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--viewers", type=int, default=4_000)
    parser.add_argument("--audience", type=int, default=1_200_000)
    parser.add_argument("--per-second", type=int, default=12_000, help="of all processes")
    asked = parser.parse_args()
    scale = asked.audience / asked.viewers
    room = max(1, round(asked.per_second / scale / 2))
    with tempfile.TemporaryDirectory(prefix="bench-arrivals-") as name:
        clock = FileClock(Path(name) / "model")
        model = play(asked.viewers, Model(clock, Seen(), room), clock, lambda: None)
        clock.close()
        seen = real(asked.viewers, room, Path(name))
    predicted, found = model.bins(), seen.bins()
    error = max(abs(a - b) for a, b in zip(predicted, found, strict=True)) / max(predicted)
    print(
        json.dumps(
            {
                "error": round(error, 3),
                "predicted": {**_said(model, scale), "room": round(2 * room * scale)},
                "real": _said(seen, scale),
                "bins_predicted": predicted,
                "bins_real": found,
            }
        )
    )


def _said(seen: Seen, scale: float) -> dict[str, int]:
    """Scale what was seen up to the audience."""
    return {
        "peak_pulses_per_s": round(max(seen.pulses.values()) / 60 * scale),
        "peak_draws_per_s": round(max(seen.draws.values()) / 60 * scale),
        "pulses_in_the_minute_of_the_break_per_s": round(seen.pulses[BREAK] / 60 * scale),
        "pulses": round(sum(seen.pulses.values()) * scale),
        "sent_away": round(sum(seen.away.values()) * scale),
        "longest_due": seen.longest_due,
    }


if __name__ == "__main__":
    main()
