"""Planning many at once is planning one at a time, only quicker."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groundwork.base.errors import Forbidden
from groundwork.base.models import Change, OutboxMessage, TrailEntry
from groundwork.study.actions.evening import create_evening
from groundwork.study.actions.plan import SpeakerPlan
from groundwork.study.actions.programme import add_evenings_many
from groundwork.study.actions.publishing import publish_evening
from groundwork.study.models import Evening, RollSheet
from groundwork.study.rules import evening as rules
from groundwork.study.tests.make import CITY, MADE, NEXT, a_plan, an_evening

pytestmark = pytest.mark.django_db


def plans(cast, city):
    b = cast.bodies
    unit, street, other = b["unit"], b["street"], b["other_unit"]
    later = NEXT + timedelta(weeks=1)
    return [
        a_plan(unit, parent=city, rooms=((unit, "三楼", 30),)),
        a_plan(other, b["other_office"], parent=city, theme="professional"),
        a_plan(street, parent=city, speakers=(SpeakerPlan("陈海波", "讲题"),)),
        a_plan(b["party"], starts_at=later),
        a_plan(b["unit"], starts_at=later + timedelta(days=1), live_url="https://live.cn/"),
    ]


def picture():
    """Draw everything an office would see, without ids."""
    return {
        "evenings": [
            (
                e.title,
                e.state,
                e.starts_at,
                e.published_at,
                e.theme,
                bool(e.parent_id),
                sorted(e.audience.values_list("code", flat=True)),
                list(e.rooms.values_list("name", "capacity")),
                list(e.speakers.values_list("name", "subject")),
            )
            for e in Evening.objects.order_by("starts_at", "host__path")
        ],
        "sheets": sorted(RollSheet.objects.values_list("evening__starts_at", "body__code")),
        "trail": sorted(TrailEntry.objects.values_list("verb", "kind")),
        "changes": sorted(
            (c.kind, c.after["day"], c.after["theme"]) for c in Change.objects.all() if c.after
        ),
        "told": OutboxMessage.objects.count(),
    }


def forget():
    for model in (OutboxMessage, TrailEntry, Change, RollSheet):
        model.objects.all().delete()
    Evening.objects.exclude(parent=None).delete()
    Evening.objects.all().delete()


def test_many_at_once_leave_the_same_city_as_one_after_the_other(cast):
    for plan in plans(cast, an_evening(cast.bodies["party"])):
        publish_evening(create_evening(plan, by=CITY, at=MADE).public_id, by=CITY, at=MADE)
    one_by_one = picture()
    forget()
    add_evenings_many(plans(cast, an_evening(cast.bodies["party"])), by=CITY, at=MADE)
    assert picture() == one_by_one
    assert len(one_by_one["sheets"]) == 11


def test_one_clash_inside_the_batch_refuses_it_all(cast):
    unit = cast.bodies["unit"]
    both = [a_plan(unit), a_plan(cast.bodies["office"], starts_at=NEXT + timedelta(minutes=5))]
    with pytest.raises(rules.ExpectedTwice):
        add_evenings_many(both, by=CITY, at=MADE)
    assert not Evening.objects.exists()


def test_one_plan_outside_the_own_scope_refuses_it_all(cast):
    batch = [a_plan(cast.bodies["unit"]), a_plan(cast.bodies["other_unit"])]
    with pytest.raises(Forbidden):
        add_evenings_many(batch, by=cast.actor("unit_secretary"), at=MADE)
    assert not Evening.objects.exists()


def test_reading_for_the_rules_does_not_grow_with_the_batch(cast):
    def selects(n, week):
        unit = cast.bodies["unit"]
        batch = [a_plan(unit, starts_at=NEXT + timedelta(weeks=week, days=i)) for i in range(n)]
        with CaptureQueriesContext(connection) as seen:
            add_evenings_many(batch, by=CITY, at=MADE)
        return sum(q["sql"].startswith("SELECT") for q in seen)

    assert selects(2, 1) == selects(6, 3)
