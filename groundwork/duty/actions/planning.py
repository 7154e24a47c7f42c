"""Ask for a plan, compute it in the worker, stop it with the best kept, drop it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from groundwork.base import clock, outbox, trail
from groundwork.base.actor import Actor, system
from groundwork.base.errors import N_, Conflict, RuleBroken
from groundwork.duty.models import Order, PlanRun
from groundwork.duty.policy.orders import order_for
from groundwork.duty.policy.runs import require_call, run_for
from groundwork.duty.queries.empty import empty_slots, one_more_each
from groundwork.duty.queries.instance import Question, question
from groundwork.duty.queries.packing import pack
from groundwork.duty.queries.runs import span_published
from groundwork.duty.queries.verdicts import kept, told
from groundwork.duty.rules.weights import firmly, merged, require_sense
from groundwork.duty.solver.check import judge
from groundwork.duty.solver.instance import Plan

if TYPE_CHECKING:
    from groundwork.duty.solver.solve import Progress

KIND, SOLVE = "duty.run", "duty.solve"
State = PlanRun.State
PLANNER = system("planner")
GONE = timedelta(minutes=3)  # a process that gave no sign for so long is dead
PULSE = timedelta(seconds=1)  # progress is written so often at most
MOST_TRIES, MOST_DAYS = 3, 31
LONGEST = 600  # seconds
REPLAN_AIM, REPLAN_LIMIT = 0.02, 30


class RunUnderWay(Conflict):
    """Tell that a plan of this order is being computed already."""

    code = "duty.run_under_way"
    text = N_("这份启动令正在计算一份排班，请等它算完，或先停止它。")


class WrongRun(Conflict):
    """Tell that a run is no longer where this act could take it on."""

    code = "duty.wrong_run"
    text = N_("这份排班已经不在这一步了，请看最新状态。")


class WrongDays(RuleBroken):
    """Refuse days outside the order, or more than the planner takes at once."""

    code = "duty.wrong_days"
    text = N_("排班日期要在启动令的时间之内，一次最多排 31 天。")


class NothingPlanned(RuleBroken):
    """Say that there is no published plan to mend."""

    code = "duty.nothing_planned"
    text = N_("还没有发布过排班，或者排过的日子都过去了。请先排班。")


@dataclass(frozen=True)
class Ask:
    """What a planner asks for; `weights` are kept with the run as they were."""

    first_day: date
    days: int
    kind: str = PlanRun.Kind.PLAN
    aim: float = 0.01
    limit: int = 60
    weights: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def ask_plan(order_id: str, ask: Ask, *, by: Actor, at: datetime | None = None) -> PlanRun:
    """Queue a plan for some days of an order in force. Raises RunUnderWay."""
    at = at or clock.now()
    run = queue_run(order_id, ask, by=by, at=at)
    _send(run, 1)
    return run


def queue_run(order_id: str, ask: Ask, *, by: Actor, at: datetime) -> PlanRun:
    """Write the run that a plan will belong to; the caller holds the transaction."""
    order = order_for(by, order_id, "plan", lock=True)
    require_call(order, at)
    _require_days(order, ask)
    weights = merged(ask.weights)
    require_sense(weights)
    if PlanRun.objects.filter(order=order, state__in=(State.QUEUED, State.RUNNING)).exists():
        raise RunUnderWay
    run = PlanRun.objects.create(
        order=order,
        kind=ask.kind,
        first_day=ask.first_day,
        days=ask.days,
        weights=weights,
        aim=ask.aim,
        limit=min(ask.limit, LONGEST),
        account_id=by.account_id,
        asked_at=at,
    )
    order.weights = weights
    order.save(update_fields=["weights"])
    trail.record(by, "ask", KIND, run.public_id, ["first_day", "days", "weights"], at=at)
    return run


def ask_replan(order_id: str, *, by: Actor, at: datetime | None = None) -> PlanRun:
    """Queue a plan for what is left of the days published, the prices as they were.

    Whoever was told of a shift keeps it, unless moving them fills a place that would stay empty.
    Raises NothingPlanned, RunUnderWay.
    """
    at = at or clock.now()
    order = order_for(by, order_id, "plan")
    span = span_published(order, at)
    if span is None:
        raise NothingPlanned
    first, last = span
    days = min((last - first).days + 1, MOST_DAYS)
    ask = Ask(
        first, days, kind=PlanRun.Kind.REPLAN, aim=REPLAN_AIM, limit=REPLAN_LIMIT,
        weights=order.weights,
    )  # fmt: skip
    return ask_plan(order_id, ask, by=by, at=at)


def _require_days(order: Order, ask: Ask) -> None:
    first, last = (clock.day_of(moment) for moment in (order.starts_at, order.ends_at))
    until = ask.first_day + timedelta(days=ask.days - 1)
    if not (1 <= ask.days <= MOST_DAYS and first <= ask.first_day and until <= last):
        raise WrongDays


def _send(run: PlanRun, attempt: int) -> None:
    outbox.put(SOLVE, {"run": run.public_id}, key=f"{SOLVE}:{run.public_id}:{attempt}")


@transaction.atomic
def stop_run(public_id: str, *, by: Actor, at: datetime | None = None) -> PlanRun:
    """Ask a run to stop with the best plan so far; one that has not begun is dropped."""
    at = at or clock.now()
    run = run_for(by, public_id, lock=True)
    if run.state == State.QUEUED:
        return _drop(run, by, at)
    if run.state != State.RUNNING:
        raise WrongRun
    run.stop_asked = True
    run.save(update_fields=["stop_asked"])
    trail.record(by, "stop", KIND, run.public_id, ["stop_asked"], at=at)
    return run


@transaction.atomic
def drop_run(public_id: str, *, by: Actor, at: datetime | None = None) -> PlanRun:
    """Put a computed plan aside; nobody was told of it. Twice is no error."""
    at = at or clock.now()
    run = run_for(by, public_id, lock=True)
    if run.state == State.DROPPED:
        return run
    if run.state not in (State.QUEUED, State.READY, State.FAILED):
        raise WrongRun
    return _drop(run, by, at)


def _drop(run: PlanRun, by: Actor, at: datetime) -> PlanRun:
    run.state, run.done_at, run.result = State.DROPPED, run.done_at or at, None
    run.save(update_fields=["state", "done_at", "result"])
    trail.record(by, "drop", KIND, run.public_id, ["state"], at=at)
    return run


# ---- in the worker -------------------------------------------------------------------------------
def run_plan(public_id: str) -> None:
    """Compute a queued run. A run that a dead process left behind is computed from the start."""
    run = _begin(public_id)
    if run is None:
        return
    try:
        weights = firmly(run.weights) if run.kind == PlanRun.Kind.REPLAN else run.weights
        asked = question(run.order, run.first_day, run.days, weights, at=clock.now())
        pulse = _Pulse(run.pk)
        plan = _compute(run, asked, pulse)
    except Exception as fault:
        _fail(run.pk, type(fault).__name__)
        raise
    finish_run(run, asked, plan, at=clock.now())


@transaction.atomic
def _begin(public_id: str) -> PlanRun | None:
    """Take a run in hand; None where it is done with, or another process gives signs of life."""
    runs = PlanRun.objects.select_for_update(of=("self",)).defer("result")
    run = runs.select_related("order__place").filter(public_id=public_id).first()
    at = clock.now()
    if run is None or run.state not in (State.QUEUED, State.RUNNING):
        return None
    if run.state == State.RUNNING and run.seen_at and run.seen_at > at - GONE:
        return None
    run.state, run.began_at, run.seen_at, run.progress = State.RUNNING, at, at, {"stage": "read"}
    run.save(update_fields=["state", "began_at", "seen_at", "progress"])
    return run


def _compute(run: PlanRun, asked: Question, pulse: _Pulse) -> Plan:
    # numba is for the worker, not for every page
    from groundwork.duty.solver.mend import mend
    from groundwork.duty.solver.solve import solve

    if run.kind == PlanRun.Kind.REPLAN:
        stands = asked.stands
        return mend(asked.instance, stands, gap=run.aim, seconds=run.limit, progress=pulse)
    return solve(asked.instance, gap=run.aim, seconds=run.limit, progress=pulse)


class _Pulse:
    """Write how far the solver is, as a sign of life; tell it to stop when that was asked."""

    def __init__(self, pk: int) -> None:
        self.pk, self.last = pk, clock.now() - PULSE

    def __call__(self, so_far: Progress) -> bool:
        """Tell whether the solver should go on."""
        at = clock.now()
        if at - self.last < PULSE:
            return True
        self.last = at
        rows = PlanRun.objects.filter(pk=self.pk, state=State.RUNNING)
        rows.update(progress={**asdict(so_far), "seconds": round(so_far.seconds, 1)}, seen_at=at)
        return not PlanRun.objects.filter(pk=self.pk, stop_asked=True).exists()


def finish_run(run: PlanRun, asked: Question, plan: Plan, *, at: datetime) -> None:
    """Keep a plan until it is published, with the judge's word and what it leaves empty."""
    verdict = judge(asked.instance, plan)
    rows, empty = asked.rows_of(plan), empty_slots(asked, plan)
    with transaction.atomic():
        kept_run = PlanRun.objects.select_for_update().defer("result").get(pk=run.pk)
        if kept_run.state != State.RUNNING:
            return
        kept_run.state, kept_run.done_at = State.READY, at
        kept_run.cost, kept_run.bound = int(verdict.cost), int(plan.bound)
        kept_run.parts = {
            **verdict.parts,
            "empty": empty,
            "more": one_more_each(asked, plan),
            "slots": verdict.slots,
            "open": verdict.unfilled,
            "rows": len(rows),
        }
        kept_run.violations = told(asked, verdict)
        kept_run.changed = kept(asked, rows)
        kept_run.result = pack(rows)
        kept_run.progress = {"stage": "done", "seconds": round(plan.seconds, 1)}
        kept_run.save(
            update_fields=[
                *("state", "done_at", "cost", "bound", "parts", "violations", "changed"),
                *("result", "progress"),
            ]
        )
        trail.record(PLANNER, "compute", KIND, run.public_id, ["result"], at=at)


def _fail(pk: int, fault: str) -> None:
    rows = PlanRun.objects.filter(pk=pk, state=State.RUNNING)
    rows.update(state=State.FAILED, fault=fault[:200], done_at=clock.now())


def revive_runs(*, at: datetime | None = None) -> int:
    """Take again what a dead process left behind, three times; then call it failed."""
    at = at or clock.now()
    dead = PlanRun.objects.filter(state=State.RUNNING, seen_at__lte=at - GONE)
    done = 0
    for pk in dead.values_list("pk", flat=True):
        with transaction.atomic():
            run = PlanRun.objects.select_for_update().defer("result").get(pk=pk)
            if run.state != State.RUNNING or (run.seen_at and run.seen_at > at - GONE):
                continue
            tried = int(run.changed.get("tried", 1))
            if tried >= MOST_TRIES:
                run.state, run.fault, run.done_at = State.FAILED, "process died", at
            else:
                run.state, run.changed = State.QUEUED, {"tried": tried + 1}
                _send(run, tried + 1)
            run.save(update_fields=["state", "fault", "done_at", "changed"])
            done += 1
    return done
