"""Real Chromium against the real server, on a city in which the cast lives."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.city import City, copy_of
from tests.journeys.browser import Reader, reader

Opens = Callable[..., Reader]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs the browser."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def peopled(empty_city, tmp_path_factory, testrun_uid: str) -> Path:
    """A data directory in which the cast and its world live; copy it, never change it.

    Whichever process of a run comes first builds it for all.
    """
    made: Path = tmp_path_factory.getbasetemp().parent / f"peopled-{testrun_uid}"
    made.mkdir(exist_ok=True)
    with (made / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (made / "known.json").exists():
            shutil.rmtree(made / "data", ignore_errors=True)
            city = City(copy_of(empty_city, made / "data"))
            known = city.call("tests.journeys.town:populate")
            (made / "known.json").write_text(json.dumps(known), encoding="utf-8")
    return made


@pytest.fixture(scope="session")
def town(peopled: Path, tmp_path_factory) -> Iterator[City]:
    """A running city in which the cast and its world live; `known` has their sessions."""
    data = copy_of(peopled / "data", tmp_path_factory.mktemp("town"))
    city = City(data, WEB_PROCESSES="1")
    city.known = json.loads((peopled / "known.json").read_text(encoding="utf-8"))
    city.start()
    yield city
    city.stop()


@pytest.fixture
def opens(chromium: Browser, town: City) -> Iterator[Opens]:
    """Open a browser as somebody: `opens("staff")`, `opens("clerk", locale="en", width=1280)`."""
    made: list[Reader] = []

    def open_as(who: str = "resident", **options) -> Reader:
        session = town.known["sessions"].get(who, "")
        made.append(reader(chromium, town.url, session=session, **options))
        return made[-1]

    yield open_as
    for one in made:
        one.context.close()
