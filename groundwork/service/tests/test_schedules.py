"""Asking again at set times: the calendar's turns, one round a turn, paused, ended, by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from groundwork.access.models import Notice
from groundwork.base import clock
from groundwork.base.clock import ZONE
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import DayOverride, TrailEntry
from groundwork.base.workdays import Calendar
from groundwork.service.actions import rounds, schedules
from groundwork.service.models import Round, RoundSchedule
from groundwork.service.queries import rounds as queries
from groundwork.service.rules import schedules as rules
from groundwork.service.tasks import keep_rounds
from groundwork.service.tests.make import AT, a_round
from tests.hands import at_once, need_connections

NINE = time(9)
PLAN = schedules.SchedulePlan(
    every="month",
    nth=1,
    opens=NINE,
    lasts=5,
    authority="甬教〔2026〕12号",
    valid_from=AT.date(),
    valid_to=date(2027, 3, 31),
)


def on(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZONE)


DECEMBER, JANUARY = on(2026, 12, 1), on(2027, 1, 4)


# ---- rules -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("every", "nth", "since", "turn"),
    [
        ("week", 1, (2026, 11, 24), (2026, 11, 30)),
        ("week", 2, (2026, 11, 24), (2026, 11, 24)),
        ("week", 5, (2026, 11, 28), (2026, 12, 4)),
        ("week", 1, (2020, 10, 1), (2020, 10, 9)),  # eight days of holiday: the Friday after
        ("week", 5, (2020, 9, 28), (2020, 9, 30)),  # three working days: the last of them
        ("month", 1, (2020, 10, 1), (2020, 10, 9)),
        ("month", 1, (2020, 10, 10), (2020, 11, 2)),
        ("month", 20, (2020, 2, 1), (2020, 2, 28)),
        ("quarter", 1, (2025, 10, 10), (2026, 1, 4)),  # a Sunday worked for the second
        ("quarter", 60, (2020, 1, 1), (2020, 3, 31)),
    ],
)
def test_a_turn_is_the_nth_working_day_of_its_period_or_the_last_one(every, nth, since, turn):
    rhythm = rules.Rhythm(every, nth, NINE, 5)
    assert rules.next_turn(Calendar(), rhythm, since=date(*since)) == date(*turn)


def test_turns_follow_an_obvious_count_through_four_years_of_holidays():
    days = Calendar()
    for every in rules.MOST_NTH:
        rhythm = rules.Rhythm(every, 3, NINE, 5)
        seen, day = [], date(2018, 1, 1)
        while (day := rules.next_turn(days, rhythm, since=day)) < date(2022, 1, 1):
            seen.append(day)
            day += rules.DAY
        periods = [rules.period_of(every, one) for one in seen]
        assert len(set(periods)) == len(periods), "one in each"
        for turn, (first, last) in zip(seen, periods, strict=True):
            before = sum(days.is_working(first + n * rules.DAY) for n in range((turn - first).days))
            rest = any(
                days.is_working(turn + n * rules.DAY) for n in range(1, (last - turn).days + 1)
            )
            assert days.is_working(turn)
            assert before == 2 or (before < 2 and not rest)


def test_a_week_in_which_nobody_works_is_left_out_and_the_offices_own_table_counts():
    week = {date(2027, 2, 8) + n * rules.DAY: False for n in range(7)}
    rhythm = rules.Rhythm("week", 1, NINE, 5)
    off = Calendar(week)
    assert rules.turn_in(off, rhythm, date(2027, 2, 10)) is None
    assert rules.next_turn(off, rhythm, since=date(2027, 2, 8)) == date(2027, 2, 15)
    sunday = Calendar(week | {date(2027, 2, 14): True})
    assert rules.next_turn(sunday, rhythm, since=date(2027, 2, 8)) == date(2027, 2, 14)


@pytest.mark.parametrize(
    ("every", "nth", "lasts"),
    [("week", 6, 5), ("month", 21, 5), ("quarter", 61, 5), ("month", 0, 5), ("month", 1, 0),
     ("month", 1, 41), ("year", 1, 5)],
)  # fmt: skip
def test_a_rhythm_that_no_calendar_keeps_is_refused(every, nth, lasts):
    with pytest.raises(rules.BadRhythm):
        rules.check_rhythm(rules.Rhythm(every, nth, NINE, lasts))


def test_an_end_lies_between_the_first_turn_and_two_years_on():
    first = date(2026, 12, 1)
    rules.check_span(first, first)
    rules.check_span(first, first + rules.LONGEST)
    for end in (first - rules.DAY, first + rules.LONGEST + rules.DAY):
        with pytest.raises(rules.BadSpan):
            rules.check_span(first, end)


# ---- acts ------------------------------------------------------------------------------------
def scheduled(cast, asked: Round | None = None, **more) -> RoundSchedule:
    DayOverride.objects.get_or_create(day=date(2027, 1, 1), defaults={"working": False})
    asked = asked or a_round(cast, "named", opened=False, people=(cast.people["staff"],))
    plan = replace(PLAN, **more)
    return schedules.schedule_round(asked.public_id, plan, by=cast.actor("unit_secretary"), at=AT)


def newest(schedule: RoundSchedule) -> Round:
    return schedule.rounds.order_by("-turn")[0]


@pytest.mark.django_db
def test_a_draft_becomes_the_first_turn_and_is_opened_told_and_followed_by_the_next(cast):
    made = scheduled(cast)
    first = newest(made)
    assert (first.state, first.opens_at, first.turn) == ("draft", DECEMBER, DECEMBER.date())
    assert first.closes_at == on(2026, 12, 8, hour=18)
    assert schedules.run_schedules(at=DECEMBER - timedelta(seconds=1)) == 0
    with clock.at(DECEMBER):
        keep_rounds()  # the worker's own task
        keep_rounds()
    first.refresh_from_db()
    assert (first.state, first.told_at) == ("open", DECEMBER)
    assert Notice.objects.filter(kind="service.round").count() == 1
    after = newest(made)
    assert (made.rounds.count(), after.state, after.opens_at) == (2, "draft", JANUARY)
    assert list(after.questions.values_list("text")) == list(first.questions.values_list("text"))
    assert after.invites.get().person == cast.people["staff"]
    said = TrailEntry.objects.filter(kind__startswith="service.round").order_by("pk")
    who = [(row.kind.partition(".")[2], row.verb) for row in said]
    assert who == [
        ("round", "draft"),
        ("round_schedule", "set"),
        ("round", "open"),
        ("round", "draft"),
    ]


@pytest.mark.django_db
def test_a_round_that_was_asked_already_is_copied_and_the_draft_may_be_changed_until_its_turn(cast):
    asked = a_round(cast)
    made, chief = scheduled(cast, asked), cast.actor("unit_secretary")
    draft = newest(made)
    assert (made.rounds.count(), draft.pk != asked.pk, asked.state) == (1, True, "open")
    with pytest.raises(rules.Scheduled):
        scheduled(cast, draft)
    plan = rounds.plan_again(draft, DECEMBER + timedelta(days=1), DECEMBER + timedelta(days=9))
    later = replace(plan, questions=("今年还差什么？",))
    rounds.edit_round(draft.public_id, later, by=chief, at=AT)
    assert schedules.run_schedules(at=DECEMBER) == 0, "moved by hand, this once"
    assert schedules.run_schedules(at=DECEMBER + timedelta(days=1)) == 1
    assert newest(made).opens_at == JANUARY
    assert newest(made).questions.get().text == "今年还差什么？"


@pytest.mark.django_db
def test_a_draft_follows_holidays_that_are_entered_after_it_was_made_unless_moved_by_hand(cast):
    made, chief = scheduled(cast, valid_from=date(2027, 1, 1)), cast.actor("unit_secretary")
    assert newest(made).opens_at == JANUARY
    DayOverride.objects.create(day=JANUARY.date(), working=False)
    assert schedules.run_schedules(at=JANUARY - timedelta(days=9)) == 0
    assert newest(made).opens_at == on(2027, 1, 5)
    assert newest(made).closes_at == on(2027, 1, 12, hour=18)
    DayOverride.objects.create(day=date(2027, 1, 5), working=False)
    own = rounds.plan_again(newest(made), on(2027, 1, 5, hour=14), on(2027, 1, 20))
    rounds.edit_round(newest(made).public_id, own, by=chief, at=AT)
    assert schedules.run_schedules(at=JANUARY) == 0
    assert newest(made).opens_at == on(2027, 1, 5, hour=14)


@pytest.mark.django_db
def test_a_draft_opened_by_hand_is_its_turn_and_the_next_follows(cast):
    made = scheduled(cast)
    rounds.open_round(newest(made).public_id, by=cast.actor("unit_secretary"), at=AT)
    assert schedules.run_schedules(at=AT) == 0
    assert (made.rounds.count(), newest(made).opens_at) == (2, JANUARY)


@pytest.mark.django_db
def test_what_is_paused_does_not_begin_and_goes_on_with_the_next_turn(cast):
    made, chief = scheduled(cast), cast.actor("unit_secretary")
    schedules.pause_schedule(made.public_id, by=chief, at=AT)
    with pytest.raises(rules.NotRunning):
        schedules.pause_schedule(made.public_id, by=chief, at=AT)
    assert schedules.run_schedules(at=DECEMBER) == 0
    assert newest(made).state == "draft"
    schedules.resume_schedule(made.public_id, by=chief, at=DECEMBER + timedelta(days=3))
    assert (made.rounds.count(), newest(made).opens_at) == (1, JANUARY)
    with pytest.raises(rules.NotRunning):
        schedules.resume_schedule(made.public_id, by=chief, at=JANUARY)
    schedules.end_schedule(made.public_id, by=chief, at=JANUARY)
    assert schedules.run_schedules(at=JANUARY) == 0
    for act in (schedules.end_schedule, schedules.pause_schedule, schedules.resume_schedule):
        with pytest.raises(rules.NotRunning):
            act(made.public_id, by=chief, at=JANUARY)
    assert queries.running(chief) == []


@pytest.mark.django_db
def test_after_its_last_day_it_ends_by_itself_and_a_turn_slept_through_is_left_out(cast):
    made = scheduled(cast, valid_to=date(2027, 1, 31))
    assert schedules.run_schedules(at=DECEMBER + timedelta(days=20)) == 0, "it would be over by now"
    assert (made.rounds.count(), newest(made).opens_at) == (1, JANUARY)
    assert TrailEntry.objects.filter(kind="service.round", verb="move").count() == 1
    assert schedules.run_schedules(at=JANUARY + timedelta(days=1)) == 1, "late, but still open"
    made.refresh_from_db()
    assert (made.rounds.count(), made.ended_at) == (1, JANUARY + timedelta(days=1))


@pytest.mark.django_db
def test_a_body_that_is_no_more_asks_no_more(cast):
    made = scheduled(cast)
    unit = cast.bodies["unit"]
    type(unit).objects.filter(pk=unit.pk).update(valid_to=AT.date())
    assert schedules.run_schedules(at=DECEMBER) == 0
    made.refresh_from_db()
    assert made.ended_at == DECEMBER
    assert newest(made).state == "draft"


@pytest.mark.django_db
def test_who_reads_the_units_rounds_may_not_set_them_and_strangers_find_nothing(cast):
    made, asked = scheduled(cast), a_round(cast, opened=False)
    for who, error in (("unit_handler", Forbidden), ("other_secretary", NotFound)):
        by = cast.actor(who)
        with pytest.raises(error):
            schedules.schedule_round(asked.public_id, PLAN, by=by, at=AT)
        for act in (schedules.pause_schedule, schedules.resume_schedule, schedules.end_schedule):
            with pytest.raises(error):
                act(made.public_id, by=by, at=AT)
    assert [row.schedule for row in queries.running(cast.actor("unit_handler"))] == [made]
    assert queries.running(cast.actor("other_secretary")) == []


@pytest.mark.django_db
def test_the_page_sets_it_shows_it_and_ends_it(cast):
    asked, client = a_round(cast, opened=False), cast.client("unit_secretary")
    DayOverride.objects.create(day=DECEMBER.date(), working=False)
    sent = {
        "every": "month", "nth": "1", "opens": "09:00", "lasts": "5",
        "authority": "甬教〔2026〕12号", "valid_from": "2026-11-25", "valid_to": "2027-03-31",
    }  # fmt: skip
    address = f"/service/rounds/{asked.public_id}/schedule/"
    with clock.at(AT):
        assert client.get(address).status_code == 200
        assert client.post(address, sent | {"nth": "30"}).status_code == 422
        assert client.post(address, sent | {"valid_to": "2026-11-26"}).status_code == 422
        assert client.post(address, sent).status_code == 302
        made = RoundSchedule.objects.get()
        assert newest(made).turn == date(2026, 12, 2), "the office's table says the first is off"
        listed = client.get("/service/rounds/").content.decode()
        assert "每月第1个工作日" in listed
        page = client.get(f"/service/rounds/{asked.public_id}/").content.decode()
        assert "甬教〔2026〕12号" in page
        assert client.post(f"/service/schedules/{made.public_id}/pause/").status_code == 302
        assert "已暂停" in client.get("/service/rounds/").content.decode()
        assert client.post(f"/service/schedules/{made.public_id}/end/").status_code == 302
        assert "每月第1个工作日" not in client.get("/service/rounds/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_open_one_round_and_draft_one(transactional_db):
    need_connections()
    from tests.cast import build

    cast = build()
    made = scheduled(cast)
    found = at_once(*[lambda: schedules.run_schedules(at=DECEMBER)] * 3)
    assert sorted(found) == [0, 0, 1]
    assert list(made.rounds.order_by("turn").values_list("state", flat=True)) == ["open", "draft"]
    assert Notice.objects.filter(kind="service.round").count() == 1
