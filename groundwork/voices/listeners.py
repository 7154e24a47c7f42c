"""What the directory's changes mean here, and what is one's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from groundwork.base.actor import Actor
from groundwork.registry import signals
from groundwork.registry.models import Person
from groundwork.voices.actions.home import end_with_work, follow_merged
from groundwork.voices.queries import own  # noqa: F401 - registers the sections of the own data
from groundwork.voices.queries.asked import asked_now
from groundwork.web.panels import Panel, panel


@panel("forms")
def what_is_asked_now(about: None, by: Actor, at: datetime) -> Panel | None:
    """Say which surveys and drives ask something now; each has an authority and end of its own."""
    lines = asked_now(at)
    return Panel("voices/asked_panel.html", lines) if lines else None


@receiver(signals.left)
def voices_end_with_work(
    sender: object, *, person: Person, by: Actor, at: datetime, **kwargs: Any
) -> None:
    """Give back what somebody who retired or left had taken."""
    end_with_work(person, by=by, at=at)


@receiver(signals.merged)
def voices_follow_a_merged_person(
    sender: object, *, person: Person, into: Person, by: Actor, at: datetime, **kwargs: Any
) -> None:
    """Move what a duplicate record had to the record that stays."""
    follow_merged(person, into, by=by, at=at)
