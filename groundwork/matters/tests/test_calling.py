"""Call-backs: by somebody other than the handler, three questions, at most three tries."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from groundwork.access.models import Grant
from groundwork.base.actor import Role
from groundwork.base.clock import ZONE
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import TrailEntry
from groundwork.base.workdays import Calendar
from groundwork.matters.actions import calling as actions
from groundwork.matters.actions.calling import CallSaid
from groundwork.matters.actions.merging import merge_matters
from groundwork.matters.actions.verdict import refuse_matter
from groundwork.matters.models import CallTask, CoHandler, Raiser, Verdict
from groundwork.matters.policy.calling import call_for, callable_tasks
from groundwork.matters.queries import calling as queries
from groundwork.matters.queries.satisfaction import Asked, by_door, by_place, satisfaction
from groundwork.matters.rules import calling as rules
from groundwork.matters.tests.make import at_state, raise_one, receipt_at
from tests.cast import SINCE

ANSWERED = datetime(2026, 11, 16, 9, 0, tzinfo=ZONE)  # raised; answered at one o'clock, a Monday
DAY = timedelta(days=1)
EARLY = datetime(2026, 11, 18, 20, 0, tzinfo=ZONE)  # Wednesday: two working days of silence
NOW = datetime(2026, 11, 19, 9, 0, tzinfo=ZONE)  # Thursday: three
pytestmark = pytest.mark.django_db


def answered(cast, **more):
    return at_state(cast, "answered", at=ANSWERED, **more)


def task_of(matter):
    actions.open_calls(at=NOW)
    return CallTask.objects.get(matter=matter)


def ring(task, caller, said, at=NOW):
    actions.take_call(task.public_id, by=caller, at=at)
    return actions.record_call(task.public_id, said, by=caller, at=at)


@given(st.dates(date(2004, 1, 10), date(2027, 12, 31)))
def test_silence_is_counted_in_working_days(today):
    calendar, last = Calendar(), rules.last_day_answered(Calendar(), today)
    assert calendar.between(last, today) >= rules.SILENT_DAYS
    assert calendar.between(last + DAY, today) < rules.SILENT_DAYS


def test_a_call_is_opened_for_who_left_a_number_and_said_nothing(cast):
    silent = answered(cast)
    answered(cast, phone="")
    spoke = answered(cast)
    Verdict.objects.create(
        matter=spoke, raiser=spoke.raisers.get(), round=0, source="page", at=EARLY, satisfied=True
    )
    at_state(cast, "handling", at=ANSWERED)
    assert actions.open_calls(at=EARLY) == 0
    assert actions.open_calls(at=NOW) == 1
    assert actions.open_calls(at=NOW) == 0
    task = CallTask.objects.get()
    assert task.matter == silent
    assert task.due_at <= silent.ask_until


def test_a_call_closes_by_itself_when_the_raiser_speaks_first(cast):
    receipt = receipt_at(cast, "answered", at=ANSWERED)
    task = task_of(receipt.matter)
    refuse_matter(receipt.secret, "还在吵", by=cast.actor("resident"), at=NOW)
    with pytest.raises(rules.CallOver):
        actions.take_call(task.public_id, by=cast.actor("dispatcher"), at=NOW)
    assert actions.drop_calls(at=NOW) == 1
    task.refresh_from_db()
    assert (task.outcome, task.done_at) == ("", NOW)


def test_solved_over_the_phone_is_the_raisers_word(cast):
    task = task_of(answered(cast))
    said = CallSaid("reached", answered=True, solved=True, satisfied=False, words="慢了点")
    ring(task, cast.actor("dispatcher"), said)
    verdict = Verdict.objects.get()
    assert (verdict.answered, verdict.solved, verdict.satisfied) == (True, True, False)
    assert (verdict.source, verdict.raiser.first) == ("call", True)
    task.matter.refresh_from_db()
    assert task.matter.state == "solved"


def test_not_solved_over_the_phone_goes_back_to_work(cast):
    task = task_of(answered(cast))
    ring(task, cast.actor("dispatcher"), CallSaid("reached", solved=False))
    task.matter.refresh_from_db()
    assert (task.matter.state, task.matter.redo_count) == ("redo", 1)
    assert task.matter.solve_by > NOW
    account = cast.accounts["dispatcher"].pk
    step = task.matter.steps.get(verb="call_back")
    assert (step.account_id, step.audience) == (account, "staff")


def test_a_word_on_satisfaction_alone_moves_nothing(cast):
    task = task_of(answered(cast))
    caller = cast.actor("dispatcher")
    actions.take_call(task.public_id, by=caller, at=NOW)
    with pytest.raises(rules.NothingAsked):
        actions.record_call(task.public_id, CallSaid("reached"), by=caller, at=NOW)
    actions.record_call(task.public_id, CallSaid("reached", satisfied=True), by=caller, at=NOW)
    task.matter.refresh_from_db()
    assert task.matter.state == "answered"
    assert CallTask.objects.get().outcome == "reached"


def test_nobody_is_rung_twice_a_day_nor_four_times(cast):
    task, caller = task_of(answered(cast)), cast.actor("dispatcher")
    said = CallSaid("no_answer")
    ring(task, caller, said)
    with pytest.raises(rules.NotYetAgain):
        actions.take_call(task.public_id, by=caller, at=NOW + timedelta(hours=5))
    assert queries.calls(caller, NOW).rows == []
    assert queries.calls(caller, NOW).later == 1
    ring(task, caller, said, at=NOW + DAY)
    ring(task, caller, said, at=NOW + 4 * DAY)
    task.refresh_from_db()
    assert (task.tries, task.outcome) == (3, "no_answer")
    with pytest.raises(rules.CallOver):
        actions.take_call(task.public_id, by=caller, at=NOW + 5 * DAY)


@pytest.mark.parametrize("outcome", ["wrong_number", "refused"])
def test_who_cannot_or_does_not_want_to_be_asked_is_left_alone(cast, outcome):
    task = task_of(answered(cast))
    ring(task, cast.actor("dispatcher"), CallSaid(outcome))
    task.refresh_from_db()
    assert (task.outcome, task.done_at) == (outcome, NOW)
    assert not Verdict.objects.exists()


def test_the_caller_had_no_hand_in_the_answer(cast):
    caller = cast.actor("dispatcher")  # works at the bureau
    led, helped, free = (answered(cast, lead="bureau"), answered(cast), answered(cast))
    CoHandler.objects.create(matter=helped, body=cast.bodies["bureau"], asked_at=NOW)
    actions.open_calls(at=NOW)
    assert [task.matter for task in callable_tasks(caller, NOW)] == [free]
    for matter in (led, helped):
        with pytest.raises(Forbidden):
            call_for(caller, matter.calls.get().public_id, at=NOW)
    task = free.calls.get().public_id
    with pytest.raises(Forbidden):
        call_for(cast.actor("unit_handler"), task, at=NOW)  # reads the matter, answered it
    with pytest.raises(NotFound):
        call_for(cast.actor("other_handler"), task, at=NOW)


def test_the_number_is_there_for_half_an_hour_to_the_one_who_rings_and_trailed(cast):
    task, caller = task_of(answered(cast)), cast.actor("dispatcher")
    assert queries.call(task, caller, NOW).phone == ""
    with pytest.raises(rules.TakeItFirst):
        actions.record_call(task.public_id, CallSaid("refused"), by=caller, at=NOW)
    task = actions.take_call(task.public_id, by=caller, at=NOW)
    assert queries.call(task, caller, NOW).phone == "13800005678"
    assert TrailEntry.objects.filter(verb="reveal_phone", object_id=task.public_id).count() == 1
    late = NOW + rules.HOLD
    assert queries.call(task, caller, late).phone == ""
    with pytest.raises(rules.TakeItFirst):
        actions.record_call(task.public_id, CallSaid("refused"), by=caller, at=late)


def test_a_call_in_somebodys_hand_is_not_anothers(cast):
    Grant.objects.create(
        account=cast.accounts["clerk"],
        role=Role.DISPATCHER,
        place=cast.places["yinzhou"],
        valid_from=SINCE,
    )
    cast.grants["clerk"] = Grant.objects.get(account=cast.accounts["clerk"], role=Role.DISPATCHER)
    task = task_of(answered(cast, place="dongsheng", lead="other_unit"))
    first, second = cast.actor("dispatcher"), cast.actor("clerk")
    actions.take_call(task.public_id, by=first, at=NOW)
    for act in (
        lambda: actions.take_call(task.public_id, by=second, at=NOW),
        lambda: actions.record_call(task.public_id, CallSaid("refused"), by=second, at=NOW),
    ):
        with pytest.raises(rules.TakenByAnother):
            act()
    actions.take_call(task.public_id, by=second, at=NOW + rules.HOLD)


def test_who_raised_what_was_merged_is_rung_for_themselves(cast):
    into = answered(cast)
    caller, early = cast.actor("dispatcher"), ANSWERED + timedelta(hours=2)
    other = raise_one(cast, "又在打桩。", phone="13700002222", at=ANSWERED)
    Verdict.objects.create(  # said of an answer their own matter had, which is another round 0
        matter=other.matter, raiser=other.matter.raisers.get(), round=0, source="page", at=early
    )
    merge_matters(other.matter.public_id, into.public_id, by=caller, at=early)
    assert actions.open_calls(at=NOW) == 2
    assert actions.drop_calls(at=NOW) == 0
    assert actions.open_calls(at=NOW) == 0
    theirs = CallTask.objects.get(raiser=other.matter.raisers.get())
    own = CallTask.objects.get(raiser=None)
    actions.take_call(theirs.public_id, by=caller, at=NOW)
    found = queries.call(call_for(caller, theirs.public_id, at=NOW), caller, NOW)
    assert (found.matter, found.raised, found.phone) == (into, other.matter, "13700002222")
    said = CallSaid("reached", solved=True)
    actions.record_call(theirs.public_id, said, by=caller, at=NOW)
    assert Verdict.objects.get(matter=into).raiser.matter == other.matter
    into.refresh_from_db()
    assert into.state == "answered"  # the first raiser's word decides, and is still asked for
    assert actions.drop_calls(at=NOW) == 0
    ring(own, caller, said)
    into.refresh_from_db()
    assert into.state == "solved"


def test_who_was_merged_late_is_not_rung_before_three_days_of_silence(cast):
    into = answered(cast)
    other = raise_one(cast, "又在打桩。", phone="13700002222", at=ANSWERED)
    merge_matters(other.matter.public_id, into.public_id, by=cast.actor("dispatcher"), at=EARLY)
    assert actions.open_calls(at=NOW) == 1
    assert CallTask.objects.get().raiser is None


def test_who_joined_is_rung_where_the_first_left_no_number(cast):
    matter = answered(cast)
    Raiser.objects.update(phone="")
    joined = Raiser.objects.create(
        matter=matter,
        goes_on=matter,
        first=False,
        phone="13900001111",
        digest="j" * 64,
        joined_at=ANSWERED,
    )
    task = task_of(matter)
    ring(task, cast.actor("dispatcher"), CallSaid("reached", solved=False))
    assert Verdict.objects.get().raiser == joined
    matter.refresh_from_db()
    assert matter.state == "redo"


def say(matter, at, **words):
    raiser = matter.raisers.get()
    Verdict.objects.create(
        matter=matter, raiser=raiser, round=matter.redo_count, source="page", at=at, **words
    )


def test_three_rates_are_kept_apart_each_with_its_n_and_answer_rate(cast):
    matters = [answered(cast) for _ in range(8)]
    for number, matter in enumerate(matters[:6]):
        say(matter, NOW, answered=True, solved=number < 4, satisfied=None if number else False)
    answered(cast, place="dongsheng", door="phone")
    old = answered(cast, place="dongsheng")
    say(old, ANSWERED, solved=False)  # of the answer before this one
    answered(cast, withheld_until=NOW + DAY)
    asked = Asked(date(2026, 11, 1), date(2026, 11, 30))
    found = satisfaction(asked, NOW)
    lines = {
        line.question: (line.rate.part, line.rate.whole, line.reply.part, line.reply.whole)
        for line in found.lines
    }
    assert lines == {
        "answered": (6, 6, 6, 10),
        "solved": (4, 6, 6, 10),
        "satisfied": (0, 1, 1, 10),
    }
    assert found.rate("satisfied").percent is None  # one person's word is no percentage
    assert [(part.name, part.numbers.asked) for part in by_place(asked, NOW)] == [
        ("海曙区", 8),
        ("鄞州区", 2),
    ]
    assert sum(part.numbers.asked for part in by_door(asked, NOW)) == 10
    haishu = Asked(asked.start, asked.end, place=cast.places["haishu"])
    assert satisfaction(haishu, NOW).asked == 8
    assert satisfaction(Asked(date(2026, 1, 1), date(2026, 2, 1)), NOW).asked == 0


def test_a_caller_rings_on_the_pages(cast, at):
    task = task_of(answered(cast))
    client = cast.client("dispatcher")
    assert "夜里十一点" in client.get(reverse("matters:calls")).content.decode()
    address = reverse("matters:call", args=[task.public_id])
    assert "13800005678" not in client.get(address).content.decode()
    page = client.post(reverse("matters:call_take", args=[task.public_id]), follow=True)
    assert "13800005678" in page.content.decode()
    record = reverse("matters:call_record", args=[task.public_id])
    assert client.post(record, {"outcome": "reached"}).status_code == 422
    client.post(record, {"outcome": "reached", "answered": "yes", "solved": "yes"})
    assert Verdict.objects.get().solved
    assert cast.client("city_operator").get(reverse("matters:calls")).status_code == 403


def test_the_list_of_calls_takes_the_same_statements_however_many(
    cast, at, django_assert_max_num_queries
):
    for _ in range(12):
        answered(cast)
    actions.open_calls(at=NOW)
    client = cast.client("dispatcher")
    client.get(reverse("matters:calls"))
    with django_assert_max_num_queries(12):
        client.get(reverse("matters:calls"))


def test_the_rates_are_for_everybody_and_take_the_same_statements(
    cast, client, at, django_assert_max_num_queries
):
    for _ in range(6):
        say(answered(cast), NOW, answered=True, solved=True, satisfied=True)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("matters:satisfaction")).content.decode()
    assert "100%" in page
    assert "海曙区教育局" not in page  # no figure by unit
    again = client.get(reverse("matters:satisfaction"), {"start": "x", "door": "nowhere"})
    assert again.status_code == 200
