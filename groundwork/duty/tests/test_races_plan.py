"""Two who press, take and fill at the same moment: one outcome; on PostgreSQL really at once."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections

from groundwork.access.models import Notice
from groundwork.duty.actions import answering, publishing, swapping
from groundwork.duty.actions.answering import SlotGone
from groundwork.duty.actions.planning import WrongRun
from groundwork.duty.actions.swapping import SwapGone
from groundwork.duty.models import PlanRun, Post
from groundwork.duty.rules.posts import HOLDS
from groundwork.duty.tests.make import AT, BY, gate_of, order_of, post_of, shift_of
from groundwork.duty.tests.plans import call_all, ready

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(transactional_db):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads share an in-memory database")
    from tests.cast import build

    return build()


def at_once(*acts):
    """Start acts at the same moment; give what each returned or raised."""
    gate, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number):
        try:
            gate.wait()
            found[number] = acts[number]()
        except Exception as error:
            found[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def right(shift):
    """Hold the counts of a shift to its rows."""
    shift.refresh_from_db()
    held = Post.objects.filter(shift=shift, state__in=HOLDS).count()
    assert shift.posted == held
    return held


def test_of_two_who_take_a_swap_one_has_it_and_the_other_is_told(town):
    order = order_of(town)
    shift = shift_of(gate_of(town, order), 1, general=1)
    call_all(town, order, "staff clerk dispatcher")
    post = post_of(town, shift, "staff")
    swap = swapping.offer_swap(post.public_id, by=town.actor("staff"), at=AT)
    takers = [town.actor(who) for who in ("clerk", "dispatcher")]
    found = at_once(
        *(lambda by=by: swapping.take_swap(swap.public_id, by=by, at=AT) for by in takers)
    )
    assert sum(isinstance(one, Post) for one in found) == 1, found
    assert sum(isinstance(one, SwapGone) for one in found) == 1, found
    assert right(shift) == 1
    assert Notice.objects.filter(kind="duty.swap").count() == 2  # who gave, who took


def test_a_plan_published_twice_at_once_is_published_once(town):
    order = order_of(town)
    shift = shift_of(gate_of(town, order), 1, general=2)
    call_all(town, order, "staff clerk")
    run = ready(town, order, [("staff", shift, "general"), ("clerk", shift, "general")])
    found = at_once(*[lambda: publishing.publish_run(run.public_id, by=BY, at=AT)] * 2)
    assert sum(isinstance(one, publishing.Published) for one in found) == 1, found
    assert sum(isinstance(one, WrongRun) for one in found) == 1, found
    assert Post.objects.count() == right(shift) == 2
    assert PlanRun.objects.get().state == PlanRun.State.PUBLISHED


def test_a_no_while_the_planner_fills_ends_with_counts_that_are_true(town):
    order = order_of(town)
    shift = shift_of(gate_of(town, order), 1, general=2)
    call_all(town, order, "staff clerk unit_secretary")
    post = post_of(town, shift, "staff", state="planned")
    clerk = town.people["clerk"].public_id
    other = town.people["unit_secretary"].public_id
    found = at_once(
        lambda: answering.decline_post(post.public_id, by=town.actor("staff"), at=AT),
        lambda: answering.assign(shift.public_id, clerk, "general", by=BY, at=AT),
        lambda: answering.assign(shift.public_id, other, "general", by=BY, at=AT),
    )
    assert isinstance(found[0], Post), found
    filled = sum(isinstance(one, Post) for one in found[1:])
    refused = sum(isinstance(one, SlotGone) for one in found[1:])
    assert filled + refused == 2, found
    assert filled >= 1
    assert right(shift) == filled


def test_a_sign_up_while_a_plan_is_published_never_overfills(town):
    order = order_of(town)
    shift = shift_of(gate_of(town, order), 1, general=1)
    call_all(town, order, "staff clerk")
    run = ready(town, order, [("staff", shift, "general")])
    found = at_once(
        lambda: publishing.publish_run(run.public_id, by=BY, at=AT),
        lambda: answering.sign_up(shift.public_id, by=town.actor("clerk"), at=AT),
    )
    assert isinstance(found[0], publishing.Published), found
    assert isinstance(found[1], Post | SlotGone), found
    assert right(shift) == 1


def test_one_person_who_taps_two_shifts_at_the_same_hour_has_one(town):
    order = order_of(town)
    shifts = [shift_of(gate_of(town, order, name=name), 1, general=1) for name in ("东门", "西门")]
    by = town.actor("staff")
    found = at_once(
        *(lambda one=one: answering.sign_up(one.public_id, by=by, at=AT) for one in shifts)
    )
    assert sum(isinstance(one, Post) for one in found) == 1, found
    assert sum(isinstance(one, answering.NotNow) for one in found) == 1, found
