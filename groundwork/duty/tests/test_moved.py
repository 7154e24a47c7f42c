"""A plan published while people move: whoever moved is left as they are, every rule still holds."""

from __future__ import annotations

import pytest

from groundwork.base import clock
from groundwork.duty.actions import publishing
from groundwork.duty.actions.answering import confirm_post, sign_up
from groundwork.duty.actions.gates import call_off_shift
from groundwork.duty.actions.supply import excuse_self
from groundwork.duty.models import Post
from groundwork.duty.queries.moved import Seen, touched
from groundwork.duty.rules.posts import HOLDS
from groundwork.duty.tests.make import AT, BY, gate_of, order_of, shift_of
from groundwork.duty.tests.plans import call_all, ready


def of(posts=(), shifts=(), calls=(), units=(), stays=()) -> Seen:
    return Seen(dict(posts), dict(shifts), dict(calls), dict(units), dict(stays))


def test_where_nobody_moved_the_whole_plan_is_free():
    same = of(posts={(1, 10): "planned"}, shifts={10: 1})
    found = touched(same, same, [(2, 10, "general")], [(1, 10)])
    assert (found.people, found.shifts) == (set(), set())


def test_who_moved_and_where_to_is_left_and_nobody_else():
    found = touched(of(), of(posts={(1, 10): "confirmed"}), [(2, 11, "general")], [])
    assert (found.people, found.shifts) == ({1}, {10})
    assert found.frees(2, 11)


def test_a_post_not_taken_back_keeps_its_shift_full_and_who_was_to_have_it_out():
    # 1 confirms at 10 meanwhile; the plan would have moved 1 away and put 2 there, and 2 elsewhere.
    given = [(2, 10, "general"), (2, 12, "general"), (3, 13, "general")]
    before = of(posts={(1, 10): "planned"})
    found = touched(before, of(posts={(1, 10): "confirmed"}), given, [(1, 10)])
    assert not found.frees(2, 12)
    assert found.frees(3, 13)


def test_a_chain_is_followed_to_its_end():
    # 1 stays at 10, so 2 stays at 11 (was to go to 10), so 3 stays at 12 (was to go to 11).
    given = [(2, 10, "g"), (3, 11, "g"), (4, 99, "g")]
    before = of(posts={(1, 10): "planned", (2, 11): "planned", (3, 12): "planned"})
    after = of(posts={**before.posts, (1, 10): "confirmed"})
    found = touched(before, after, given, [(1, 10), (2, 11), (3, 12)])
    assert found.people == {1, 2, 3}
    assert found.shifts == {10, 11, 12}


def test_a_unit_from_which_somebody_is_not_taken_back_gives_nobody_more():
    before = of(posts={(1, 10): "planned"}, units={1: 7, 2: 7, 3: 8})
    after = of(posts={(1, 10): "confirmed"}, units=before.units)
    found = touched(before, after, [(2, 20, "g"), (3, 21, "g")], [(1, 10)])
    assert not found.frees(2, 20)
    assert found.frees(3, 21)


# ---- with the database ---------------------------------------------------------------------------
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


def holders(shift) -> set[str]:
    rows = Post.objects.filter(shift=shift, state__in=HOLDS)
    return set(rows.values_list("person__name", flat=True))


def test_signing_up_calling_off_and_excusing_oneself_while_the_plan_is_judged(cast, order, gate):
    call_all(cast, order, "staff dispatcher clerk unit_secretary")
    one, two, three, four = (shift_of(gate, days, general=1) for days in (1, 2, 3, 4))
    rows = [("staff", one, "general"), ("clerk", two, "general"), ("dispatcher", three, "general")]
    run = ready(cast, order, [*rows, ("unit_secretary", four, "general")])
    judged = publishing._judge(run.public_id, BY, AT)
    sign_up(one.public_id, by=cast.actor("dispatcher"), at=AT)
    call_off_shift(two.public_id, "不用了", by=BY, at=AT)
    excuse_self(order.public_id, by=cast.actor("clerk"), at=AT)
    done = publishing._publish(run.public_id, judged, BY, AT)
    assert (done.given, done.left_out) == (1, 3)
    assert holders(one) == {"范秀兰"}
    assert holders(two) == holders(three) == set()
    assert holders(four) == {"周国平"}


def test_a_post_confirmed_while_the_plan_is_judged_is_not_taken_back(cast, order, gate):
    call_all(cast, order, "staff clerk")
    shift = shift_of(gate, 1, general=1)
    first = ready(cast, order, [("staff", shift, "general")])
    publishing.publish_run(first.public_id, by=BY, at=AT)
    second = ready(cast, order, [("clerk", shift, "general")], kind="replan")
    judged = publishing._judge(second.public_id, BY, AT)
    confirm_post(Post.objects.get().public_id, by=cast.actor("staff"), at=AT)
    done = publishing._publish(second.public_id, judged, BY, AT)
    assert (done.given, done.taken) == (0, 0)
    assert holders(shift) == {"单晓芸"}
