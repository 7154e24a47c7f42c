"""Fixtures for tests that cross areas: a real city, running."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.city import City, copy_of, ready


@pytest.fixture(scope="session")
def empty_city() -> Path:
    """A data directory with all tables and no rows; copy it, never change it."""
    return ready()


@pytest.fixture
def city(empty_city: Path, tmp_path: Path) -> Iterator[City]:
    """A city of its own whose processes the test starts itself."""
    made = City(copy_of(empty_city, tmp_path / "city"))
    yield made
    made.stop()


@pytest.fixture
def running_city(city: City) -> City:
    """A city of its own: server and worker run, /healthz says 200."""
    city.start()
    return city


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what starts a real city, so that the PostgreSQL round can leave it out.

    A fixture elsewhere that is called `city` too does not count: it took tests out unseen.
    """
    for item in items:
        known = getattr(item, "_fixtureinfo", None)
        starts = known.name2fixturedefs.get("empty_city", ()) if known else ()
        if any(fixture.func.__module__ == __name__ for fixture in starts):
            item.add_marker(pytest.mark.city)
