"""Take in a plan that was made elsewhere: a spreadsheet, another program, the demo city.

It goes the way of a computed one: the independent judge reads it, it waits, somebody publishes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, RuleBroken
from groundwork.duty.actions.planning import Ask, State, finish_run, queue_run
from groundwork.duty.models import PlanRun
from groundwork.duty.queries.instance import question
from groundwork.duty.queries.packing import Row
from groundwork.duty.solver.check import judge


class UnknownRows(RuleBroken):
    """Refuse a plan that names people who were not called up, or shifts that are none here."""

    code = "duty.unknown_rows"
    text = N_("排班里有 %(n)s 行的人员没有被召集，或者班次不在这些天里。")


@transaction.atomic
def put_plan(
    order_id: str, ask: Ask, rows: Sequence[Row], *, by: Actor, at: datetime | None = None
) -> PlanRun:
    """Keep a plan of (person, shift, kind), judged, until it is published. Raises UnknownRows.

    Nothing proves how near it is to the best one: its bound is nothing.
    """
    at = at or clock.now()
    run = queue_run(order_id, ask, by=by, at=at)
    run.state, run.began_at, run.seen_at = State.RUNNING, at, at
    run.save(update_fields=["state", "began_at", "seen_at"])
    asked = question(run.order, run.first_day, run.days, run.weights, at=at)
    strange = sum(not asked.knows(row) for row in rows)
    if strange:
        raise UnknownRows(n=strange)
    plan = asked.plan_of(rows)
    finish_run(run, asked, replace(plan, cost=judge(asked.instance, plan).cost), at=at)
    run.refresh_from_db()
    return run
