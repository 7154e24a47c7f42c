"""Make the ledger of one city ten times as long: its history grows, the city stays.

The rows of the ledger, of its timeline, of visits and patrols are written again by the database
itself, under keys, receipts, public ids and search marks of their own. What has ended lies a year
further back with each copy and has the smaller keys of an older matter; what is still open keeps
its days, so that the desks' queues are ten times as long as well. Whatever a matter came from or
went into (a visit, another matter) is moved with it.

`inspect` then judges the result by the rules that hold in a city that was built row by row.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

# Written again; the columns that point into the ledger move along.
TABLES: dict[str, dict[str, str]] = {
    "service_visit": {},
    "service_visitor": {"visit_id": "service_visit"},
    "service_patrol": {},
    "matters_matter": {"merged_into_id": "matters_matter", "split_from_id": "matters_matter"},
    "matters_raiser": {"matter_id": "matters_matter", "goes_on_id": "matters_matter"},
    "matters_step": {"matter_id": "matters_matter"},
    "matters_cohandler": {"matter_id": "matters_matter"},
    "matters_verdict": {"matter_id": "matters_matter", "raiser_id": "matters_raiser"},
    "matters_matterfile": {"matter_id": "matters_matter", "step_id": "matters_step"},
    "base_searchentry": {"object_pk": "matters_matter"},
}
# Whose days a row's days are; rows that are not named here have none.
OWNERS = {
    "service_visit": ("service_visit", "id"),
    "service_patrol": ("service_patrol", "id"),
    "matters_matter": ("matters_matter", "id"),
    **{
        f"matters_{name}": ("matters_matter", "matter_id")
        for name in ("raiser", "step", "cohandler", "verdict", "matterfile")
    },
}
ONLY = {"base_searchentry": "kind LIKE 'matters.%'"}
SOURCES = {"service.visit": "service_visit", "service.patrol": "service_patrol"}
MARKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # of the copies; ids and digests are written small
FAST = ("journal_mode=OFF", "synchronous=OFF", "temp_store=MEMORY", "cache_size=-600000")
YEAR = 364  # whole weeks: a Monday stays one
# Nothing of this may be in a ledger. Each names a row that should not be.
BROKEN = {
    "a step before its matter was raised": (
        "SELECT s.id FROM matters_step s JOIN matters_matter m ON m.id = s.matter_id"
        " WHERE s.at < m.raised_at"
    ),
    "ended before it was raised": "SELECT id FROM matters_matter WHERE closed_at < raised_at",
    "an open matter that has ended, or the reverse": (
        "SELECT id FROM matters_matter WHERE (closed_at IS NULL) = (state IN"
        " ('declined', 'solved', 'unit_done', 'withdrawn', 'merged'))"
    ),
    "a matter without a first raiser": (
        "SELECT id FROM matters_matter EXCEPT"
        " SELECT matter_id FROM matters_raiser WHERE first OR erased_at IS NOT NULL"
    ),
    "a verdict of another matter's raiser": (
        "SELECT v.id FROM matters_verdict v JOIN matters_raiser r ON r.id = v.raiser_id"
        " WHERE r.matter_id <> v.matter_id"
    ),
    "a visit that is not there, or later than its matter": (
        "SELECT m.id FROM matters_matter m LEFT JOIN service_visit v ON v.public_id = m.source_id"
        " WHERE m.source_kind = 'service.visit'"
        " AND (v.id IS NULL OR v.day > date(m.raised_at, '+8 hours'))"
    ),
    "a visit that found another number of matters": (
        "SELECT v.id FROM service_visit v LEFT JOIN matters_matter m"
        " ON m.source_kind = 'service.visit' AND m.source_id = v.public_id"
        " GROUP BY v.id HAVING count(m.id) <> v.found"
    ),
    "merged into a matter raised after it ended": (
        "SELECT m.id FROM matters_matter m JOIN matters_matter t ON t.id = m.merged_into_id"
        " WHERE t.raised_at > m.closed_at"
    ),
    "a matter that no search finds": (
        "SELECT id FROM matters_matter EXCEPT"
        " SELECT object_pk FROM base_searchentry WHERE kind = 'matters.matter'"
    ),
    "words of a matter that is not there": (
        "SELECT object_pk FROM base_searchentry WHERE kind LIKE 'matters.%' EXCEPT"
        " SELECT id FROM matters_matter"
    ),
}


def multiply(path: Path, times: int) -> None:
    """Write the ledger's rows until there are `times` as many, and judge what came of it."""
    with sqlite3.connect(path, isolation_level=None) as db:
        for pragma in FAST:
            db.execute(f"PRAGMA {pragma}")
        db.create_function("stored", 3, _stored, deterministic=True)
        db.create_function("receipt_of", 3, _receipt, deterministic=True)
        before = _counts(db)
        held = _drop_ties(db)
        db.execute("BEGIN")
        _keep_days(db)
        last = {t: db.execute(f"SELECT max(id) FROM {t}").fetchone()[0] or 0 for t in TABLES}
        for table in TABLES:
            _write(db, table, times, last)
        _move_ties(db, {t: n * (times - 1) for t, n in last.items()})
        db.execute("COMMIT")
        for sql in held:
            db.execute(sql)
        db.execute("INSERT INTO base_search_fts(base_search_fts) VALUES ('rebuild')")
        db.execute("ANALYZE")
        inspect(db, before, times)


def _stored(kind: str, key: int, tokens: str) -> str:
    """Mark the tokens of a copy with the blocks of its own key."""
    from groundwork.base.blocks import SIGN, stored_tokens

    bare = " ".join(word for word in tokens.split() if not word.startswith(SIGN))
    return stored_tokens(kind, key, bare)


def _receipt(receipt: str, days: int, n: int) -> str:
    """Number a copy by the day it now lies on, and by which copy it is."""
    day = date.fromisoformat(f"20{receipt[:6]}") - timedelta(days)
    return f"{day:%y%m%d}{receipt[6:]}{n}"


def _drop_ties(db: sqlite3.Connection) -> list[str]:
    """Drop the tables' indexes and the full text's triggers; give what makes them anew."""
    rows = db.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        f" AND tbl_name IN ({', '.join('?' * len(TABLES))})"
        " AND (type = 'index' OR type = 'trigger') ORDER BY type",
        list(TABLES),
    ).fetchall()
    for kind, name, _sql in rows:
        db.execute(f'DROP {kind} "{name}"')
    return [sql for _kind, _name, sql in rows]


def _keep_days(db: sqlite3.Connection) -> None:
    """Note what keeps its days: the open, and all that hangs together with something open."""
    ids = {
        (kind, public): (table, key)
        for kind, table in SOURCES.items()
        for key, public in db.execute(f"SELECT id, public_id FROM {table}")
    }
    ties: dict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
    reached: list[tuple[str, int]] = []
    for key, open_, merged, split, kind, public in db.execute(
        "SELECT id, closed_at IS NULL, merged_into_id, split_from_id, source_kind, source_id"
        " FROM matters_matter"
    ):
        me = ("matters_matter", key)
        others = [("matters_matter", other) for other in (merged, split) if other]
        others += [ids[kind, public]] if (kind, public) in ids else []
        for other in others:
            ties[me].append(other)
            ties[other].append(me)
        if open_:
            reached.append(me)
    keeps = set(reached)
    while reached:
        new = set(ties[reached.pop()]) - keeps
        keeps |= new
        reached += new
    for table in (*SOURCES.values(), "matters_matter"):
        db.execute(f"CREATE TEMP TABLE keeps_{table} (id INTEGER PRIMARY KEY)")
        rows = ((key,) for name, key in keeps if name == table)
        db.executemany(f"INSERT INTO keeps_{table} VALUES (?)", rows)


def _write(db: sqlite3.Connection, table: str, times: int, last: dict[str, int]) -> None:
    """Write a table anew in the order of its keys, the oldest copy first, its own rows last."""
    columns = [(row[1], row[2]) for row in db.execute(f"PRAGMA table_info({table})")]
    only = ONLY.get(table, "1")
    owner, key = OWNERS.get(table, ("", ""))
    moves = f"{key} NOT IN (SELECT id FROM keeps_{owner})" if owner else "0"
    db.execute(
        f"CREATE TEMP TABLE was_{table} AS SELECT *, {moves} AS moves FROM {table} WHERE {only}"
    )
    db.execute(f"DELETE FROM {table} WHERE {only}")
    names = ", ".join(f'"{name}"' for name, _kind in columns)
    for n in range(times):
        years = times - 1 - n
        values = ", ".join(_value(table, name, kind, n, years, last) for name, kind in columns)
        db.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM was_{table} ORDER BY id")
    db.execute(f"DROP TABLE was_{table}")


def _value(table: str, name: str, kind: str, n: int, years: int, last: dict[str, int]) -> str:
    """Give a column's value in copy `n`, `years` back; none back are the rows themselves."""
    if name == "id":
        return f"id + {n * last[table]}"
    if name == "tokens":
        return f"stored(kind, object_pk + {n * last['matters_matter']}, tokens)"
    if name in TABLES[table]:
        return f"{name} + {n * last[TABLES[table][name]]}"
    if name == "data" and table == "matters_step":
        return _data(MARKS[n] if years else "", n * last["matters_raiser"])
    if not years:
        return f'"{name}"'
    if name in ("public_id", "source_id", "digest"):
        # The length stays; the first sign is one that none that was drawn begins with.
        return f"CASE {name} WHEN '' THEN '' ELSE '{MARKS[n]}' || substr({name}, 2) END"
    if name == "client_key":
        return "NULL"
    if name == "receipt":
        return f"receipt_of(receipt, moves * {years * YEAR}, {n})"
    if kind in ("datetime", "date"):
        later = f"date(substr({name}, 1, 10), '-{years * YEAR} days') || substr({name}, 11)"
        return f"CASE WHEN moves THEN {later} ELSE {name} END"
    return f'"{name}"'


def _data(mark: str, raisers: int) -> str:
    """Move what a step says of others: the key of a raiser, the public id of another matter."""
    cases = f"""WHEN data LIKE '{{"raiser": %'
        THEN '{{"raiser": ' || (json_extract(data, '$.raiser') + {raisers}) || '}}'"""
    if mark:
        cases += "".join(
            f""" WHEN data LIKE '{{"{key}": "%'
            THEN '{{"{key}": "{mark}' || substr(data, {len(key) + 7})"""
            for key in ("into", "from")
        )
    return f"CASE {cases} ELSE data END"


def _move_ties(db: sqlite3.Connection, shifts: dict[str, int]) -> None:
    """Let what other tables say of the city's own rows follow them to their new keys."""
    tables = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in (name for name in tables if name not in TABLES):
        for row in db.execute(f'PRAGMA foreign_key_list("{table}")').fetchall():
            if row[2] in shifts:
                db.execute(f'UPDATE "{table}" SET {row[3]} = {row[3]} + {shifts[row[2]]}')
    for table in TABLES:
        db.execute(
            f"UPDATE sqlite_sequence SET seq = (SELECT max(id) FROM {table}) WHERE name = ?",
            [table],
        )


# ---- judged ---------------------------------------------------------------------------------
def _counts(db: sqlite3.Connection) -> dict[str, int]:
    """Count every table, every state, and the rows that should not be."""
    counts = {
        table: db.execute(f"SELECT count(*) FROM {table} WHERE {ONLY.get(table, 1)}").fetchone()[0]
        for table in TABLES
    }
    rows = "SELECT state, count(*) FROM matters_matter GROUP BY state"
    counts |= {f"state {state}": n for state, n in db.execute(rows)}
    return counts | {
        f"broken: {name}": db.execute(f"SELECT count(*) FROM ({sql})").fetchone()[0]
        for name, sql in BROKEN.items()
    }


def inspect(db: sqlite3.Connection, before: dict[str, int], times: int) -> None:
    """Refuse a ledger that is not `times` the one before it, row by row and rule by rule."""
    after = _counts(db)
    for name, n in before.items():
        print(f"{after[name]:>12,} {name}")
        assert after[name] == n * times, (name, n, after[name])
    for table in TABLES:
        found = db.execute(f"PRAGMA foreign_key_check({table})").fetchmany(3)
        assert not found, (table, found)
    years = "SELECT substr(raised_at, 1, 4), count(*) FROM matters_matter GROUP BY 1"
    print("raised in", ", ".join(f"{year}: {n:,}" for year, n in db.execute(years)))
