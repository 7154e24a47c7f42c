"""A slot that fell empty is asked round until somebody has it, and those near by are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base import schedule
from groundwork.base.actor import system
from groundwork.duty.actions import answering, openings
from groundwork.duty.models import Post
from groundwork.duty.queries.todo import todo
from groundwork.duty.rules import offers
from groundwork.duty.tests.make import AT, gate_of, order_of, post_of, shift_of
from groundwork.duty.tests.plans import call_all, chosen

WORKER = system("worker")
HOUR = timedelta(hours=1)
STAFF = "clerk unit_secretary branch_secretary dispatcher handler other_handler juror city_operator"


@pytest.fixture
def gate(cast, at):
    return gate_of(cast, order_of(cast))


def declined(cast, shift, who="staff"):
    post = post_of(cast, shift, who, state="planned")
    return answering.decline_post(post.public_id, by=cast.actor(who), at=AT)


def heard(kind):
    return set(Notice.objects.filter(kind=kind).values_list("account_id", flat=True))


def test_who_was_asked_has_the_longer_to_answer_the_farther_the_shift():
    start = AT + 24 * HOUR
    assert offers.due(start, None, AT)
    assert not offers.due(start, AT, AT + 5 * HOUR)
    assert offers.due(start, AT, AT + 6 * HOUR)
    late = start - 2 * HOUR
    assert not offers.due(start, late, late + timedelta(minutes=14))
    assert offers.due(start, late, late + timedelta(minutes=15))
    assert not offers.due(start, None, start)
    assert not offers.due(start + offers.SOON, None, AT)


@pytest.mark.django_db
def test_a_slot_declined_long_before_is_offered_when_it_comes_near_and_then_to_others(cast, gate):
    shift = shift_of(gate, 5, general=1)
    call_all(cast, gate.order, STAFF)
    declined(cast, shift)
    assert openings.offer_again(by=WORKER, at=AT) == 0
    near = shift.starts_at - 48 * HOUR
    assert openings.offer_again(by=WORKER, at=near) == 1
    first = heard("duty.open")
    assert len(first) == offers.ASKED
    assert openings.offer_again(by=WORKER, at=near + HOUR) == 0
    assert openings.offer_again(by=WORKER, at=near + 6 * HOUR) == 1
    assert first < heard("duty.open")
    call_all(cast, gate.order, "staff")
    chosen(cast, shift, "clerk")
    assert openings.offer_again(by=WORKER, at=near + 12 * HOUR) == 0


@pytest.mark.django_db
def test_an_hour_ahead_the_lead_and_the_community_hear_of_it_once(cast, gate):
    shift = shift_of(gate, 1, lead=1, general=1)
    post_of(cast, shift, "colleague", "lead")
    declined(cast, shift)
    openings.offer_again(by=WORKER, at=AT)
    assert heard("duty.short") == set()
    for minutes in (60, 40):
        openings.offer_again(by=WORKER, at=shift.starts_at - timedelta(minutes=minutes))
    told = Notice.objects.filter(kind="duty.short")
    assert {one.account_id for one in told} == {
        cast.accounts[who].pk for who in ("colleague", "community_secretary")
    }
    assert {one.url for one in told} == {reverse("duty:shift", args=[shift.public_id])}
    assert told.count() == 2


@pytest.mark.django_db
def test_two_who_fall_out_of_one_shift_are_one_offer(cast, gate):
    shift = shift_of(gate, 1, general=2)
    call_all(cast, gate.order, "clerk")
    for who in ("staff", "colleague"):
        declined(cast, shift, who)
    assert openings.offer_again(by=WORKER, at=AT) == 1
    assert Post.objects.exclude(offered_at=None).count() == 1


@pytest.mark.django_db
def test_the_community_has_to_see_to_a_shift_of_the_next_day_that_lacks_somebody(cast, gate):
    by = cast.actor("community_secretary")
    shift_of(gate, 3, general=1)
    assert not [one for one in todo(by, AT) if "缺人" in str(one.chip)]
    shift = shift_of(gate, 1, general=1)
    [line] = [one for one in todo(by, AT) if "缺人" in str(one.chip)]
    assert line.url == reverse("duty:tonight", args=[cast.places["chenglang"].public_id])
    other = cast.actor("other_community_secretary")
    assert not [one for one in todo(other, AT) if "缺人" in str(one.chip)]
    chosen(cast, shift, "clerk")
    assert not [one for one in todo(by, AT) if "缺人" in str(one.chip)]


def test_the_worker_asks_again_by_itself():
    assert "groundwork.duty.tasks.offer_again" in schedule.JOBS
