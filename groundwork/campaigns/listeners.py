"""What the ledger's changes mean for the area."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from groundwork.campaigns.actions.inquiry_items import follow_matter
from groundwork.matters import signals
from groundwork.matters.models import Matter
from groundwork.matters.rules.states import CLOSED


@receiver(signals.moved)
def relapse_checks_follow_a_matter(
    sender: object, *, matter: Matter, before: str, **more: Any
) -> None:
    """Owe a look again ninety days after a problem ended; owe none while it is at work."""
    if (before in CLOSED) != (matter.state in CLOSED) or matter.state in CLOSED:
        follow_matter(matter)
