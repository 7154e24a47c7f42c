"""What callers see: the list by deadline, and one call with its script."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from groundwork.base.actor import Actor
from groundwork.base.days import calendar
from groundwork.base.listing import Listing, capped_count, page_by_key
from groundwork.matters.models import CallTask, Matter
from groundwork.matters.policy.calling import callable_tasks, raiser_to_call
from groundwork.matters.rules import calling as rules
from groundwork.matters.rules import deadlines


@dataclass(frozen=True)
class CallRow:
    """One line of the list."""

    task: CallTask
    light: deadlines.Light
    taken: bool  # in another's hand


@dataclass(frozen=True)
class Calls:
    """The list of a caller: what to ring now, how many wait for another day."""

    rows: list[CallRow]
    next: str
    later: int


@dataclass(frozen=True)
class Call:
    """One call as the caller has it before the eyes. The number is there only while it is taken."""

    task: CallTask
    matter: Matter
    raised: Matter  # what the one who is rung raised: that matter, or one merged into it
    name: str
    phone: str = field(repr=False)
    over: bool
    mine: bool
    taken: bool
    waits: bool  # for another day, after a try in vain
    tries_left: int
    hour: bool


def calls(by: Actor, at: datetime, cursor: str = "") -> Calls:
    """List the calls to make, the most urgent first."""
    tasks = callable_tasks(by, at)
    now = tasks.filter(Q(again_at=None) | Q(again_at__lte=at)).select_related(
        "matter__place", "matter__category", "matter__lead"
    )
    page: Listing[CallTask] = page_by_key(now, ("due_at", "pk"), cursor)
    days = calendar()
    rows = [
        CallRow(task, deadlines.light(days, task.due_at, at), _by_another(task, by, at))
        for task in page.rows
    ]
    return Calls(rows, page.next, capped_count(tasks.filter(again_at__gt=at)))


def call(task: CallTask, by: Actor, at: datetime) -> Call:
    """Give one call, fetched by `policy.calling.call_for`, with what is read out."""
    raiser = raiser_to_call(task)
    mine = task.called_by == by.account_id and rules.held(task.taken_at, at)
    return Call(
        task=task,
        matter=task.matter,
        raised=raiser.matter if raiser else task.matter,
        name=raiser.name if raiser and mine else "",
        phone=raiser.phone if raiser and mine else "",
        over=task.done_at is not None or raiser is None or task.round != task.matter.redo_count,
        mine=mine,
        taken=_by_another(task, by, at),
        waits=task.again_at is not None and at < task.again_at,
        tries_left=max(0, rules.MOST_TRIES - task.tries),
        hour=rules.is_hour(at),
    )


def _by_another(task: CallTask, by: Actor, at: datetime) -> bool:
    return rules.held(task.taken_at, at) and task.called_by != by.account_id
