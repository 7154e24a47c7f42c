"""Somebody rings up; a plan is mended around those who fell out, and says whom it moves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base import clock
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import OutboxMessage
from groundwork.duty.actions import absences, planning
from groundwork.duty.actions.answering import FILL
from groundwork.duty.actions.planning import NothingPlanned
from groundwork.duty.actions.publishing import publish_run
from groundwork.duty.models import PlanRun, Post
from groundwork.duty.rules.posts import WrongState
from groundwork.duty.tests.make import AT, gate_of, order_of, post_of, shift_of
from groundwork.duty.tests.plans import call


@pytest.fixture(autouse=True)
def tonight():
    with clock.at(AT):
        yield


@pytest.fixture
def order(cast):
    return order_of(cast)


@pytest.fixture
def gate(cast, order):
    return gate_of(cast, order)


def states(who: str, cast) -> list[str]:
    rows = Post.objects.filter(person=cast.people[who]).order_by("shift__starts_at")
    return list(rows.values_list("state", flat=True))


def test_one_call_empties_the_slot_tells_the_person_and_asks_others(cast, gate):
    post = post_of(cast, shift_of(gate, 1), "staff")
    post_of(cast, shift_of(gate, 2), "staff")
    absences.note_absence(post.public_id, by=cast.actor("community_secretary"), at=AT)
    assert states("staff", cast) == ["declined", "confirmed"]
    assert [n.account.person.name for n in Notice.objects.filter(kind="duty.noted")] == ["单晓芸"]
    assert OutboxMessage.objects.filter(kind=FILL).count() == 1


def test_until_a_day_takes_all_shifts_that_the_noter_keeps_and_no_other(cast, order, gate):
    post = post_of(cast, shift_of(gate, 1), "staff")
    for days in (2, 4):
        post_of(cast, shift_of(gate, days), "staff")
    post_of(cast, shift_of(gate_of(cast, order, "dongsheng"), 3), "staff")
    until = (AT + timedelta(days=3)).date()
    absences.note_absence(post.public_id, until, by=cast.actor("community_secretary"), at=AT)
    assert states("staff", cast) == ["declined", "declined", "confirmed", "confirmed"]


@pytest.mark.parametrize(("who", "error"), [("clerk", Forbidden), ("outsider", NotFound)])
def test_nobody_else_notes_it(cast, gate, who, error):
    post = post_of(cast, shift_of(gate, 1), "staff")
    with pytest.raises(error):
        absences.note_absence(post.public_id, by=cast.actor(who), at=AT)


def test_what_has_begun_is_the_roll_s_and_not_noted(cast, gate):
    post = post_of(cast, shift_of(gate), "staff")
    with pytest.raises(WrongState):
        absences.note_absence(post.public_id, by=cast.actor("community_secretary"), at=AT)


def test_the_page_after_it_names_who_could_stand_instead(cast, order, gate):
    post = post_of(cast, shift_of(gate, 1, general=1), "staff")
    call(cast, order, "unit_secretary")
    client = cast.client("community_secretary")
    address = reverse("duty:cannot", args=[post.public_id])
    assert "来不了" in client.get(address).text
    page = client.post(address, follow=True)
    assert "周国平" in page.text
    assert "排给这位" in page.text


def planned(order, days: int) -> PlanRun:
    with clock.at(AT):
        run = planning.ask_plan(
            order.public_id,
            planning.Ask((AT + timedelta(days=1)).date(), days),
            by=planning.PLANNER,
        )
        planning.run_plan(run.public_id)
        publish_run(run.public_id, by=planning.PLANNER)
        return run


def test_a_replan_fills_the_gap_and_leaves_whom_it_can_where_they_are(cast, order, gate):
    for who in ("staff", "unit_secretary", "colleague"):
        call(cast, order, who)
    for days in (1, 2):
        shift_of(gate, days, general=1)
    planned(order, 2)
    fell = Post.objects.filter(state="planned").order_by("shift__starts_at").first()
    assert fell is not None
    stays = Post.objects.get(state="planned", shift__day__gt=fell.shift.day)
    absences.note_absence(fell.public_id, by=cast.actor("community_secretary"), at=AT)
    client = cast.client("city_operator")
    page = client.get(reverse("duty:runs", args=[order.public_id]))
    assert (page.context["fallen"].empty, page.context["fallen"].gone) == (1, 1)
    client.post(reverse("duty:replan", args=[order.public_id]))
    run = PlanRun.objects.latest("pk")
    assert run.kind == "replan"
    planning.run_plan(run.public_id)
    shown = client.get(reverse("duty:run", args=[run.public_id]))
    assert "会有变动的人" in shown.text
    assert [one.taken for one in shown.context["page"].changes] == [[]]
    publish_run(run.public_id, by=cast.actor("city_operator"))
    assert Post.objects.get(pk=stays.pk).state == "planned"
    filled = Post.objects.get(shift=fell.shift, state="planned")
    assert filled.source == "fill"
    assert filled.person_id != fell.person_id


def test_without_a_published_plan_there_is_nothing_to_mend(cast, order, gate):
    with pytest.raises(NothingPlanned):
        planning.ask_replan(order.public_id, by=cast.actor("city_operator"), at=AT)
