"""Write thousands of rows of one table at once: COPY on PostgreSQL, one loop on SQLite.

For the bulk ways of actions, which keep the rules themselves: no defaults, no signals, no models.
A model object costs more than its row: a year of a city's steps is a million rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection, models


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


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows of plain values for the fields `names`; a dict or list becomes JSON."""
    column_of = {field.name: field.column for field in model._meta.concrete_fields}
    columns = ", ".join(f'"{column_of[name]}"' for name in names)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row([_json(value) for value in row])
            return
        holes = ", ".join(["%s"] * len(names))
        cursor.executemany(
            f'INSERT INTO "{table}" ({columns}) VALUES ({holes})',  # noqa: S608 - own names
            [[_plain(value) for value in row] for row in rows],
        )


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


def _json(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value


def _plain(value: Any) -> Any:
    """Write a value as Django does for SQLite."""
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, datetime):
        return _moment(value)
    return _json(value) if isinstance(value, dict | list) else str(value)


@lru_cache(maxsize=65536)
def _moment(value: datetime) -> str:
    return str(value.astimezone(UTC).replace(tzinfo=None))
