"""What the four busiest pages cost at scale 1, on SQLite and PostgreSQL.

    python -m bench.pages                      BENCH_SCALE=0.02 for a quick look

The large city is built once for each version of its generator and kept under `var/bench/`. Pages
are fetched warm, in this process, through the WSGI application that granian opens, in turn with
the trivial view (see `bench.common`). The last line is one JSON object: `ratio` is the worst
page's, goal ≤ 6; `pages` has queries, milliseconds and ratio for each.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SCALE = os.environ.get("BENCH_SCALE", "1")
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "60"))
SEED, UNTIL = "1", "2026-11-22"
SOURCES = ("groundwork/desk/demo/*.py", "groundwork/*/migrations/*.py")


def version() -> str:
    """Name the version of the city's generator and tables."""
    digest = hashlib.sha256(f"{SCALE} {SEED} {UNTIL}".encode())
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


@contextmanager
def city(vendor: str) -> Iterator[dict[str, str]]:
    """Give the environment of the large city on a vendor's database, built where it is missing."""
    home = ROOT / "var" / "bench" / f"{vendor}-{SCALE}-{version()}"
    home.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings", "DATA_DIR": str(home)}
    env.pop("DATABASE_URL", None)
    if vendor == "sqlite":
        _ensure_built(home, env)
        yield env
        return
    from tools.pg import private_postgres

    with private_postgres(keep=home / "pg") as address:
        env["DATABASE_URL"] = address
        _ensure_built(home, env)
        yield env


def _ensure_built(home: Path, env: dict[str, str]) -> None:
    done = home / "built"
    if done.exists():
        return
    manage = [sys.executable, "manage.py"]
    print(f"building scale {SCALE} in {home.name} …", file=sys.stderr, flush=True)
    subprocess.run([*manage, "migrate", "-v0"], check=True, cwd=ROOT, env=env)
    build = ["demo", "--scale", SCALE, "--seed", SEED, "--until", UNTIL]
    subprocess.run([*manage, *build], check=True, cwd=ROOT, env=env, stdout=sys.stderr)
    done.touch()


def measure() -> dict[str, Any]:
    """Measure the pages in this process, whose settings name the city."""
    from django.db import connection
    from django.urls import reverse

    from bench.common import TRIVIAL, Browser, counted_queries, median_times, sign_in
    from config.wsgi import application
    from groundwork.access.models import Account
    from groundwork.registry.models import Body, Place
    from groundwork.study.models import Evening

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    staff = _account(Account, "staff")
    secretary, operator = _account(Account, "unit-secretary"), _account(Account, "city-operator")
    evening = Evening.objects.filter(parent=None, state="published").latest("starts_at")
    unit = Body.objects.get(name="宁波市人力资源和社会保障局")
    city_place = Place.objects.get(code="3302")
    pages = {
        "home": (staff, reverse("desk:home")),
        "evening": (staff, reverse("study:evening", args=[evening.public_id])),
        "unit_register": (secretary, reverse("study:register", args=[unit.public_id])),
        "city_coverage": (operator, reverse("study:coverage_of", args=[city_place.public_id])),
    }
    calls, queries = {}, {}
    for name, (account, path) in {"trivial": (staff, TRIVIAL), **pages}.items():
        browser = Browser(application, sign_in(account))
        for _ in range(3):
            with counted_queries() as seen:
                status, body = browser.get(path)
        assert status == 200, (name, status, body[:300])
        calls[name], queries[name] = (lambda b=browser, p=path: b.get(p)), len(seen)
    times = median_times(calls, ROUNDS)
    return {
        name: {
            "queries": queries[name],
            "ms": round(times[name] * 1000, 2),
            "ratio": round(times[name] / times["trivial"], 2),
        }
        for name in calls
    }


def _account(accounts: Any, key: str) -> Any:
    from groundwork.desk.demo.cast import CAST

    part = next(part for part in CAST if part.key == key)
    return accounts.objects.get(demo=True, person__name=part.name, person__unit__name=part.unit)


def main() -> None:
    """Measure on both databases and print the JSON line."""
    found: dict[str, dict[str, Any]] = {}
    for vendor in ("sqlite", "postgresql"):
        with city(vendor) as env:
            done = subprocess.run(
                [sys.executable, "-m", "bench.pages", "--measure"],
                check=True, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
        found[vendor] = json.loads(done.stdout.splitlines()[-1])
        for name, row in found[vendor].items():
            print(f"{vendor:11} {name:14} {row}", flush=True)
    worst = max(
        row["ratio"] for rows in found.values() for name, row in rows.items() if name != "trivial"
    )
    print(json.dumps({"name": "pages", "scale": float(SCALE), "ratio": worst, "pages": found}))


if __name__ == "__main__":
    if "--measure" in sys.argv:
        import django

        django.setup()
        print(json.dumps(measure()))
    else:
        main()
