"""What the worker does for the area: call past evenings held, tell people, count coverage."""

from __future__ import annotations

from datetime import timedelta

from groundwork.base import outbox, schedule
from groundwork.base.actor import system
from groundwork.study.actions.coverage import refresh_coverage
from groundwork.study.actions.evening import hold_past_evenings
from groundwork.study.actions.retention import erase_due
from groundwork.study.actions.telling import tell_evening

WORKER = system("worker")


@schedule.every(timedelta(minutes=5))
def hold_evenings() -> None:
    """Call held what is over."""
    hold_past_evenings(by=WORKER)


@schedule.every(timedelta(minutes=2))
def count_coverage() -> None:
    """Count the periods of coverage that the change log moved."""
    refresh_coverage()


@schedule.every(timedelta(hours=6))
def keep_rules() -> None:
    """Erase what has had its time."""
    erase_due(by=WORKER)


@outbox.handler("study.told")
def tell(payload: outbox.Payload) -> None:
    """Send the notices of an evening that was published, moved or cancelled."""
    tell_evening(payload["evening"], payload["what"])
