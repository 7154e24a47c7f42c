"""What the directory's changes mean for rolls."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from groundwork.base.actor import Actor
from groundwork.registry import signals
from groundwork.registry.models import Person
from groundwork.study.actions.merge import move_rolls


@receiver(signals.merged)
def rolls_follow_a_merged_person(
    sender: object, *, person: Person, into: Person, by: Actor, at: datetime, **kwargs: Any
) -> None:
    """Move what a duplicate record had on rolls to the record that stays."""
    move_rolls(person, into=into, by=by, at=at)
