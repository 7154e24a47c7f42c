"""Fixtures for every area: the fixed cast, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what touches no database out of the PostgreSQL round: it ran on SQLite already."""
    if connection.vendor != "postgresql":
        return
    pure = [
        item
        for item in items
        if item.get_closest_marker("django_db") is None
        and not {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    ]
    config.hook.pytest_deselected(items=pure)
    items[:] = [item for item in items if item not in set(pure)]


@pytest.fixture(autouse=True)
def main_language() -> Iterator[None]:
    """Begin and end each test in the main language, whatever a page before it was read in."""
    translation.activate("zh-hans")
    yield
    translation.activate("zh-hans")


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
