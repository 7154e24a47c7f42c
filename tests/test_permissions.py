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
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from tests.cast import ROLES
from tests.matrix import TABLE, Row
from tests.world import World, build

pytestmark = pytest.mark.django_db
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


@pytest.fixture
def world(cast, at) -> World:
    cache.clear()
    return build(cast, at)


def outcome(row: Row, response: HttpResponse) -> str:
    """Reduce an answer to the word that the table uses."""
    status = response.status_code
    if status in {301, 302, 303}:
        onward = response["Location"].partition("?")[0]
        return "sign in" if onward == reverse(SIGN_IN) and row.name != SIGN_IN else "yes"
    if status in {403, 404}:
        return str(status)
    # 422 and 400 are said by rules and forms, behind the policy.
    fine = {200, 204} if row.method == "GET" else {200, 204, 400, 409, 422}
    return "yes" if status in fine else f"status {status}"


def ask(world: World, row: Row, who: str, method: str) -> HttpResponse:
    """Send one request and take back whatever it wrote."""
    client = world.cast.client(who)
    client.raise_request_exception = False
    address = reverse(row.name, kwargs=row.arguments(world))
    send = client.get if method == "GET" else client.post
    values: dict[str, Any] = row.values(world) if method == row.method else {}
    return send(address, values)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.name}")
def test_everybody_gets_the_answer_that_the_table_says(row: Row, world: World):
    wrong = {}
    for who in ROLES:
        with transaction.atomic():
            found = outcome(row, ask(world, row, who, row.method))
            transaction.set_rollback(True)
        if found != row.expected(who):
            wrong[who] = f"{found}, not {row.expected(who)}"
    assert not wrong


@pytest.mark.parametrize("name", sorted({row.name for row in TABLE}))
def test_a_method_that_is_not_in_the_table_is_refused(name: str, world: World):
    rows = [row for row in TABLE if row.name == name]
    view = resolve(reverse(name, kwargs=rows[0].arguments(world))).func
    if not view.__module__.startswith("groundwork."):
        pytest.skip("another project's view decides this by itself")
    for method in {"GET", "POST"} - {row.method for row in rows}:
        for who in ("city_operator", "unit_secretary", "staff"):
            with transaction.atomic():
                status = ask(world, rows[0], who, method).status_code
                transaction.set_rollback(True)
            assert status == 405, (method, who)
