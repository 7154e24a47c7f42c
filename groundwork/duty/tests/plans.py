"""People called up, a plan that waits to be published, for the tests of plan and people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from groundwork.base.actor import system
from groundwork.duty.actions.answering import sign_up
from groundwork.duty.models import Order, PlanRun, Post, Shift, Volunteer
from groundwork.duty.queries.packing import pack
from groundwork.duty.rules.times import pattern_of, week_of
from groundwork.duty.rules.weights import merged
from groundwork.duty.tests.make import AT
from tests.cast import Cast

BY = system("tests")
TOMORROW = (AT + timedelta(days=1)).date()


def times_of(pattern: str = "any") -> dict[str, object]:
    """Say when somebody can, by the name of a pattern."""
    found = pattern_of(pattern)
    assert found is not None
    return {"week": week_of(found), "days": {}}


def call(town: Cast, order: Order, who: str, pattern: str = "any", **more: object) -> Volunteer:
    """Call somebody of the cast up, who says when they can."""
    person = town.people[who]
    values = {"times": times_of(pattern), "cap": 3, "asked_at": AT, "answered_at": AT, **more}
    return Volunteer.objects.create(order=order, person=person, unit=person.unit, **values)


def call_all(town: Cast, order: Order, names: str, **more: object) -> None:
    """Call several up."""
    for who in names.split():
        call(town, order, who, **more)  # type: ignore[arg-type]


def ready(
    town: Cast, order: Order, rows: Sequence[tuple[str, Shift, str]], **more: object
) -> PlanRun:
    """Write a computed plan of (who, shift, kind), from tomorrow for seven days, not published."""
    keyed = [(town.people[who].pk, shift.pk, kind) for who, shift, kind in rows]
    values = {
        "state": PlanRun.State.READY,
        "first_day": TOMORROW,
        "days": 7,
        "weights": merged({}),
        "asked_at": AT,
        "done_at": AT,
        "cost": 10,
        "bound": 10,
        "parts": {"slots": len(rows), "open": 0},
        "result": pack(keyed),
        **more,
    }
    return PlanRun.objects.create(order=order, **values)


def chosen(town: Cast, shift: Shift, who: str) -> Post:
    """Let somebody take an open slot."""
    return sign_up(shift.public_id, by=town.actor(who), at=AT)
