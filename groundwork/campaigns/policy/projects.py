"""Who may see and keep assistance projects: their unit, whoever was sent, and those above."""

from __future__ import annotations

from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import hold_row, sole
from groundwork.base.tree import EVERYWHERE, under
from groundwork.campaigns.models import Posting, Project, ProjectNote
from groundwork.registry.models import Person
from groundwork.registry.policy import visible_people
from groundwork.service.policy.points import kept_units, may_keep
from groundwork.service.policy.visits import KEEPERS, OPERATORS, keeps

Verb = Literal["view", "keep", "note"]
READERS = (*OPERATORS, Role.AUDITOR)  # at places


def _scope(by: Actor) -> Q:
    if by.system:
        return EVERYWHERE
    condition = under("body__path", by.bodies(*KEEPERS, *OPERATORS)) | under(
        "body__place__path", by.places(*READERS)
    )
    if by.unit:
        condition |= Q(body__path=by.unit)
    if by.person_id is not None:
        sent = Posting.objects.filter(person=by.person_id)
        condition |= Q(pk__in=sent.values("project"))
    return condition


def visible_projects(by: Actor) -> QuerySet[Project]:
    """Projects of the actor's unit, of those below, and those to which the actor was sent."""
    return Project.objects.filter(_scope(by))


def require_staff(by: Actor) -> None:
    """Refuse whoever has nothing to do with projects. Raises Forbidden."""
    if not by.system and by.person_id is None:
        raise Forbidden


def may_start(by: Actor) -> bool:
    """Tell whether the actor keeps any unit that could run a project."""
    return may_keep(by)


def require_runner(by: Actor, body_id: int) -> None:
    """Refuse a unit that is not the actor's to keep. Raises Forbidden."""
    if not kept_units(by).filter(pk=body_id).exists():
        raise Forbidden


def project_for(by: Actor, public_id: str, verb: Verb = "view", *, lock: bool = False) -> Project:
    """Fetch a project for an act. Raises NotFound, or Forbidden where not allowed."""
    if lock:
        hold_row(Project, public_id=public_id)
    rows = visible_projects(by).select_related("body__place", "place")
    found = sole(rows.filter(public_id=public_id))
    if found is None:
        raise NotFound
    if verb != "view" and not (keeps(by, found.body) or (verb == "note" and is_sent(by, found))):
        raise Forbidden
    return found


def is_sent(by: Actor, project: Project) -> bool:
    """Tell whether the actor is there now, for the project."""
    if by.person_id is None:
        return False
    return project.postings.filter(person=by.person_id, last_day=None).exists()


def people_to_send(by: Actor) -> QuerySet[Person]:
    """People whom the actor may send: those in its part of the tree, on the roll."""
    return visible_people(by).filter(status=Person.Status.ON_ROLL, unit__isnull=False)


def visible_notes(by: Actor) -> QuerySet[ProjectNote]:
    """Notes of the projects the actor may see."""
    return ProjectNote.objects.filter(project__in=visible_projects(by).values("pk"))
