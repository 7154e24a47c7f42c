"""Let the database know its tables: which index to read by depends on what stands there."""

from __future__ import annotations

from django.db import connection


def learn() -> None:
    """Count what stands in every table and index anew, one table after another.

    PostgreSQL does so by itself, SQLite never: among 170,000 matters a search then costs up to
    three times as much. Whole, not sampled (`analysis_limit`): of a thousand rows SQLite learned to
    read the whole board. A table is held against writers while it is counted, a second at most
    in a city of that size.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.django_table_names(only_existing=True)):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
