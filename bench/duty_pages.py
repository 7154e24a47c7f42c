"""What duty's busiest pages cost with 28,000 people on 40,000 shifts, on SQLite and PostgreSQL.

    python -m bench.duty_pages                 ARGS="--scale 0.02 --rounds 20" for a quick look

The city stands in the middle of the winter's order, twenty minutes before an evening's shift (see
`bench.duty_city`); it is built once and kept under `var/bench/`. Calls go through the WSGI
application that granian opens, warm, one after another in turn with the trivial view of the same
run (see `bench.common`): the order's board, the shift list of a township, a person's shifts, saying
when one can (the page, and the answer sent), the list of open shifts, signing up for one, saying
yes to a post, checking in. What is sent is sent by another person each time, and stays:
a city kept is good for a dozen runs.

Beside them, without a bound: noting that somebody cannot come (`cannot`) and the page that says who
could instead (`why`), which looks at everybody who lives around; see `bench.replan`.

The last line is one JSON object: `ratio` is the worst page's of both databases, goal ≤ 6; `pages`
has statements, milliseconds and ratio of each; `grows` the most statements that a page (of `PAGES`)
sends more here than in a city a fiftieth as large, goal 0. The others depend on who asks, not on
the size: signing up reads two things more where one's unit keeps a minimum in the office.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import Any

from bench.common import TRIVIAL, counted_queries, median_times, sign_in
from bench.ledger import Teller
from bench.pages import ROOT, version

SMALL = 0.02
PAGES = ("board", "board_district", "shifts_township", "shifts_city", "mine", "supply", "tonight")
BESIDE = ("why", "cannot")
WARM = 3


@contextmanager
def city(vendor: str, scale: str) -> Iterator[dict[str, str]]:
    """Give the environment of the winter's city on a vendor's database, built where missing."""
    home = ROOT / "var" / "bench" / f"duty-{vendor}-{scale}-{version()}"
    home.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings", "DATA_DIR": str(home)}
    env.pop("DATABASE_URL", None)
    env["BENCH_SCALE"] = scale
    if vendor == "sqlite":
        _ensure_built(home, env)
        yield env
        return
    from tools.pg import private_postgres

    with private_postgres(keep=home / "pg") as address:
        env["DATABASE_URL"] = address
        _ensure_built(home, env)
        yield env


def _ensure_built(home: Any, env: dict[str, str]) -> None:
    done = home / "built"
    if done.exists():
        return
    print(f"building {home.name} …", file=sys.stderr, flush=True)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True, cwd=ROOT, env=env)
    subprocess.run([sys.executable, "-m", "bench.duty_city"], check=True, cwd=ROOT, env=env)
    done.touch()


# ---- inside --------------------------------------------------------------------------------------
def measure(rounds: int) -> dict[str, Any]:
    """Measure the pages in this process, whose settings name the city."""
    from django.db import connection

    from bench.duty_city import moment
    from groundwork.base import clock

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    with clock.at(moment()):
        return _measure(rounds)


def _measure(rounds: int) -> dict[str, Any]:
    calls = _calls(rounds + WARM)
    queries: dict[str, list[int]] = {}
    for name, call in calls.items():
        for _ in range(WARM):
            with counted_queries() as seen:
                call()
            statements = [sql for sql in seen if not sql.startswith(("SAVEPOINT", "RELEASE"))]
            queries.setdefault(name, []).append(len(statements))
    times = median_times(calls, rounds) if rounds else dict.fromkeys(calls, 1.0)
    return {
        name: {
            "queries": max(queries[name]),
            "ms": round(times[name] * 1000, 2),
            "ratio": round(times[name] / times["trivial"], 2),
        }
        for name in calls
    }


def _calls(n: int) -> dict[str, Callable[[], object]]:
    """Make the calls: each opens its page, or sends its form as the next person."""
    from django.urls import reverse

    from groundwork.desk.demo.cast import HOME
    from groundwork.desk.demo.hands import account_of
    from groundwork.duty.models import Order, Post
    from groundwork.registry.models import Place

    order = Order.objects.get(title__contains="联防联控")
    town, district = (Place.objects.get(code=HOME[:n]) for n in (9, 6))
    shifts = reverse("duty:shifts", args=[order.public_id])
    supply = reverse("duty:supply", args=[order.public_id])
    board = reverse("duty:board", args=[order.public_id])
    staff, operator = account_of("staff"), account_of("city-operator")
    busy = Post.objects.filter(state="approved", shift__order=order).order_by("-pk").first()
    assert busy is not None
    person = busy.person.account
    answer = {"tap": "evenings"}
    return {
        "trivial": _get(staff, TRIVIAL),
        "board": _get(operator, board),
        "board_district": _get(operator, f"{board}?place={district.public_id}"),
        "shifts_township": _get(operator, f"{shifts}?place={town.public_id}"),
        "shifts_city": _get(operator, shifts),
        "mine": _get(person, reverse("duty:mine")),
        "supply": _get(person, supply),
        "open": _get(person, reverse("duty:open")),
        "tonight": _get(
            account_of("community-secretary"),
            reverse("duty:tonight", args=[Place.objects.get(code=HOME).public_id]),
        ),
        "why": _get(operator, _why(order)),
        "cannot": _post(_to_miss(order, operator, n)),
        "answer": _post([(one, supply, answer) for one in _volunteers(order, n)]),
        "sign_up": _post(_open_slots(order, n)),
        "confirm": _post(_to_confirm(order, n)),
        "check_in": _post(_to_come(order, n)),
    }


def _browser(account: Any, remembered: dict[str, Any] | None = None) -> Teller:
    """Open a browser of an account, whose session remembers something already."""
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore

    from config.wsgi import application

    cookies = sign_in(account)
    if remembered:
        session = SessionStore(cookies[settings.SESSION_COOKIE_NAME])
        session.update(remembered)
        session.save()
    return Teller(application, cookies)


def _get(account: Any, path: str) -> Callable[[], object]:
    browser = _browser(account)
    status, body = browser.get(path)
    assert status == 200, (path, status, body[:400])
    return lambda: browser.get(path)


def _post(jobs: list[Any]) -> Callable[[], object]:
    """Send one form after the other; each must be taken."""
    assert jobs, "nobody to send"
    waiting = cycle(
        [(_browser(account, *more), path, fields) for account, path, fields, *more in jobs]
    )

    def send() -> None:
        browser, path, fields = next(waiting)
        status = browser.post(path, fields)
        assert status in (200, 302), (path, fields, status)

    return send


def _volunteers(order: Any, n: int) -> list[Any]:
    from groundwork.access.models import Account

    rows = Account.objects.filter(person__calls__order=order, person__calls__excused_at=None)
    return list(rows.exclude(person__posts=None).order_by("pk")[:n])


def _ahead(order: Any, n: int, **more: Any) -> list[Any]:
    from groundwork.base import clock
    from groundwork.duty.models import Post

    rows = Post.objects.filter(shift__order=order, shift__starts_at__gt=clock.now(), **more)
    return list(rows.select_related("person__account", "shift__gate").order_by("pk")[:n])


def _to_confirm(order: Any, n: int) -> list[Any]:
    from django.urls import reverse

    return [
        (post.person.account, reverse("duty:confirm", args=[post.public_id]), {})
        for post in _ahead(order, n, state="planned")
    ]


def _why(order: Any) -> str:
    """Give the page of a shift that begins soon and lacks somebody."""
    from django.db.models import F
    from django.urls import reverse

    from groundwork.base import clock
    from groundwork.duty.actions.counting import recount
    from groundwork.duty.models import Need, Shift

    shift = Shift.objects.filter(order=order, starts_at__gt=clock.now()).order_by("starts_at")[0]
    Need.objects.filter(shift=shift, kind="general").update(count=F("count") + 1)
    recount([shift.pk])
    return reverse("duty:why", args=[shift.public_id])


def _to_miss(order: Any, operator: Any, n: int) -> list[Any]:
    """Have an operator note of so many people that they cannot come; the last to be planned."""
    from django.urls import reverse

    from groundwork.base import clock
    from groundwork.duty.models import Post

    ahead = Post.objects.filter(shift__order=order, shift__starts_at__gt=clock.now())
    posts = ahead.filter(state="planned").order_by("-pk")[:n]
    return [(operator, reverse("duty:cannot", args=[post.public_id]), {}) for post in posts]


def _open_slots(order: Any, n: int) -> list[Any]:
    """Ask for one more at so many shifts, and give each to somebody of the district who is free."""
    from django.db.models import F
    from django.urls import reverse

    from groundwork.access.models import Account
    from groundwork.base import clock
    from groundwork.duty.actions.counting import recount
    from groundwork.duty.models import Need, Shift

    later = Shift.objects.filter(order=order, starts_at__gt=clock.now(), starts_at__hour=17)
    shifts = list(later.select_related("district").order_by("-starts_at", "pk")[:n])
    Need.objects.filter(shift__in=shifts, kind="general").update(count=F("count") + 1)
    recount([shift.pk for shift in shifts])
    free = Account.objects.filter(person__calls__order=order, person__posts=None)
    free = free.filter(person__calls__excused_at=None, person__calls__held_at=None).order_by("pk")
    by_district: dict[str, Iterator[Any]] = {}
    jobs = []
    for shift in shifts:
        path = shift.district.path
        living = free.filter(person__home_community__path__startswith=path)
        account = next(by_district.setdefault(path, iter(list(living[:n]))), None)
        if account is not None:
            jobs.append((account, reverse("duty:sign_up", args=[shift.public_id]), {}))
    return jobs


def _to_come(order: Any, n: int) -> list[Any]:
    """Give people about to stand, each with the scan of their gate's code in the session."""
    from datetime import timedelta

    from django.urls import reverse

    from groundwork.base import clock
    from groundwork.duty.pages.views.coming import SCAN_KEY
    from groundwork.duty.queries.at_gate import code_of

    soon = clock.now() + timedelta(minutes=50)
    posts = _ahead(order, n, shift__starts_at__lte=soon, state__in=("planned", "confirmed"))
    codes = [code_of(post.shift.gate, clock.now()) for post in posts]
    jobs = []
    for post, code in zip(posts, codes, strict=True):
        scanned = {SCAN_KEY: [post.shift.gate.public_id, code]}
        jobs.append((post.person.account, reverse("duty:come_here"), {}, scanned))
    return jobs


def main() -> None:
    """Measure on both databases and print the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", default="1")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--vendors", default="sqlite,postgresql")
    parser.add_argument("--measure", action="store_true", help="in the city the settings name")
    asked = parser.parse_args()
    if asked.measure:
        import django

        django.setup()
        print(json.dumps(measure(asked.rounds)))
        return
    found: dict[str, dict[str, Any]] = {}
    grows = 0
    for vendor in asked.vendors.split(","):
        found[vendor] = _measured(vendor, asked.scale, asked.rounds)
        for name, row in found[vendor].items():
            print(f"{vendor:11} {name:16} {row}", flush=True)
        small = _measured(vendor, str(SMALL), 0)
        grows = max(grows, *(found[vendor][k]["queries"] - small[k]["queries"] for k in PAGES))
    ratios = {
        f"{vendor}:{name}": row["ratio"]
        for vendor, rows in found.items()
        for name, row in rows.items()
        if name != "trivial" and name not in BESIDE
    }
    worst = max(ratios, key=lambda name: ratios[name])
    print(json.dumps({
        "name": "duty_pages", "scale": float(asked.scale), "ratio": ratios[worst], "worst": worst,
        "grows": grows, "pages": found,
    }))  # fmt: skip


def _measured(vendor: str, scale: str, rounds: int) -> dict[str, Any]:
    with city(vendor, scale) as env:
        command = [sys.executable, "-m", "bench.duty_pages", "--measure", "--rounds", str(rounds)]
        done = subprocess.run(
            command, check=True, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
        )
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
