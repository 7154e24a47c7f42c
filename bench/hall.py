"""A hall full of signed-in phones: made for `bench.sign_in` and the fault tests, never served."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

CSRF = "x" * 32  # the cookie's secret and the header may be the same plain 32 characters
SIGN_IN = "/study/sign-in/"
RECEIPT = re.compile(rb'name="receipt" value="([^"]+)"')


# ---- inside the city: `City.call("bench.hall:prepare", 1000)` -------------------------------
def prepare(n: int) -> dict[str, Any]:
    """Write a unit of `n` people with accounts and sessions, and an evening that runs now."""
    from groundwork.base import clock
    from groundwork.base.actor import system
    from groundwork.study.actions.evening import create_evening
    from groundwork.study.actions.plan import EveningPlan
    from groundwork.study.actions.publishing import publish_evening

    now = clock.now()
    unit = _unit()
    accounts = _accounts(unit, n, now)
    plan = EveningPlan(
        title="全市机关夜学", host=unit, audience=(unit,), theme="political", form="systematic",
        led_by="central_group", starts_at=now - timedelta(minutes=5),
        ends_at=now + timedelta(hours=2), rooms=((unit, "大会堂", 1000),),
    )  # fmt: skip
    before = now - timedelta(days=1)
    draft = create_evening(plan, by=system("bench"), at=before)
    evening = publish_evening(draft.public_id, by=system("bench"), at=before)
    room = evening.rooms.get()
    return {
        "room": room.public_id,
        "secret": room.secret,
        "phones": _phones(accounts, room.public_id, now),
    }


def _unit() -> Any:
    from groundwork.registry.models import Body, Place

    place = Place.objects.create(
        path="0001", depth=1, numchild=0, code="3302", name="宁波市", level="city"
    )
    return Body.objects.create(
        path="0001", depth=1, numchild=0, code="B", name="市级机关", kind="unit", place=place
    )


def _accounts(unit: Any, n: int, now: datetime) -> list[Any]:
    from groundwork.access.models import Account
    from groundwork.registry.models import Person

    people = Person.objects.bulk_create(
        [
            Person(
                name=f"甲{i:05d}", sort_key=f"jia3 {i:05d}", initials="j",
                work_number=f"B{i:05d}", unit=unit, demo=True,
            )
            for i in range(n)
        ]
    )  # fmt: skip
    made = [Account(username=p.work_number, person=p, created_at=now, password="!") for p in people]
    return Account.objects.bulk_create(made)


def _phones(accounts: Iterable[Any], room: str, now: datetime) -> list[list[str]]:
    """Give each account a session and a receipt: [cookie, receipt]."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session

    from groundwork.base.actor import Actor
    from groundwork.study.queries.rooms import receipt_for

    store, sessions, phones = SessionStore(), [], []
    for account in accounts:
        key = f"bench{account.pk:027d}"
        data = {
            SESSION_KEY: str(account.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[-1],
            HASH_SESSION_KEY: account.get_session_auth_hash(),
        }
        expires = now + timedelta(days=1)
        sessions.append(
            Session(session_key=key, session_data=store.encode(data), expire_date=expires)
        )
        receipt = receipt_for(room, now, Actor(account_id=account.pk))
        phones.append([f"{settings.SESSION_COOKIE_NAME}={key}", receipt])
    Session.objects.bulk_create(sessions)
    return phones


def on_the_roll() -> list[int]:
    """List who is on the roll, by the number in the work number; doubles would show."""
    from groundwork.study.models import RollEntry

    numbers = RollEntry.objects.filter(withdrawn=False).values_list(
        "person__work_number", flat=True
    )
    return sorted(int(number[1:]) for number in numbers)


def statements_of_a_sign_in() -> int:
    """Count the statements of one sign-in's request, session and account included."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client, override_settings
    from django.test.utils import CaptureQueriesContext

    from groundwork.access.models import Account
    from groundwork.base import clock
    from groundwork.base.actor import Actor
    from groundwork.study.models import Room
    from groundwork.study.queries.rooms import receipt_for

    account = Account.objects.order_by("-pk")[0]
    room = Room.objects.get()
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[-1])
    receipt = receipt_for(room.public_id, clock.now(), Actor(account_id=account.pk))
    with override_settings(DEBUG=False), CaptureQueriesContext(connection) as seen:
        answer = client.post(SIGN_IN, {"receipt": receipt}, headers={"HX-Request": "true"})
    assert answer.status_code == 200, (answer.status_code, answer.headers, answer.content)
    return sum(not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for q in seen)


# ---- outside: the phones --------------------------------------------------------------------
class Line:
    """One keep-alive connection that costs the client little."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def ask(self, head: bytes, body: bytes = b"") -> tuple[int, bytes]:
        """Send a request and read the answer: status and body. Raises OSError when cut off."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self.socket.sendall(head + body)
            return self._read(self.socket)
        except OSError:
            self.close()
            raise

    def _read(self, line: socket.socket) -> tuple[int, bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more(line)
        head, _, rest = data.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        while len(rest) < int(length[1] if length else 0):
            rest += self._more(line)
        return int(head[9:12]), rest

    def _more(self, line: socket.socket) -> bytes:
        data = line.recv(65536)
        if not data:
            raise ConnectionResetError
        return data

    def close(self) -> None:
        """Hang up."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def get(path: str, cookie: str) -> bytes:
    """Write a GET request."""
    return (f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n").encode()


def post(path: str, cookie: str, **fields: str) -> bytes:
    """Write a POST request as the send queue makes it."""
    body = urlencode(fields)
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}; csrftoken={CSRF}\r\n"
        f"X-CSRFToken: {CSRF}\r\nHX-Request: true\r\nX-Client-Key: bench\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


@dataclass
class Seen:
    """What a load met with."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    failed: int = 0
    done: list[int] = field(default_factory=list)  # which of the jobs were acknowledged

    @property
    def per_second(self) -> float:
        """How many were answered well in a second."""
        return len(self.done) / self.seconds

    def percentile(self, share: float) -> float:
        """Give the time under which that share of the answers came."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


Job = Callable[[Line, int], tuple[int, bytes]]


def load(port: int, jobs: Sequence[int], job: Job, *, lines: int, arrive_over: float = 0) -> Seen:
    """Do jobs on so many lines at once; `arrive_over` spreads their starts over seconds."""
    seen, lock, position = Seen(), threading.Lock(), iter(range(len(jobs)))
    started = time.perf_counter()

    def work() -> None:
        line = Line(port)
        while True:
            with lock:
                at = next(position, None)
            if at is None:
                break
            pause = started + arrive_over * at / len(jobs) - time.perf_counter()
            if pause > 0:
                time.sleep(pause)
            begun = time.perf_counter()
            try:
                status, _body = job(line, jobs[at])
            except OSError:
                status = 0
            took = time.perf_counter() - begun
            with lock:
                seen.times.append(took)
                if status == 200:
                    seen.done.append(jobs[at])
                else:
                    seen.failed += 1
        line.close()

    threads = [threading.Thread(target=work) for _ in range(lines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen.seconds = time.perf_counter() - started
    return seen


class Hall:
    """The phones of one prepared city."""

    def __init__(self, port: int, prepared: dict[str, Any]) -> None:
        self.port = port
        self.room, self.secret = prepared["room"], prepared["secret"]
        self.phones: list[list[str]] = prepared["phones"]

    def token(self) -> str:
        """Read the code off the room's screen."""
        from groundwork.base import clock, codes

        return codes.token(self.secret, f"sign-in:{self.room}", clock.now())

    def tap(self, line: Line, phone: int) -> tuple[int, bytes]:
        """Send the tap after a scan."""
        cookie, receipt = self.phones[phone]
        return line.ask(post(SIGN_IN, cookie, receipt=receipt))

    def scan(self, line: Line, phone: int) -> str:
        """Open the scanned address and give the receipt on its page."""
        cookie, _receipt = self.phones[phone]
        status, body = line.ask(get(f"/s/{self.room}/{self.token()}", cookie))
        found = RECEIPT.search(body)
        if status != 200 or found is None:
            raise OSError(f"scan answered {status}")
        return found[1].decode()

    def scan_and_tap(self, line: Line, phone: int) -> tuple[int, bytes]:
        """Do what a phone does: scan, then tap."""
        receipt = self.scan(line, phone)
        return line.ask(post(SIGN_IN, self.phones[phone][0], receipt=receipt))
