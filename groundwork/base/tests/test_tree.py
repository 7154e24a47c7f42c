"""A scope covers its node and everything below, and never a neighbour."""

from itertools import pairwise

import pytest
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from groundwork.base.models import Lease
from groundwork.base.tree import EVERYWHERE, NOWHERE, chain, covers, under

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
    assert covers([top], path) == (top in chain(path))


@given(path=paths)
def test_a_chain_leads_from_the_node_to_the_root(path):
    steps = chain(path)
    assert (steps[0], steps[-1]) == (path, path[:4])
    assert all(below[:-4] == above for below, above in pairwise(steps))


@pytest.mark.django_db
def test_everywhere_stands_beside_another_condition_and_nowhere_beside_none():
    Lease.objects.bulk_create(Lease(name=path) for path in PATHS)
    here = Q(name="0001")
    assert Lease.objects.filter(EVERYWHERE | here).count() == len(PATHS)
    assert Lease.objects.filter(NOWHERE | here).count() == 1


def test_nothing_covers_a_place_that_is_not_known():
    assert not covers(["0001"], None)
    assert not covers([], "0001")
