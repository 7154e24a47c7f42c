"""Say who is in a named studio. The studio itself is a body of the directory."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from groundwork.access.actions.notices import notify
from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import N_
from groundwork.registry.models import Body, Person
from groundwork.service.actions.squads import join_team, team_of_studio
from groundwork.service.models import SquadMember
from groundwork.service.policy import studios as policy
from groundwork.service.rules import points as rules

KIND = "service.studio"
JOINED = N_("您在%(studio)s里，可以用它的名义记走访。不合适请告诉单位内勤。")


@transaction.atomic
def join_studio(
    studio_id: str, person: Person, *, leads: bool = False, by: Actor, at: datetime | None = None
) -> SquadMember:
    """Take one of the unit's people into a studio and tell them; a new leader ends the old one.

    Raises Ended, NotOfTheUnit, AlreadyIn.
    """
    at = at or clock.now()
    studio = policy.studio_for(by, studio_id, "edit", lock=True)
    rules.check_open(studio.valid_to, clock.day_of(at))
    team = team_of_studio(studio)
    new = not team.open().filter(person=person).exists()
    row = join_team(team, person, leads, at)
    trail.record(by, "join", KIND, studio.public_id, ["leads" if leads else "squad"], at=at)
    if new and person.pk != by.person_id:
        _tell(studio, row, by, at)
    return row


@transaction.atomic
def leave_studio(studio_id: str, person: Person, *, by: Actor, at: datetime | None = None) -> Body:
    """End somebody's time in a studio; the row with its days stays, as do the visits."""
    at = at or clock.now()
    studio = policy.studio_for(by, studio_id, "edit", lock=True)
    team_of_studio(studio).open().filter(person=person).update(valid_to=clock.day_of(at))
    trail.record(by, "leave", KIND, studio.public_id, ["squad"], at=at)
    return studio


def _tell(studio: Body, row: SquadMember, by: Actor, at: datetime) -> None:
    notify(
        [row.person],
        kind="service.joined",
        key=f"service.studio_joined:{row.pk}",
        text=JOINED,
        params={"studio": str(studio)},
        url=reverse("service:studio", args=[studio.public_id]),
        by=by,
        at=at,
    )
