"""Begin anew what a demo city of last week lacks today: an evening that runs, an order in force."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from groundwork.access.models import Account
from groundwork.base.actor import system
from groundwork.base.errors import RuleBroken
from groundwork.base.models import OutboxMessage
from groundwork.base.tree import covers
from groundwork.desk.demo.cast import RSJ
from groundwork.desk.demo.duty import Scene, write_small
from groundwork.desk.demo.programme import running
from groundwork.duty.actions.lapse import lapse_orders
from groundwork.duty.models import Order
from groundwork.duty.policy.orders import open_orders
from groundwork.registry.models import Body, Person, Place
from groundwork.study.actions.evening import create_evening
from groundwork.study.actions.plan import EveningPlan
from groundwork.study.actions.publishing import publish_evening
from groundwork.study.models import Evening

BY = system("demo")


def renew_running(now: datetime) -> Evening | None:
    """Publish an evening that runs now, where this is a demo city and none does; else None."""
    unit = Body.objects.select_related("place").filter(name=RSJ).first()
    if unit is None or not Account.objects.filter(demo=True).exists():
        return None
    if Evening.objects.filter(host=unit, state=Evening.State.PUBLISHED, ends_at__gt=now).exists():
        return None
    try:
        return _begin(unit, now)
    except RuleBroken:  # the unit is at something else tonight: that can be tried
        return None


@transaction.atomic
def _begin(unit: Body, now: datetime) -> Evening:
    row = running(unit.code, now, [])
    plan = EveningPlan(
        title=row.title,
        host=unit,
        theme=row.theme,
        form=row.form,
        led_by=row.led_by,
        starts_at=row.starts,
        ends_at=row.ends,
        audience=(unit,),
        parent=_above(unit, row.starts, row.ends),
        broadcast=row.broadcast,
        public=row.public,
        rooms=tuple((unit, name, None) for name in row.rooms.values()),
    )
    before = row.starts - timedelta(minutes=5)  # nothing is published into the past
    evening = publish_evening(create_evening(plan, by=BY, at=before).public_id, by=BY, at=before)
    told = OutboxMessage.objects.filter(kind="study.told", key__contains=evening.public_id)
    told.update(done_at=now)  # nobody is written to
    return evening


def renew_order(now: datetime) -> Order | None:
    """Put the small order in force, where this is a demo city and none is; else None.

    Those that are over are ended first, as the worker does, and their logs go.
    """
    unit = Body.objects.filter(name=RSJ).first()
    if unit is None or not Account.objects.filter(demo=True).exists():
        return None
    if open_orders(now).exists():
        return None
    lapse_orders(at=now)
    places = {place.code: place for place in Place.objects.all()}
    bodies = {body.code: body for body in Body.objects.all()}
    people = list(Person.objects.filter(demo=True).order_by("pk"))
    try:
        with transaction.atomic():
            return write_small(Scene(bodies, places, people), now, by=BY)
    except (RuleBroken, ObjectDoesNotExist):  # somebody took the cast or its places apart
        return None


def _above(unit: Body, starts: datetime, ends: datetime) -> Evening | None:
    """Find the evening of others that the unit is expected at in these hours."""
    meanwhile = Evening.objects.filter(
        state=Evening.State.PUBLISHED, starts_at__lt=ends, ends_at__gt=starts, parent=None
    ).prefetch_related("audience")
    return next(
        (e for e in meanwhile if covers([b.path for b in e.audience.all()], unit.path)), None
    )
