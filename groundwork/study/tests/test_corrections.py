"""What a secretary corrected stays corrected, and past cut-offs stay as they were."""

from __future__ import annotations

from datetime import timedelta

import pytest

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
