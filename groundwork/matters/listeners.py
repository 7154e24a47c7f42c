"""What the directory's changes mean for matters: who handles them, who raised them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from groundwork.base.actor import Actor
from groundwork.matters.actions.handling import move_handled, move_raised
from groundwork.registry import signals
from groundwork.registry.models import Person


@receiver(signals.handed_over)
def matters_go_to_the_successor(
    sender: object, *, person: Person, successor: Person, by: Actor, at: datetime, **more: Any
) -> None:
    """Give everything open to the successor."""
    move_handled(person, successor, by=by, at=at)


@receiver(signals.left)
def matters_go_back_to_the_lead(
    sender: object, *, person: Person, by: Actor, at: datetime, **more: Any
) -> None:
    """Give everything open of who is gone back to the lead's queue."""
    move_handled(person, None, by=by, at=at)


@receiver(signals.merged)
def matters_follow_a_merged_person(
    sender: object, *, person: Person, into: Person, by: Actor, at: datetime, **more: Any
) -> None:
    """Move what a duplicate record handled or raised to the record that stays."""
    move_handled(person, into, by=by, at=at)
    move_raised(person, into)
