"""What the worker does for the area: what the clock decides, what is kept how long."""

from __future__ import annotations

from datetime import timedelta

from groundwork.base import schedule
from groundwork.base.actor import system
from groundwork.campaigns.actions.retention import erase_due
from groundwork.campaigns.actions.supplies import lapse_due

WORKER = system("worker")


@schedule.every(timedelta(minutes=15))
def keep_pairs() -> None:
    """Let pairs lapse whose days went by without an answer."""
    lapse_due()


@schedule.every(timedelta(hours=6))
def keep_rules() -> None:
    """Erase what has had its time."""
    erase_due(by=WORKER)
