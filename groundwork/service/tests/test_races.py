"""One sending that arrives twice at the same moment; on PostgreSQL really at once."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections

from groundwork.matters.models import Category, Matter
from groundwork.service.actions import replies, visits
from groundwork.service.models import RoundReply, Visit
from groundwork.service.tests.make import AT, a_plan, a_round

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(act, n=4):
    """Start an act n times at the same moment; give what each returned or raised."""
    gate, found = threading.Barrier(n), []

    def run():
        try:
            gate.wait()
            found.append(act())
        except Exception as error:
            found.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.fixture
def town(transactional_db):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads share an in-memory database")
    from tests.cast import build

    Category.objects.get_or_create(code="roads", defaults={"name": "道路"})
    return build()


def test_a_visit_sent_four_times_at_once_is_one_visit_with_one_matter(town):
    problem = visits.Problem("路灯坏了。", Category.objects.get(code="roads"))
    plan = a_plan(town, problems=(problem,), client_key="one")
    by = town.actor("staff")
    found = at_once(lambda: visits.record_visit(plan, by=by, at=AT))
    assert not [one for one in found if isinstance(one, Exception)], found
    assert {one.visit.pk for one in found} == {Visit.objects.get().pk}
    assert sum(one.fresh for one in found) == 1
    assert Matter.objects.count() == 1


def test_two_answers_of_one_account_at_once_are_one_reply(town):
    asked = a_round(town, "named", people=(town.people["staff"],))
    key = str(asked.questions.first().pk)
    by = town.actor("staff")
    found = at_once(
        lambda: replies.send_reply(asked.public_id, replies.Answer({key: "好"}), by=by, at=AT), 2
    )
    assert RoundReply.objects.count() == 1
    assert sum(isinstance(one, replies.Taken) for one in found) == 1
