"""One sending that arrives twice at the same moment; on PostgreSQL really at once."""

from __future__ import annotations

import pytest

from groundwork.matters.models import Category, Matter
from groundwork.service.actions import replies, rounds, visits
from groundwork.service.models import RoundReply, Visit
from groundwork.service.tests.make import AT, a_plan, a_round
from tests.hands import at_once, in_turn, need_connections, need_row_locks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(transactional_db):
    need_connections()
    from tests.cast import build

    Category.objects.get_or_create(code="roads", defaults={"name": "道路"})
    return build()


def test_a_visit_sent_four_times_at_once_is_one_visit_with_one_matter(town):
    problem = visits.Problem("路灯坏了。", Category.objects.get(code="roads"))
    plan = a_plan(town, problems=(problem,), client_key="one")
    by = town.actor("staff")
    found = at_once(*[lambda: visits.record_visit(plan, by=by, at=AT)] * 4)
    assert not [one for one in found if isinstance(one, Exception)], found
    assert {one.visit.pk for one in found} == {Visit.objects.get().pk}
    assert sum(one.fresh for one in found) == 1
    assert Matter.objects.count() == 1


def test_two_answers_of_one_account_at_once_are_one_reply(town):
    asked = a_round(town, "named", people=(town.people["staff"],))
    key = str(asked.questions.first().pk)
    by = town.actor("staff")
    answer = replies.Answer({key: "好"})
    found = at_once(*[lambda: replies.send_reply(asked.public_id, answer, by=by, at=AT)] * 2)
    assert RoundReply.objects.count() == 1
    assert sum(isinstance(one, replies.Taken) for one in found) == 1


@pytest.mark.postgresql
def test_who_opens_a_round_whose_place_is_just_changed_opens_the_changed_one(town):
    """PostgreSQL would find no row where the joined place of before the wait is another one."""
    need_row_locks()
    chief, draft = town.actor("unit_secretary"), a_round(town, opened=False)
    plan = rounds.RoundPlan(
        title=draft.title,
        body=draft.body,
        place=town.places["chenglang"],
        audience=draft.audience,
        questions=("哪里最堵？",),
        opens_at=draft.opens_at,
        closes_at=draft.closes_at,
    )
    raised = in_turn(
        draft,
        lambda: rounds.edit_round(draft.public_id, plan, by=chief),
        lambda: rounds.open_round(draft.public_id, by=chief),
    )
    assert raised == [None, None]
    draft.refresh_from_db()
    assert (draft.state, draft.place) == ("open", town.places["chenglang"])
