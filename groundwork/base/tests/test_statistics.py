"""SQLite is told what stands in its tables; PostgreSQL, which looks by itself, is left alone."""

from __future__ import annotations

from django.db import connection

from groundwork.base import schedule, statistics
from groundwork.base.models import SearchEntry


def test_an_index_is_known_after_learning_and_not_before(db, django_assert_num_queries):
    SearchEntry.objects.bulk_create(
        SearchEntry(kind="thing", object_pk=n, tokens="") for n in range(40)
    )
    if connection.vendor != "sqlite":
        with django_assert_num_queries(0):
            statistics.learn()
        return
    assert known("base_searchentry") == set()
    statistics.learn()
    assert {stat.split()[0] for stat in known("base_searchentry")} == {"40"}


def known(table: str) -> set[str]:
    """Read what SQLite wrote down of a table's indexes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if cursor.fetchone() is None:
            return set()
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = %s", [table])
        return {stat for (stat,) in cursor.fetchall()}


def test_it_comes_round_by_itself():
    assert "groundwork.registry.tasks.know_tables" in schedule.JOBS
