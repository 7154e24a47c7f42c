"""What the worker does for the area: what the clock decides, what is kept how long."""

from __future__ import annotations

from datetime import timedelta

from groundwork.base import schedule
from groundwork.base.actor import system
from groundwork.voices.actions.drives import shut_due
from groundwork.voices.actions.marks import run_marks
from groundwork.voices.actions.retention import erase_due
from groundwork.voices.actions.surveys import run_surveys

WORKER = system("worker")


@schedule.every(timedelta(minutes=15))
def keep_marks() -> None:
    """Let times to reply and to appeal pass, and years end."""
    run_marks()


@schedule.every(timedelta(minutes=15))
def keep_drives() -> None:
    """Shut the drives whose last day is over."""
    shut_due()


@schedule.every(timedelta(minutes=5))
def keep_surveys() -> None:
    """Let held answers go, close the surveys whose time is over."""
    run_surveys()


@schedule.every(timedelta(hours=6))
def keep_rules() -> None:
    """Erase what has had its time."""
    erase_due(by=WORKER)
