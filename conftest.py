"""Fixtures for every area: the fixed cast, and a clock that stands still."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import settings

from groundwork.base import clock
from tools import messages

# A property fails for what it finds, never for how long a busy machine took to look.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_configure() -> None:
    """Compile the catalogues, so that pages in English are tested as the texts stand now."""
    messages.main(["--compile"])


def pytest_collection_finish() -> None:
    """Leave what was collected out of every later search for garbage: a twentieth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def _place(item: pytest.Item) -> int:
    """Say when a test runs: 0 rolls its database back, 1 asks for none of its own, 2 flushes it,
    3 looks through a browser, whose loop then stands in this process until the end.
    """
    if item.get_closest_marker("browser"):
        return 3
    fixtures = set(getattr(item, "fixturenames", ()))
    mark = item.get_closest_marker("django_db")
    if {"transactional_db", "live_server"} & fixtures or (mark and mark.kwargs.get("transaction")):
        return 2
    if mark or "db" in fixtures:
        return 0
    return 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run last what flushes the database; leave out of the PostgreSQL round what asks for none.

    Some modules build one city for all their looks without asking for `db`. pytest-django would
    run them behind the transactional tests, whose flush takes away the rows that migrations wrote
    (categories, topics): whether they passed would hang on the order. What touches no database
    ran on SQLite already, and so did what is marked `once`.
    """
    items.sort(key=_place)
    if connection.vendor == "postgresql":
        config.hook.pytest_deselected(items=[item for item in items if _ran_already(item)])
        items[:] = [item for item in items if not _ran_already(item)]


def _ran_already(item: pytest.Item) -> bool:
    """Tell whether the round on SQLite has said what PostgreSQL would say again."""
    return _place(item) in (1, 3) or item.get_closest_marker("once") is not None


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Migrate only what the copied file lacks; PostgreSQL makes its tables itself."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix) -> Iterator[None]:
    """Begin with a copy of the empty city where the database is a file."""
    if connection.vendor != "sqlite":
        yield
        return
    from tests.city import ready

    name = Path(connection.settings_dict["TEST"]["NAME"])
    shutil.copy(ready() / "city.sqlite3", name)
    yield
    for left in (name, Path(f"{name}-wal"), Path(f"{name}-shm")):
        left.unlink(missing_ok=True)


@pytest.fixture(scope="session", autouse=True)
def flushed_by_deleting() -> Iterator[None]:
    """Empty PostgreSQL's tables row by row after a test that commits.

    TRUNCATE makes a new file for each of two hundred tables and their indexes: half a second for
    the few rows that such a test leaves.
    """
    if connection.vendor != "postgresql":
        yield
        return

    def deleting(_style: Any, tables: list[str], **_how: bool) -> list[str]:
        # No trigger looks whether a foreign key is left over: everything goes, in one statement.
        deletes = map("DELETE FROM {}".format, map(connection.ops.quote_name, tables))
        return ["; ".join(("SET LOCAL session_replication_role = replica", *deletes))]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(connection.ops, "sql_flush", deleting)
        yield


@pytest.fixture(autouse=True)
def main_language() -> Iterator[None]:
    """Begin and end each test in the main language, whatever a page before it was read in."""
    translation.activate("zh-hans")
    yield
    translation.activate("zh-hans")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One Chromium for all that a process of the run looks at; each reader gets a fresh profile."""
    from playwright.sync_api import sync_playwright

    from tests.journeys.browser import CHROMIUM, FLAGS

    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        # Playwright runs a loop in this thread; the tests' own statements are plain ones.
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def cast(db):
    """The fixed cast of `tests/cast.py`, fresh for each test."""
    from tests.cast import build

    return build()


@pytest.fixture
def at() -> Iterator[datetime]:
    """Hold the clock at 18:20 on Tuesday 24 November 2026; the value is that moment."""
    from tests.cast import EVENING

    with clock.at(EVENING):
        yield EVENING
