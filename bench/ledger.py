"""What the ledger costs at 144,000 and at 1.44 million matters, on SQLite and PostgreSQL.

    make bench NAME=ledger                     ARGS="--scales 0.02,0.2 --rounds 20" for a quick look
                                               ARGS="--city FOLDER" takes a demo city of the first
                                               scale (--until 2020-05-31) instead of building one

Calls go through the WSGI application that granian opens, warm, one after another in turn with the
trivial view of the same run (see `bench.common`): raise a matter on the phone clerk's screen, a
list with three filters, the search for a common and for a rare word by staff and on the board, one
matter with its timeline, the handler's queue, the public board. Each has its statements,
milliseconds, requests/s and p95, and the last two as ratios to the trivial view.

The last line is one JSON object: `ratio` is the worst call's of all (goal ≤ 6), `growth` how much
dearer the worst list page is at the second scale than at the first, trivial view by trivial view
(goal ≤ 1.3). Pages must send as many statements at both scales; searches at most nine more.

To hold it against: Signalen 2.50 with 144,000 matters on a machine like that of the goals took 516
statements and 900 of its own trivial views for a filtered list, 1,100 for a search by keyword, 57
for one matter, and 73 statements and 113 trivial views to raise one.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from datetime import time as clock_time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from bench.common import TRIVIAL, Browser, counted_queries, sign_in
from bench.ledger_city import UNTIL
from bench.pages import ROOT

LISTS = ("list", "search_common", "search_rare", "board_common", "board_rare", "queue", "board")
SEARCHES = ("search_common", "search_rare", "board_common", "board_rare")
COMMON, RARE = "处理", "增容"


class Teller(Browser):
    """A browser that also posts forms, with the token that Django asks for."""

    def __init__(self, application: Callable[..., Any], cookies: dict[str, str]) -> None:
        self.token = "b" * 32
        super().__init__(application, {**cookies, "csrftoken": self.token})

    def post(self, path: str, fields: dict[str, str]) -> int:
        """Send a form; give the status."""
        body = urlencode({**fields, "csrfmiddlewaretoken": self.token}).encode()
        inner = self.application
        status: list[int] = []

        def with_body(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
            environ |= {
                "REQUEST_METHOD": "POST",
                "CONTENT_TYPE": "application/x-www-form-urlencoded",
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.input": io.BytesIO(body),
            }
            return inner(environ, start)

        self.application = with_body
        try:
            status.append(self.get(path)[0])
        finally:
            self.application = inner
        return status[0]


def measure(rounds: int) -> dict[str, Any]:
    """Measure in this process, whose settings name the city."""
    from django.urls import reverse

    from config.wsgi import application
    from groundwork.matters.models import Category, Matter, Step
    from groundwork.registry.models import Place

    staff, dispatcher = _account("staff"), _account("dispatcher")
    handler = _account("unit-handler")
    place, noise = Place.objects.get(code="330203"), Category.objects.get(code="noise")
    three = {"state": "solved", "category": noise.public_id, "place": place.public_id}
    step = Step.objects.filter(verb="refuse", matter__district=place, matter__state="solved")
    matter = Matter.objects.get(pk=step.order_by("-id").values("matter")[:1])
    board, queue = reverse("matters:board"), reverse("matters:queue")
    pages = {
        "trivial": (staff, TRIVIAL),
        "list": (dispatcher, f"{queue}?{urlencode(three)}"),
        "search_common": (dispatcher, f"{queue}?{urlencode({'q': COMMON})}"),
        "search_rare": (dispatcher, f"{queue}?{urlencode({'q': RARE})}"),
        "board_common": (staff, f"{board}?{urlencode({'q': COMMON})}"),
        "board_rare": (staff, f"{board}?{urlencode({'q': RARE})}"),
        "matter": (dispatcher, reverse("matters:matter", args=[matter.public_id])),
        "queue": (handler, queue),
        "board": (staff, board),
    }
    calls: dict[str, Callable[[], object]] = {}
    queries: dict[str, int] = {}
    for name, (account, path) in pages.items():
        browser = Teller(application, sign_in(account))
        for _ in range(3):
            with counted_queries() as seen:
                status, body = browser.get(path)
        assert status == 200, (name, path, status, body[:300])
        calls[name], queries[name] = (lambda b=browser, p=path: b.get(p)), len(seen)
    calls["raise"] = _raising(Teller(application, sign_in(dispatcher)), noise)
    for _ in range(3):
        with counted_queries() as seen:
            calls["raise"]()
    queries["raise"] = len(seen)
    return _figures(_times(calls, rounds), queries) | {"matters": Matter.objects.count()}


def _raising(browser: Teller, category: Any) -> Callable[[], object]:
    from django.urls import reverse

    from groundwork.registry.models import Place

    path = reverse("matters:phone")
    hidden = re.findall(rb'name="(\w+)" value="([^"]*)"', browser.get(path)[1])
    fields = {name.decode(): value.decode() for name, value in hidden}
    home = Place.objects.get(code="330203005001")
    fields |= {
        "name": "沈阿姨", "phone": "15400001234", "place": home.public_id, "kind": "help",
        "category": category.public_id, "urgency": "normal",
    }  # fmt: skip

    def send() -> None:
        key = str(uuid4())
        words = f"工地夜里{key[:2]}点还在施工，请管一管{key[:6]}。"
        status = browser.post(path, {**fields, "client_key": key, "words": words})
        assert status == 302, status

    return send


def _account(key: str) -> Any:
    from groundwork.access.models import Account
    from groundwork.desk.demo.cast import CAST

    part = next(part for part in CAST if part.key == key)
    return Account.objects.get(demo=True, person__name=part.name, person__unit__name=part.unit)


def _times(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Time every call in turn, round after round."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - started)
    return times


def _figures(times: dict[str, list[float]], queries: dict[str, int]) -> dict[str, Any]:
    def p95(name: str) -> float:
        return statistics.quantiles(times[name], n=20)[-1]

    middle = {name: statistics.median(seen) for name, seen in times.items()}
    return {
        name: {
            "queries": queries[name],
            "ms": round(middle[name] * 1000, 2),
            "per_second": round(1 / middle[name], 1),
            "ratio": round(middle[name] / middle["trivial"], 2),
            "p95_ratio": round(p95(name) / p95("trivial"), 2),
        }
        for name in times
    }


def in_city(vendor: str, scale: str, base: str, rounds: int, built: Path | None) -> dict[str, Any]:
    """Measure one city in a process of its own; raising adds a few rows to it."""
    from bench import ledger_city as city

    home = city.home_of(vendor, scale)
    if vendor == "sqlite":
        city.ensure_sqlite(scale, base, built)
        return _measured(city.env_of(home), rounds)
    from tools.pg import private_postgres

    home.mkdir(parents=True, exist_ok=True)
    with private_postgres(keep=home / "pg") as address:
        city.ensure_postgresql(scale, base, home, address, built)
        return _measured(city.env_of(home, address), rounds)


def _measured(env: dict[str, str], rounds: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.ledger", "--measure", "--rounds", str(rounds)],
        check=True, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout.splitlines()[-1]))


def growth_of(small: dict[str, Any], large: dict[str, Any]) -> dict[str, float]:
    """Say how much dearer each list page is in the larger city; refuse more statements."""
    out = {}
    for name, row in large.items():
        if not isinstance(row, dict):
            continue
        more = row["queries"] - small[name]["queries"]
        if more if name not in SEARCHES else more > 9:
            raise SystemExit(f"{name}: {small[name]['queries']} → {row['queries']} statements")
        out[name] = round(row["ratio"] / small[name]["ratio"], 2)
    return out


def main() -> None:
    """Measure all cities and print the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scales", default="1,10")
    parser.add_argument("--vendors", default="sqlite,postgresql")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--city", type=Path, help="folder of a demo city of the first scale")
    parser.add_argument("--measure", action="store_true")
    args = parser.parse_args()
    if args.measure:
        import django

        django.setup()
        from groundwork.base import clock

        # As it stood that evening: years later everything would be late.
        with clock.at(clock.local(date.fromisoformat(UNTIL), clock_time(18, 20))):
            print(json.dumps(measure(args.rounds)))
        return
    compare(args.scales.split(","), args.vendors.split(","), args.rounds, args.city)


def compare(scales: list[str], vendors: list[str], rounds: int, built: Path | None) -> None:
    """Measure every city and print each call's row, then the JSON line."""
    found: dict[str, Any] = {}
    growth: dict[str, Any] = {}
    for vendor in vendors:
        for scale in scales:
            found[f"{vendor}-{scale}"] = seen = in_city(vendor, scale, scales[0], rounds, built)
            for name, row in seen.items():
                print(f"{vendor:10} {scale:>4} {name:14} {row}", flush=True)
        if len(scales) > 1:
            growth[vendor] = growth_of(*(found[f"{vendor}-{scale}"] for scale in scales[:2]))
    rows = [
        row
        for seen in found.values()
        for name, row in seen.items()
        if name != "trivial" and isinstance(row, dict)
    ]
    worst = [grown[name] for grown in growth.values() for name in LISTS]
    line = {
        "name": "ledger",
        "ratio": max(row["ratio"] for row in rows),
        "growth": max(worst, default=None),
        "growths": growth,
        "calls": found,
    }
    print(json.dumps(line))


if __name__ == "__main__":
    main()
