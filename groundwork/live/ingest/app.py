"""Take pulses: judge each by the rules, commit many at once, answer once it is on disk.

One commit runs at a time, on a thread of its own, so that the loop can say 503 while a disk hangs.
What arrives meanwhile makes the next batch; all of a batch wait for one future.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

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
from groundwork.live.rules.pacing import Draws, Slots, must_refuse
from groundwork.live.rules.pulse import REFUSALS, judge, minute_at
from groundwork.live.rules.tokens import read_token, sign_token
from groundwork.live.store import Store, StoreBusy, open_store

PATH = "/live/pulse"
GAP = 0.004  # seconds in which a batch gathers; far under what a page notices
MOST_WAITING = 8_192  # pulses waiting for the disk; 25 MB
LONGEST_STUCK = 2.0  # seconds the oldest may wait before new ones are sent away
MOST_BITS = 8  # hex signs of a pulse's bits
# The thread back from a commit wants the interpreter at once: 5 ms would be a batch lost.
SWITCH = 0.0001

Answer = Awaitable[None]


class Ingest:
    """The RSGI application."""

    def __init__(
        self,
        config: Config,
        *,
        clock: Callable[[], float] = time.time,
        opener: Callable[[str], Store] = open_store,
    ) -> None:
        self.config, self.clock, self.opener = config, clock, opener
        self.halls: dict[str, Hall] = {}
        self.slots = Slots(config.per_second)
        self.draws, self.salt = Draws(), secrets.token_hex(8)
        self.tally = Tally()
        self.waiting, self.running, self.ticks = 0, False, 0
        self.in_hand: Batch | None = None
        self.housekeeping = self.closing = False

    # ---- life -------------------------------------------------------------------------------
    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        sys.setswitchinterval(SWITCH)
        self.loop = loop
        self.store = self.opener(self.config.store)
        self.pool = ThreadPoolExecutor(1, "store")
        self.batch = Batch(loop.create_future())
        self.nothing: asyncio.Future[None] = loop.create_future()
        self.nothing.set_result(None)
        self._learn(keep_house(self.store, self.halls, self.clock(), count=False))
        loop.call_later(1, self._tick)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Put the last batch on disk; granian has let the answers out before it comes here."""
        self.closing = True
        self.pool.shutdown(wait=True)
        for hall in self.halls.values():
            try:
                write_refusals(self.store, hall)
            except StoreBusy:
                break
        self.store.close()

    def _tick(self) -> None:
        if self.closing:
            return
        self.loop.call_later(1, self._tick)
        if not self.housekeeping:
            self.housekeeping, self.ticks = True, self.ticks + 1
            count = self.ticks % COUNT_EVERY == 1
            work = self.pool.submit(keep_house, self.store, dict(self.halls), self.clock(), count)
            work.add_done_callback(lambda _: self.loop.call_soon_threadsafe(self._kept_house, work))

    def _kept_house(self, work: Any) -> None:
        self.housekeeping = False
        fault = work.exception()
        if fault is None:
            self._learn(work.result())
        else:
            self.tally.faults += 1

    def _learn(self, news: News) -> None:
        """Take over the streams; forget those that are sealed or gone."""
        known = {stream.id for stream in news.streams}
        busy = set(self.batch.rows) | set(self.in_hand.rows if self.in_hand else ())
        for gone in set(self.halls) - known - busy:
            del self.halls[gone]
        for stream in news.streams:
            hall = self.halls.get(stream.id)
            if hall is None or hall.key != stream.key:
                hall = self.halls[stream.id] = Hall(stream.id, stream.key, stream.hours)
            hall.hours = stream.hours
            hall.numbers.extend(news.numbers.get(stream.id, ()))

    # ---- requests ---------------------------------------------------------------------------
    def __rsgi__(self, scope: Any, proto: Any) -> Answer:
        if scope.path != PATH:
            return self._other(scope, proto)
        if scope.method != "POST":
            return self._say(proto, 405, [("allow", "POST")])
        parts = scope.query_string.split(".")
        if len(parts) == 4:
            return self._pulse(proto, *parts)
        return self._draw(scope, proto, scope.query_string)

    def _pulse(self, proto: Any, stream: str, token: str, minute: str, bits: str) -> Answer:
        hall = self.halls.get(stream)
        if hall is None:
            return self._refuse(proto, None, "unknown")
        try:
            m, claimed = int(minute), int(bits, 16)
        except ValueError:
            return self._refuse(proto, hall, "broken")
        if m < 0 or claimed < 0 or len(bits) > MOST_BITS:
            return self._refuse(proto, hall, "broken")
        seen = read_token(hall.key, token)
        if seen is None:
            return self._refuse(proto, hall, "forged")
        reason = judge(hall.hours, self.clock(), seen[1], m, claimed)
        if reason:
            return self._refuse(proto, hall, reason)
        if self.closing or self.waiting >= MOST_WAITING or self._stuck():
            return self._send_away(proto)
        batch = self.batch
        batch.put(hall, seen[0], m, claimed, proto)
        self.waiting += 1
        if not self.running:
            self.running = True
            self.loop.call_later(GAP, self._commit)
        return batch.done

    def _draw(self, scope: Any, proto: Any, stream: str) -> Answer:
        """Give a token that nobody had: no database is asked, nothing is written down."""
        hall = self.halls.get(stream)
        if hall is None:
            return self._refuse(proto, None, "unknown")
        now = self.clock()
        if now >= hall.hours.until:
            return self._refuse(proto, hall, "over")
        headers = scope.headers
        if headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
            return self._refuse(proto, hall, "foreign_page")
        address = self.config.address_of(scope.client, headers.get("x-forwarded-for"))
        if not self.draws.allow(hash((self.salt, address)), now):
            return self._refuse(proto, hall, "too_many_draws")
        if not hall.numbers:
            return self._send_away(proto)
        token = sign_token(hall.key, hall.numbers.pop(), max(0, minute_at(hall.hours, now)))
        hall.due = self.slots.take(int(now))
        self.tally.drawn += 1
        proto.response_str(200, [("content-type", "text/plain"), *self._place(hall, now)], token)
        return self.nothing

    def _other(self, scope: Any, proto: Any) -> Answer:
        if scope.path == "/metrics" and not scope.headers.get("x-forwarded-for"):
            text = exposition(self.tally, self.halls, self.waiting)
            proto.response_bytes(200, [("content-type", "text/plain; version=0.0.4")], text)
            return self.nothing
        if scope.path == "/healthz":
            return self._say(proto, 503 if self._stuck() else 204, [])
        return self._say(proto, 404, [])

    # ---- answers ----------------------------------------------------------------------------
    def _place(self, hall: Hall, now: float) -> list[tuple[str, str]]:
        return [
            ("next-due", str(hall.due)),
            ("stream-at", str(hall.position(now))),
            ("cache-control", "no-store"),
        ]

    def _say(self, proto: Any, status: int, headers: list[tuple[str, str]]) -> Answer:
        proto.response_empty(status, headers)
        return self.nothing

    def _refuse(self, proto: Any, hall: Hall | None, reason: str) -> Answer:
        headers = [("pulse-rule", reason)]
        if hall is not None:
            hall.refused[reason] += 1
            hall.due = self.slots.take(int(self.clock()))
            headers += self._place(hall, self.clock())
        self.tally.refused[reason] += 1
        return self._say(proto, REFUSALS[reason][0], headers)

    def _send_away(self, proto: Any) -> Answer:
        """Answer 503; when to come again is dealt out like every other pulse's turn."""
        self.tally.sent_away += 1
        after = self.slots.take(int(self.clock()))
        return self._say(proto, 503, [("retry-after", str(after))])

    def _stuck(self) -> bool:
        held = self.in_hand
        waited = time.monotonic() - held.born if held else 0.0
        return must_refuse(self.waiting, MOST_WAITING, waited, LONGEST_STUCK)

    # ---- commits ----------------------------------------------------------------------------
    def _commit(self) -> None:
        batch, self.batch = self.batch, Batch(self.loop.create_future())
        self.in_hand = batch
        work = self.pool.submit(commit, self.store, self.halls, batch)
        work.add_done_callback(
            lambda _: self.loop.call_soon_threadsafe(self._committed, batch, work)
        )

    def _committed(self, batch: Batch, work: Any) -> None:
        fault = work.exception()
        sealed = work.result() if fault is None else set()
        now = self.clock()
        for stream, rows in batch.rows.items():
            if fault is not None:
                self._answer_all(rows.protos, 503, self._later(len(rows.protos), now))
            elif stream in sealed:
                self.tally.refused["over"] += len(rows.protos)
                self._answer_all(rows.protos, 410, [("pulse-rule", "over")])
            else:
                hall = self.halls[stream]
                hall.due = self.slots.take(int(now), len(rows.protos))
                self.tally.kept += len(rows.protos)
                self._answer_all(rows.protos, 204, self._place(hall, now))
        self.tally.faults += fault is not None
        self.tally.commits += 1
        self.tally.seconds += time.monotonic() - batch.born
        self.waiting -= batch.n
        self.in_hand = None
        batch.done.set_result(None)
        if self.batch.n:
            self.loop.call_later(GAP, self._commit)
        else:
            self.running = False

    def _later(self, n: int, now: float) -> list[tuple[str, str]]:
        self.tally.sent_away += n
        return [("retry-after", str(self.slots.take(int(now), n)))]

    @staticmethod
    def _answer_all(protos: list[Any], status: int, headers: list[tuple[str, str]]) -> None:
        for proto in protos:
            proto.response_empty(status, headers)


def create() -> Ingest:
    """Make the application in granian's worker, from what the command left in the environment."""
    return Ingest(Config.from_environment())
