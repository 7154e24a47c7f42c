"""A thousand signed-in phones in one hall, against the real server on the embedded database.

Within one minute every phone opens the scanned address and taps once; p95 of the tap as a ratio
to a trivial view that writes one row, in the same minute. Then, as fast as it goes: sign-ins a
second as a ratio to the trivial view's requests a second. Last, the server is killed outright in
the middle of a thousand taps, and every acknowledged one is looked for after the restart.

Loopback only; about two and a half minutes. `python -m bench.sign_in [--phones 1000]`
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
from pathlib import Path

from bench.common import TRIVIAL
from bench.hall import Hall, Line, Seen, get, load, post
from tests.city import City, migrated

LINES = 16
MINUTE = 60.0
WRITE = "/bench/write/"


def main() -> None:
    """Run the bench; its last line is one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, default=1000, help="phones in the hall")
    n = parser.parse_args().phones
    with tempfile.TemporaryDirectory(prefix="groundwork-hall-") as folder:
        data = migrated(Path(folder))
        city = City(data, DJANGO_SETTINGS_MODULE="bench.hall_settings")
        prepared = city.call("bench.hall:prepare", 4 * n + 1)
        statements = city.call("bench.hall:statements_of_a_sign_in")
        city.start_server()
        try:
            result = measure(city, Hall(city.port, prepared), n)
        finally:
            city.stop()
    print(json.dumps({"name": "sign_in", "phones": n, "statements": statements, **result}))


def measure(city: City, hall: Hall, n: int) -> dict[str, object]:
    """Take the three measurements on four groups of phones."""
    minute, taps, scans, killed = (range(i * n, (i + 1) * n) for i in range(4))
    load(hall.port, range(200), trivially(hall), lines=LINES)  # warm both processes up

    written = Seen()
    beside = threading.Thread(target=lambda: collect_writes(hall, minute, written))
    beside.start()
    in_a_minute = load(
        hall.port, minute, in_two_steps(hall, tapped := []), lines=LINES, arrive_over=0.9 * MINUTE
    )
    beside.join()
    tapped_p95 = percentile(tapped, 0.95)
    print(f"{n} phones in {in_a_minute.seconds:.1f} s: tap p95 {1000 * tapped_p95:.0f} ms, "
          f"trivial write p95 {1000 * written.percentile(0.95):.0f} ms")  # fmt: skip

    trivial = load(hall.port, range(2 * n), trivially(hall), lines=LINES)
    tap = load(hall.port, taps, hall.tap, lines=LINES)
    scan = load(hall.port, scans, hall.scan_and_tap, lines=LINES)
    print(f"trivial view {trivial.per_second:.0f}/s, sign-ins {tap.per_second:.0f}/s, "
          f"scan and sign-in {scan.per_second:.0f}/s")  # fmt: skip

    lost_in_crash, doubled_in_crash = crash(city, hall, killed)
    roll = city.call("bench.hall:on_the_roll")
    acknowledged = set(in_a_minute.done) | set(tap.done) | set(scan.done)
    failed = in_a_minute.failed + tap.failed + scan.failed
    return {
        "lost": len(acknowledged - set(roll)) + failed,
        "doubled": len(roll) - len(set(roll)),
        "ratio": round(tap.per_second / trivial.per_second, 3),
        "ratio_with_scan": round(scan.per_second / trivial.per_second, 3),
        "p95_ratio": round(tapped_p95 / written.percentile(0.95), 2),
        "p95_ms": round(1000 * tapped_p95),
        "seconds": round(in_a_minute.seconds, 1),
        "sign_ins_per_second": round(tap.per_second, 1),
        "trivial_per_second": round(trivial.per_second, 1),
        "lost_in_crash": lost_in_crash,
        "doubled_in_crash": doubled_in_crash,
    }


def trivially(hall: Hall):
    """Ask for the trivial view as one phone after another."""
    return lambda line, i: line.ask(get(TRIVIAL, hall.phones[i % len(hall.phones)][0]))


def in_two_steps(hall: Hall, tapped: list[float]):
    """Scan, then tap; only the tap is timed, which is what the trivial write is held against."""
    import time

    def job(line: Line, phone: int) -> tuple[int, bytes]:
        receipt = hall.scan(line, phone)
        begun = time.perf_counter()
        answer = line.ask(post("/study/sign-in/", hall.phones[phone][0], receipt=receipt))
        tapped.append(time.perf_counter() - begun)
        return answer

    return job


def collect_writes(hall: Hall, phones: range, written: Seen) -> None:
    """Let as many trivial writes run in the same minute."""
    job = lambda line, i: line.ask(post(WRITE, hall.phones[i][0]))  # noqa: E731
    seen = load(hall.port, phones, job, lines=4, arrive_over=0.9 * MINUTE)
    if seen.failed:
        raise SystemExit(f"{seen.failed} trivial writes failed")
    written.times.extend(seen.times)


def percentile(times: list[float], share: float) -> float:
    """Give the time under which that share lies."""
    return Seen(times=times).percentile(share)


def crash(city: City, hall: Hall, phones: range) -> tuple[int, int]:
    """Kill the server in the middle of the taps; count acknowledged ones that are gone after."""
    acknowledged = taps_with_a_kill(city, hall, phones)
    print(f"killed after {len(acknowledged)} of {len(phones)} acknowledged taps")
    city.start_server()
    mine = [i for i in city.call("bench.hall:on_the_roll") if i in phones]
    lost = len(acknowledged - set(mine))
    again = load(hall.port, phones, hall.tap, lines=LINES)  # every phone sends again
    mine = [i for i in city.call("bench.hall:on_the_roll") if i in phones]
    return lost + again.failed + len(set(phones) - set(mine)), len(mine) - len(set(mine))


def taps_with_a_kill(city: City, hall: Hall, phones: range, *, lines: int = LINES) -> set[int]:
    """Let the phones tap; kill the server when a third is acknowledged. Give who was."""
    acknowledged: set[int] = set()
    enough = threading.Event()

    def job(line: Line, phone: int) -> tuple[int, bytes]:
        answer = hall.tap(line, phone)
        if answer[0] == 200:
            acknowledged.add(phone)
            if len(acknowledged) >= len(phones) // 3:
                enough.set()
        return answer

    tapping = threading.Thread(target=lambda: load(hall.port, phones, job, lines=lines))
    tapping.start()
    if not enough.wait(60):
        raise AssertionError(f"only {len(acknowledged)} taps were acknowledged")
    city.kill("server")
    tapping.join()
    if len(acknowledged) == len(phones):
        raise AssertionError("the server was killed too late to show anything")
    return acknowledged


if __name__ == "__main__":
    main()
