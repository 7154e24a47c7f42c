"""Write thousands of rows of one table at once: COPY on PostgreSQL, long statements on SQLite.

For the bulk ways of actions, which keep the rules themselves: no defaults, no signals, no models.
A model object costs more than its row: a year of a city's steps is a million rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import connection, models

ROWS = 2000  # of one statement
SIMPLE = frozenset((str, int, bool, type(None)))  # what both databases take as it is


def keys(model: type[models.Model], n: int) -> range:
    """Allot `n` primary keys in a row; the caller holds the transaction that uses them up."""
    if not n:
        return range(0)
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The lock keeps the keys in a row: nobody else draws between the two statements.
            cursor.execute(f'LOCK TABLE "{table}" IN SHARE ROW EXCLUSIVE MODE')
            sequence = "pg_get_serial_sequence(%s, %s)"
            cursor.execute(f"SELECT nextval({sequence})", [f'"{table}"', column])
            first = int(cursor.fetchone()[0])
            cursor.execute(f"SELECT setval({sequence}, %s)", [f'"{table}"', column, first + n - 1])
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = cursor.fetchone()
            first = int(last[0]) + 1 if last else 1
    return range(first, first + n)


def insert(
    model: type[models.Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    ignore_conflicts: bool = False,
) -> int:
    """Write rows of plain values for the fields `names`; give how many were written.

    A dict or list becomes JSON. With `ignore_conflicts` rows that break a unique constraint are
    left out, and COPY, which knows no such thing, is not the way.
    """
    column_of = {field.name: field.column for field in model._meta.concrete_fields}
    columns = ", ".join(f'"{column_of[name]}"' for name in names)
    table, postgresql = model._meta.db_table, connection.vendor == "postgresql"
    done = 0
    with connection.cursor() as cursor:
        if postgresql and not ignore_conflicts:
            with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for done, row in enumerate(rows, 1):  # noqa: B007 - the count is given
                    copy.write_row([_json(value) for value in row])
            return done
        into = f'INSERT INTO "{table}" ({columns}) VALUES '  # noqa: S608 - own names
        hole = f"({', '.join(['%s'] * len(names))})"
        leaving = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
        # Not one statement a row: the full-text index writes out what it holds at the end of each,
        # and merges these crumbs again and again (seven times the work for 300,000 texts).
        plain, most = (_json, ROWS) if postgresql else (_plain, min(ROWS, _holes() // len(names)))
        left = iter(rows)
        while part := list(islice(left, most)):
            values = [v if type(v) in SIMPLE else plain(v) for row in part for v in row]
            cursor.execute(into + ", ".join([hole] * len(part)) + leaving, values)
            done += cursor.rowcount
    return done


def insert_from(
    model: type[models.Model], names: Sequence[str], text: str, params: Sequence[Any]
) -> int:
    """Write what a statement gives for the fields `names`; it never leaves the database."""
    column_of = {field.name: field.column for field in model._meta.concrete_fields}
    columns = ", ".join(f'"{column_of[name]}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{model._meta.db_table}" ({columns}) {text}', params)
        return int(cursor.rowcount)


def update(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set the fields `names` of rows to plain values; the last value of each is the row's key."""
    column_of = {field.name: field.column for field in model._meta.concrete_fields}
    sets = ", ".join(f'"{column_of[name]}" = %s' for name in names)
    key = model._meta.pk.column
    plain = _json if connection.vendor == "postgresql" else _plain
    with connection.cursor() as cursor:
        cursor.executemany(
            f'UPDATE "{model._meta.db_table}" SET {sets} WHERE "{key}" = %s',  # noqa: S608 - own names
            [[plain(value) for value in row] for row in rows],
        )


def _holes() -> int:
    """Say how many values one statement of SQLite may carry; Django reckons with 999."""
    return int(connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER))


def _json(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value


def _plain(value: Any) -> Any:
    """Write a value as Django does for SQLite."""
    if type(value) in SIMPLE:
        return value
    if isinstance(value, datetime):
        return _moment(value)
    return _json(value) if isinstance(value, dict | list) else str(value)


@lru_cache(maxsize=65536)
def _moment(value: datetime) -> str:
    return str(value.astimezone(UTC).replace(tzinfo=None))
