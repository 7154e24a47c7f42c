"""What duty lays beside the pages of other areas."""

from __future__ import annotations

from datetime import datetime

from groundwork.base.actor import Actor
from groundwork.duty.queries.after import stood
from groundwork.registry.models import Person
from groundwork.web.panels import Panel, panel


@panel("own_hours")
def shifts_on_the_own_record(person: Person, by: Actor, at: datetime) -> Panel | None:
    """Lay one's own confirmed gate shifts beside what one did for communities."""
    found = stood(by)
    return Panel("duty/hours_panel.html", found) if found.posts else None
