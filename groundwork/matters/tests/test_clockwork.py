"""What happens by itself: silence ends the asking, deadlines are told, higher each day."""

from __future__ import annotations

from datetime import datetime, timedelta

from groundwork.access.models import Notice
from groundwork.base.clock import ZONE
from groundwork.matters.actions import steps
from groundwork.matters.actions.clockwork import escalate_late, lapse_unanswered
from groundwork.matters.actions.joining import join_matter
from groundwork.matters.actions.raising import Teller, Telling
from groundwork.matters.actions.verdict import confirm_matter, refuse_matter
from groundwork.matters.models import Matter
from groundwork.matters.tests.make import at_state, raise_one, receipt_at

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def fresh(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def told(cast, kind, since=None):
    """Name who of the cast got a notice of a kind."""
    rows = Notice.objects.filter(kind=kind)
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    ids = set(rows.values_list("account_id", flat=True))
    return {who for who, account in cast.accounts.items() if account.pk in ids}


def on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=ZONE)


def test_silence_is_no_confirmation_it_has_a_state_of_its_own(cast, at):
    receipt = receipt_at(cast, "answered", email="shen@example.com")
    matter = receipt.matter
    assert lapse_unanswered(matter.ask_until) == 0  # the last moment still counts
    assert lapse_unanswered(matter.ask_until + HOUR) == 1
    assert lapse_unanswered(matter.ask_until + HOUR) == 0
    stored = fresh(matter)
    assert (stored.state, stored.ask_until) == ("unit_done", None)
    assert stored.steps.last().verb == "lapse"
    assert told(cast, "matters.lapse") == {"unit_handler"}
    # And who speaks later is heard.
    refuse_matter(receipt.secret, "还在打桩。", by=steps.BY_RAISER, at=matter.ask_until + DAY)
    assert fresh(matter).state == "redo"


def test_where_who_raised_it_is_silent_the_word_of_who_joined_decides(cast, at):
    receipt = receipt_at(cast, "answered")
    matter = receipt.matter
    telling = Telling("我也听到了。", matter.category, matter.place, "portal")
    joined = join_matter(matter.public_id, telling, Teller(), by=steps.BY_RAISER, at=at)
    confirm_matter(joined.secret, by=steps.BY_RAISER, at=at)
    assert fresh(matter).state == "answered"  # the first raiser has the first word
    assert lapse_unanswered(matter.ask_until + HOUR) == 1
    assert fresh(matter).state == "solved"


def test_the_lead_is_warned_once_on_the_last_working_day(cast, at):
    matters = [at_state(cast, "handling") for _ in range(3)]
    due = matters[0].due_at  # Thursday's end of office
    escalate_late(due - 2 * DAY)
    assert told(cast, "matters.amber") == set()
    escalate_late(due - HOUR)
    escalate_late(due)
    assert told(cast, "matters.amber") == {"unit_handler"}
    [notice] = Notice.objects.filter(kind="matters.amber")
    assert "3 件" in notice.text


def test_a_missed_deadline_goes_up_the_tree_a_level_each_working_day(cast, at):
    matter = at_state(cast, "handling")
    due = matter.due_at  # Thursday 26 November, 17:30
    assert escalate_late(due) == 0
    monday = due + 4 * DAY
    steps_up = [
        (due + HOUR, 1, {"unit_secretary"}),
        (due + DAY - HOUR, 1, set()),
        (due + DAY + HOUR, 2, {"district_operator"}),  # 海曙区委 stands above the unit
        (due + 3 * DAY, 2, set()),  # a Sunday moves nothing
        (monday + HOUR, 3, {"city_operator"}),
        (monday + 5 * DAY, 3, set()),  # above the city there is nobody
    ]
    for moment, level, who in steps_up:
        escalate_late(moment)
        assert fresh(matter).escalation == level, moment
        assert told(cast, "matters.red", since=moment) == who, moment
    assert matter.steps.filter(verb="escalate").count() == 3


def test_a_worker_that_stood_still_tells_every_level_it_missed(cast, at):
    matter = at_state(cast, "handling")
    assert escalate_late(matter.due_at + 30 * DAY) == 1
    assert fresh(matter).escalation == 3
    assert told(cast, "matters.red") == {"unit_secretary", "district_operator", "city_operator"}


def test_what_nobody_accepts_is_told_to_the_dispatcher_and_up_the_places(cast, at):
    matter = raise_one(cast).matter
    escalate_late(matter.due_at + HOUR)
    assert told(cast, "matters.red") == {"dispatcher"}
    escalate_late(matter.due_at + DAY + HOUR)
    assert told(cast, "matters.red") == {"dispatcher", "district_operator"}
    escalate_late(matter.due_at + 2 * DAY + HOUR)
    assert told(cast, "matters.red") == {"dispatcher", "district_operator", "city_operator"}


def test_nobody_of_the_body_complained_of_is_told(cast, at):
    matter = at_state(
        cast, "handling", lead="other_unit", kind="complaint", concerns=cast.bodies["bureau"]
    )
    escalate_late(matter.due_at + 30 * DAY)
    assert told(cast, "matters.red") == {"other_secretary"}  # the city's operator sits in it


def test_what_is_withheld_or_answered_is_told_to_nobody(cast, at):
    hidden = raise_one(cast, withheld_until=on(30, 9)).matter
    answered = at_state(cast, "answered")
    assert escalate_late(on(29, 9)) == 0
    assert (fresh(hidden).escalation, fresh(answered).escalation) == (0, 0)


def test_many_late_matters_of_one_lead_are_one_notice_and_few_statements(
    cast, at, django_assert_max_num_queries
):
    matters = [at_state(cast, "handling") for _ in range(8)]
    with django_assert_max_num_queries(60):
        assert escalate_late(matters[0].due_at + HOUR) == 8
    [notice] = Notice.objects.filter(kind="matters.red")
    assert "8 件" in notice.text
