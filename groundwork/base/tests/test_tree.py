"""A scope covers its node and everything below, and never a neighbour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwork.base.models import Lease
from groundwork.base.tree import covers, under

# Any text column serves as a path; the kernel has no tree of its own.
PATHS = ["0001", "00010001", "000100010002", "0002", "00020001"]
paths = st.lists(st.integers(1, 3), min_size=1, max_size=4).map(
    lambda steps: "".join(f"{step:04d}" for step in steps)
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tops", "expected"),
    [
        (("0001",), PATHS[:3]),
        (("00010001",), PATHS[1:3]),
        (("0001", "0002"), PATHS),
        (("0003",), []),
        ((), []),
    ],
)
def test_a_scope_holds_its_node_and_all_below(tops, expected):
    Lease.objects.bulk_create(Lease(name=path) for path in PATHS)
    found = Lease.objects.filter(under("name", tops)).order_by("name")
    assert [lease.name for lease in found] == expected


@given(top=paths, path=paths)
def test_covering_is_being_an_ancestor_or_the_same(top, path):
    ancestors = {path[:end] for end in range(4, len(path) + 1, 4)}
    assert covers([top], path) == (top in ancestors)


def test_nothing_covers_a_place_that_is_not_known():
    assert not covers(["0001"], None)
    assert not covers([], "0001")
