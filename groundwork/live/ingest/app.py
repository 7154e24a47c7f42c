"""Take pulses: judge each by the rules, commit many at once, answer once it is on disk.

One commit runs at a time, on a thread of its own, so that the loop can say 503 while a disk hangs.
What arrives meanwhile makes the next batch.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from groundwork.base.clock import seconds
from groundwork.live.ingest.config import Config
from groundwork.live.ingest.halls import (
    COUNT_EVERY,
    Batch,
    Hall,
    News,
    commit,
    keep_house,
    write_refusals,
)
from groundwork.live.ingest.metrics import Tally, exposition
from groundwork.live.ingest.wire import Line, reply
from groundwork.live.rules.pacing import Draws, Slots, must_refuse
from groundwork.live.rules.pulse import REFUSALS, judge, minute_at
from groundwork.live.rules.tokens import read_token, sign_token
from groundwork.live.store import Store, StoreBusy

PULSE = b"/live/pulse?"
SOON = 0.002  # seconds in which a batch gathers while few come: the city's threads wait for it
GAP = 0.02  # while many come; no page notices, and one sync serves hundreds
MANY = 64  # pulses of a batch that make many
MOST_WAITING = 8_192  # pulses waiting for the disk
LONGEST_STUCK = 2.0  # seconds a batch may take before new ones are sent away
MOST_BITS = 8  # hex signs of a pulse's bits
SWITCH = 0.001  # seconds; the usual 5 ms would keep the commit's thread waiting for the loop's


class Ingest:
    """What the process does; `open` it inside a running loop, `drain` it before the loop ends."""

    def __init__(
        self, config: Config, store: Store, *, clock: Callable[[], float] = seconds
    ) -> None:
        self.config, self.store, self.clock = config, store, clock
        self.halls: dict[str, Hall] = {}
        self.names: dict[bytes, Hall] = {}
        self.slots = Slots(config.per_second)
        self.draws, self.salt = Draws(), secrets.token_hex(8)
        self.tally = Tally()
        self.batch, self.in_hand = Batch(), Batch()
        self.waiting, self.ticks, self.gap = 0, 0, SOON
        self.running = self.housekeeping = self.closing = False

    # ---- life -------------------------------------------------------------------------------
    def open(self) -> None:
        """Learn which streams run and begin to keep house. Raises StoreBusy."""
        sys.setswitchinterval(SWITCH)
        self.loop = asyncio.get_running_loop()
        self.pool = ThreadPoolExecutor(1, "store")
        self._learn(keep_house(self.store, self.halls, self.clock(), count=False))
        self.loop.call_later(1, self._tick)

    async def drain(self) -> None:
        """Take nothing new, put what is in hand on disk and answer it."""
        self.closing = True
        while self.running:
            await asyncio.sleep(0.01)
        self.pool.shutdown(wait=True)
        try:
            for hall in self.halls.values():
                write_refusals(self.store, hall)
        except StoreBusy:
            self.tally.faults += 1
        self.store.close()

    def _tick(self) -> None:
        if self.closing:
            return
        self.loop.call_later(1, self._tick)
        if not self.housekeeping:
            self.housekeeping, self.ticks = True, self.ticks + 1
            count = self.ticks % COUNT_EVERY == 1
            work = self.pool.submit(keep_house, self.store, dict(self.halls), self.clock(), count)
            work.add_done_callback(lambda w: self.loop.call_soon_threadsafe(self._kept_house, w))

    def _kept_house(self, work: Future[News]) -> None:
        self.housekeeping = False
        if work.exception() is None:
            self._learn(work.result())
        else:
            self.tally.faults += 1

    def _learn(self, news: News) -> None:
        """Take over the streams; forget those that are sealed or gone."""
        known = {stream.id for stream in news.streams}
        for gone in set(self.halls) - known - set(self.batch.rows) - set(self.in_hand.rows):
            del self.halls[gone], self.names[gone.encode()]
        for stream in news.streams:
            hall = self.halls.get(stream.id)
            if hall is None or hall.key != stream.key:
                hall = Hall(stream.id, stream.key, stream.hours)
                self.halls[stream.id] = self.names[stream.id.encode()] = hall
            hall.hours = stream.hours
            hall.numbers.extend(news.numbers.get(stream.id, ()))

    # ---- requests ---------------------------------------------------------------------------
    def take(self, line: Line) -> None:
        """Take a request: a pulse, the wish for a token, or what the office asks."""
        url = line.url
        if not url.startswith(PULSE):
            self._other(line)
        elif line.method != b"POST":
            line.send(reply(405, [("allow", "POST")]))
        else:
            parts = url[len(PULSE) :].split(b".")
            if len(parts) == 4:
                self._pulse(line, *parts)
            else:
                self._draw(line, parts[0] if len(parts) == 1 else b"")

    def _pulse(self, line: Line, stream: bytes, token: bytes, minute: bytes, bits: bytes) -> None:
        hall = self.names.get(stream)
        if hall is None:
            return self._refuse(line, None, "unknown")
        try:
            seen = read_token(hall.key, token.decode())
            m, claimed = int(minute), int(bits, 16)
        except ValueError:
            return self._refuse(line, hall, "broken")
        if m < 0 or claimed < 0 or len(bits) > MOST_BITS:
            return self._refuse(line, hall, "broken")
        if seen is None:
            return self._refuse(line, hall, "forged")
        reason = judge(hall.hours, self.clock(), seen[1], m, claimed)
        if reason:
            return self._refuse(line, hall, reason)
        if self.closing or self._stuck():
            return self._send_away(line)
        self.batch.put(hall, seen[0], m, claimed, line)
        self.waiting += 1
        if not self.running:
            self.running = True
            self.loop.call_later(self.gap, self._commit)
        return None

    def _draw(self, line: Line, stream: bytes) -> None:
        """Give a token that nobody had: no database is asked, nothing is written down."""
        hall, now = self.names.get(stream), self.clock()
        if hall is None:
            return self._refuse(line, None, "unknown")
        if now >= hall.hours.until:
            return self._refuse(line, hall, "over")
        if line.headers.get(b"sec-fetch-site") in {b"cross-site", b"same-site"}:
            return self._refuse(line, hall, "foreign_page")
        address = self.config.address_of(line.peer, line.headers.get(b"x-forwarded-for"))
        if not self.draws.allow(hash((self.salt, address)), now):
            return self._refuse(line, hall, "too_many_draws")
        if not hall.numbers or self.closing:
            return self._send_away(line)
        token = sign_token(hall.key, hall.numbers.pop(), max(0, minute_at(hall.hours, now)))
        hall.due = self.slots.take(int(now))
        self.tally.drawn += 1
        headers = [("content-type", "text/plain"), *self._place(hall, now)]
        return line.send(reply(200, headers, token.encode()))

    def _other(self, line: Line) -> None:
        if line.url == b"/metrics" and b"x-forwarded-for" not in line.headers:
            text = exposition(self.tally, self.halls, self.waiting)
            line.send(reply(200, [("content-type", "text/plain; version=0.0.4")], text))
        elif line.url == b"/healthz":
            line.send(reply(503 if self._stuck() else 204, []))
        else:
            line.send(reply(404, []))

    # ---- answers ----------------------------------------------------------------------------
    def _place(self, hall: Hall, now: float) -> list[tuple[str, str]]:
        at = int(now - hall.hours.origin)
        return [("next-due", str(hall.due)), ("stream-at", str(at)), ("cache-control", "no-store")]

    def _refuse(self, line: Line, hall: Hall | None, reason: str) -> None:
        headers = [("pulse-rule", reason)]
        if hall is not None:
            now = self.clock()
            hall.refused[reason] += 1
            hall.due = self.slots.take(int(now))
            headers += self._place(hall, now)
        self.tally.refused[reason] += 1
        line.send(reply(REFUSALS[reason][0], headers))

    def _send_away(self, line: Line) -> None:
        """Answer 503; when to come again is dealt out like every other pulse's turn."""
        self.tally.sent_away += 1
        after = self.slots.take(int(self.clock()))
        line.send(reply(503, [("retry-after", str(after))]))

    def _stuck(self) -> bool:
        held = self.in_hand
        waited = self.loop.time() - held.born if held.n else 0.0
        return must_refuse(self.waiting, MOST_WAITING, waited, LONGEST_STUCK)

    # ---- commits ----------------------------------------------------------------------------
    def _commit(self) -> None:
        batch = self.in_hand = self.batch
        batch.born, self.batch = self.loop.time(), Batch()
        work = self.pool.submit(commit, self.store, self.halls, batch)
        work.add_done_callback(lambda w: self.loop.call_soon_threadsafe(self._committed, batch, w))

    def _committed(self, batch: Batch, work: Future[set[str]]) -> None:
        fault, now = work.exception(), self.clock()
        sealed = work.result() if fault is None else set()
        for stream, rows in batch.rows.items():
            n = len(rows.lines)
            if fault is not None:
                self.tally.sent_away += n
                answer = reply(503, [("retry-after", str(self.slots.take(int(now), n)))])
            elif stream in sealed:
                self.tally.refused["over"] += n
                answer = reply(410, [("pulse-rule", "over")])
            else:
                hall = self.halls[stream]
                hall.due = self.slots.take(int(now), n)
                self.tally.kept += n
                answer = reply(204, self._place(hall, now))
            for line in rows.lines:
                line.send(answer)
        self.tally.note_commit(self.loop.time() - batch.born, fault)
        self.waiting -= batch.n
        self.in_hand, self.gap = Batch(), GAP if batch.n >= MANY else SOON
        if self.batch.n:
            self.loop.call_later(0 if self.closing else self.gap, self._commit)
        else:
            self.running = False
