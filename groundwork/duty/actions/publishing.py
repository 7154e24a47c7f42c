"""Publish a plan: posts in bulk, what is taken back, and one notice to each person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse

from groundwork.access.actions.notices import Message, notify_many
from groundwork.base import bulk, changes, clock, outbox, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, Conflict
from groundwork.base.ids import public_id as new_id
from groundwork.duty.actions.counting import recount
from groundwork.duty.actions.planning import KIND, PLANNER, State, WrongRun
from groundwork.duty.models import PlanRun, Post, PostStep, Shift
from groundwork.duty.policy.runs import run_for
from groundwork.duty.queries.instance import Question, question
from groundwork.duty.queries.moved import Seen, seen, touched
from groundwork.duty.queries.packing import Row, unpack
from groundwork.duty.queries.verdicts import settled
from groundwork.registry.models import Person

TOLD = "duty.told"
CHUNK = 900
COLUMNS = (
    *("public_id", "shift", "person", "kind", "state", "source", "run", "short_rest"),
    *("told_at", "came_by", "came_checked", "went_by"),
)


class NotClean(Conflict):
    """Refuse to publish what the independent checker objects to."""

    code = "duty.not_clean"
    text = N_("独立核验发现这份排班有违反规则的地方，不能发布。请重新计算。")


class Moved(Conflict):
    """Tell that people and shifts changed while the plan was being published."""

    code = "duty.moved"
    text = N_("发布时有人刚好报名或换班，什么都没有写入，请再发布一次。")


@dataclass(frozen=True)
class Published:
    """What publishing did: posts given, taken back, kept, and rows that fitted no more."""

    given: int
    taken: int
    kept: int
    left_out: int


@dataclass(frozen=True)
class Judged:
    """A plan judged against what stood when it was read, ready to be written."""

    asked: Question
    rows: Sequence[Row]
    planned: int
    seen: Seen


def publish_run(public_id: str, *, by: Actor, at: datetime | None = None) -> Published:
    """Publish a plan that waits; judged anew against what stands at this moment.

    Rows that no longer fit (somebody was excused, signed up elsewhere, a gate closed) are left
    out. Judging a city takes seconds and holds up nobody's writing; who moves meanwhile is left as
    they are. Raises NotClean where the judge still finds something, WrongRun for the second who
    presses.
    """
    at = at or clock.now()
    judged = _judge(public_id, by, at)
    try:
        return _publish(public_id, judged, by, at)
    except IntegrityError:
        raise Moved from None


def _judge(public_id: str, by: Actor, at: datetime) -> Judged:
    run = run_for(by, public_id)
    if run.state != State.READY:
        raise WrongRun
    if run.violations:
        raise NotClean
    stood = seen(run)
    rows = unpack(bytes(PlanRun.objects.values_list("result", flat=True).get(pk=run.pk) or b""))
    asked = question(run.order, run.first_day, run.days, run.weights, at=at)
    fitting = settled(asked, rows)
    if fitting is None:
        raise NotClean
    return Judged(asked, fitting, len(rows), stood)


@transaction.atomic
def _publish(public_id: str, judged: Judged, by: Actor, at: datetime) -> Published:
    run = run_for(by, public_id, lock=True)
    if run.state != State.READY:
        raise WrongRun
    _lock_shifts(run)
    done = _write(run, judged, by, at)
    run.state, run.published_at, run.result = State.PUBLISHED, at, None
    run.changed = {
        **run.changed,
        "given": done.given,
        "taken": done.taken,
        "left_out": done.left_out,
    }
    run.save(update_fields=["state", "published_at", "result", "changed"])
    trail.record(by, "publish", KIND, run.public_id, ["state", "posts"], at=at)
    outbox.put(TOLD, {"run": run.public_id}, key=f"{TOLD}:{run.public_id}")
    return done


def _lock_shifts(run: PlanRun) -> None:
    """Lock the shifts of the days: whoever signs up, swaps or answers locks theirs first."""
    last = run.first_day.toordinal() + run.days
    shifts = Shift.objects.filter(order=run.order_id, day__gte=run.first_day)
    shifts = shifts.filter(day__lt=type(run.first_day).fromordinal(last)).order_by("pk")
    list(shifts.select_for_update().values_list("pk", flat=True))


def _write(run: PlanRun, judged: Judged, by: Actor, at: datetime) -> Published:
    before = {(p, s): (key, kind) for (p, s, kind), key in judged.asked.standing.items()}
    after = {(person, shift): kind for person, shift, kind in judged.rows}
    wanted = [row for row in judged.rows if (row[0], row[1]) not in before]
    gone = before.keys() - after.keys()
    free = touched(judged.seen, seen(run), wanted, gone).frees
    given = [row for row in wanted if free(row[0], row[1])]
    taken = {before[pair][0]: pair for pair in gone if free(*pair)}
    stay = {before[p][0]: kind for p, kind in after.items() if p in before and free(*p)}
    _release(run, taken, by, at)
    _rename(run, stay, before.values())
    _give(run, given, at)
    recount(sorted({row[1] for row in given} | {shift for _person, shift in taken.values()}))
    _note(run, given, len(taken), at)
    left_out = judged.planned - len(judged.rows) + len(wanted) - len(given)
    return Published(len(given), len(taken), len(stay), left_out)


def _release(run: PlanRun, taken: dict[int, tuple[int, int]], by: Actor, at: datetime) -> None:
    """Take posts back that the new plan no longer has."""
    keys = sorted(taken)
    for start in range(0, len(keys), CHUNK):
        part = Post.objects.filter(pk__in=keys[start : start + CHUNK], state="planned")
        part.update(state="released", run=run)
    PostStep.objects.bulk_create(
        (
            PostStep(
                post_id=key, verb="release", at=at, account_id=by.account_id, name=by.display_name
            )
            for key in keys
        ),
        batch_size=1000,
    )


def _rename(run: PlanRun, kinds: dict[int, str], before: Iterable[tuple[int, str]]) -> None:
    """Write the kind anew of posts whose person stays and is wanted for something else."""
    was = dict(before)
    by_kind: dict[str, list[int]] = {}
    for key, kind in kinds.items():
        if was[key] != kind:
            by_kind.setdefault(kind, []).append(key)
    for kind, keys in by_kind.items():
        for start in range(0, len(keys), CHUNK):
            part = Post.objects.filter(pk__in=keys[start : start + CHUNK], state="planned")
            part.update(kind=kind, run=run)


def _give(run: PlanRun, rows: Sequence[Row], at: datetime) -> None:
    source = Post.Source.FILL if run.kind == PlanRun.Kind.REPLAN else Post.Source.PLAN
    bulk.insert(
        Post,
        COLUMNS,
        (
            (new_id(), shift, person, kind, "planned", source, run.pk, False, at, "", True, "")
            for person, shift, kind in rows
        ),
    )


def _note(run: PlanRun, given: Sequence[Row], taken: int, at: datetime) -> None:
    """Follow the figures: so many of each kind of an order's run were given or taken back."""
    counts = Counter(kind for _person, _shift, kind in given)
    dims = {"order": run.order_id, "place": run.order.place_id}
    rows = [
        changes.change(KIND, run.public_id, after={**dims, "kind": kind}, n=n, at=at)
        for kind, n in sorted(counts.items())
    ]
    if taken:
        rows.append(changes.change(KIND, run.public_id, before=dict(dims), n=taken, at=at))
    changes.record_many(rows)


# ---- in the worker -------------------------------------------------------------------------------
def tell_run(public_id: str, *, at: datetime | None = None) -> int:
    """Tell each person once what a published plan gives or takes; give how many heard of it."""
    at = at or clock.now()
    run = PlanRun.objects.select_related("order").defer("result").get(public_id=public_id)
    rows = Post.objects.filter(run=run, state__in=("planned", "confirmed", "released"))
    lots: dict[int, list[tuple[datetime, bool]]] = {}
    for person, state, start in rows.order_by("pk").values_list(
        "person_id", "state", "shift__starts_at"
    ):
        lots.setdefault(person, []).append((start, state == "released"))
    told = 0
    people = sorted(lots)
    for at_row in range(0, len(people), CHUNK):
        part = people[at_row : at_row + CHUNK]
        told += _tell(run, {person: lots[person] for person in part}, at)
    return told


GIVEN = N_("“%(order)s”排您 %(n)s 个班次，最近一班 %(when)s。请看地点和同伴，确认能不能来。")
TAKEN = N_("“%(order)s”的排班有调整，您有 %(n)s 个班次不用来了。")
BOTH = N_(
    "“%(order)s”的排班有调整：新排您 %(n)s 个班次，最近一班 %(when)s；有 %(gone)s 个不用来了。"
)


def _tell(run: PlanRun, lots: dict[int, list[tuple[datetime, bool]]], at: datetime) -> int:
    pairs = [(Person(pk=person), _message(run, lot)) for person, lot in lots.items()]
    return notify_many(pairs, by=PLANNER, at=at)


def _message(run: PlanRun, lot: Collection[tuple[datetime, bool]]) -> Message:
    coming = sorted(start for start, gone in lot if not gone)
    gone = len(lot) - len(coming)
    params: dict[str, object] = {"order": run.order.title, "n": len(coming) or gone, "gone": gone}
    if coming:
        params["when"] = coming[0]
    return Message(
        kind="duty.plan",
        key=f"duty.plan:{run.public_id}",
        text=TAKEN if not coming else BOTH if gone else GIVEN,
        url=reverse("duty:mine"),
        params=params,
    )
