"""Real Chromium against the real server, on a city in which the cast lives."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.city import City, copy_of
from tests.journeys.browser import CHROMIUM, FLAGS, Reader, reader

Opens = Callable[..., Reader]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs the browser."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all journeys; each reader gets a fresh profile in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def town(empty_city, tmp_path_factory) -> Iterator[City]:
    """A running city in which the cast and its world live; `people` are their sessions."""
    city = City(copy_of(empty_city, tmp_path_factory.mktemp("town")), WEB_PROCESSES="1")
    city.known = city.call("tests.journeys.town:populate")
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
