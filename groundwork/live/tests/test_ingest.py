"""The ingest's answers: each rule at the door, the disk that hangs, the end of the process."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable

import pytest

from groundwork.live.ingest import app, wire
from groundwork.live.ingest.__main__ import refuse_second
from groundwork.live.ingest.app import Ingest
from groundwork.live.ingest.board import Board
from groundwork.live.ingest.config import Config
from groundwork.live.ingest.wire import Line
from groundwork.live.rules.pacing import OFFICE
from groundwork.live.rules.pulse import Hours
from groundwork.live.rules.tokens import sign_token
from groundwork.live.store import StoreBusy
from groundwork.live.store.sqlite import SqliteStore

ORIGIN = 1_600_000_020
HOURS = Hours(ORIGIN, ORIGIN + 7200, ORIGIN + 8100)
STREAM = "k3f9bcdfghjk"


class Answer:
    """What came back over one connection."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        self.status = int(first.split()[1])
        self.headers = dict(line.split(": ", 1) for line in lines)


class Hall:
    """An ingest on a real store and a real port, with a clock of our own."""

    def __init__(self, tmp_path) -> None:
        self.now = ORIGIN + 40 * 60.0
        self.path = tmp_path / "pulses.sqlite3"
        self.store = SqliteStore(self.path)
        self.store.register(STREAM, HOURS)
        self.key = self.store.streams()[0].key
        config = Config("", 1_000, trusted=("127.0.0.1",))
        self.ingest = Ingest(config, self.store, clock=lambda: self.now)
        self.lines: set[Line] = set()

    async def open(self) -> None:
        self.ingest.open()
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(
            lambda: Line(self.ingest, self.lines), "127.0.0.1", 0
        )
        self.port = self.server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        self.server.close()
        await self.ingest.drain()
        for line in list(self.lines):
            line.close()

    async def ask(
        self, query: str, method: str = "POST", path: str = "/live/pulse?", more=""
    ) -> Answer:
        """Ask one thing over a connection of its own."""
        head = f"{method} {path}{query} HTTP/1.1\r\nhost: x\r\n{more}\r\n"
        return Answer(await self.say(head.encode()))

    async def say(self, raw: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(raw)
        found = b""
        try:
            found = await reader.readuntil(b"\r\n\r\n")
            length = int(found.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
            found += await reader.readexactly(length)
        except asyncio.IncompleteReadError as cut:
            found = cut.partial
        writer.close()
        return found

    async def draw(self) -> str:
        answer = await self.ask(STREAM)
        assert answer.status == 200
        return answer.body.decode()

    def kept(self) -> set[tuple[int, int]]:
        """List (minute, number) of what is on disk."""
        other = SqliteStore(self.path)
        other.fold()
        rows = other.db.execute("select minute, bits from cell where chunk = 0").fetchall()
        other.close()
        return {
            (minute, n)
            for minute, bits in rows
            for n in range(2**14)
            if bits[n >> 3] & 0x80 >> (n & 7)
        }


def in_hall(tmp_path, scene: Callable[[Hall], Awaitable[None]]) -> None:
    """Play a scene against an open ingest, then close it."""

    async def play() -> None:
        hall = Hall(tmp_path)
        await hall.open()
        try:
            await scene(hall)
        finally:
            await hall.close()

    asyncio.run(play())


def number(token: str) -> int:
    return int(token[:8], 16)


def test_a_token_is_drawn_and_what_it_claims_is_on_disk_when_it_is_acknowledged(tmp_path):
    async def scene(hall):
        token = await hall.draw()
        answer = await hall.ask(f"{STREAM}.{token}.40.7")
        assert answer.status == 204
        assert hall.kept() == {(m, number(token)) for m in (38, 39, 40)}
        assert answer.headers["next-due"] == "30"
        assert answer.headers["stream-at"] == "2400"
        assert answer.headers["cache-control"] == "no-store"

    in_hall(tmp_path, scene)


def test_a_lost_pulse_is_healed_by_the_next_and_a_doubled_one_adds_nothing(tmp_path):
    async def scene(hall):
        token = await hall.draw()
        hall.now += 300
        for query in (".45.1f", ".45.1f", ".43.7"):
            assert (await hall.ask(f"{STREAM}.{token}{query}")).status == 204
        assert {m for m, _n in hall.kept()} == {41, 42, 43, 44, 45}

    in_hall(tmp_path, scene)


def test_two_browsers_never_have_one_token_and_two_tabs_with_one_count_once(tmp_path):
    async def scene(hall):
        first, second = await hall.draw(), await hall.draw()
        assert number(first) != number(second)
        await asyncio.gather(*(hall.ask(f"{STREAM}.{first}.40.1") for _tab in range(2)))
        assert hall.kept() == {(40, number(first))}

    in_hall(tmp_path, scene)


def test_every_rule_answers_with_its_status_name_and_position(tmp_path):
    async def scene(hall):
        token = await hall.draw()
        other_evening = sign_token(b"o" * 32, 5, 40)
        for query, status, rule in (
            (f"{STREAM}.{token}.41.1", 409, "not_yet"),
            (f"{STREAM}.{token}.8.1", 409, "late"),
            (f"{STREAM}.{token}.40.f", 409, "before_draw"),
            (f"{STREAM}.{other_evening}.40.1", 403, "forged"),
            (f"{STREAM}.{token[:-1]}.40.1", 403, "forged"),
            (f"{STREAM}.{token}.x.1", 400, "broken"),
            (f"{STREAM}.{token}.-1.1", 400, "broken"),
            (f"{STREAM}.{token}.40.1ffffffff", 400, "broken"),
            ("nothing", 404, "unknown"),
            (f"nothing.{token}.40.1", 404, "unknown"),
            ("", 404, "unknown"),
            ("a.b", 404, "unknown"),
        ):
            answer = await hall.ask(query)
            assert (answer.status, answer.headers["pulse-rule"]) == (status, rule), query
            if status == 409:
                assert answer.headers["stream-at"] == "2400"
        assert hall.kept() == set()
        assert (await hall.ask(STREAM, method="GET")).status == 405
        assert (await hall.ask("", path="/other")).status == 404

    in_hall(tmp_path, scene)


def test_refusals_are_written_down_by_rule(tmp_path):
    async def scene(hall):
        for _ in range(3):
            await hall.ask(f"{STREAM}.{'0' * 28}.40.1")

    in_hall(tmp_path, scene)
    store = SqliteStore(tmp_path / "pulses.sqlite3")
    assert store.refused(STREAM) == {"forged": 3}
    store.close()


def test_when_it_is_over_there_are_no_tokens_and_no_minutes(tmp_path):
    async def scene(hall):
        token = await hall.draw()
        hall.now = float(HOURS.until)
        assert (await hall.ask(f"{STREAM}.{token}.119.1")).status == 410
        assert (await hall.ask(STREAM)).status == 410

    in_hall(tmp_path, scene)


def test_another_sites_page_draws_no_token(tmp_path):
    async def scene(hall):
        answer = await hall.ask(STREAM, more="sec-fetch-site: cross-site\r\n")
        assert (answer.status, answer.headers["pulse-rule"]) == (403, "foreign_page")
        assert (await hall.ask(STREAM, more="Sec-Fetch-Site: same-origin\r\n")).status == 200

    in_hall(tmp_path, scene)


def test_an_office_behind_one_address_draws_and_a_robot_behind_one_does_not_draw_a_city(tmp_path):
    async def scene(hall):
        office, home = "x-forwarded-for: 198.51.100.7\r\n", "x-forwarded-for: 198.51.100.8\r\n"
        hall.ingest.draws.at[hash((hall.ingest.salt, "198.51.100.7"))] = (1.0, hall.now)
        assert (await hall.ask(STREAM, more=office)).status == 200
        answer = await hall.ask(STREAM, more=office)
        assert (answer.status, answer.headers["pulse-rule"]) == (429, "too_many_draws")
        assert (await hall.ask(STREAM, more=home)).status == 200
        assert OFFICE >= 1_000

    in_hall(tmp_path, scene)


def test_a_proxy_is_believed_only_when_it_is_a_known_one():
    assert Config("", 1, trusted=("10.0.0.1",)).address_of("10.0.0.1", b"1.2.3.4") == "1.2.3.4"
    assert Config("", 1).address_of("10.0.0.9", b"1.2.3.4") == "10.0.0.9"
    assert Config("", 1, socket="/x").address_of("", b"6.6.6.6, 1.2.3.4") == "1.2.3.4"
    assert Config("", 1).address_of("10.0.0.9", None) == "10.0.0.9"


def test_a_store_that_fails_acknowledges_nothing_and_says_when_to_come_again(tmp_path, monkeypatch):
    async def scene(hall):
        token = await hall.draw()

        def full(pairs):
            raise StoreBusy("database or disk is full")

        with monkeypatch.context() as broken:
            broken.setattr(hall.store, "add", full)
            answer = await hall.ask(f"{STREAM}.{token}.40.1")
            assert answer.status == 503
            assert 30 <= int(answer.headers["retry-after"]) <= 420
        assert hall.kept() == set()
        assert (await hall.ask(f"{STREAM}.{token}.40.1")).status == 204  # what failed is not known
        assert hall.kept() == {(40, number(token))}

    in_hall(tmp_path, scene)


def test_while_the_disk_hangs_new_pulses_are_sent_away_and_the_old_ones_wait(tmp_path, monkeypatch):
    monkeypatch.setattr(app, "LONGEST_STUCK", 0.05)
    monkeypatch.setattr(app, "SOON", 0.0)

    async def scene(hall):
        first, second = await hall.draw(), await hall.draw()
        go, add = threading.Event(), hall.store.add

        def hang(pairs):
            go.wait(20)
            return add(pairs)

        monkeypatch.setattr(hall.store, "add", hang)
        waiting = asyncio.create_task(hall.ask(f"{STREAM}.{first}.40.1"))
        while (await hall.ask("", "GET", "/healthz")).status == 204:
            await asyncio.sleep(0.01)
        answer = await hall.ask(f"{STREAM}.{second}.40.1")
        assert answer.status == 503
        assert "retry-after" in answer.headers
        go.set()
        assert (await waiting).status == 204
        assert hall.kept() == {(40, number(first))}
        assert (await hall.ask("", "GET", "/healthz")).status == 204

    in_hall(tmp_path, scene)


def test_a_full_queue_says_no_before_memory_runs_out(tmp_path, monkeypatch):
    monkeypatch.setattr(app, "MOST_WAITING", 2)
    monkeypatch.setattr(app, "SOON", 0.2)

    async def scene(hall):
        tokens = [await hall.draw() for _ in range(5)]
        answers = await asyncio.gather(*(hall.ask(f"{STREAM}.{t}.40.1") for t in tokens))
        assert sorted(a.status for a in answers) == [204, 204, 503, 503, 503]

    in_hall(tmp_path, scene)


def test_a_sealed_stream_answers_that_it_is_over(tmp_path):
    async def scene(hall):
        token = await hall.draw()
        other = SqliteStore(tmp_path / "pulses.sqlite3")
        other.seal(STREAM)
        other.close()
        answer = await hall.ask(f"{STREAM}.{token}.40.1")
        assert (answer.status, answer.headers["pulse-rule"]) == (410, "over")
        assert hall.kept() == set()

    in_hall(tmp_path, scene)


def test_what_is_in_hand_at_the_end_is_on_disk_and_answered(tmp_path, monkeypatch):
    monkeypatch.setattr(app, "SOON", 0.3)

    async def play():
        hall = Hall(tmp_path)
        await hall.open()
        token = await hall.draw()
        asked = asyncio.create_task(hall.ask(f"{STREAM}.{token}.40.1"))
        while not hall.ingest.waiting:
            await asyncio.sleep(0.001)
        await hall.close()
        assert (await asked).status == 204

    asyncio.run(play())
    store = SqliteStore(tmp_path / "pulses.sqlite3")
    assert store.count(STREAM, [40]) == {40: 1}
    store.close()


def test_viewers_are_counted_for_every_screen(tmp_path):
    async def scene(hall):
        for _ in range(3):
            token = await hall.draw()
            assert (await hall.ask(f"{STREAM}.{token}.40.7")).status == 204
        while hall.store.published(STREAM) is None or not hall.store.published(STREAM).curve[38]:
            hall.ingest.ticks = 0  # the next tick counts
            await asyncio.sleep(0.05)
            hall.store.db.execute("update stream set counter = 0")
        counted = hall.store.published(STREAM)
        assert (counted.curve[38], counted.settled) == (3, 39)

    in_hall(tmp_path, scene)


def test_metrics_are_the_offices_and_are_not_passed_through(tmp_path):
    async def scene(hall):
        token = await hall.draw()
        await hall.ask(f"{STREAM}.{token}.40.1")
        await hall.ask(f"{STREAM}.{token}.99.1")
        text = (await hall.ask("", "GET", "/metrics")).body.decode()
        assert "groundwork_pulses_kept_total 1.0" in text
        assert 'groundwork_pulses_refused_total{rule="not_yet"} 1.0' in text
        assert token not in text
        foreign = await hall.ask("", "GET", "/metrics", more="x-forwarded-for: 1.2.3.4\r\n")
        assert foreign.status == 404

    in_hall(tmp_path, scene)


# ---- the wire ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x00\xa5\x01\x00\x00",
        b"POST /live/pulse?x HTTP/1.1\r\nbad header\r\n\r\n",
        b"POST /live/pulse?x HTTP/1.1\r\ncontent-length: -4\r\n\r\n",
        b"GET / HTTP/1.1\r\nx: " + b"a" * 9_000,
        "POST /live/pulse?é HTTP/1.1\r\nhost: x\r\n\r\n".encode(),
        b"POST /live/pulse?x HTTP/1.1\r\ncontent-length: 100000\r\n\r\n" + b"a" * 9_000,
    ],
)
def test_what_is_no_small_request_ends_the_line(tmp_path, raw):
    async def scene(hall):
        assert await hall.say(raw) == b""
        assert (await hall.ask("", "GET", "/healthz")).status == 204

    in_hall(tmp_path, scene)


def test_a_second_request_before_the_answer_ends_the_line_and_loses_nothing(tmp_path):
    async def scene(hall):
        token = await hall.draw()
        one = f"POST /live/pulse?{STREAM}.{token}.40.1 HTTP/1.1\r\nhost: x\r\n\r\n".encode()
        assert await hall.say(one + one) == b""
        while not hall.kept():
            await asyncio.sleep(0.01)
        assert hall.kept() == {(40, number(token))}

    in_hall(tmp_path, scene)


def test_a_line_is_kept_open_unless_it_asks_to_be_closed(tmp_path):
    async def scene(hall):
        reader, writer = await asyncio.open_connection("127.0.0.1", hall.port)
        for _ in range(3):
            writer.write(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 204")
        writer.write(b"GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        assert await reader.read() == b""
        writer.close()

    in_hall(tmp_path, scene)


def test_idle_lines_are_closed_and_too_many_are_sent_away(tmp_path, monkeypatch):
    monkeypatch.setattr(wire, "MOST_CONNECTIONS", 1)
    monkeypatch.setattr(wire, "IDLE", 0.05)

    async def scene(hall):
        reader, writer = await asyncio.open_connection("127.0.0.1", hall.port)
        while not hall.lines:
            await asyncio.sleep(0.001)
        assert (await hall.ask("", "GET", "/healthz")).status == 503
        wire.sweep(asyncio.get_running_loop(), hall.lines)
        assert await reader.read() == b""
        writer.close()

    in_hall(tmp_path, scene)


# ---- the process ---------------------------------------------------------------------------
def test_the_process_loads_no_django():
    code = (
        "import sys, groundwork.live.ingest.__main__, groundwork.live.store.redis;"
        "print([m for m in sys.modules if m.split('.')[0] in ('django', 'config')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_dead_processs_socket_is_taken_over_and_a_living_ones_is_not(tmp_path):
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    refuse_second(path)
    assert not path.exists()
    with socket.socket(socket.AF_UNIX) as living:
        living.bind(str(path))
        living.listen()
        with pytest.raises(SystemExit):
            refuse_second(path)
    assert path.exists()


def test_the_board_knows_what_is_on_disk_and_forgets_old_minutes():
    board = Board()
    first = board.fresh([7, 70_000, 7], [40, 40, 41], [0b11, 0b1, 0b11])
    claims = {(int(p) >> 32, int(p) & 0xFFFFFFFF) for p in first}
    assert claims == {(39, 7), (40, 7), (40, 70_000), (41, 7)}
    assert len(board.fresh([7], [40], [1])) == 1  # said, not yet kept
    board.mark(first)
    again = board.fresh([7, 70_000, 8], [41, 41, 41], [0b111, 0b11, 0b1])
    assert {(int(p) >> 32, int(p) & 0xFFFFFFFF) for p in again} == {(41, 70_000), (41, 8)}
    board.forget(41)
    assert len(board.fresh([7], [40], [1])) == 1
    assert len(board.fresh([], [], [])) == 0
