"""Lists of projects, one project, and the report that is built from its records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.base.listing import Listing, page_by_key
from groundwork.base.models import Attachment
from groundwork.campaigns.models import Milestone, Posting, Project, ProjectNote
from groundwork.campaigns.policy import projects as policy
from groundwork.registry.models import Person
from groundwork.registry.queries.found import find_people
from groundwork.service.policy.visits import keeps

KEYS, SIZE, NEWEST = ("-first_day", "-id"), 40, 100
IN_REPORT = 2000  # notes: two a day for three years


def projects(by: Actor, after: str = "") -> Listing[Project]:
    """List the projects the actor may see, the newest first."""
    rows = policy.visible_projects(by).select_related("body", "place")
    return page_by_key(rows, KEYS, after, size=SIZE)


@dataclass(frozen=True)
class MilestoneLine:
    """A milestone, and whether its day went by without a result."""

    milestone: Milestone
    late: bool


@dataclass(frozen=True)
class ProjectPage:
    """What a project's page and its report show."""

    project: Project
    keeps: bool
    notes_may: bool
    postings: list[Posting]
    milestones: list[MilestoneLine]
    reached: int
    notes: list[ProjectNote]
    said: list[ProjectNote]


def project_page(by: Actor, project: Project, today: date, *, most: int = NEWEST) -> ProjectPage:
    """Read a project with what was written down of it, so many notes, the newest first."""
    running = project.state == Project.State.RUNNING
    kept = running and keeps(by, project.body)
    postings = project.postings.select_related("person", "sent_by").order_by("first_day", "pk")
    milestones = list(project.milestones.all())
    notes = list(project.notes.select_related("picture").order_by("-day", "-id")[:most])
    return ProjectPage(
        project=project,
        keeps=kept,
        notes_may=kept or (running and policy.is_sent(by, project)),
        postings=list(postings),
        milestones=[MilestoneLine(m, m.state == "open" and m.due_on < today) for m in milestones],
        reached=sum(m.state == "reached" for m in milestones),
        notes=[note for note in notes if note.kind == "note"],
        said=[note for note in notes if note.kind == "resident"],
    )


def milestone_of(project: Project, public_id: str) -> Milestone:
    """Give a milestone of a project. Raises NotFound."""
    found = project.milestones.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def posting_of(project: Project, public_id: str) -> Posting:
    """Give a posting of a project. Raises NotFound."""
    found = project.postings.select_related("person").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def picture_of(by: Actor, note_id: str) -> Attachment:
    """Give the picture of a note one may read. Raises NotFound."""
    rows = policy.visible_notes(by).filter(public_id=note_id, picture__isnull=False)
    note = rows.select_related("picture").first()
    if note is None or note.picture is None:
        raise NotFound
    return note.picture


def people_choices(by: Actor, text: str) -> list[tuple[str, str, str]]:
    """Find people in one's part of the tree by any way of writing."""
    return [(row.id, row.label, row.sub) for row in find_people(by, text)]


def person_to_send(by: Actor, public_id: str) -> Person | None:
    """Give the person chosen, where the actor may send them."""
    return policy.people_to_send(by).filter(public_id=public_id).first()
