"""Let a unit ask again at set times: schedule a round, pause, resume and end it, keep its turns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.days import calendar
from groundwork.base.errors import RuleBroken
from groundwork.base.workdays import Calendar
from groundwork.service.actions.rounds import CLOCK, draft_round, open_round, plan_again
from groundwork.service.models import Round, RoundSchedule
from groundwork.service.policy import rounds as policy
from groundwork.service.rules import schedules as rules

KIND, ROUND = "service.round_schedule", "service.round"
State = Round.State


@dataclass(frozen=True)
class SchedulePlan:
    """How often, by what authority, from when to when."""

    every: str
    nth: int
    opens: time
    lasts: int
    authority: str
    valid_from: date
    valid_to: date


@transaction.atomic
def schedule_round(
    round_id: str, plan: SchedulePlan, *, by: Actor, at: datetime | None = None
) -> RoundSchedule:
    """Ask what a round asks again at set times. A draft is the first of them, else its copy is.

    Raises Scheduled, BadRhythm, BadSpan.
    """
    at = at or clock.now()
    found = policy.round_for(by, round_id, "schedule", lock=True)
    if RoundSchedule.objects.filter(rounds=found, ended_at=None).exists():
        raise rules.Scheduled
    rhythm = rules.Rhythm(plan.every, plan.nth, plan.opens, plan.lasts)
    rules.check_rhythm(rhythm)
    days = calendar()
    turn = _next(days, rhythm, max(plan.valid_from, clock.day_of(at)), at)
    rules.check_span(turn, plan.valid_to)
    made = RoundSchedule.objects.create(
        body=found.body,
        every=plan.every,
        nth=plan.nth,
        opens=plan.opens,
        lasts=plan.lasts,
        authority=plan.authority,
        valid_from=plan.valid_from,
        valid_to=plan.valid_to,
    )
    if found.state == State.DRAFT:
        _set(found, made, turn, days)
    else:
        _draft(found, made, turn, days, by=by, at=at)
    trail.record(by, "set", KIND, made.public_id, at=at)
    return made


def rhythm_of(schedule: RoundSchedule) -> rules.Rhythm:
    """Give when a schedule asks."""
    return rules.Rhythm(schedule.every, schedule.nth, schedule.opens, schedule.lasts)


def _next(days: Calendar, rhythm: rules.Rhythm, since: date, at: datetime) -> date:
    """Give the first turn on a day or after it that has not begun by now."""
    turn = rules.next_turn(days, rhythm, since=since)
    while rhythm.times(days, turn)[0] <= at:
        turn = rules.next_turn(days, rhythm, since=turn + rules.DAY)
    return turn


def _set(draft: Round, schedule: RoundSchedule, turn: date, days: Calendar) -> None:
    draft.schedule, draft.turn = schedule, turn
    draft.opens_at, draft.closes_at = rhythm_of(schedule).times(days, turn)
    draft.save(update_fields=["schedule", "turn", "opens_at", "closes_at"])


def _draft(
    found: Round, schedule: RoundSchedule, turn: date, days: Calendar, *, by: Actor, at: datetime
) -> None:
    opens_at, closes_at = rhythm_of(schedule).times(days, turn)
    made = draft_round(plan_again(found, opens_at, closes_at), by=by, at=at)
    _set(made, schedule, turn, days)


@transaction.atomic
def pause_schedule(public_id: str, *, by: Actor, at: datetime | None = None) -> RoundSchedule:
    """Let no turn come until further notice. Raises NotRunning."""
    at = at or clock.now()
    found = policy.schedule_for(by, public_id, lock=True)
    if found.ended_at is not None or found.paused_at is not None:
        raise rules.NotRunning
    return _mark(found, "pause", by=by, at=at, paused_at=at)


@transaction.atomic
def resume_schedule(public_id: str, *, by: Actor, at: datetime | None = None) -> RoundSchedule:
    """Go on with the next turn; those that went by are left out. Raises NotRunning."""
    at = at or clock.now()
    found = policy.schedule_for(by, public_id, lock=True)
    if found.ended_at is not None or found.paused_at is None:
        raise rules.NotRunning
    _mark(found, "resume", by=by, at=at, paused_at=None)
    newest = _newest(found)
    if newest.state == State.DRAFT and newest.opens_at <= at:
        _pass(newest, found, calendar(), by=by, at=at)
    return found


@transaction.atomic
def end_schedule(public_id: str, *, by: Actor, at: datetime | None = None) -> RoundSchedule:
    """Ask no more; the draft that waits stays one, to be opened by hand. Raises NotRunning."""
    at = at or clock.now()
    found = policy.schedule_for(by, public_id, lock=True)
    if found.ended_at is not None:
        raise rules.NotRunning
    return _mark(found, "end", by=by, at=at, ended_at=at)


def _mark(
    found: RoundSchedule, verb: str, *, by: Actor, at: datetime, **fields: datetime | None
) -> RoundSchedule:
    for name, value in fields.items():
        setattr(found, name, value)
    found.save(update_fields=list(fields))
    trail.record(by, verb, KIND, found.public_id, list(fields), at=at)
    return found


def run_schedules(*, at: datetime | None = None) -> int:
    """Open the rounds whose turn has come and draft those of the next; give how many opened."""
    at = at or clock.now()
    running = RoundSchedule.objects.filter(ended_at=None, paused_at=None)
    keys = list(running.order_by("pk").values_list("pk", flat=True))
    days = calendar() if keys else Calendar()
    return sum(_run(pk, days, at) for pk in keys)


@transaction.atomic
def _run(pk: int, days: Calendar, at: datetime) -> bool:
    """Take one schedule's turn; whoever comes second finds it taken."""
    rows = RoundSchedule.objects.select_for_update(of=("self",))
    found = rows.filter(pk=pk, ended_at=None, paused_at=None).first()
    if found is None:
        return False
    newest, opened = _newest(found), False
    if newest.body.valid_to is not None and newest.body.valid_to < clock.day_of(at):
        _mark(found, "end", by=CLOCK, at=at, ended_at=at)  # nobody is left in whose name to ask
        return False
    if newest.state == State.DRAFT:
        _follow(newest, found, days, at)
        if newest.opens_at > at or found.ended_at is not None:
            return False
        opened = _open(newest, at)
        if not opened:
            _pass(newest, found, days, by=CLOCK, at=at)
            return False
    turn = _next(days, rhythm_of(found), _day_after(newest), at)
    if turn > found.valid_to:
        _mark(found, "end", by=CLOCK, at=at, ended_at=at)
    else:
        _draft(newest, found, turn, days, by=CLOCK, at=at)
    return opened


def _newest(found: RoundSchedule) -> Round:
    newest = found.rounds.select_related("body__place", "place").order_by("-turn").first()
    assert newest is not None  # a schedule is made with its first
    return newest


def _day_after(newest: Round) -> date:
    assert newest.turn is not None
    return newest.turn + rules.DAY


def _follow(draft: Round, found: RoundSchedule, days: Calendar, at: datetime) -> None:
    """Follow the calendar: next year's holidays are often entered after the draft was made.

    Not what the unit moved by hand, and not back to what has gone by.
    """
    rhythm = rhythm_of(found)
    assert draft.turn is not None
    if draft.opens_at != rhythm.times(days, draft.turn)[0]:
        return
    turn = rules.next_turn(days, rhythm, since=rules.period_of(found.every, draft.turn)[0])
    if turn != draft.turn and rhythm.times(days, turn)[0] > at:
        _move_to(draft, found, turn, days, by=CLOCK, at=at)


def _open(draft: Round, at: datetime) -> bool:
    """Open a draft whose turn has come; not one that asks nobody, or is over already."""
    try:
        open_round(draft.public_id, by=CLOCK, at=at)
    except RuleBroken:
        return False
    draft.refresh_from_db()
    return True


def _pass(draft: Round, found: RoundSchedule, days: Calendar, *, by: Actor, at: datetime) -> None:
    """Leave out a turn that went by: its draft is for the next one."""
    turn = _next(days, rhythm_of(found), _day_after(draft), at)
    _move_to(draft, found, turn, days, by=by, at=at)


def _move_to(
    draft: Round, found: RoundSchedule, turn: date, days: Calendar, *, by: Actor, at: datetime
) -> None:
    """Let a draft wait for another turn, or end the schedule where that lies beyond its end."""
    if turn > found.valid_to:
        _mark(found, "end", by=by, at=at, ended_at=at)
        return
    _set(draft, found, turn, days)
    trail.record(by, "move", ROUND, draft.public_id, ["turn", "opens_at", "closes_at"], at=at)
