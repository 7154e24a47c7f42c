"""Discussions as a reader sees them: the list, one with its phases, a task, what was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.base.listing import Listing, page_by_key
from groundwork.campaigns.models import (
    Adoption,
    Campaign,
    Contribution,
    Gathering,
    Phase,
    PhaseTask,
    Question,
    TaskReport,
)
from groundwork.campaigns.policy import discussion as policy
from groundwork.campaigns.rules import discussion as rules
from groundwork.registry.models import Body
from groundwork.service.policy.points import kept_units
from groundwork.service.policy.visits import keeps, visible_visits
from groundwork.study.policy.evening import visible_evenings

SIZE, FEW = 40, 5
BESIDE = ("person__unit", "body", "question", "matter", "campaign__body__place")


def campaigns(by: Actor, after: str = "") -> Listing[Campaign]:
    """List the discussions the actor reads, the newest first."""
    rows = policy.visible_campaigns(by).select_related("body", "upper__body")
    return page_by_key(rows, ("-id",), after, size=SIZE)


@dataclass(frozen=True)
class TaskLine:
    """A task, whose it is, and what the reader's own unit said of it."""

    task: PhaseTask
    local: bool  # an addition of this very level, in a copy
    above: Body | None  # who asks, where it comes from above
    own: TaskReport | None


@dataclass(frozen=True)
class QuestionLine:
    """A question, and who asks it where it comes from above."""

    question: Question
    local: bool
    above: Body | None


@dataclass(frozen=True)
class PhaseLine:
    """A phase as its reader sees it: before it opens nothing but its days and a word."""

    phase: Phase
    when: rules.When
    open_to: bool  # what is in it may be read
    tasks: list[TaskLine] = field(default_factory=list)
    points: list[TaskLine] = field(default_factory=list)
    questions: list[QuestionLine] = field(default_factory=list)


@dataclass(frozen=True)
class GatheringLine:
    """A talk or salon: what it is called, where it opens."""

    id: str
    title: str
    at: datetime | date
    kind: str
    of_id: str
    here: bool  # of this level, so that its keepers may take it off


@dataclass(frozen=True)
class CampaignPage:
    """What a discussion's page shows to one reader."""

    campaign: Campaign
    phases: list[PhaseLine]
    keeps: bool
    takes_part: bool
    unit: Body | None  # in whose name the reader may speak
    acts: frozenset[str]  # what today's phases allow
    gatherings: list[GatheringLine]
    practices: list[Contribution]
    copies: list[Campaign]
    waits: bool
    may_say: bool
    may_copy: bool


def campaign_page(by: Actor, campaign: Campaign, today: date) -> CampaignPage:
    """Read a discussion: its phases with what is in them, talks, practices, copies."""
    kept = keeps(by, campaign.body)
    unit = own_unit(by, campaign)
    phases = list(campaign.phases.all())
    going = campaign.state == Campaign.State.OPEN
    family = policy.family(campaign, "campaign")
    waiting = Contribution.objects.filter(family, state=Contribution.State.WAITING)
    copies = campaign.copies.filter(pk__in=policy.visible_campaigns(by).values("pk"))
    return CampaignPage(
        campaign=campaign,
        phases=_phases(campaign, phases, unit, today, kept=kept),
        keeps=kept,
        takes_part=policy.takes_part(by, campaign),
        unit=unit,
        acts=rules.allowed(_spans(phases), today) if going else frozenset(),
        gatherings=_gatherings(by, campaign),
        practices=list(_words(by, campaign, "practice").order_by("-id")[:FEW]),
        copies=list(copies.select_related("body").order_by("body__path")),
        waits=kept and waiting.exists(),
        may_say=unit is not None or policy.takes_part(by, campaign),
        may_copy=going and _below(by, campaign),
    )


def _below(by: Actor, campaign: Campaign) -> bool:
    """Tell whether the reader keeps a body below that could copy the discussion."""
    below = policy.speaking_units(by, campaign).exclude(pk=campaign.body_id)
    return below.exclude(campaigns__upper=campaign).exists()


def own_unit(by: Actor, campaign: Campaign) -> Body | None:
    """Give the unit in whose name the actor speaks: the first of those it keeps."""
    return policy.speaking_units(by, campaign).order_by("path").first()


def _phases(
    campaign: Campaign, phases: Iterable[Phase], unit: Body | None, today: date, *, kept: bool
) -> list[PhaseLine]:
    line = policy.line_of(campaign)
    tasks = list(
        PhaseTask.objects.filter(phase__campaign__in=line).select_related(
            "phase__campaign__body", "category"
        )
    )
    asked = list(
        Question.objects.filter(phase__campaign__in=line).select_related("phase__campaign__body")
    )
    done = {r.task_id: r for r in TaskReport.objects.filter(task__in=tasks, body=unit)}
    lines = []
    for phase in phases:
        when = rules.when(phase.first_day, phase.last_day, today)
        open_to = kept or when != "before"
        mine = [_task(campaign, one, done) for one in tasks if one.phase.kind == phase.kind]
        mine.sort(key=lambda one: one.own is not None)  # what is still to do comes first
        questions = [_question(campaign, one) for one in asked if one.phase.kind == phase.kind]
        lines.append(
            PhaseLine(
                phase=phase,
                when=when,
                open_to=open_to,
                tasks=[one for one in mine if open_to and one.task.category_id is None],
                points=[one for one in mine if open_to and one.task.category_id is not None],
                questions=questions if open_to else [],
            )
        )
    return lines


def _task(campaign: Campaign, task: PhaseTask, done: dict[int, TaskReport]) -> TaskLine:
    own, above = _whose(campaign, task.phase)
    return TaskLine(task, own, above, done.get(task.pk))


def _question(campaign: Campaign, question: Question) -> QuestionLine:
    return QuestionLine(question, *_whose(campaign, question.phase))


def _whose(campaign: Campaign, phase: Phase) -> tuple[bool, Body | None]:
    here = phase.campaign_id == campaign.pk
    return here and campaign.upper_id is not None, None if here else phase.campaign.body


def _gatherings(by: Actor, campaign: Campaign) -> list[GatheringLine]:
    """List talks and salons of this level and those above, as far as the reader sees them."""
    line = policy.line_of(campaign)
    seen = Q(evening__in=visible_evenings(by).values("pk"))
    seen |= Q(visit__in=visible_visits(by).values("pk"))
    rows = Gathering.objects.filter(seen, campaign__in=line)
    found = []
    for row in rows.select_related("evening", "visit__unit", "visit__place").order_by("id"):
        here = row.campaign_id == campaign.pk
        if row.evening is not None:
            one = row.evening
            found.append(
                GatheringLine(
                    row.public_id, one.title, one.starts_at, "evening", one.public_id, here
                )
            )
        elif row.visit is not None:
            title = f"{row.visit.unit} → {row.visit.place}"
            found.append(
                GatheringLine(
                    row.public_id, title, row.visit.day, "visit", row.visit.public_id, here
                )
            )
    return found


def _words(by: Actor, campaign: Campaign, kind: str) -> QuerySet[Contribution]:
    rows = policy.visible_words(by).filter(policy.family(campaign, "campaign"), kind=kind)
    return rows.filter(state=Contribution.State.SHOWN).select_related(*BESIDE)


@dataclass(frozen=True)
class WordLine:
    """What somebody said, and what its reader may know and do."""

    word: Contribution
    own: bool
    settles: bool
    speaker: str  # "" where it is not signed, or forgotten


def word_line(by: Actor, word: Contribution, *, settles: bool) -> WordLine:
    """Name the speaker only where they signed; to oneself nothing is hidden."""
    own = policy.is_own(by, word)
    speaker = ""
    if word.body is not None:
        speaker = str(word.body)
    elif word.person is not None and (word.named or own):
        speaker = " · ".join(str(one) for one in (word.person.name, word.person.unit) if one)
    return WordLine(word, own, settles, speaker)


@dataclass(frozen=True)
class WordPage:
    """One page of what was said."""

    lines: list[WordLine]
    next: str


def words_of_question(
    by: Actor, campaign: Campaign, question: Question, after: str = ""
) -> WordPage:
    """List what was said to a question in this discussion and its copies, the newest first."""
    rows = _words(by, campaign, "opinion").filter(question=question)
    return _page(by, rows, after)


def words_of_kind(by: Actor, campaign: Campaign, kind: str, after: str = "") -> WordPage:
    """List suggestions or practices, what waits for a keeper, or what oneself said."""
    family = policy.family(campaign, "campaign")
    if kind == "own":
        rows = policy.visible_words(by).filter(family, person=by.person_id)
    elif kind == "waiting":
        rows = policy.visible_words(by).filter(family, state=Contribution.State.WAITING)
    else:
        rows = _words(by, campaign, kind)
    return _page(by, rows.select_related(*BESIDE), after)


def _page(by: Actor, rows: QuerySet[Contribution], after: str) -> WordPage:
    listing = page_by_key(rows, ("-id",), after, size=SIZE)
    lines = [word_line(by, one, settles=keeps(by, one.campaign.body)) for one in listing.rows]
    return WordPage(lines, listing.next)


def adoptions_of(word: Contribution) -> list[Adoption]:
    """List who does as a practice says, in directory order, in their own words."""
    return list(word.adoptions.select_related("body").order_by("body__path"))


@dataclass(frozen=True)
class ReportLine:
    """A unit and what it said of a task, "" where it said nothing yet."""

    body: Body
    report: TaskReport | None


@dataclass(frozen=True)
class TaskPage:
    """A task with what units said of it, in directory order; for keepers alone all of them."""

    task: PhaseTask
    lines: list[ReportLine]
    next: str


def task_page(by: Actor, campaign: Campaign, task: PhaseTask, after: str = "") -> TaskPage:
    """List the units whose word the reader may read: the own one, or all that one keeps."""
    rows = policy.speaking_units(by, campaign)
    if not keeps(by, campaign.body):
        said = TaskReport.objects.filter(task=task, body=OuterRef("pk"))
        rows = rows.filter(Exists(said))
    listing = page_by_key(rows, ("path",), after, size=SIZE)
    done = {one.body_id: one for one in TaskReport.objects.filter(task=task, body__in=listing.rows)}
    return TaskPage(task, [ReportLine(b, done.get(b.pk)) for b in listing.rows], listing.next)


def seen_task(by: Actor, campaign: Campaign, public_id: str, today: date) -> PhaseTask:
    """Give a task of this level or above whose phase has opened to the reader. Raises NotFound."""
    found = policy.task_of(campaign, public_id)
    if not _opened(by, campaign, found.phase.kind, today):
        raise NotFound
    return found


def seen_question(by: Actor, campaign: Campaign, public_id: str, today: date) -> Question:
    """Give a question of this level or above whose phase has opened. Raises NotFound."""
    found = policy.question_of(campaign, public_id)
    if not _opened(by, campaign, found.phase.kind, today):
        raise NotFound
    return found


def _opened(by: Actor, campaign: Campaign, kind: str, today: date) -> bool:
    phases = campaign.phases.filter(kind=kind, first_day__lte=today)
    return keeps(by, campaign.body) or phases.exists()


def may_say(by: Actor, campaign: Campaign, kind: str, today: date) -> bool:
    """Tell whether the reader may say something of a kind today."""
    if campaign.state != Campaign.State.OPEN or kind not in rules.ACTS:
        return False
    speaks = own_unit(by, campaign) is not None
    if kind != "practice":
        speaks = speaks or policy.takes_part(by, campaign)
    return speaks and kind in rules.allowed(_spans(campaign.phases.all()), today)


def _spans(phases: Iterable[Phase]) -> list[tuple[rules.Span, list[str]]]:
    return [(rules.Span(p.kind, p.first_day, p.last_day), p.allows) for p in phases]


def may_adopt(by: Actor, word: Contribution) -> bool:
    """Tell whether the reader keeps another unit that could do as a practice says."""
    shown = word.kind == Contribution.Kind.PRACTICE and word.state == Contribution.State.SHOWN
    return shown and kept_units(by).exclude(path=word.body.path if word.body else "").exists()


def own_report(task: PhaseTask, body: Body) -> str:
    """Give what a unit said of a task, "" for nothing yet."""
    words = TaskReport.objects.filter(task=task, body=body).values_list("words", flat=True)
    return words.first() or ""


def may_report(by: Actor, campaign: Campaign, kind: str, today: date) -> bool:
    """Tell whether the reader may report a task of a phase today."""
    going = campaign.state == Campaign.State.OPEN and own_unit(by, campaign) is not None
    running = campaign.phases.filter(kind=kind, first_day__lte=today, last_day__gte=today)
    return going and running.exists()
