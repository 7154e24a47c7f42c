"""Build the large ledger that `bench.ledger` measures: once per version, outside git.

The first city is the demo city of the first scale, built through the bulk actions or taken from a
folder where it stands already (`--city`), and judged by its printed figures. The larger ones are
that same city with a longer history (`bench.ledger_times`), so that a list of ten times the matters
is read by the same people. PostgreSQL gets the finished rows by COPY.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.ledger_times import TABLES, multiply
from bench.pages import ROOT

SEED, UNTIL = 1, "2020-05-31"
# What the ledger's rows come from. Tables are no part of it: an older city is migrated.
SOURCES = (
    "groundwork/desk/demo/*.py",  # all: each imports others, and a stale city says nothing
    "groundwork/matters/actions/bulk*.py",
    "groundwork/service/actions/many.py",
    "groundwork/base/blocks.py",
    "bench/ledger_city.py",
    "bench/ledger_times.py",
)  # fmt: skip


def version(scale: str) -> str:
    """Name the version of the city: its generator and this file."""
    digest = hashlib.sha256(f"{scale} {SEED} {UNTIL}".encode())
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def home_of(vendor: str, scale: str) -> Path:
    """Name the folder of one city: by vendor, scale and version of the generator."""
    return ROOT / "var" / "bench" / f"ledger-{vendor}-{scale}-{version(scale)}"


def env_of(home: Path, address: str = "") -> dict[str, str]:
    """Make the environment in which the city's processes run."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings", "DATA_DIR": str(home)}
    env.pop("DATABASE_URL", None)
    return env | ({"DATABASE_URL": address} if address else {})


def ensure_sqlite(scale: str, base: str, city: Path | None = None) -> Path:
    """Give the folder of a city on SQLite, made where it is missing: `base`, then longer ones.

    `base` is built, or copied from the folder of a `city` that has been.
    """
    home = home_of("sqlite", scale)
    if (home / "built").exists():
        _python(home, "-m", "config.cli", "migrate")  # and learns anew what it migrated
        return home
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    started = time.perf_counter()
    if scale == base:
        if city is not None:
            _copy_city(city, home)
        _python(home, "-m", "bench.ledger_city", "--build", scale)
    else:
        _copy_city(ensure_sqlite(base, base, city), home)
        times = round(float(scale) / float(base))
        _python(home, "-m", "bench.ledger_city", "--multiply", str(times))
    seconds = round(time.perf_counter() - started)
    print(f"built scale {scale} on sqlite in {seconds} s", file=sys.stderr, flush=True)
    (home / "built").write_text(str(seconds))
    return home


def _copy_city(city: Path, home: Path) -> None:
    source = sqlite3.connect(f"file:{city / 'city.sqlite3'}?mode=ro", uri=True)
    with closing(source), closing(sqlite3.connect(home / "city.sqlite3")) as target:
        source.backup(target)
    shutil.copy(city / "secret-key", home / "secret-key")


def ensure_postgresql(
    scale: str, base: str, home: Path, address: str, city: Path | None = None
) -> None:
    """Fill a city on PostgreSQL from the same one on SQLite."""
    built = (home / "built").exists()
    source = None if built else ensure_sqlite(scale, base, city)
    if source is not None:
        shutil.copy(source / "secret-key", home / "secret-key")
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"],
        check=True, cwd=ROOT, env=env_of(home, address), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    if source is None:
        return
    started = time.perf_counter()
    load(source / "city.sqlite3", address)
    seconds = round(time.perf_counter() - started)
    print(f"loaded scale {scale} into postgresql in {seconds} s", file=sys.stderr, flush=True)
    (home / "built").write_text(str(seconds))


def _python(home: Path, *arguments: str) -> None:
    command = [sys.executable, *arguments]
    subprocess.run(command, check=True, cwd=ROOT, env=env_of(home), stdout=sys.stderr)


def build(scale: float) -> None:
    """Build the first city in this process, unless it was brought; judge and count it."""
    from datetime import date

    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        for pragma in ("synchronous=OFF", "cache_size=-600000"):
            cursor.execute(f"PRAGMA {pragma}")
    from groundwork.desk.demo import build as build_city
    from groundwork.desk.demo import is_empty

    if is_empty():
        print(build_city(scale, SEED, date.fromisoformat(UNTIL), _say))
    check(scale)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA optimize")
        cursor.execute("ANALYZE")


def check(scale: float) -> None:
    """Count the printed figures by their definitions; refuse a city that does not have them."""
    from datetime import date, timedelta

    from groundwork.base.clock import day_of
    from groundwork.desk.demo import figures
    from groundwork.matters.models import Matter, Verdict
    from groundwork.service.models import Visit

    term = figures.Term.until(date.fromisoformat(UNTIL))
    solved = Matter.objects.filter(state="solved")
    days = [day_of(moment) for moment in solved.values_list("closed_at", flat=True)]

    def within(part: tuple[date, date]) -> int:
        return sum(part[0] <= day <= part[1] for day in days)

    enterprise = Matter.objects.filter(
        door="enterprise", accepted_at__isnull=False, raised_at__date__gte=term.first - timedelta(1)
    )
    done = enterprise.filter(state="solved")
    happy = Verdict.objects.filter(matter__in=done, solved=True, satisfied=True)
    parts = {
        "visits in the term": (
            Visit.objects.filter(day__range=(term.first, term.last)).count(), figures.VISITS, None,
        ),
        "visits in the weeks": (
            Visit.objects.filter(day__range=term.weeks).count(), figures.VISITS, "weeks",
        ),
        "solved in the term": (within((term.first, term.last)), figures.SOLVED, None),
        "solved in the weeks": (within(term.weeks), figures.SOLVED, "weeks"),
        "solved in the weeks a year before": (
            within(term.weeks_before), {"": figures.SOLVED_BEFORE}, None,
        ),
        "enterprise matters": (enterprise.count(), figures.ENTERPRISE, None),
        "satisfied of them": (happy.count(), figures.ENTERPRISE, "satisfied"),
        "open of them": (enterprise.exclude(state="solved").count(), figures.ENTERPRISE, "open"),
    }  # fmt: skip
    for name, (counted, printed, part) in parts.items():
        due = figures.apportioned(printed, scale)
        wanted = due[part] if part else sum(due.values())
        print(f"{counted:>9,} {name}")
        assert counted == wanted, (name, counted, wanted)


def _say(label: str, done: int, total: int) -> None:
    if done in (0, total):
        print(f"{time.strftime('%T')} {label} {done}/{total}", flush=True)


# ---- PostgreSQL -----------------------------------------------------------------------------
def load(path: Path, address: str) -> None:
    """Load every table by COPY, without indexes on the large ones until they are full."""
    import psycopg

    source = sqlite3.connect(path)
    with psycopg.connect(address, autocommit=True) as db:
        db.execute("SET session_replication_role = replica")  # keys are right as they are
        tables = [r[0] for r in db.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename <> 'django_migrations'"
        )]  # fmt: skip
        db.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        indexes = [r[0] for r in db.execute(
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(%s)"
            " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)",
            [list(TABLES)],
        )]  # fmt: skip
        for definition in indexes:
            db.execute(f"DROP INDEX {definition.split(' INDEX ')[1].split(' ON ')[0]}")
        for table in tables:
            _load_table(source, db, table)
        db.execute("SET maintenance_work_mem = '1GB'")
        for definition in indexes:
            db.execute(definition)
        db.execute("VACUUM ANALYZE")


def _load_table(source: sqlite3.Connection, db: Any, table: str) -> None:
    kinds = dict(db.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s",
        [table],
    ).fetchall())  # fmt: skip
    names = list(kinds)
    flags = [n for n, name in enumerate(names) if kinds[name] == "boolean"]
    times = [n for n, name in enumerate(names) if kinds[name].startswith("timestamp")]
    columns = ", ".join(f'"{name}"' for name in names)
    rows = source.execute(f'SELECT {columns} FROM "{table}"')
    with db.cursor() as cursor, cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(_fitting(list(row), flags, times))
    db.execute(
        "SELECT setval(s, (SELECT coalesce(max(id), 1) FROM"
        f" \"{table}\")) FROM pg_get_serial_sequence('\"{table}\"', 'id') s WHERE s IS NOT NULL"
    ) if "id" in names and kinds["id"] in ("bigint", "integer") else None


def _fitting(row: list[Any], flags: list[int], times: list[int]) -> list[Any]:
    for n in flags:
        row[n] = None if row[n] is None else bool(row[n])
    for n in times:
        row[n] = row[n] and f"{row[n]}+00"
    return row


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "--build":
        build(float(sys.argv[2]))
    else:
        multiply(Path(os.environ["DATA_DIR"]) / "city.sqlite3", int(sys.argv[2]))
