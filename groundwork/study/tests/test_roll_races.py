"""Two hands at once on one roll; on PostgreSQL really at once, on SQLite one after the other."""

from __future__ import annotations

import pytest

from groundwork.base.models import Change
from groundwork.study.actions.roll import sign_in, take_part, tick_people
from groundwork.study.actions.sheet import close_sheet
from groundwork.study.models import RollConfirmation, RollEntry, Source
from groundwork.study.tests.make_roll import (
    AFTER,
    ENDS,
    TONIGHT,
    on_roll,
    the_room,
    the_sheet,
    tonight,
)
from tests.hands import at_once, need_connections

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hall(transactional_db, tmp_path_factory):
    need_connections()
    from tests.cast import build

    cast = build()
    return cast, tonight(cast, live_url="https://live.example/1")


def test_one_person_by_two_sources_at_once_is_one_entry_and_one_confirmation(hall):
    cast, evening = hall
    room, sheet = the_room(evening), the_sheet(cast, evening)
    staff, secretary = cast.actor("staff"), cast.actor("unit_secretary")
    person = cast.people["staff"].public_id
    at_once(
        lambda: sign_in(room.public_id, scanned_at=TONIGHT, source=Source.QR, by=staff, at=TONIGHT),
        lambda: tick_people(sheet.public_id, [person], by=secretary, at=TONIGHT),
        lambda: take_part(evening.public_id, source=Source.LIVE, by=staff, at=TONIGHT),
        lambda: sign_in(room.public_id, scanned_at=TONIGHT, source=Source.QR, by=staff, at=TONIGHT),
    )
    assert RollEntry.objects.count() == 1
    assert RollConfirmation.objects.count() == 2
    assert Change.objects.filter(kind="study.roll").count() == 1


def test_closing_while_late_taps_arrive_leaves_totals_that_add_up(hall):
    cast, evening = hall
    room, sheet = the_room(evening), the_sheet(cast, evening)
    secretary = cast.actor("unit_secretary")

    def tap(who):
        by = cast.actor(who)
        return lambda: sign_in(room.public_id, scanned_at=ENDS, source=Source.QR, by=by, at=AFTER)

    at_once(
        tap("staff"),
        tap("colleague"),
        lambda: close_sheet(sheet.public_id, by=secretary, at=AFTER),
        tap("clerk"),
    )
    sheet.refresh_from_db()
    assert all(on_roll(cast, evening, who) for who in ("staff", "colleague", "clerk"))
    assert (sheet.expected, sheet.took_part, sheet.absences.count()) == (5, 3, 2)


def test_two_secretaries_ticking_the_same_people_count_each_once(hall):
    cast, evening = hall
    sheet = the_sheet(cast, evening)
    people = [cast.people[who].public_id for who in ("staff", "branch_secretary", "clerk")]
    done = []

    def tick(who):
        by = cast.actor(who)
        return lambda: done.append(tick_people(sheet.public_id, people, by=by, at=TONIGHT))

    at_once(tick("unit_secretary"), tick("clerk"), tick("branch_secretary"))
    assert sorted(done) == [0, 0, 3]
    assert RollEntry.objects.count() == 3
    assert RollConfirmation.objects.count() == 0
