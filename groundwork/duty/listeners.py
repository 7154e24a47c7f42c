"""What duty lays beside the pages of other areas."""

from __future__ import annotations

from datetime import datetime

from groundwork.base.actor import Actor
from groundwork.duty.policy.gates import keeps_place
from groundwork.duty.queries.after import stood
from groundwork.duty.queries.tonight import brief
from groundwork.registry.models import Person, Place
from groundwork.web.panels import Panel, panel


@panel("own_hours")
def shifts_on_the_own_record(person: Person, by: Actor, at: datetime) -> Panel | None:
    """Lay one's own confirmed gate shifts beside what one did for communities."""
    found = stood(by)
    return Panel("duty/hours_panel.html", found) if found.posts else None


@panel("community")
def gates_of_a_community(place: Place, by: Actor, at: datetime) -> Panel | None:
    """Lay tonight's gates beside what was raised in a community, for who keeps them."""
    if by.is_anonymous or not keeps_place(by, place.path):
        return None
    found = brief(place, at)
    return Panel("duty/community_panel.html", found) if found is not None else None
