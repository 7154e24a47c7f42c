"""Lists page by key: the pages put together are the whole, whatever changes in between."""

import base64
import itertools
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.base.listing import MOST_COUNTED, capped_count, capped_counts, page_by_key
from groundwork.base.models import Change

pytestmark = pytest.mark.django_db
ORDERS = [("id",), ("-id",), ("kind", "id"), ("-at", "id"), ("at", "-n", "id"), ("kind", "-id")]


@pytest.fixture
def rows(at):
    """Rows with many ties, so that only the last key tells them apart."""
    made = [
        Change(at=at + timedelta(minutes=i % 5), kind="甲乙丙"[i % 3], object_id=str(i), n=i % 4)
        for i in range(47)
    ]
    Change.objects.bulk_create(made)
    return Change.objects.all()


def pages(rows, keys, size):
    cursor = ""
    while True:
        listing = page_by_key(rows, keys, cursor, size=size)
        yield listing.rows
        cursor = listing.next
        if not cursor:
            return


@pytest.mark.parametrize("keys", ORDERS)
@pytest.mark.parametrize("size", [1, 2, 7, 46, 47, 48, 500])
def test_the_pages_put_together_are_the_whole(rows, keys, size):
    found = list(pages(rows, keys, size))
    assert list(itertools.chain.from_iterable(found)) == list(rows.order_by(*keys))
    assert all(len(page) == size for page in found[:-1])
    assert found[-1]


def test_rows_that_come_and_go_between_two_pages_lose_and_double_nothing(rows, at):
    first = page_by_key(rows, ("-at", "id"), size=10)
    Change.objects.create(at=at + timedelta(hours=1), kind="新", object_id="new")
    Change.objects.filter(pk=first.rows[0].pk).delete()
    kept = set(rows.exclude(object_id="new").values_list("pk", flat=True))
    rest = list(rows.order_by("-at", "id"))
    seen, cursor = {row.pk for row in first.rows}, first.next
    while cursor:
        page = page_by_key(rows, ("-at", "id"), cursor, size=10)
        assert not seen & {row.pk for row in page.rows}
        seen |= {row.pk for row in page.rows}
        cursor = page.next
    assert seen >= kept
    assert len(rest) == len(kept) + 1


def test_an_empty_list_has_one_empty_page(db):
    listing = page_by_key(Change.objects.none(), ("id",))
    assert (listing.rows, listing.next) == ([], "")


@settings(max_examples=60)
@given(cursor=st.text(max_size=60))
def test_a_cursor_nobody_gave_opens_the_first_page(cursor):
    assert page_by_key(Change.objects.all(), ("-at", "id"), cursor).rows == []


@pytest.mark.parametrize(
    "values",
    [
        ["gestern", "x"],
        [None, None],
        [{}, []],
        [[1], 2],
        [12, "x"],
        [1],
        [float("inf"), 1],
    ],
)
def test_a_cursor_of_the_wrong_kind_opens_the_first_page(rows, values):
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    first = page_by_key(rows, ("-at", "id"), size=5)
    assert page_by_key(rows, ("-at", "id"), cursor, size=5).rows == first.rows


def test_a_cursor_nested_beyond_reason_opens_the_first_page(rows):
    deep = base64.urlsafe_b64encode(b"[" * 100_000).decode()
    assert page_by_key(rows, ("id",), deep, size=5).rows == list(rows.order_by("id")[:5])


def test_counting_stops_at_the_cap(at):
    Change.objects.bulk_create(
        Change(at=at, kind="k", object_id=str(i)) for i in range(MOST_COUNTED + 5)
    )
    assert capped_count(Change.objects.all()) == MOST_COUNTED
    assert capped_count(Change.objects.filter(object_id="7")) == 1


def test_several_lists_are_counted_in_one_statement_each_up_to_its_bound(
    rows, django_assert_num_queries
):
    lists = [rows, rows.filter(kind="甲").order_by("-at"), rows.none()]
    with django_assert_num_queries(1):
        assert capped_counts(lists, 30) == [30, 16, 0]
    with django_assert_num_queries(1):
        assert capped_counts([rows.filter(kind="没有")], 30) == [0]


@pytest.mark.parametrize("keys", [("-at", "id"), ("kind", "id")])
def test_a_page_after_a_cursor_enters_the_order_at_its_first_key(rows, keys):
    cursor = page_by_key(rows, keys, size=10).next
    with CaptureQueriesContext(connection) as seen:
        page_by_key(rows, keys, cursor, size=10)
    bound = "<=" if keys[0].startswith("-") else ">="
    assert f'"{keys[0].lstrip("-")}" {bound} ' in seen.captured_queries[0]["sql"]
