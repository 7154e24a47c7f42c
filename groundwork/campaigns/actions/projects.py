"""Start a project, send and call back people, settle milestones, write notes, end it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from groundwork.base import attachments, changes, clock, trail
from groundwork.base.actor import NOBODY, Actor
from groundwork.base.errors import N_, NotFound
from groundwork.campaigns.actions.telling import tell
from groundwork.campaigns.models import Milestone, Posting, Project, ProjectNote
from groundwork.campaigns.policy import projects as policy
from groundwork.campaigns.rules import project as rules
from groundwork.registry.models import Body, Person, Place

KIND, POSTING, MILESTONE = "campaigns.project", "campaigns.posting", "campaigns.milestone"
NOTE, PICTURE = "campaigns.note", "project.webp"
SENT = N_("您被派往“%(project)s”（%(host)s），任%(task)s，从%(day)s开始。")


@dataclass(frozen=True)
class ProjectPlan:
    """Who stands by whom, for what, from when to when."""

    name: str
    body: Body
    host: str
    aims: str
    first_day: date
    last_day: date
    place: Place | None = None
    means: str = ""


@transaction.atomic
def start_project(plan: ProjectPlan, *, by: Actor, at: datetime | None = None) -> Project:
    """Start a project of a unit one keeps. Raises Forbidden, BadProjectDays, WordsNeeded."""
    at = at or clock.now()
    policy.require_runner(by, plan.body.pk)
    rules.check_project_days(plan.first_day, plan.last_day)
    rules.check_said(plan.aims)
    made = Project.objects.create(**vars(plan))
    changes.record(KIND, made.public_id, after=dimensions(made), at=at)
    trail.record(by, "start", KIND, made.public_id, at=at)
    return made


def dimensions(project: Project) -> dict[str, str | int | None]:
    """Give what figures count a project by."""
    return {"body": project.body_id, "state": project.state}


@transaction.atomic
def send_person(
    public_id: str,
    person: Person,
    task: str,
    first_day: date,
    *,
    by: Actor,
    at: datetime | None = None,
) -> Posting:
    """Send somebody to a project and tell them. Raises PostedAlready, OutsideProject."""
    at = at or clock.now()
    project = _running(public_id, "keep", by)
    if not policy.people_to_send(by).filter(pk=person.pk).exists():
        raise NotFound
    rules.check_within(first_day, project.first_day, project.last_day)
    if project.postings.filter(person=person, last_day=None).exists():
        raise rules.PostedAlready(name=person.name)
    assert person.unit_id is not None
    made = Posting.objects.create(
        project=project,
        person=person,
        sent_by_id=person.unit_id,
        task=task.strip(),
        first_day=first_day,
    )
    trail.record(by, "send", POSTING, made.public_id, at=at)
    url = reverse("campaigns:project", args=[public_id])
    told: dict[str, object] = {"project": project.name, "host": project.host, "task": made.task}
    told["day"] = first_day
    tell([person], POSTING, f"{made.public_id}:sent", SENT, url, at=at, **told)
    return made


@transaction.atomic
def call_back(
    public_id: str, posting_id: str, last_day: date, *, by: Actor, at: datetime | None = None
) -> Posting:
    """End a posting; whoever is back already stays as it is. Raises OutsideProject."""
    at = at or clock.now()
    project = _running(public_id, "keep", by)
    found = project.postings.filter(public_id=posting_id).first()
    if found is None:
        raise NotFound
    if found.last_day is None:
        rules.check_within(last_day, found.first_day, project.last_day)
        found.last_day = last_day
        found.save(update_fields=["last_day"])
        trail.record(by, "call_back", POSTING, posting_id, ["last_day"], at=at)
    return found


@transaction.atomic
def add_milestone(
    public_id: str, what: str, due_on: date, *, by: Actor, at: datetime | None = None
) -> Milestone:
    """Say what is to stand by when. Raises OutsideProject."""
    at = at or clock.now()
    project = _running(public_id, "keep", by)
    rules.check_within(due_on, project.first_day, project.last_day)
    made = Milestone.objects.create(project=project, what=rules.check_said(what), due_on=due_on)
    trail.record(by, "add", MILESTONE, made.public_id, at=at)
    return made


@transaction.atomic
def settle_milestone(
    public_id: str,
    milestone_id: str,
    verb: rules.MilestoneVerb,
    words: str,
    *,
    by: Actor,
    at: datetime | None = None,
) -> Milestone:
    """Say what became of a milestone, or open it again, in words. Raises WrongMilestone."""
    at = at or clock.now()
    project = _running(public_id, "note", by)
    found = project.milestones.filter(public_id=milestone_id).first()
    if found is None:
        raise NotFound
    found.state = rules.milestone_step(found.state, verb)
    found.words = rules.check_said(words)
    found.settled_on = None if found.state == "open" else clock.day_of(at)
    fields = ["state", "words", "settled_on"]
    found.save(update_fields=fields)
    trail.record(by, verb, MILESTONE, milestone_id, fields, at=at)
    return found


@dataclass(frozen=True)
class NotePlan:
    """What was done, or what somebody there said."""

    kind: str
    day: date
    text: str
    picture: bytes | None = None
    client_key: str = ""


@transaction.atomic
def write_note(
    public_id: str, plan: NotePlan, *, by: Actor, at: datetime | None = None
) -> ProjectNote:
    """Write a note; a key known already gives the first one again. Raises BadNoteDay."""
    at = at or clock.now()
    project = _running(public_id, "note", by)
    known = ProjectNote.objects.filter(client_key=plan.client_key or None, project=project).first()
    if plan.client_key and known is not None:
        return known
    rules.check_note_day(plan.day, clock.day_of(at))
    picture = None
    if plan.picture:  # drawn anew, without where it was taken and whose phone it was
        picture = attachments.store(
            plan.picture, name=PICTURE, by=NOBODY, at=at, allowed=attachments.IMAGES
        )
    made = ProjectNote.objects.create(
        project=project,
        client_key=plan.client_key[:40] or None,
        kind=plan.kind,
        day=plan.day,
        text=rules.check_said(plan.text),
        picture=picture,
        account_id=by.account_id,
    )
    trail.record(by, "note", NOTE, made.public_id, at=at)
    return made


@transaction.atomic
def end_project(public_id: str, outcome: str, *, by: Actor, at: datetime | None = None) -> Project:
    """End a project whose milestones all have a result; who is still there comes back today.

    Raises MilestonesOpen, WordsNeeded.
    """
    at = at or clock.now()
    project = _running(public_id, "keep", by)
    rules.check_end(project.milestones.values_list("state", flat=True))
    before, today = dimensions(project), clock.day_of(at)
    project.state, project.ended_on = Project.State.ENDED, today
    project.outcome = rules.check_said(outcome)
    fields = ["state", "ended_on", "outcome"]
    project.save(update_fields=fields)
    project.postings.filter(last_day=None).update(last_day=today)
    changes.record(KIND, public_id, before=before, after=dimensions(project), at=at)
    trail.record(by, "end", KIND, public_id, fields, at=at)
    return project


def _running(public_id: str, verb: policy.Verb, by: Actor) -> Project:
    project = policy.project_for(by, public_id, verb, lock=True)
    if project.state == Project.State.ENDED:
        raise rules.ProjectEnded
    return project
