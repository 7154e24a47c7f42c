"""Call-backs: open those that are due, take one in hand, write down what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.days import calendar
from groundwork.matters.actions import steps
from groundwork.matters.actions.verdict import Own, Said, give_verdict
from groundwork.matters.models import CallTask, Matter, Raiser, Verdict
from groundwork.matters.policy.calling import ASKABLE, call_for, raiser_to_call
from groundwork.matters.rules import calling as rules
from groundwork.matters.rules import deadlines

KIND = "matters.call"
MOST_AT_ONCE = 1000


@dataclass(frozen=True)
class CallSaid:
    """What came of a call; the three answers are None where somebody did not say."""

    outcome: rules.Outcome
    answered: bool | None = None
    solved: bool | None = None
    satisfied: bool | None = None
    words: str = ""


@transaction.atomic
def open_calls(*, at: datetime | None = None) -> int:
    """Open a call-back for every answer that waited too long for a word; give how many.

    Only where somebody left a number and did not speak. Who raised what was merged is rung too:
    the answer is theirs as well. Running twice opens nothing twice.
    """
    at = at or clock.now()
    days = calendar()
    last = rules.last_day_answered(days, clock.day_of(at))
    until = clock.local(last + timedelta(days=1), time.min)
    due_at = deadlines.due(days, at, rules.CALL_DAYS)
    tasks = [
        CallTask(matter_id=matter, raiser_id=raiser, round=number, opened_at=at, due_at=due_at)
        for matter, raiser, number in (*_silent(until), *_silent_of_merged(until))
    ]
    CallTask.objects.bulk_create(tasks, ignore_conflicts=True)
    return len(tasks)


def _silent(until: datetime) -> list[tuple[int, None, int]]:
    """List the matters answered before `until` on which none of their own raisers said a word."""
    this = {"matter": OuterRef("pk"), "round": OuterRef("redo_count")}
    own = Q(raiser=None) | Q(raiser__matter=OuterRef("pk"))
    reached = Raiser.objects.filter(matter=OuterRef("pk"), erased_at=None).exclude(phone="")
    silent = Matter.objects.filter(
        Exists(reached),
        ~Exists(Verdict.objects.filter(own, **this)),
        ~Exists(CallTask.objects.filter(raiser=None, **this)),
        state="answered",
        answered_at__lt=until,
    ).order_by("pk")
    rows = silent.values_list("pk", "redo_count")[:MOST_AT_ONCE]
    return [(pk, None, number) for pk, number in rows]


def _silent_of_merged(until: datetime) -> list[tuple[int, int, int]]:
    """List who raised what went into such a matter, and said no word on its answer."""
    into = "matter__merged_into"
    this = {
        "raiser": OuterRef("pk"),
        "matter": OuterRef(into),
        "round": OuterRef(f"{into}__redo_count"),
    }
    silent = Raiser.objects.filter(
        ~Exists(Verdict.objects.filter(**this)),
        ~Exists(CallTask.objects.filter(**this)),
        first=True,
        erased_at=None,
        matter__state_since__lt=until,  # who came in late has had as much time
        matter__merged_into__state="answered",
        matter__merged_into__answered_at__lt=until,
    ).exclude(phone="")
    named = ("matter__merged_into", "pk", "matter__merged_into__redo_count")
    return list(silent.order_by("pk").values_list(*named)[:MOST_AT_ONCE])


@transaction.atomic
def drop_calls(*, at: datetime | None = None) -> int:
    """Close the call-backs that nobody needs any more: the raiser spoke, or the matter went on."""
    at = at or clock.now()
    words = Verdict.objects.filter(round=OuterRef("round"))
    first = words.filter(
        matter=OuterRef("matter"), raiser__matter=OuterRef("matter"), raiser__first=True
    )
    left = Raiser.objects.filter(matter=OuterRef("matter"), erased_at=None).exclude(phone="")
    own = Q(raiser=None) & (Exists(first) | ~Exists(left))
    spoken = words.filter(raiser=OuterRef("raiser"), matter=OuterRef("matter"))
    theirs = Exists(spoken) | Q(raiser__phone="")
    gone = ~Q(matter__state__in=ASKABLE) | ~Q(round=F("matter__redo_count"))
    needless = CallTask.objects.filter(gone | own | theirs, done_at=None)
    pks = list(needless.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    return CallTask.objects.filter(pk__in=pks, done_at=None).update(done_at=at, taken_at=None)


@transaction.atomic
def take_call(task_id: str, *, by: Actor, at: datetime | None = None) -> CallTask:
    """Take a call in hand: for half an hour the number is shown, to this one caller, trailed.

    Raises TakenByAnother, CallOver, NotYetAgain.
    """
    at = at or clock.now()
    task = call_for(by, task_id, at=at, lock=True)
    _refuse_over(task)
    if rules.held(task.taken_at, at) and task.called_by != by.account_id:
        raise rules.TakenByAnother
    if task.again_at is not None and at < task.again_at:
        raise rules.NotYetAgain
    task.taken_at, task.called_by = at, by.account_id
    task.save(update_fields=["taken_at", "called_by"])
    trail.record(by, "reveal_phone", KIND, task.public_id, ["phone"], at=at)
    return task


def _refuse_over(task: CallTask) -> Raiser:
    """Give who is rung. Raises CallOver where the call has no need any more."""
    matter = task.matter
    raiser = raiser_to_call(task)
    over = task.done_at or matter.state not in ASKABLE or task.round != matter.redo_count
    if over or raiser is None:
        raise rules.CallOver
    return raiser


@transaction.atomic
def record_call(task_id: str, said: CallSaid, *, by: Actor, at: datetime | None = None) -> CallTask:
    """Write down what came of a call, and let the raiser's word move the matter.

    Raises TakeItFirst, TakenByAnother, CallOver, NothingAsked.
    """
    at = at or clock.now()
    task = call_for(by, task_id, at=at, lock=True)
    raiser = _refuse_over(task)
    if task.called_by != by.account_id and rules.held(task.taken_at, at):
        raise rules.TakenByAnother
    if task.called_by != by.account_id or not rules.held(task.taken_at, at):
        raise rules.TakeItFirst
    if said.outcome == "reached":
        _keep_word(task, raiser, said, by, at)
    _close(task, said.outcome, at)
    trail.record(by, "call_back", KIND, task.public_id, ["outcome", "tries"], at=at)
    return task


def _close(task: CallTask, outcome: rules.Outcome, at: datetime) -> None:
    task.tries += 1
    task.taken_at = None
    if rules.ends(outcome, task.tries):
        task.outcome, task.done_at, task.again_at = outcome, at, None
    else:
        task.again_at = rules.next_try(calendar(), at)
    task.save(update_fields=["tries", "taken_at", "outcome", "done_at", "again_at"])


def _keep_word(task: CallTask, raiser: Raiser, said: CallSaid, by: Actor, at: datetime) -> None:
    """Write the raiser's word as the raiser's own; who rang stands beside it, for the staff."""
    if (said.answered, said.solved, said.satisfied) == (None, None, None):
        raise rules.NothingAsked
    matter = task.matter
    data = {"call": task.public_id}
    steps.append(matter, "call_back", by=by, at=at, audience=steps.Audience.STAFF, data=data)
    word = Said(said.answered, said.solved, said.satisfied, said.words)
    give_verdict(Own(raiser, matter), word, source=Verdict.Source.CALL, at=at)
