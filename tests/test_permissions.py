"""Every address × everybody of the cast, against the table in `tests/matrix.py`.

The walker asks the URL resolver what doors there are: an address that is not in the table fails,
and so does a row whose address is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from groundwork.base import clock
from tests.cast import EVENING, ROLES
from tests.cast import build as build_cast
from tests.drawing import SparingDrawing, drawn_by
from tests.matrix import TABLE
from tests.matrix.row import Row
from tests.world import World
from tests.world import build as build_world

# Who may is decided before any engine is asked; that each page's reading is sound on PostgreSQL too
# is what test_languages walks there.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
SIGN_IN = str(settings.LOGIN_URL)


def addresses(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Give every named address of the city, with its namespace."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = ":".join(part for part in (space, entry.namespace) if part)
            yield from addresses(entry, inner)
        else:
            yield f"{space}:{entry.name}" if space else str(entry.name), entry


def all_names() -> set[str]:
    return {name for name, _pattern in addresses(get_resolver())}


def test_every_address_is_in_the_table_and_every_row_has_an_address():
    listed = {row.name for row in TABLE}
    assert sorted(all_names() - listed) == [], "say in tests/matrix.py who may open these"
    assert sorted(listed - all_names()) == [], "these rows have no address any more"


def test_every_address_has_a_name_of_its_own():
    found = [name for name, _pattern in addresses(get_resolver())]
    assert not [name for name in found if name.endswith("None")]


@pytest.fixture(scope="module")
def drawing() -> Iterator[SparingDrawing]:
    with drawn_by(SparingDrawing()) as hand:
        yield hand


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One world for the whole walk; every request's writing is taken back."""
    cache.clear()
    with django_db_blocker.unblock(), clock.at(EVENING), transaction.atomic():
        yield build_world(build_cast(), EVENING)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def cookies(world: World) -> dict[str, Any]:
    """Everybody's cookies after signing in, to be copied into a fresh browser."""
    return {who: world.cast.client(who).cookies for who in ROLES}


def outcome(row: Row, response: HttpResponse) -> str:
    """Reduce an answer to the word that the table uses."""
    status = response.status_code
    if status in {301, 302, 303}:
        onward = response["Location"].partition("?")[0]
        home = row.name in {SIGN_IN, "account_logout"}  # whoever leaves is led to the door
        return "sign in" if onward == reverse(SIGN_IN) and not home else "yes"
    if status in {403, 404}:
        return str(status)
    if row.name == "healthz":
        return "yes" if status in {200, 503} else f"status {status}"  # no worker runs here
    if row.name == "socialaccount_login_error":
        return "yes" if status == 401 else f"status {status}"  # a page that says so
    # 422 and 400 are said by rules and forms, behind the policy.
    fine = {200, 204} if row.method == "GET" else {200, 204, 400, 409, 422}
    return "yes" if status in fine else f"status {status}"


def ask(world: World, cookies: dict[str, Any], row: Row, who: str, method: str) -> HttpResponse:
    """Send one request and take back whatever it wrote."""
    client = Client(raise_request_exception=False)
    client.cookies.update(cookies[who])
    address = reverse(row.name, kwargs=row.arguments(world))
    send = client.get if method == "GET" else client.post
    values: dict[str, Any] = row.values(world) if method == row.method else {}
    with transaction.atomic():
        response = send(address, values)
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.name}")
def test_everybody_gets_the_answer_that_the_table_says(row: Row, world, cookies, drawing):
    found = {}
    drawing.row = TABLE.index(row)
    for drawing.who, who in enumerate(ROLES):
        found[who] = outcome(row, ask(world, cookies, row, who, row.method))
    differ = {who: word for who, word in found.items() if word != row.expected(who)}
    assert not differ, {who: f"{word}, not {row.expected(who)}" for who, word in differ.items()}


@pytest.mark.parametrize("name", sorted({row.name for row in TABLE}))
def test_a_method_that_is_not_in_the_table_is_refused(name: str, world, cookies):
    rows = [row for row in TABLE if row.name == name]
    view = resolve(reverse(name, kwargs=rows[0].arguments(world))).func
    if not view.__module__.startswith("groundwork."):
        pytest.skip("another project's view decides this by itself")
    for method in {"GET", "POST"} - {row.method for row in rows}:
        assert ask(world, cookies, rows[0], "city_operator", method).status_code == 405
