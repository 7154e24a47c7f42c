"""The outbox: after commit, at least once, once per key, and tried again with patience."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from groundwork.base import clock, outbox
from groundwork.base.actor import system
from groundwork.base.clock import ZONE
from groundwork.base.models import OutboxMessage, TrailEntry

AT = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch):
    """Register a handler that keeps what it was given; `fails` makes it raise."""
    monkeypatch.setattr(outbox, "HANDLERS", {})

    class Post(list):
        fails = 0

    post = Post()

    @outbox.handler("post")
    def carry(payload):
        if post.fails:
            post.fails -= 1
            raise ConnectionRefusedError("13805740001@example.org refused")
        post.append(payload["n"])

    return post


def put(number, *, key=None, due=None, at=AT):
    with clock.at(at):
        outbox.put("post", {"n": number}, key=key or f"k{number}", due=due)


def deliver(at=AT, limit=100):
    with clock.at(at):
        return outbox.deliver_due(limit, at=at)


def test_a_message_is_delivered_once(done):
    put(1)
    assert deliver() == 1
    assert deliver() == 0
    assert done == [1]


def test_the_same_key_is_the_same_message(done):
    put(1, key="same")
    put(2, key="same")
    deliver()
    put(3, key="same")  # also after its delivery
    deliver()
    assert done == [1]


def test_what_is_rolled_back_never_leaves(done):
    with transaction.atomic():
        put(1)
        transaction.set_rollback(True)
    assert deliver() == 0


def test_nothing_leaves_before_it_is_due(done):
    put(1, due=AT + timedelta(hours=1))
    assert deliver(AT + timedelta(minutes=59)) == 0
    assert deliver(AT + timedelta(hours=1)) == 1


def test_messages_leave_in_the_order_they_are_due_and_no_more_than_asked(done):
    put(1, due=AT + timedelta(minutes=2))
    put(2, due=AT + timedelta(minutes=1))
    put(3)
    assert deliver(AT + timedelta(minutes=5), limit=2) == 2
    assert done == [3, 2]
    deliver(AT + timedelta(minutes=5))
    assert done == [3, 2, 1]


def test_a_failed_message_waits_one_two_four_minutes_and_comes_then(done):
    put(1)
    done.fails = 3
    moment = AT
    for wait in (1, 2, 4):
        assert deliver(moment) == 1
        assert deliver(moment + timedelta(minutes=wait, seconds=-1)) == 0
        moment += timedelta(minutes=wait)
    assert deliver(moment) == 1
    assert done == [1]
    message = OutboxMessage.objects.get()
    assert (message.attempts, message.last_error) == (4, "")
    assert message.done_at is not None


def test_a_failure_keeps_the_name_of_the_error_and_no_address(done):
    put(1)
    done.fails = 1
    deliver()
    assert OutboxMessage.objects.get().last_error == "ConnectionRefusedError"


def test_one_that_fails_does_not_hold_up_the_others(done):
    for number in (1, 2, 3):
        put(number)
    done.fails = 1
    assert deliver() == 3
    assert done == [2, 3]


def test_after_ten_tries_it_waits_for_a_human(done):
    put(1)
    done.fails = 99
    moment = AT
    for _ in range(20):
        deliver(moment)
        moment += timedelta(days=1)
    message = OutboxMessage.objects.get()
    assert message.attempts == outbox.MOST_ATTEMPTS
    assert message.done_at is None
    # Nothing is lost: a human sees it and has it sent again, once, when the server is back.
    put(2, due=moment + timedelta(days=9))
    assert [one.pk for one in outbox.given_up()] == [message.pk]
    done.fails = 0
    assert outbox.send_again(by=system("console"), at=moment) == 1
    assert deliver(moment) == 1
    assert done == [1]
    assert outbox.send_again(by=system("console"), at=moment) == deliver(moment) == 0
    assert TrailEntry.objects.filter(verb="send_again", system="console").count() == 1


def test_a_message_nobody_handles_stays_with_its_reason(done):
    with clock.at(AT):
        outbox.put("unknown", {}, key="u")
    deliver()
    assert OutboxMessage.objects.get().last_error == "KeyError"


def test_a_process_that_dies_halfway_leaves_the_message_for_the_next(done, monkeypatch):
    put(1)

    def die(message):
        raise SystemExit  # not an Exception: as when the process is killed

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "_deliver", die)
        with pytest.raises(SystemExit):
            deliver()
    assert done == []
    assert deliver() == 0  # not at once: the dead one may not be dead
    assert deliver(AT + timedelta(minutes=1)) == 1
    assert done == [1]


def test_ten_thousand_messages_cost_no_statement_each(done, django_assert_max_num_queries):
    with django_assert_max_num_queries(60), clock.at(AT):
        outbox.put_many([("post", f"m{n}", {"n": n}) for n in range(5000)])
    assert OutboxMessage.objects.count() == 5000


def test_a_letter_that_takes_minutes_does_not_send_the_ones_behind_it_twice(done):
    sent = []

    @outbox.handler("slow")
    def carry(payload):
        sent.append(payload["n"])
        if payload["n"] == 0:  # it hangs; a second worker comes by in the meantime
            deliver(AT + timedelta(minutes=2))

    with clock.at(AT):
        outbox.put_many([("slow", f"s{n}", {"n": n}) for n in range(4)])
    deliver()
    assert sorted(set(sent)) == [0, 1, 2, 3]
    assert [sent.count(n) for n in (1, 2, 3)] == [1, 1, 1]
