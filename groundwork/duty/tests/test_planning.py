"""A plan is asked for, computed, judged, published once, and never stuck."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groundwork.access.models import Notice
from groundwork.base.errors import Forbidden
from groundwork.base.models import OutboxMessage
from groundwork.duty.actions import planning, publishing
from groundwork.duty.actions.answering import confirm_post, decline_post
from groundwork.duty.actions.orders import end_order
from groundwork.duty.actions.planning import Ask, RunUnderWay, WrongDays, WrongRun
from groundwork.duty.models import PlanRun, Post, Shift, UnitPart
from groundwork.duty.policy.orders import Shut
from groundwork.duty.queries.instance import question
from groundwork.duty.queries.packing import unpack
from groundwork.duty.queries.verdicts import settled
from groundwork.duty.rules.weights import NonsenseWeights
from groundwork.duty.solver.check import judge
from groundwork.duty.tests.make import AT, BY, gate_of, order_of, post_of, shift_of
from groundwork.duty.tests.plans import TOMORROW, call, call_all, ready

pytestmark = pytest.mark.django_db
State = PlanRun.State
PEOPLE = "staff dispatcher unit_secretary branch_secretary clerk community_secretary"


@pytest.fixture
def order(cast, at):
    return order_of(cast)


@pytest.fixture
def gate(cast, order):
    return gate_of(cast, order)


def ask(order, **more):
    return planning.ask_plan(order.public_id, Ask(TOMORROW, 3, **more), by=BY, at=AT)


# ---- asking --------------------------------------------------------------------------------------
def test_who_keeps_the_order_asks_for_a_plan_and_nobody_else(cast, order):
    run = planning.ask_plan(
        order.public_id, Ask(TOMORROW, 3), by=cast.actor("city_operator"), at=AT
    )
    assert run.state == State.QUEUED
    assert OutboxMessage.objects.get(kind=planning.SOLVE).payload == {"run": run.public_id}
    with pytest.raises(Forbidden):
        planning.ask_plan(order.public_id, Ask(TOMORROW, 3), by=cast.actor("staff"), at=AT)


def test_one_plan_at_a_time_and_a_dropped_one_makes_room(order):
    run = ask(order)
    with pytest.raises(RunUnderWay):
        ask(order)
    planning.drop_run(run.public_id, by=BY, at=AT)
    assert ask(order).state == State.QUEUED


def test_days_outside_the_order_and_prices_that_fall_are_refused(order):
    with pytest.raises(WrongDays):
        planning.ask_plan(order.public_id, Ask(TOMORROW, 25), by=BY, at=AT)
    with pytest.raises(NonsenseWeights):
        ask(order, weights={"week": [5, 4, 3]})
    with pytest.raises(NonsenseWeights):
        ask(order, weights={"travel": [0, -1, 6, -1]})


def test_an_order_that_is_over_plans_nobody(order):
    end_order(order.public_id, by=BY, at=AT)
    with pytest.raises(Shut):
        ask(order)


# ---- the question --------------------------------------------------------------------------------
def test_what_was_confirmed_is_locked_and_what_was_told_is_kept(cast, order, gate):
    call_all(cast, order, PEOPLE)
    shift = shift_of(gate, 1)
    post_of(cast, shift, "staff", state="confirmed")
    post_of(cast, shift, "dispatcher", state="planned")
    post_of(cast, shift, "clerk", state="declined")
    asked = question(order, TOMORROW, 3, {}, at=AT)
    assert [asked.people[row] for row in asked.instance.locked_person] == [cast.people["staff"].pk]
    kept = [asked.people[row] for row in asked.instance.kept_person]
    assert kept == [cast.people["dispatcher"].pk]
    plan = asked.plan_of([(cast.people["clerk"].pk, shift.pk, "general")])
    assert {one.rule for one in judge(asked.instance, plan).violations} >= {"outside"}


def test_the_evening_before_and_the_week_around_count_as_locked(cast, order, gate):
    call(cast, order, "staff")
    tonight, early = shift_of(gate, 0), shift_of(gate, 1)
    Shift.objects.filter(pk=early.pk).update(
        starts_at=early.starts_at.replace(hour=6), ends_at=early.starts_at.replace(hour=8)
    )
    post_of(cast, tonight, "staff")
    asked = question(order, TOMORROW, 3, {}, at=AT)
    rows = [(cast.people["staff"].pk, early.pk, "general")]
    assert {one.rule for one in judge(asked.instance, asked.plan_of(rows)).violations} == {
        "rest",
        "cost",
    }
    assert settled(asked, rows) == []


def test_a_unit_keeps_its_office_and_another_order_its_people(cast, order, gate):
    call_all(cast, order, "staff unit_secretary")
    UnitPart.objects.create(order=order, unit=cast.bodies["unit"], stay=4)
    noon = shift_of(gate, 1)
    start = noon.starts_at.replace(hour=12)
    Shift.objects.filter(pk=noon.pk).update(starts_at=start, ends_at=start + timedelta(hours=5))
    asked = question(order, TOMORROW, 3, {}, at=AT)
    both = [(cast.people[who].pk, noon.pk, "general") for who in ("staff", "unit_secretary")]
    assert len(settled(asked, both)) == 1
    elsewhere = order_of(cast, title="防台")
    post_of(cast, shift_of(gate_of(cast, elsewhere, name="西门"), 1), "staff")
    asked = question(order, TOMORROW, 3, {}, at=AT)
    assert settled(asked, both) == both[1:]


def test_the_question_costs_the_same_statements_for_more_people_and_shifts(cast, order, gate):
    def statements():
        with CaptureQueriesContext(
            connection,
        ) as found:
            question(order, TOMORROW, 7, {}, at=AT)
        return len(found)

    call_all(cast, order, "staff unit_secretary")
    shift_of(gate, 1)
    few = statements()
    call_all(cast, order, "dispatcher branch_secretary clerk handler editor auditor")
    for days in range(2, 7):
        post_of(cast, shift_of(gate, days), "staff", state="planned")
    assert statements() == few


# ---- publishing ----------------------------------------------------------------------------------
def test_publishing_writes_posts_counts_and_one_notice_to_each(cast, order, gate):
    call_all(cast, order, PEOPLE)
    one, two = shift_of(gate, 1), shift_of(gate, 2)
    rows = [("staff", one, "lead"), ("dispatcher", one, "general"), ("staff", two, "general")]
    run = ready(cast, order, rows)
    done = publishing.publish_run(run.public_id, by=cast.actor("city_operator"), at=AT)
    assert (done.given, done.taken, done.left_out) == (3, 0, 0)
    one.refresh_from_db()
    assert (one.wanted, one.posted, one.confirmed) == (3, 2, 0)
    assert set(Post.objects.values_list("state", "source", "run")) == {("planned", "plan", run.pk)}
    assert publishing.tell_run(run.public_id, at=AT) == 2
    assert publishing.tell_run(run.public_id, at=AT) == 0  # told again, heard once
    text = Notice.objects.get(account=cast.accounts["staff"], kind="duty.plan").text
    assert "2 个班次" in text
    with pytest.raises(WrongRun):
        publishing.publish_run(run.public_id, by=BY, at=AT)


def test_a_plan_with_a_violation_is_never_published(cast, order, gate):
    run = ready(cast, order, [], violations=[{"rule": "rest"}])
    with pytest.raises(publishing.NotClean):
        publishing.publish_run(run.public_id, by=BY, at=AT)
    assert not Post.objects.exists()


def test_rows_that_no_longer_fit_are_left_out_at_the_hour_of_publishing(cast, order, gate):
    call_all(cast, order, PEOPLE)
    shift = shift_of(gate, 1, general=1)
    run = ready(cast, order, [("staff", shift, "general")])
    post_of(cast, shift, "dispatcher")  # who signed up meanwhile
    done = publishing.publish_run(run.public_id, by=BY, at=AT)
    assert (done.given, done.left_out) == (0, 1)
    assert Post.objects.count() == 1


def test_a_new_plan_takes_back_what_it_no_longer_has_and_says_so(cast, order, gate):
    call_all(cast, order, PEOPLE)
    one, two = shift_of(gate, 1), shift_of(gate, 2)
    first = ready(cast, order, [("staff", one, "general"), ("dispatcher", two, "general")])
    publishing.publish_run(first.public_id, by=BY, at=AT)
    stays = Post.objects.get(person=cast.people["dispatcher"])
    confirm_post(stays.public_id, by=cast.actor("dispatcher"), at=AT)
    second = ready(cast, order, [("clerk", one, "general")], kind="replan")
    done = publishing.publish_run(second.public_id, by=BY, at=AT)
    assert (done.given, done.taken) == (1, 1)
    assert Post.objects.get(person=cast.people["staff"]).state == "released"
    assert Post.objects.get(person=cast.people["clerk"]).source == "fill"
    stays.refresh_from_db()
    assert stays.state == "confirmed"
    one.refresh_from_db()
    assert one.posted == 1
    assert publishing.tell_run(second.public_id, at=AT) == 2
    assert (
        "不用来了"
        in Notice.objects.get(
            account=cast.accounts["staff"], key=f"duty.plan:{second.public_id}"
        ).text
    )


# ---- the worker ----------------------------------------------------------------------------------
def test_the_worker_computes_a_plan_that_the_judge_accepts(cast, order, gate):
    call_all(cast, order, PEOPLE)
    shifts = [shift_of(gate, days, lead=1, general=1) for days in (1, 2, 3)]
    far = shift_of(gate_of(cast, order, "dongsheng"), 2, medical=1)
    run = ask(order)
    planning.run_plan(run.public_id)
    run.refresh_from_db()
    assert (run.state, run.violations) == (State.READY, [])
    rows = unpack(bytes(run.result))
    assert {shift for _p, shift, _k in rows} == {shift.pk for shift in shifts}
    assert run.parts["open"] == 1  # nobody of 鄞州区 was called up
    assert run.parts["empty"][0]["shift"] == far.pk
    assert run.cost >= run.bound > 0
    planning.run_plan(run.public_id)  # a task delivered twice computes once
    assert PlanRun.objects.get().done_at == run.done_at


def test_a_replan_keeps_what_was_told_and_fills_what_fell_empty(cast, order, gate):
    call_all(cast, order, PEOPLE)
    shifts = [shift_of(gate, days, general=1) for days in (1, 2, 3)]
    run = ask(order)
    planning.run_plan(run.public_id)
    publishing.publish_run(run.public_id, by=BY, at=AT)
    before = {post.shift_id: post.person_id for post in Post.objects.all()}
    gone = Post.objects.get(shift=shifts[1])
    by = next(cast.actor(who) for who in PEOPLE.split() if cast.people[who].pk == gone.person_id)
    decline_post(gone.public_id, by=by, at=AT)
    again = ask(order, kind="replan")
    planning.run_plan(again.public_id)
    again.refresh_from_db()
    assert again.changed["takes"] == 0
    assert again.changed["gives"] == 1
    after = {shift: person for person, shift, _kind in unpack(bytes(again.result))}
    assert after[shifts[1].pk] != gone.person_id
    assert all(after[shift.pk] == before[shift.pk] for shift in (shifts[0], shifts[2]))


def test_a_run_that_was_asked_to_stop_keeps_what_it_has(cast, order, gate):
    call_all(cast, order, PEOPLE)
    shift_of(gate, 1)
    run = ask(order)
    PlanRun.objects.filter(pk=run.pk).update(state=State.RUNNING, seen_at=AT)
    planning.stop_run(run.public_id, by=BY, at=AT)
    run.refresh_from_db()
    assert run.stop_asked
    PlanRun.objects.filter(pk=run.pk).update(state=State.QUEUED)
    planning.run_plan(run.public_id)
    run.refresh_from_db()
    assert run.state == State.READY


def test_a_run_whose_process_died_is_taken_again_and_then_called_failed(order):
    run = ask(order)
    dead = {"state": State.RUNNING, "seen_at": AT - timedelta(minutes=10)}
    for tries in (2, 3):
        PlanRun.objects.filter(pk=run.pk).update(**dead)
        assert planning.revive_runs(at=AT) == 1
        run.refresh_from_db()
        assert (run.state, run.changed["tried"]) == (State.QUEUED, tries)
    PlanRun.objects.filter(pk=run.pk).update(**dead)
    planning.revive_runs(at=AT)
    run.refresh_from_db()
    assert run.state == State.FAILED
    assert OutboxMessage.objects.filter(kind=planning.SOLVE).count() == 3


def test_a_run_that_breaks_is_failed_and_says_so_and_another_may_be_asked(order, monkeypatch):
    run = ask(order)

    def broken(*args, **kwargs):
        raise MemoryError

    monkeypatch.setattr(planning, "question", broken)
    with pytest.raises(MemoryError):
        planning.run_plan(run.public_id)
    run.refresh_from_db()
    assert (run.state, run.fault) == (State.FAILED, "MemoryError")
    assert ask(order).state == State.QUEUED
