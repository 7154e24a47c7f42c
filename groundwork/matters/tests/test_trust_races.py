"""Two hands at once on a sample or a call; really at once on PostgreSQL, in turn on SQLite."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from groundwork.base.clock import ZONE
from groundwork.base.models import TrailEntry
from groundwork.matters.actions import calling, sampling
from groundwork.matters.actions.calling import CallSaid
from groundwork.matters.actions.verdict import refuse_matter
from groundwork.matters.models import CallTask, SampleItem, Verdict
from groundwork.matters.rules.calling import CallOver, TakenByAnother
from groundwork.matters.rules.sampling import DrawnAlready
from groundwork.matters.tests.make import at_state, receipt_at
from groundwork.matters.tests.test_sampling import LATER, SEED, closures, published
from tests.hands import at_once, need_connections

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=ZONE)
pytestmark = pytest.mark.django_db(transaction=True)


def refusals(*acts):
    """Start all acts at the same moment; give what kinds of refusal there were."""
    return [type(one) for one in at_once(*acts) if isinstance(one, Exception)]


@pytest.fixture
def town(transactional_db):
    need_connections()
    from tests.cast import build

    return build()


def answered(cast):
    return receipt_at(cast, "answered", at=NOW - timedelta(days=8))


def test_two_auditors_who_draw_at_once_make_one_draw(town):
    closures(town, 5)
    sample, auditor = published(town).public_id, town.actor("auditor")
    acts = [
        lambda seed=seed: sampling.draw_sample(sample, seed, "网", by=auditor, at=LATER)
        for seed in (SEED, SEED, "99999999", "99999999")
    ]
    assert refusals(*acts) == [DrawnAlready] * 2  # those of the seed that came second
    assert SampleItem.objects.count() == 5
    assert TrailEntry.objects.filter(verb="draw").count() == 1


def test_two_callers_who_take_the_same_call_show_the_number_to_one(town):
    matter = at_state(town, "answered", at=NOW - timedelta(days=8), lead="other_unit")
    calling.open_calls(at=NOW)
    task = CallTask.objects.get(matter=matter).public_id
    callers = [town.actor("dispatcher"), town.actor("dispatcher")]
    callers[1] = type(callers[0])(account_id=town.accounts["clerk"].pk, grants=callers[0].grants)
    acts = [lambda by=by: calling.take_call(task, by=by, at=NOW) for by in callers]
    assert refusals(*acts) == [TakenByAnother]
    assert TrailEntry.objects.filter(verb="reveal_phone").count() == 1


def test_the_raisers_own_tap_and_the_caller_leave_one_word(town):
    receipt = answered(town)
    calling.open_calls(at=NOW)
    task, caller = CallTask.objects.get(), town.actor("dispatcher")
    calling.take_call(task.public_id, by=caller, at=NOW)
    said = CallSaid("reached", solved=False)
    raised = refusals(
        lambda: calling.record_call(task.public_id, said, by=caller, at=NOW),
        lambda: refuse_matter(receipt.secret, "还在吵", by=town.actor("resident"), at=NOW),
    )
    assert raised in ([], [CallOver])  # who came second is told, or said the same
    verdict = Verdict.objects.get()
    receipt.matter.refresh_from_db()
    assert verdict.solved is False
    assert (receipt.matter.state, receipt.matter.redo_count) == ("redo", 1)


def test_the_worker_opens_each_call_once(town):
    for _ in range(3):
        answered(town)
    at_once(*[lambda: calling.open_calls(at=NOW)] * 3)
    assert CallTask.objects.count() == 3
