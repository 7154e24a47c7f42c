"""What the ledger's changes mean for the area."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from groundwork.base.actor import Actor
from groundwork.campaigns.actions.counting import note_aired, note_found
from groundwork.campaigns.actions.inquiry_items import follow_matter
from groundwork.campaigns.actions.rectify import FINDING as FINDING_KIND
from groundwork.campaigns.queries import (  # noqa: F401 - they register sections of the own data
    discussion_own,
    inquiry_own,
    project_own,
)
from groundwork.campaigns.queries.finding_words import FINDING
from groundwork.campaigns.queries.inquiry import asked_on_air
from groundwork.campaigns.queries.rectify import finding_of, open_of
from groundwork.matters import signals
from groundwork.matters.models import Matter
from groundwork.matters.queries.wording import say_of
from groundwork.matters.rules.states import CLOSED
from groundwork.registry.models import Body
from groundwork.web.panels import Panel, panel


@receiver(signals.moved)
def relapse_checks_follow_a_matter(
    sender: object, *, matter: Matter, before: str, **more: Any
) -> None:
    """Owe a look again ninety days after a problem ended; owe none while it is at work."""
    if (before in CLOSED) != (matter.state in CLOSED) or matter.state in CLOSED:
        follow_matter(matter)


@receiver(signals.counted)
def figures_follow_a_matter(sender: object, *, matter: Matter, at: datetime, **more: Any) -> None:
    """Count the evenings that asked a matter anew, and the finding it is."""
    note_aired([matter.pk], at=at)
    note_found(matter, at=at)


@panel("matter")
def on_television(matter: Matter, by: Actor, at: datetime) -> Panel | None:
    """Lead from a matter to the evenings on which it was asked, each from its hour on."""
    items = asked_on_air(by, matter, at)
    return Panel("campaigns/inquiry/panel.html", items) if items else None


say_of(FINDING_KIND, FINDING)


@panel("matter")
def found_with_itself(matter: Matter, by: Actor, at: datetime) -> Panel | None:
    """Say of a matter that a unit found it with itself, and lead to the finding."""
    found = finding_of(by, matter)
    return Panel("campaigns/discussion/of_matter.html", found) if found else None


@panel("body")
def to_put_right(body: Body, by: Actor, at: datetime) -> Panel | None:
    """Show what a body found with itself and has not put right yet, to whom may read it."""
    found = open_of(by, body)
    page = {"findings": found, "at": at}
    return Panel("campaigns/discussion/panel.html", page) if found else None
