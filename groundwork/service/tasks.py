"""What the worker does for the area: keep rounds, duties and what is kept how long."""

from __future__ import annotations

from datetime import timedelta

from groundwork.base import schedule
from groundwork.base.actor import system
from groundwork.service.actions.retention import erase_due
from groundwork.service.actions.rounds import run_rounds
from groundwork.service.actions.schedules import run_schedules
from groundwork.service.actions.squads import end_duties_of_the_moved

WORKER = system("worker")


@schedule.every(timedelta(minutes=5))
def keep_rounds() -> None:
    """Open the rounds of schedules, tell those asked by rounds that begin, close those over."""
    run_schedules()
    run_rounds()


@schedule.every(timedelta(hours=6))
def keep_rules() -> None:
    """Erase what has had its time."""
    erase_due(by=WORKER)


@schedule.every(timedelta(hours=6))
def keep_squads() -> None:
    """End squads and areas of people who work elsewhere by now, however they were moved."""
    end_duties_of_the_moved(by=WORKER)
