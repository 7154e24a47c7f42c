"""The trail: whatever is done to a sealed row is found."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection

from groundwork.base import trail
from groundwork.base.actor import NOBODY, Actor, Grant, Role, system
from groundwork.base.clock import ZONE
from groundwork.base.models import TrailEntry
from groundwork.base.trail import Fault

AT = datetime(2026, 11, 24, 18, 20, 3, 123456, tzinfo=ZONE)
ME = Actor(account_id=7, grants=(Grant(Role.CLERK, body="0001"),))
ROWS = 12

pytestmark = pytest.mark.django_db


def write(count: int = ROWS) -> None:
    for number in range(count):
        trail.record(ME, "edit", "person", f"p{number}", ["phone"], at=AT + timedelta(hours=number))


@pytest.fixture
def sealed() -> str:
    """Write and seal a dozen rows; give the head that an office would note elsewhere."""
    write()
    assert trail.seal_batch() == ROWS
    return trail.head()[1]


def faults(head: str | None = None) -> list[Fault]:
    return list(trail.verify(head))


def at(position: int):
    return TrailEntry.objects.filter(position=position)


def test_a_row_holds_who_in_which_role_and_which_fields_only():
    trail.record(ME, "edit", "person", "p1", ["phone", "name"], at=AT)
    trail.record(system("worker"), "erase", "notice", "3", at=AT)
    trail.record(NOBODY, "look", "page", "1", at=AT)
    first, second, third = TrailEntry.objects.order_by("pk")
    assert (first.account_id, first.role, first.fields) == (7, "clerk", ["phone", "name"])
    assert (second.account_id, second.system) == (None, "worker")
    assert (third.account_id, third.system, third.role) == (None, "", "")


def test_an_untouched_chain_has_no_fault(sealed):
    assert faults() == faults(sealed) == []
    assert trail.head()[0] == ROWS


def test_an_empty_chain_has_no_fault_and_the_first_head():
    assert faults() == faults(trail.GENESIS) == []
    assert trail.head() == (0, trail.GENESIS)


def test_sealing_goes_on_where_it_stopped_in_batches(sealed):
    write(5)
    assert [trail.seal_batch(2) for _ in range(4)] == [2, 2, 1, 0]
    assert faults(sealed) == []  # the noted head is still in the chain
    assert trail.head()[0] == ROWS + 5


@pytest.mark.parametrize(
    "change",
    [
        {"at": AT},
        {"account_id": 8},
        {"account_id": None},
        {"system": "worker"},
        {"role": "auditor"},
        {"verb": "view"},
        {"kind": "body"},
        {"object_id": "p99"},
        {"fields": []},
        {"fields": ["phone", "name"]},
        {"digest": "f" * 64},
        {"digest": ""},
    ],
)
def test_every_altered_column_is_found_where_it_is(sealed, change):
    at(5).update(**change)
    # A changed digest no longer fits its own row nor the next one.
    expected = [5, 6] if "digest" in change else [5]
    assert faults() == [Fault(position, "altered") for position in expected]


def test_a_moment_altered_by_a_microsecond_is_found(sealed):
    row = at(5).get()
    at(5).update(at=row.at + timedelta(microseconds=1))
    assert faults() == [Fault(5, "altered")]


def test_a_forger_who_mends_the_rows_own_digest_is_found_at_the_next(sealed):
    row = at(5).get()
    row.verb = "view"
    row.digest = trail._digest(at(4).get().digest, row)
    row.save()
    assert faults() == [Fault(6, "altered")]


def test_a_chain_written_anew_to_its_end_is_found_by_the_noted_head(sealed):
    digest = at(4).get().digest
    for row in TrailEntry.objects.filter(position__gte=5).order_by("position"):
        row.verb = "view"
        row.digest = digest = trail._digest(digest, row)
        row.save()
    assert faults() == []
    assert faults(sealed) == [Fault(ROWS + 1, "missing")]


@pytest.mark.parametrize("gone", [[1], [5], [5, 6, 7], [2, 9]])
def test_missing_rows_are_found(sealed, gone):
    TrailEntry.objects.filter(position__in=gone).delete()
    found = faults()
    missing = {p for f in found if f.problem == "missing" for p in range(f.position, f.through + 1)}
    assert missing == set(gone)
    # What follows a gap no longer fits what stands before it.
    assert {f.position for f in found if f.problem == "altered"} == {
        p + 1 for p in gone if p + 1 not in gone
    }


def test_rows_moved_up_over_a_gap_are_found(sealed):
    at(5).delete()
    for position in range(6, ROWS + 1):
        at(position).update(position=position - 1)
    assert {f.position for f in faults()} == set(range(5, ROWS))


def test_a_cut_tail_is_found_by_the_noted_head_only(sealed):
    TrailEntry.objects.filter(position__gt=ROWS - 3).delete()
    assert faults() == []
    assert faults(sealed) == [Fault(ROWS - 2, "missing")]


def test_a_trail_emptied_altogether_is_found_by_the_noted_head(sealed):
    TrailEntry.objects.all().delete()
    assert faults(sealed) == [Fault(1, "missing")]


def test_two_swapped_rows_are_found_at_both_places(sealed):
    at(4).update(position=1000)
    at(8).update(position=4)
    at(1000).update(position=8)
    positions = {fault.position for fault in faults()}
    assert {4, 8} <= positions
    assert {fault.problem for fault in faults()} == {"altered"}


def test_two_rows_with_swapped_content_are_found(sealed):
    four, eight = at(4).get(), at(8).get()
    at(4).update(object_id=eight.object_id, at=eight.at)
    at(8).update(object_id=four.object_id, at=four.at)
    assert faults() == [Fault(4, "altered"), Fault(8, "altered")]


def test_a_sealed_row_put_back_among_the_waiting_ones_is_found(sealed):
    at(5).update(position=None, digest="")
    assert Fault(5, "missing") in faults()
    trail.seal_batch()  # sealing it again does not heal the gap
    assert Fault(5, "missing") in faults()


def test_a_row_slipped_in_between_is_found(sealed):
    at(ROWS).update(position=ROWS + 1)
    TrailEntry.objects.create(
        at=AT, verb="edit", kind="person", object_id="x", position=ROWS, digest="a" * 64
    )
    assert {fault.position for fault in faults()} == {ROWS, ROWS + 1}


@pytest.mark.parametrize("forged", [10**15, 0, -3])
def test_a_forged_number_is_a_fault_or_two_and_not_a_walk_without_end(sealed, forged):
    at(ROWS).update(position=forged)
    found = faults()
    assert found
    assert len(found) <= 3


def test_no_two_rows_hold_one_position(sealed):
    row = at(5).get()
    row.pk = None
    with pytest.raises(IntegrityError):
        row.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_two_workers_sealing_at_once_make_one_chain(transactional_db):
    write(60)
    start = threading.Barrier(2)

    def seal() -> None:
        start.wait()
        try:
            for _ in range(5):
                trail.seal_batch(10)
        except IntegrityError:
            pass  # the other was quicker; its next round goes on from there
        finally:
            connection.close()

    workers = [threading.Thread(target=seal) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    while trail.seal_batch(10):
        pass
    assert trail.head()[0] == 60
    assert faults() == []
