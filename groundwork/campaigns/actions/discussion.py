"""Lead a discussion: phases and their days, copies below, tasks, questions, reports, the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from groundwork.base import changes, clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.campaigns.models import Campaign, Phase, PhaseTask, Question, TaskReport
from groundwork.campaigns.policy import discussion as policy
from groundwork.campaigns.rules import discussion as rules
from groundwork.matters.models import Category
from groundwork.registry.models import Body

KIND, PHASE, TASK = "campaigns.campaign", "campaigns.phase", "campaigns.task"
QUESTION, REPORT = "campaigns.question", "campaigns.task_report"


@dataclass(frozen=True)
class CampaignPlan:
    """Who leads what, and from when to when each phase runs, in their order."""

    title: str
    body: Body
    spans: tuple[rules.Span, ...]
    about: str = ""


@transaction.atomic
def start_campaign(plan: CampaignPlan, *, by: Actor, at: datetime | None = None) -> Campaign:
    """Draft a discussion with its phases. Raises Forbidden, BadPhaseDays."""
    at = at or clock.now()
    policy.require_leader(by, plan.body)
    rules.check_spans(plan.spans)
    made = Campaign.objects.create(
        title=rules.clean_words(plan.title, least=2, most=80), about=plan.about, body=plan.body
    )
    for span in plan.spans:
        acts = list(rules.ALLOWS[span.kind])  # type: ignore[index]
        Phase.objects.create(
            campaign=made, kind=span.kind, first_day=span.first, last_day=span.last, allows=acts
        )
    return _made(made, "start", by, at)


def _made(campaign: Campaign, verb: str, by: Actor, at: datetime) -> Campaign:
    changes.record(KIND, campaign.public_id, after=dimensions(campaign), at=at)
    trail.record(by, verb, KIND, campaign.public_id, at=at)
    return campaign


def dimensions(campaign: Campaign) -> dict[str, str | int | None]:
    """Give what figures count a discussion by."""
    return {"body": campaign.body_id, "state": campaign.state}


@transaction.atomic
def copy_campaign(public_id: str, body: Body, *, by: Actor, at: datetime | None = None) -> Campaign:
    """Copy a discussion for a body below: its words and days are its own from now on.

    Tasks and questions are read from above. Raises NotBelow, CopiedAlready, WrongCampaign.
    """
    at = at or clock.now()
    upper = policy.campaign_for(by, public_id, lock=True)
    policy.require_leader(by, body)
    if upper.state != Campaign.State.OPEN:
        raise rules.WrongCampaign
    if body == upper.body or not body.path.startswith(upper.body.path):
        raise rules.NotBelow
    if upper.copies.filter(body=body).exists():
        raise rules.CopiedAlready
    made = Campaign.objects.create(title=upper.title, about=upper.about, body=body, upper=upper)
    for phase in upper.phases.all():
        kept = ("kind", "first_day", "last_day", "allows", "before", "about", "after")
        Phase.objects.create(campaign=made, **{name: getattr(phase, name) for name in kept})
    return _made(made, "copy", by, at)


@transaction.atomic
def edit_campaign(
    public_id: str, title: str, about: str, *, by: Actor, at: datetime | None = None
) -> Campaign:
    """Put title and description right. Raises WrongCampaign once it has ended."""
    at = at or clock.now()
    campaign = _going_on(public_id, by)
    campaign.title = rules.clean_words(title, least=2, most=80)
    campaign.about = about.strip()
    campaign.save(update_fields=["title", "about"])
    trail.record(by, "edit", KIND, public_id, ["title", "about"], at=at)
    return campaign


@transaction.atomic
def move_campaign(
    public_id: str, verb: rules.Verb, *, by: Actor, at: datetime | None = None
) -> Campaign:
    """Publish a discussion, end it, or open it once more. Raises WrongCampaign."""
    at = at or clock.now()
    campaign = policy.campaign_for(by, public_id, "keep", lock=True)
    before = dimensions(campaign)
    campaign.state = rules.step(campaign.state, verb)
    campaign.closed_on = clock.day_of(at) if verb == "close" else None
    campaign.save(update_fields=["state", "closed_on"])
    changes.record(KIND, public_id, before=before, after=dimensions(campaign), at=at)
    trail.record(by, verb, KIND, public_id, ["state", "closed_on"], at=at)
    return campaign


@dataclass(frozen=True)
class PhasePlan:
    """The days of a phase, what it allows, what is read before, during and after it."""

    first_day: date
    last_day: date
    allows: Sequence[str]
    before: str = ""
    about: str = ""
    after: str = ""


@transaction.atomic
def set_phase(
    public_id: str, kind: str, plan: PhasePlan, *, by: Actor, at: datetime | None = None
) -> Phase:
    """Set a phase; copies that still had the same days follow, the others keep their own.

    Raises BadPhaseDays, BeyondUpper, WrongCampaign.
    """
    at = at or clock.now()
    campaign = _going_on(public_id, by)
    phase = phase_of(campaign, kind)
    was = (phase.first_day, phase.last_day)
    for name, value in vars(plan).items():
        setattr(phase, name, list(value) if name == "allows" else value)
    above = spans_of(campaign.upper) if campaign.upper else ()
    rules.check_spans([*_others(campaign, kind), _span(phase)], above)
    fields = list(vars(plan))
    phase.save(update_fields=fields)
    trail.record(by, "set", PHASE, phase.public_id, fields, at=at)
    if was != (phase.first_day, phase.last_day):
        _follow(campaign, kind, was, phase, by, at)
    return phase


def _follow(
    upper: Campaign, kind: str, was: tuple[date, date], phase: Phase, by: Actor, at: datetime
) -> None:
    """Move the days of copies that ran with the upper phase, level by level."""
    rows = Phase.objects.filter(campaign__upper=upper, kind=kind).select_related("campaign")
    for row in rows.filter(first_day=was[0], last_day=was[1]).order_by("pk"):
        row.first_day, row.last_day = phase.first_day, phase.last_day
        try:
            rules.check_spans([*_others(row.campaign, kind), _span(row)])
        except rules.BadPhaseDays:
            continue  # its other phases were moved: it keeps the days that fit them
        row.save(update_fields=["first_day", "last_day"])
        trail.record(by, "follow", PHASE, row.public_id, ["first_day", "last_day"], at=at)
        _follow(row.campaign, kind, was, row, by, at)


def _span(phase: Phase) -> rules.Span:
    return rules.Span(phase.kind, phase.first_day, phase.last_day)


def spans_of(campaign: Campaign) -> list[rules.Span]:
    """Give the days of the phases of a discussion."""
    return [_span(phase) for phase in campaign.phases.all()]


def _others(campaign: Campaign, kind: str) -> list[rules.Span]:
    return [span for span in spans_of(campaign) if span.kind != kind]


def phase_of(campaign: Campaign, kind: str) -> Phase:
    """Give a phase of a discussion. Raises NotFound."""
    found = campaign.phases.filter(kind=kind).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def add_task(
    public_id: str,
    kind: str,
    what: str,
    due_on: date,
    category: Category | None = None,
    *,
    by: Actor,
    at: datetime | None = None,
) -> PhaseTask:
    """Ask every unit to do something in a phase; with a category it is a point to check.

    Raises BadTaskDay, FewWords, WrongCampaign.
    """
    at = at or clock.now()
    phase = phase_of(_going_on(public_id, by), kind)
    rules.check_due(due_on, phase.first_day, phase.last_day)
    what = rules.clean_words(what, most=200)
    made = PhaseTask.objects.create(phase=phase, what=what, due_on=due_on, category=category)
    trail.record(by, "add", TASK, made.public_id, at=at)
    return made


@transaction.atomic
def add_question(public_id: str, text: str, *, by: Actor, at: datetime | None = None) -> Question:
    """Put a question up for discussion. Raises FewWords, WrongCampaign."""
    at = at or clock.now()
    phase = phase_of(_going_on(public_id, by), Phase.Kind.DISCUSS)
    made = Question.objects.create(phase=phase, text=rules.clean_words(text, most=200))
    trail.record(by, "add", QUESTION, made.public_id, at=at)
    return made


@transaction.atomic
def drop_task(public_id: str, task_id: str, *, by: Actor, at: datetime | None = None) -> None:
    """Take back a task that nobody reported on, of the own level. Raises NotFound, InUse."""
    campaign = _going_on(public_id, by)
    task = PhaseTask.objects.filter(phase__campaign=campaign, public_id=task_id).first()
    if task is None:
        raise NotFound
    if task.reports.exists() or task.findings.exists():
        raise rules.InUse
    trail.record(by, "drop", TASK, task_id, at=at or clock.now())
    task.delete()


@transaction.atomic
def drop_question(
    public_id: str, question_id: str, *, by: Actor, at: datetime | None = None
) -> None:
    """Take back a question that nobody answered, of the own level. Raises NotFound, InUse."""
    campaign = _going_on(public_id, by)
    found = Question.objects.filter(phase__campaign=campaign, public_id=question_id).first()
    if found is None:
        raise NotFound
    if found.words.exists():
        raise rules.InUse
    trail.record(by, "drop", QUESTION, question_id, at=at or clock.now())
    found.delete()


@transaction.atomic
def report_task(
    public_id: str,
    task_id: str,
    body: Body,
    words: str,
    *,
    by: Actor,
    at: datetime | None = None,
) -> TaskReport:
    """Say that a unit did a task; said again, the newer words stand. For all levels at once.

    Raises NotAllowedNow outside the phase's days, NotOfCampaign, Forbidden.
    """
    at = at or clock.now()
    campaign = policy.campaign_for(by, public_id)
    task = policy.task_of(campaign, task_id)
    policy.require_unit(by, campaign, body)
    _check_running(campaign, phase_of(campaign, task.phase.kind), at)
    said: dict[str, object] = {"words": rules.clean_words(words, most=1000)}
    said |= {"day": clock.day_of(at), "account_id": by.account_id}
    made, new = TaskReport.objects.update_or_create(task=task, body=body, defaults=said)
    trail.record(by, "report" if new else "rewrite", REPORT, made.public_id, list(said), at=at)
    return made


def check_allowed(campaign: Campaign, act: rules.Act, at: datetime) -> None:
    """Refuse what no phase of today allows, and everything once it has ended.

    Raises NotAllowedNow, WrongCampaign.
    """
    if campaign.state != Campaign.State.OPEN:
        raise rules.WrongCampaign
    phases = [(_span(phase), phase.allows) for phase in campaign.phases.all()]
    if act not in rules.allowed(phases, clock.day_of(at)):
        raise rules.NotAllowedNow


def _check_running(campaign: Campaign, phase: Phase, at: datetime) -> None:
    if campaign.state != Campaign.State.OPEN:
        raise rules.WrongCampaign
    if rules.when(phase.first_day, phase.last_day, clock.day_of(at)) != "open":
        raise rules.NotAllowedNow


def _going_on(public_id: str, by: Actor) -> Campaign:
    campaign = policy.campaign_for(by, public_id, "keep", lock=True)
    if campaign.state == Campaign.State.CLOSED:
        raise rules.WrongCampaign
    return campaign
