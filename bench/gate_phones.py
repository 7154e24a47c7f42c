"""300 gate phones send what they kept at 22:00, against the real server on the embedded database.

Every phone kept thirty entries of the log, one coming and one going. They all get signal at the
same moment. Every fifth sends everything twice, every fifth in two halves and the later first, its
entries backwards. When a third is acknowledged the server is killed outright; it comes back, and
every phone sends again what nobody acknowledged, some once more for good measure. Then the totals
must be exact: every entry once, every person there once, every shift counted once.

Loopback only; about half a minute. `python -m bench.gate_phones [--phones 300]`; the last line is
one JSON object: `lost`, `doubled`, `wrong` (shifts whose counts are not those of their posts).
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.hall import CSRF, Line, Seen, load
from tests.city import City, migrated

ENTRIES = 30
LINES = 16
SYNC = "/duty/phone/sync/"
Act = dict[str, Any]
Sending = list[Act]


# ---- inside the city: `City.call("bench.gate_phones:prepare", n)` ----------------------------
def prepare(n: int) -> list[dict[str, Any]]:
    """Write an order in force with `n` gates, a shift that ends about now, and a phone each."""
    from datetime import timedelta

    from groundwork.base import clock
    from groundwork.duty.actions.bulk_gates import NewGate, add_gates_many
    from groundwork.duty.actions.bulk_needs import Wish, put_wishes
    from groundwork.duty.actions.counting import recount
    from groundwork.duty.actions.phones import open_phone
    from groundwork.duty.models import Post, Shift
    from groundwork.duty.tests.make import BY
    from groundwork.registry.models import Person
    from tests.cast import build

    cast, now = build(), clock.now()
    unit = cast.bodies["unit"]
    people = Person.objects.bulk_create(
        Person(name=f"甲{i:04d}", sort_key=f"jia3 {i:04d}", work_number=f"G{i:04d}", unit=unit)
        for i in range(n)
    )
    order = _order(cast, now)
    places = [cast.places[key] for key in ("chenglang", "dongsheng")]
    rows = [NewGate(places[i % 2], f"{i}号卡口") for i in range(n)]
    gates = add_gates_many(order.public_id, rows, by=BY, at=now)
    start, end = now - timedelta(hours=4, minutes=55), now + timedelta(minutes=5)
    wishes = [Wish(gate, start, end, {"general": 1}) for gate in gates]
    put_wishes(order.public_id, wishes, by=BY, at=now)
    shifts = {shift.gate_id: shift for shift in Shift.objects.filter(order=order)}
    posts = Post.objects.bulk_create(
        Post(shift=shifts[gate.pk], person=person, kind="general", state="confirmed")
        for gate, person in zip(gates, people, strict=True)
    )
    recount([shift.pk for shift in shifts.values()])
    phones = [open_phone(gate.public_id, by=BY, at=now) for gate in gates]
    return [
        {"token": token, "post": post.public_id, "from": start.timestamp(), "to": now.timestamp()}
        for (_phone, token), post in zip(phones, posts, strict=True)
    ]


def _order(cast: Any, now: Any) -> Any:
    from datetime import timedelta

    from groundwork.duty.actions.orders import OrderPlan, activate_order, draft_order
    from groundwork.duty.tests.make import BY

    plan = OrderPlan(
        title="冬季联防值守", kind="epidemic", basis="《突发事件应对法》",
        body=cast.bodies["bureau"], place=cast.places["city"], starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=3), keeps_log=True, takes_temperature=True,
    )  # fmt: skip
    before = now - timedelta(days=2)
    return activate_order(draft_order(plan, by=BY, at=before).public_id, by=BY, at=before)


def written() -> dict[str, Any]:
    """Tell what stands: the keys of all entries, states of posts, shifts that miscount."""
    from groundwork.base.models import TrailEntry
    from groundwork.duty.models import LogEntry, Post, PostStep, Shift

    verbs = PostStep.objects.values_list("verb", flat=True)
    return {
        "keys": sorted(LogEntry.objects.values_list("client_key", flat=True)),
        "states": sorted(Post.objects.values_list("state", flat=True)),
        "came": sum(verb == "come" for verb in verbs),
        "went": sum(verb == "go" for verb in verbs),
        "trail": TrailEntry.objects.filter(kind="duty.post", verb__in=("come", "go")).count(),
        "wrong": Shift.objects.exclude(posted=1, confirmed=1, present=1).count(),
    }


# ---- outside: the phones ---------------------------------------------------------------------
class Gates:
    """The phones of one prepared city, and what each kept."""

    def __init__(self, city: City, n: int) -> None:
        self.city = city
        self.phones = city.call("bench.gate_phones:prepare", n)
        self.kept = [self._kept(i, phone) for i, phone in enumerate(self.phones)]
        self.acknowledged: set[str] = set()
        self.refused: list[str] = []
        self._lock = threading.Lock()

    def _kept(self, i: int, phone: dict[str, Any]) -> Sending:
        first, last = phone["from"] + 60, phone["to"] - 60
        post = {"post": phone["post"]}
        log = [
            {"key": f"{i:04d}-log-{n:02d}", "kind": "log", "at": first + n * 300, "said": _said(n)}
            for n in range(ENTRIES)
        ]
        come = {"key": f"{i:04d}-come", "kind": "come", "at": first, "said": post}
        go = {"key": f"{i:04d}-go", "kind": "go", "at": last, "said": post}
        return [come, *log, go]

    @property
    def keys(self) -> list[str]:
        """Name the entries of all logs."""
        return sorted(act["key"] for kept in self.kept for act in kept if act["kind"] == "log")

    def sendings(self, i: int) -> list[Sending]:
        """Say how a phone sends what is not acknowledged yet."""
        left = [act for act in self.kept[i] if act["key"] not in self.acknowledged]
        if not left:
            return []
        if i % 5 == 0:
            return [left, left]
        if i % 5 == 1:
            log = [act for act in left if act["kind"] == "log"]
            rest = [act for act in left if act["kind"] != "log"]
            early, late = log[: len(log) // 2], log[len(log) // 2 :]
            return [late[::-1], [*early[::-1], *rest]]
        return [left]

    def send(self, line: Line, i: int) -> tuple[int, bytes]:
        """Send as this phone does; what is answered it forgets."""
        status, body = 200, b""
        for sending in self.sendings(i):
            if sending:
                status, body = line.ask(_request(self.phones[i]["token"], sending))
                if status != 200:
                    break
                self._note(json.loads(body)["answers"])
        return status, body

    def send_all_again(self, line: Line, i: int) -> tuple[int, bytes]:
        """Send everything once more, as a phone does that lost its answers."""
        status, body = line.ask(_request(self.phones[i]["token"], self.kept[i]))
        if status == 200:
            self._note(json.loads(body)["answers"])
        return status, body

    def _note(self, answers: Sequence[dict[str, str]]) -> None:
        with self._lock:
            self.acknowledged |= {a["key"] for a in answers if not a["error"]}
            self.refused += [a["error"] for a in answers if a["error"]]

    def send_until_killed(self, *, lines: int = LINES) -> int:
        """Let all send at once; kill the server when a third of the entries is acknowledged.

        Give how many were. Raises AssertionError where the kill came too late to show anything.
        """
        third, enough = len(self.keys) // 3, threading.Event()

        def job(line: Line, i: int) -> tuple[int, bytes]:
            answer = self.send(line, i)
            if len(self.acknowledged) >= third:
                enough.set()
            return answer

        sending = threading.Thread(target=lambda: self.load(job, lines=lines))
        sending.start()
        if not enough.wait(60):
            raise AssertionError(f"only {len(self.acknowledged)} acts were acknowledged")
        self.city.kill("server")
        sending.join()
        if self.acknowledged >= set(self.keys):
            raise AssertionError("the server was killed too late to show anything")
        return len(self.acknowledged)

    def load(
        self, job: Callable[[Line, int], tuple[int, bytes]], *, lines: int = LINES, some: int = 1
    ) -> Seen:
        """Let every phone, or every so many, do a job."""
        return load(self.city.port, range(0, len(self.phones), some), job, lines=lines)


def _said(n: int) -> dict[str, str]:
    fever = "1" if n == 7 else "0"
    if n % 3 == 0:
        return {"who": "visitor", "name": f"来访{n:02d}", "place": "澄浪社区", "fever": fever}
    if n % 3 == 1:
        return {"who": "vehicle", "plate": f"浙B{10000 + n}", "place": "澄浪社区", "fever": fever}
    return {"who": "resident", "fever": fever}


def _request(token: str, acts: Sending) -> bytes:
    body = json.dumps({"acts": acts}).encode()
    head = (
        f"POST {SYNC} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: gw_gate={token}; csrftoken={CSRF}\r\n"
        f"X-CSRFToken: {CSRF}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def main() -> None:
    """Run the bench; its last line is one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, default=300)
    n = parser.parse_args().phones
    with tempfile.TemporaryDirectory(prefix="groundwork-gates-") as folder:
        city = City(migrated(Path(folder)))
        gates = Gates(city, n)
        city.start_server()
        try:
            before = gates.send_until_killed()
            print(f"killed after {before} acknowledged acts of {n * (ENTRIES + 2)}")
            city.start_server()
            rest = gates.load(gates.send)
            again = gates.load(gates.send_all_again, some=3)
        finally:
            city.stop()
        stands = city.call("bench.gate_phones:written")
    keys = stands["keys"]
    print(json.dumps({
        "name": "gate_phones", "phones": n, "acknowledged_before_the_kill": before,
        "lost": len(set(gates.keys) - set(keys)), "doubled": len(keys) - len(set(keys)),
        "wrong": stands["wrong"], "failed": rest.failed + again.failed,
        "came": stands["came"], "went": stands["went"],
        "seconds": round(rest.seconds, 1), "p95_ms": round(1000 * rest.percentile(0.95)),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
