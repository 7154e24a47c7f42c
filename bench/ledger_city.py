"""Build the large ledger that `bench.ledger` measures: once per version, outside git.

The directory stays small (a tenth of the city) while the ledger grows tenfold, so that a list of
ten times the matters is read by the same people. The first tenth goes through the bulk actions on
SQLite. The other nine are copies of its rows under keys and public ids of their own, written by the
database itself: what is measured is reading, and the copies are as long, as varied and as indexed
as the first. PostgreSQL gets the finished rows by COPY.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.pages import ROOT

SEED, UNTIL = 1, "2020-05-31"
DIRECTORY = 0.1
# What the ledger's rows come from. Tables are no part of it: an older city is migrated.
SOURCES = (
    *(
        f"groundwork/desk/demo/{name}.py"
        for name in ("cast", "enterprises", "figures", "geography", "layout", "ledger", "matters",
                     "names", "registry", "service", "ways", "words")
    ),
    "groundwork/matters/actions/bulk*.py",
    "groundwork/service/actions/many.py",
    "groundwork/base/blocks.py",
    "bench/ledger_city.py",
)  # fmt: skip
# Copied with new keys; the columns that point into the ledger move along.
TABLES: dict[str, dict[str, str]] = {
    "matters_matter": {"merged_into_id": "matters_matter", "split_from_id": "matters_matter"},
    "matters_raiser": {"matter_id": "matters_matter"},
    "matters_step": {"matter_id": "matters_matter"},
    "matters_cohandler": {"matter_id": "matters_matter"},
    "matters_verdict": {"matter_id": "matters_matter", "raiser_id": "matters_raiser"},
    "service_visit": {},
    "service_visitor": {"visit_id": "service_visit"},
    "base_searchentry": {"object_pk": "matters_matter"},
}
MARKS = "-ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # of the copies; ids and digests are written small
ONLY = {"base_searchentry": "kind LIKE 'matters.%'"}
FAST = ("journal_mode=OFF", "synchronous=OFF", "temp_store=MEMORY", "cache_size=-600000")


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


def ensure_sqlite(scale: str, base: str) -> Path:
    """Give the folder of a city on SQLite, built where it is missing: `base`, then copied."""
    home = home_of("sqlite", scale)
    if (home / "built").exists():
        _python(home, "manage.py", "migrate", "-v0")
        return home
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    started = time.perf_counter()
    if scale == base:
        _python(home, "-m", "bench.ledger_city", "--build", scale)
    else:
        first = ensure_sqlite(base, base)
        shutil.copy(first / "city.sqlite3", home / "city.sqlite3")
        shutil.copy(first / "secret-key", home / "secret-key")
        times = round(float(scale) / float(base))
        _python(home, "-m", "bench.ledger_city", "--multiply", str(times))
    seconds = round(time.perf_counter() - started)
    print(f"built scale {scale} on sqlite in {seconds} s", file=sys.stderr, flush=True)
    (home / "built").write_text(str(seconds))
    return home


def ensure_postgresql(scale: str, base: str, home: Path, address: str) -> None:
    """Fill a city on PostgreSQL from the same one on SQLite."""
    built = (home / "built").exists()
    source = None if built else ensure_sqlite(scale, base)
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
    """Build the base city in this process: the directory small, the ledger as large as asked."""
    from datetime import date

    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        for pragma in ("synchronous=OFF", "cache_size=-600000"):
            cursor.execute(f"PRAGMA {pragma}")
    from groundwork.desk.demo import build as build_city

    report = build_city(
        min(DIRECTORY, scale), SEED, date.fromisoformat(UNTIL), _say, ledger_scale=scale
    )
    print(report)
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


# ---- ten times the rows ---------------------------------------------------------------------
def multiply(path: Path, times: int) -> None:
    """Copy the ledger's rows until there are `times` as many; the search index as well."""
    with sqlite3.connect(path, isolation_level=None) as db:
        for pragma in FAST:
            db.execute(f"PRAGMA {pragma}")
        indexes = db.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            f" AND tbl_name IN ({', '.join('?' * len(TABLES))})",
            list(TABLES),
        ).fetchall()
        for name, _sql in indexes:
            db.execute(f'DROP INDEX "{name}"')
        db.create_function("stored", 3, _stored, deterministic=True)
        triggers = db.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            " AND tbl_name = 'base_searchentry'"
        ).fetchall()
        for name, _sql in triggers:
            db.execute(f'DROP TRIGGER "{name}"')
        db.execute("BEGIN")
        last = {t: db.execute(f"SELECT max(id) FROM {t}").fetchone()[0] or 0 for t in TABLES}
        for n in range(1, times):
            for table in TABLES:
                _copy(db, table, n, last)
        for table in TABLES:
            db.execute(
                "UPDATE sqlite_sequence SET seq = (SELECT max(id) FROM"
                f" {table}) WHERE name = ?", [table],
            )  # fmt: skip
        db.execute("COMMIT")
        for _name, sql in [*indexes, *triggers]:
            db.execute(sql)
        db.execute("INSERT INTO base_search_fts(base_search_fts) VALUES ('rebuild')")
        db.execute("ANALYZE")


def _stored(kind: str, key: int, tokens: str) -> str:
    """Mark the tokens of a copy with the blocks of its own key."""
    from groundwork.base.blocks import SIGN, stored_tokens

    bare = " ".join(word for word in tokens.split() if not word.startswith(SIGN))
    return stored_tokens(kind, key, bare)


def _copy(db: sqlite3.Connection, table: str, n: int, last: dict[str, int]) -> None:
    names = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    values = [_value(name, table, n, last) for name in names]
    where = f"id <= {last[table]}" + (f" AND {ONLY[table]}" if table in ONLY else "")
    db.execute(
        f"INSERT INTO {table} ({', '.join(names)})"
        f" SELECT {', '.join(values)} FROM {table} WHERE {where} ORDER BY id"
    )


def _value(name: str, table: str, n: int, last: dict[str, int]) -> str:
    if name == "id":
        return f"id + {n * last[table]}"
    if name in TABLES[table]:
        return f"{name} + {n * last[TABLES[table][name]]}"
    if name in ("public_id", "source_id"):
        # The length stays; the first sign is one that no drawn id begins with.
        return f"CASE {name} WHEN '' THEN '' ELSE '{MARKS[n]}' || substr({name}, 2) END"
    if name == "receipt":
        return f"receipt || '{n}'"
    if name == "digest":
        return f"'{MARKS[n]}' || substr(digest, 2)"
    if name == "tokens":
        shift = n * last[TABLES[table]["object_pk"]]
        return f"stored(kind, object_pk + {shift}, tokens)"
    if name == "client_key":
        return "NULL"
    return name


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
