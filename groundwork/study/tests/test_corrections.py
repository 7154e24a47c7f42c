"""What a secretary corrected stays corrected, and past cut-offs stay as they were."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from groundwork.base.actor import system
from groundwork.base.errors import NotFound
from groundwork.registry import actions as registry
from groundwork.study.actions.coverage import count_period
from groundwork.study.actions.roll import correct_roll, sign_in, tick_people
from groundwork.study.actions.sheet import close_sheet
from groundwork.study.models import RollCorrection, Source
from groundwork.study.queries import coverage
from groundwork.study.rules import roll as rules
from groundwork.study.tests.make_roll import (
    AFTER,
    MINUTE,
    TONIGHT,
    on_roll,
    signed_in,
    the_room,
    the_sheet,
    tonight,
)

TERM = "2026-H2"
SYSTEM = system("tests")


@pytest.fixture
def evening(cast):
    evening = tonight(cast)
    signed_in(cast, evening, "staff", "colleague")
    return evening


def correct(cast, evening, who, took_part, at):
    correct_roll(
        the_sheet(cast, evening).public_id,
        cast.people[who].public_id,
        took_part=took_part,
        reason="核对纸质签到",
        by=cast.actor("unit_secretary"),
        at=at,
    )


def behind(cast, cutoff):
    """Give the entries behind the city's number as of a cut-off, as they are read now."""
    return coverage.entries_in(coverage.scope_of(cast.places["city"]), TERM, cutoff)


def number(cast):
    """Give the city's number of entries as it was counted."""
    return coverage.numbers(coverage.scope_of(cast.places["city"]), TERM).entries


def test_an_old_scan_does_not_override_the_secretary_and_a_new_one_does(cast, evening):
    correct(cast, evening, "staff", False, TONIGHT + 2 * MINUTE)
    by, room = cast.actor("staff"), the_room(evening).public_id
    with pytest.raises(rules.TakenOff):
        sign_in(room, scanned_at=TONIGHT + MINUTE, source=Source.QR, by=by, at=AFTER)
    assert not on_roll(cast, evening)
    sign_in(room, scanned_at=TONIGHT + 3 * MINUTE, source=Source.QR, by=by, at=AFTER)
    assert on_roll(cast, evening)
    steps = RollCorrection.objects.filter(person=cast.people["staff"]).order_by("corrected_at")
    assert list(steps.values_list("took_part", flat=True)) == [False, True]


@pytest.mark.parametrize("way", ["tick", "correct"])
def test_who_was_brought_back_stays_counted_at_past_cutoffs(cast, evening, way):
    sheet = the_sheet(cast, evening)
    correct(cast, evening, "staff", False, AFTER)
    if way == "tick":
        people = [cast.people["staff"].public_id]
        tick_people(sheet.public_id, people, by=cast.actor("clerk"), at=AFTER + MINUTE)
    else:
        correct(cast, evening, "staff", True, AFTER + MINUTE)
    cutoff = AFTER + 10 * MINUTE
    count_period(TERM, at=cutoff)
    correct(cast, evening, "colleague", False, cutoff + MINUTE)
    assert number(cast) == behind(cast, cutoff).count() == 2
    assert RollCorrection.objects.filter(person=cast.people["staff"]).count() == 2


def test_an_old_scan_leaves_a_closed_sheet_alone(cast, evening):
    sheet = the_sheet(cast, evening)
    close_sheet(sheet.public_id, by=cast.actor("unit_secretary"), at=AFTER)
    correct(cast, evening, "staff", False, AFTER + MINUTE)
    sheet.refresh_from_db()
    assert sheet.took_part == 1
    with pytest.raises(rules.TakenOff):
        sign_in(
            the_room(evening).public_id,
            scanned_at=TONIGHT,
            source=Source.QR,
            by=cast.actor("staff"),
            at=AFTER + timedelta(hours=1),
        )


def merge_staff(cast, at):
    """Merge the colleague's record, as a duplicate, into the staff member's."""
    people = cast.people
    registry.merge_people(people["colleague"], into=people["staff"], by=SYSTEM, at=at)


def test_a_merged_person_counts_once_at_later_cutoffs_and_under_the_staying_record(cast, evening):
    merge_staff(cast, AFTER)
    cutoff = AFTER + 10 * MINUTE
    count_period(TERM, at=cutoff)
    correct(cast, evening, "clerk", True, cutoff + MINUTE)
    assert number(cast) == 1
    assert [e.person for e in behind(cast, cutoff)] == [cast.people["staff"]]
    assert not RollCorrection.objects.filter(person=cast.people["staff"]).exists()


def test_before_the_merge_both_records_stood_and_still_do_at_that_cutoff(cast, evening):
    count_period(TERM, at=AFTER)
    merge_staff(cast, AFTER + MINUTE)
    assert number(cast) == behind(cast, AFTER).count() == 2


def test_a_duplicates_entry_brings_back_the_staying_records_withdrawn_one(cast, evening):
    correct(cast, evening, "staff", False, AFTER)
    merge_staff(cast, AFTER + MINUTE)
    cutoff = AFTER + 10 * MINUTE
    count_period(TERM, at=cutoff)
    correct(cast, evening, "clerk", True, cutoff + MINUTE)
    assert [e.person for e in behind(cast, cutoff)] == [cast.people["staff"]]
    assert on_roll(cast, evening)


@pytest.mark.parametrize("absent", [(), ("colleague",), ("staff",), ("staff", "colleague")])
def test_the_totals_of_a_closed_sheet_count_a_merged_person_once(cast, evening, absent):
    for who in absent:
        correct(cast, evening, who, False, AFTER)
    sheet = the_sheet(cast, evening)
    before = close_sheet(sheet.public_id, by=cast.actor("unit_secretary"), at=AFTER + MINUTE)
    merge_staff(cast, AFTER + 2 * MINUTE)
    sheet.refresh_from_db()
    here = 0 if len(absent) == 2 else 1
    assert (sheet.expected, sheet.took_part) == (before.expected - 1, here)
    assert sheet.absences.filter(person=cast.people["staff"]).count() == 1 - here
    assert on_roll(cast, evening) is bool(here)


NEXT_DAY = date(2026, 11, 25)
MORNING = AFTER + timedelta(hours=15)


def close(cast, evening, body="unit", by="unit_secretary", at=AFTER):
    """Close a unit's sheet."""
    return close_sheet(the_sheet(cast, evening, body).public_id, by=cast.actor(by), at=at)


def move_away(cast, who):
    """Move somebody to another unit from the next day on."""
    to = cast.bodies["other_unit"]
    registry.move_person(cast.people[who], unit=to, since=NEXT_DAY, by=SYSTEM, at=MORNING)


def test_who_moved_after_closing_is_still_corrected_by_the_old_unit(cast):
    evening = tonight(cast)
    old, new = close(cast, evening), close(cast, evening, "other_unit", "other_secretary")
    move_away(cast, "staff")
    person = cast.people["staff"].public_id
    with pytest.raises(NotFound):
        correct_roll(
            new.public_id, person, took_part=True, reason="在场",
            by=cast.actor("other_secretary"), at=MORNING,
        )  # fmt: skip
    correct(cast, evening, "staff", True, MORNING)
    before = (new.expected, new.took_part)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.took_part, new.expected, new.took_part) == (1, *before)


def test_who_came_and_moved_before_closing_counts_where_the_entry_is(cast, evening):
    move_away(cast, "staff")
    old = close(cast, evening, at=MORNING)
    new = close(cast, evening, "other_unit", "other_secretary", at=MORNING)
    assert (old.took_part, new.took_part) == (2, 0)
    assert not new.absences.filter(person=cast.people["staff"]).exists()


def test_who_retired_after_closing_is_taken_off_the_totals_too(cast, evening):
    sheet = close(cast, evening)
    registry.retire_person(cast.people["staff"], since=NEXT_DAY, by=SYSTEM, at=MORNING)
    correct(cast, evening, "staff", False, MORNING)
    before = sheet.expected
    sheet.refresh_from_db()
    assert (sheet.expected, sheet.took_part) == (before, 1)
    assert sheet.absences.filter(person=cast.people["staff"]).exists()
