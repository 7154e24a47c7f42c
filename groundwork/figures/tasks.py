"""What the worker does for the area: keep the sums up with the records, forget what is due."""

from __future__ import annotations

from datetime import timedelta

from groundwork.base import schedule
from groundwork.base.actor import system
from groundwork.figures.actions.editions import take_editions
from groundwork.figures.actions.fill import fill
from groundwork.figures.actions.retention import erase_due

WORKER = system("worker")


@schedule.every(timedelta(minutes=1))
def fill_rollups() -> None:
    """Recount what the change log moved."""
    fill()


@schedule.every(timedelta(hours=6))
def keep_editions() -> None:
    """Take the month's open data when it is due."""
    take_editions()


@schedule.every(timedelta(hours=6))
def keep_rules() -> None:
    """Forget who had documents in hand when that has had its time."""
    erase_due(by=WORKER)
