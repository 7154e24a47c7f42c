"""Who is told of an evening."""

from __future__ import annotations

import pytest

from groundwork.access.models import Notice
from groundwork.base import outbox, schedule
from groundwork.base.models import OutboxMessage
from groundwork.study.actions.evening import cancel_evening
from groundwork.study.models import Evening
from groundwork.study.tests.make import CITY, MADE, an_evening

pytestmark = pytest.mark.django_db


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("account__username", flat=True))


def names(cast, *parts):
    return {cast.accounts[part].username for part in parts}


def deliver(at):
    while outbox.deliver_due(at=at):
        pass


def test_publishing_tells_the_keepers_of_units_and_not_everybody(cast, at):
    an_evening(cast.bodies["haishu_party"])
    deliver(at)
    assert told("study.published") == names(cast, "unit_secretary", "branch_secretary", "clerk")


def test_a_cancellation_tells_everybody_expected_once(cast, at):
    evening = an_evening(cast.bodies["unit"])
    cancel_evening(evening.public_id, reason="台风", by=CITY, at=MADE)
    deliver(at)
    everybody = names(cast, "unit_secretary", "branch_secretary", "clerk", "staff", "colleague")
    assert told("study.cancelled") == everybody
    OutboxMessage.objects.filter(kind="study.told").update(done_at=None, attempts=0, due_at=at)
    deliver(at)
    assert Notice.objects.filter(kind="study.cancelled").count() == len(everybody)


def test_the_worker_calls_an_evening_held_when_its_end_has_passed(cast, at):
    an_evening(cast.bodies["unit"], starts_at=at.replace(hour=8))
    schedule.run_due(at=at)
    assert Evening.objects.get().state == "held"
