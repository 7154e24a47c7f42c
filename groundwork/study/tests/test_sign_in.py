"""Somebody signs in: once, tonight, by the server's clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from groundwork.access.tests.make import sign_in as enter
from groundwork.base import clock
from groundwork.base.errors import NotFound
from groundwork.base.models import Change, TrailEntry
from groundwork.study.actions.evening import cancel_evening
from groundwork.study.actions.roll import correct_roll, sign_in, sign_in_by_code, take_part
from groundwork.study.actions.sheet import close_sheet
from groundwork.study.models import CodeGuess, RollConfirmation, RollEntry, RollSheet, Source
from groundwork.study.queries import rooms
from groundwork.study.rules import roll as rules
from groundwork.study.tests.make import CITY
from groundwork.study.tests.make_roll import (
    AFTER,
    ENDS,
    MINUTE,
    STARTS,
    TONIGHT,
    digits,
    entry,
    on_roll,
    signed_in,
    the_room,
    the_sheet,
    token,
    tonight,
)


def scan(cast, evening, who="staff", at=TONIGHT, later=timedelta(0)):
    room = the_room(evening)
    found = rooms.scanned_room(room.public_id, token(room, at), at)
    return sign_in(
        found.public_id, scanned_at=at, source=Source.QR, by=cast.actor(who), at=at + later
    )


def test_a_scan_puts_a_person_on_the_roll_with_trail_and_change(cast):
    evening = tonight(cast)
    taken = scan(cast, evening)
    assert taken.fresh
    found = entry(cast, evening)
    assert (found.source, found.body, found.room) == (
        Source.QR,
        cast.bodies["unit"],
        the_room(evening),
    )
    assert TrailEntry.objects.filter(verb="sign_in", object_id=found.public_id).count() == 1
    change = Change.objects.get(kind="study.roll")
    assert change.after == {
        "day": "2026-11-24",
        "evening": evening.public_id,
        "body": cast.bodies["unit"].pk,
    }


def test_a_tap_counts_once_however_often_it_is_sent(cast):
    evening = tonight(cast)
    assert scan(cast, evening).fresh
    for minutes in (1, 2, 30):
        assert not scan(cast, evening, later=minutes * MINUTE).fresh
    assert RollEntry.objects.count() == 1
    assert Change.objects.filter(kind="study.roll").count() == 1
    assert TrailEntry.objects.filter(verb__in=("sign_in", "confirm")).count() == 1


def test_the_first_source_wins_and_a_later_one_confirms_it(cast):
    evening = tonight(cast)
    scan(cast, evening)
    room = the_room(evening)
    taken = sign_in_by_code(digits(room, TONIGHT), by=cast.actor("staff"), at=TONIGHT + MINUTE / 6)
    assert not taken.fresh
    assert taken.entry.source == Source.QR
    assert [c.source for c in RollConfirmation.objects.all()] == [Source.CODE]


@pytest.mark.parametrize(
    ("at", "error"),
    [
        (STARTS - timedelta(minutes=31), rules.NotYet),
        (STARTS - timedelta(minutes=30), None),
        (ENDS, None),
        (ENDS + timedelta(seconds=1), rules.Over),
    ],
)
def test_doors_open_half_an_hour_before_and_close_with_the_end(cast, at, error):
    evening = tonight(cast)
    if error is None:
        assert scan(cast, evening, at=at).fresh
    else:
        with pytest.raises(error):
            scan(cast, evening, at=at)
        assert not on_roll(cast, evening)


def test_a_code_lives_forty_seconds_and_a_photo_of_it_no_longer(cast):
    room = the_room(tonight(cast))
    shown = token(room, TONIGHT)
    assert rooms.scanned_room(room.public_id, shown, TONIGHT + timedelta(seconds=40)) == room
    with pytest.raises(rules.StaleCode):
        rooms.scanned_room(room.public_id, shown, TONIGHT + timedelta(seconds=80))


def test_a_code_of_another_evening_or_an_invented_one_is_refused_with_its_reason(cast):
    mine = the_room(tonight(cast, "haishu_party"))
    other = the_room(tonight(cast, "yinzhou_party"))
    with pytest.raises(rules.OtherEvening):
        rooms.scanned_room(mine.public_id, token(other, TONIGHT), TONIGHT)
    with pytest.raises(rules.ForgedCode):
        rooms.scanned_room(mine.public_id, "5b3c-0011223344556677", TONIGHT)
    with pytest.raises(rules.ForgedCode):
        rooms.scanned_room(mine.public_id, "nonsense", TONIGHT)
    with pytest.raises(NotFound):
        rooms.scanned_room("2222222222xx", token(mine, TONIGHT), TONIGHT)


def test_a_cancelled_evening_takes_nobody(cast):
    evening = tonight(cast)
    cancel_evening(evening.public_id, reason="台风", by=CITY, at=STARTS - timedelta(hours=3))
    with pytest.raises(rules.Cancelled):
        scan(cast, evening)
    assert not on_roll(cast, evening)


def test_a_tap_without_a_line_arrives_until_the_next_morning(cast):
    evening = tonight(cast)
    assert scan(cast, evening, later=timedelta(hours=12)).fresh
    with pytest.raises(rules.ReceiptOver):
        scan(cast, evening, "colleague", later=timedelta(hours=12, seconds=1))


def test_a_late_tap_moves_the_totals_of_a_sheet_closed_meanwhile(cast):
    evening = tonight(cast)
    sheet = the_sheet(cast, evening)
    close_sheet(sheet.public_id, by=cast.actor("unit_secretary"), at=AFTER)
    sheet.refresh_from_db()
    assert (sheet.expected, sheet.took_part, sheet.absences.count()) == (5, 0, 5)
    scan(cast, evening, later=AFTER - TONIGHT + MINUTE)
    sheet.refresh_from_db()
    assert (sheet.expected, sheet.took_part, sheet.absences.count()) == (5, 1, 4)


def test_a_receipt_is_good_for_one_account_and_cannot_be_made_up(cast):
    evening = tonight(cast)
    staff, colleague = cast.actor("staff"), cast.actor("colleague")
    receipt = rooms.receipt_for(the_room(evening).public_id, TONIGHT, staff)
    assert rooms.read_receipt(receipt, staff).scanned_at == TONIGHT
    with pytest.raises(rules.NotYourReceipt):
        rooms.read_receipt(receipt, colleague)
    with pytest.raises(rules.ForgedCode):
        rooms.read_receipt(receipt[:-2] + "xx", staff)


def test_somebody_from_outside_the_audience_comes_as_a_guest_on_no_units_sheet(cast):
    evening = tonight(cast, "haishu_party")
    assert scan(cast, evening, "outsider").fresh
    assert entry(cast, evening, "outsider").body == cast.bodies["other_unit"]
    assert not RollSheet.objects.filter(body=cast.bodies["other_unit"]).exists()


def test_an_account_without_a_person_cannot_sign_in(cast):
    with pytest.raises(rules.NoPerson):
        scan(cast, tonight(cast), "enterprise")


def test_six_digits_sign_in_and_wrong_ones_run_out(cast):
    evening = tonight(cast)
    room, by = the_room(evening), cast.actor("staff")
    wrong = "000000" if digits(room, TONIGHT) != "000000" else "000001"
    for _ in range(rules.WRONG_CODES):
        with pytest.raises(rules.ForgedCode):
            sign_in_by_code(wrong, by=by, at=TONIGHT)
    with pytest.raises(rules.TooManyCodes):
        sign_in_by_code(digits(room, TONIGHT), by=by, at=TONIGHT + MINUTE)
    assert sign_in_by_code(digits(room, TONIGHT), by=cast.actor("colleague"), at=TONIGHT).fresh, (
        "one account's guesses are nobody else's"
    )
    later = TONIGHT + rules.WRONG_CODES_PER
    assert sign_in_by_code(digits(room, later), by=by, at=later).fresh
    assert CodeGuess.objects.count() == 1


def test_digits_of_another_hall_say_so(cast):
    tonight(cast, "haishu_party")
    other = the_room(tonight(cast, "yinzhou_party"))
    with pytest.raises(rules.OtherEvening):
        sign_in_by_code(digits(other, TONIGHT), by=cast.actor("staff"), at=TONIGHT)


def test_one_tap_counts_while_the_broadcast_runs_and_not_without_one(cast):
    evening = tonight(cast, live_url="https://live.example/1")
    by = cast.actor("staff")
    for at in (STARTS - MINUTE, ENDS + MINUTE):
        with pytest.raises(rules.NoBroadcast):
            take_part(evening.public_id, source=Source.LIVE, by=by, at=at)
    assert take_part(evening.public_id, source=Source.LIVE, by=by, at=TONIGHT).fresh
    silent = tonight(cast, starts_at=STARTS + timedelta(days=7))
    with pytest.raises(rules.NoBroadcast):
        take_part(silent.public_id, source=Source.LIVE, by=by, at=TONIGHT + timedelta(days=7))


def test_an_evening_is_made_up_within_fourteen_days_after_its_end(cast):
    evening = tonight(cast)
    by = cast.actor("staff")
    with pytest.raises(rules.MakeUpNotYet):
        take_part(evening.public_id, source=Source.REPLAY, by=by, at=TONIGHT)
    at = ENDS + timedelta(days=14, seconds=1)
    with pytest.raises(rules.MakeUpOver):
        take_part(evening.public_id, source=Source.REPLAY, by=by, at=at)
    taken = take_part(
        evening.public_id, source=Source.STATEMENT, by=by, at=ENDS + timedelta(days=14)
    )
    assert taken.fresh
    assert taken.entry.source == Source.STATEMENT


def test_who_was_taken_off_comes_back_by_a_scan_but_not_by_an_own_statement(cast):
    evening = tonight(cast)
    signed_in(cast, evening, "staff", "colleague")
    sheet, by = the_sheet(cast, evening), cast.actor("unit_secretary")
    for who in ("staff", "colleague"):
        correct_roll(
            sheet.public_id,
            cast.people[who].public_id,
            took_part=False,
            reason="代签",
            by=by,
            at=TONIGHT + MINUTE,
        )
    with pytest.raises(rules.TakenOff):
        take_part(evening.public_id, source=Source.STATEMENT, by=cast.actor("colleague"), at=AFTER)
    assert scan(cast, evening, at=TONIGHT + 2 * MINUTE).fresh
    assert not entry(cast, evening).withdrawn
    assert entry(cast, evening, "colleague").withdrawn


def test_the_hot_path_stays_lean(cast, django_assert_num_queries):
    evening = tonight(cast)
    by, room = cast.actor("staff"), the_room(evening)
    # BEGIN is none of Django's; sheet with evening and room, insert, read back, trail, change.
    with django_assert_num_queries(5 + 2):  # + the test's own savepoint and its release
        sign_in(room.public_id, scanned_at=TONIGHT, source=Source.QR, by=by, at=TONIGHT)


def test_only_the_servers_clock_counts(cast, at):
    evening = tonight(cast)
    client = cast.client("staff")
    room = the_room(evening)
    shown = client.get(
        f"/s/{room.public_id}/{token(room, at)}", headers={"date": "Mon, 01 Jan 2001 00:00:00 GMT"}
    )
    assert shown.status_code == 200
    with clock.at(at + timedelta(minutes=3)):
        late = client.get(f"/s/{room.public_id}/{token(room, at)}")
    assert late.status_code == 422


@pytest.mark.parametrize(("minutes", "status"), [(5, 200), (16, 422), (6 * 60, 422)])
def test_a_scan_before_signing_in_waits_a_quarter_of_an_hour_for_its_owner(
    cast, at, client, minutes, status
):
    room = the_room(tonight(cast))
    assert client.get(f"/s/{room.public_id}/{token(room, at)}").status_code == 302
    enter(client, cast.accounts["staff"])
    with clock.at(at + minutes * MINUTE):
        page = client.get("/study/sign-in/here/")
    assert page.status_code == status
    assert ('name="receipt"' in page.content.decode()) is (status == 200)


def test_the_scan_address_takes_no_six_digits_so_that_every_guess_is_counted(cast, at):
    room = the_room(tonight(cast))
    client = cast.client("staff")
    assert client.get(f"/s/{room.public_id}/{digits(room, at)}").status_code == 422
    assert client.get(f"/s/{room.public_id}/{token(room, at)}").status_code == 200
