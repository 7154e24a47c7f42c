"""Home: tonight, what waits for the actor, what the actor began, what was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from groundwork.access.policy import visible_remarks
from groundwork.access.queries import letters
from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.dates import moment_text
from groundwork.base.listing import Todo
from groundwork.base.numbers import Rate
from groundwork.campaigns.queries import alliance_todo, inquiry_todo, project_todo, rectify
from groundwork.duty.queries import todo as duty
from groundwork.figures.queries import briefing_todo
from groundwork.matters.queries import todo as matters
from groundwork.service.queries import todo as service
from groundwork.study.models import Evening, Leave
from groundwork.study.policy.roll import WATCHERS, own_entries, visible_sheets
from groundwork.study.queries import evening as evenings
from groundwork.study.queries import roll, todo
from groundwork.study.queries.audience import TOLD
from groundwork.study.queries.coverage import ROLLED_BY_UNIT, with_roll
from groundwork.study.queries.evening import Tonight
from groundwork.voices.queries import todo as voices

# What waits for somebody: each area answers for itself.
SOURCES: tuple[Callable[[Actor, datetime], list[Todo]], ...] = (
    roll.todo,
    todo.todo,
    matters.todo,
    duty.todo,
    service.todo,
    voices.todo,
    alliance_todo.todo,
    project_todo.todo,
    inquiry_todo.todo,
    rectify.todo,
    briefing_todo.todo,
    letters.todo,
)
URGENCY = {"late": 0, "due": 1, "": 2, "ok": 3}
AHEAD = timedelta(days=8)
ONE_ROUND = timedelta(days=6, hours=20)  # from one Tuesday night to the next
LATELY = timedelta(days=60)
MOST = 5


@dataclass(frozen=True)
class EveningState:
    """How the last evening stands in an operator's part of the tree."""

    evening: Evening
    units: int
    with_roll: int
    closed: int

    @property
    def share(self) -> Rate:
        """Give the units that have a roll so far, of all that have people expected."""
        return Rate(self.with_roll, self.units)

    @property
    def open(self) -> int:
        """Count the sheets not yet closed."""
        return self.units - self.closed


@dataclass(frozen=True)
class Home:
    """What a home page shows."""

    tonight: Tonight | None
    todo: list[Todo]
    started: list[Todo]
    done: list[Todo]
    state: EveningState | None


def home(by: Actor, at: datetime) -> Home:
    """Compose the home of `by` at `at`; the number of statements does not grow with the city."""
    tonight = evenings.tonight(by, at, ahead=AHEAD)
    waiting = [line for source in SOURCES for line in source(by, at)]
    if tonight is not None:  # it stands on top already
        own = reverse("study:own_part", args=[tonight.evening.public_id])
        waiting = [line for line in waiting if line.url != own]
    asked = {line.url for line in waiting}
    raised = [line for line in matters.raised(by) if line.url not in asked]
    far = at + timedelta(days=9999)
    waiting.sort(key=lambda line: (URGENCY[line.tone], line.due or far))
    return Home(
        tonight=tonight,
        todo=waiting,
        started=[*_leaves(by, at), *raised, *_remarks(by)][:MOST],
        done=_done(by, at),
        state=evening_state(by, at) if by.has(*WATCHERS) else None,
    )


def _leaves(by: Actor, at: datetime) -> list[Todo]:
    """List the actor's own askings for leave from evenings to come or just past."""
    if by.person_id is None:
        return []
    tones = {Leave.State.ASKED: "due", Leave.State.GRANTED: "ok", Leave.State.REFUSED: "late"}
    rows = (
        Leave.objects.filter(person=by.person_id, evening__ends_at__gt=at - timedelta(days=7))
        .exclude(state=Leave.State.WITHDRAWN)
        .select_related("evening")
        .order_by("-evening__starts_at", "-id")[:MOST]
    )
    return [
        Todo(
            title=_("请假：%(title)s") % {"title": row.evening.title},
            url=reverse("study:own_part", args=[row.evening.public_id]),
            sub=f"{moment_text(row.evening.starts_at)} · {row.get_category_display()}",
            chip=row.get_state_display(),
            tone=tones[Leave.State(row.state)],  # type: ignore[arg-type]
        )
        for row in rows
    ]


def _remarks(by: Actor) -> list[Todo]:
    """List the actor's own remarks on the software, the newest first."""
    rows = visible_remarks(by).filter(account=by.account_id).order_by("-id")[:2]
    return [
        Todo(
            title=_("对软件的意见：%(text)s") % {"text": row.text[:24]},
            url=reverse("access:remarks"),
            sub=moment_text(row.created_at),
            chip=_("已答复") if row.answered_at else _("待答复"),
            tone="ok" if row.answered_at else "",
        )
        for row in rows
    ]


def _done(by: Actor, at: datetime) -> list[Todo]:
    """List the evenings the actor lately took part in."""
    rows = (
        own_entries(by)
        .filter(withdrawn=False, evening__starts_at__gt=at - LATELY)
        .select_related("evening")
        .order_by("-evening__starts_at", "-id")[:3]
    )
    return [
        Todo(
            title=row.evening.title,
            url=reverse("study:evening", args=[row.evening.public_id]),
            sub=moment_text(row.evening.starts_at),
            chip=row.get_source_display(),
            tone="ok",
        )
        for row in rows
    ]


def evening_state(by: Actor, at: datetime) -> EveningState | None:
    """Say how the week's greatest evening stands in the operator's part of the tree."""
    latest = (
        visible_sheets(by)
        .filter(
            evening__state__in=TOLD,
            evening__starts_at__gt=at - ONE_ROUND,
            evening__starts_at__lte=_end_of_day(at),
        )
        .order_by()
        .values("evening")
        .annotate(units=Count("pk"))
        .order_by("-units", "-evening__starts_at")
        .first()
    )
    if latest is None:
        return None
    evening = Evening.objects.get(pk=latest["evening"])
    mine = with_roll(visible_sheets(by).filter(evening=evening))
    counts = mine.aggregate(
        units=Count("pk"),
        closed=Count("pk", filter=Q(closed_at__isnull=False)),
        with_roll=Count("pk", filter=ROLLED_BY_UNIT),
    )
    return EveningState(evening, **counts)


def _end_of_day(at: datetime) -> datetime:
    local = at.astimezone(clock.ZONE)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
