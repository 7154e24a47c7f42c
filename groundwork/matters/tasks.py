"""What the worker does for the area: end the asking, tell of deadlines, send letters."""

from __future__ import annotations

from datetime import timedelta

from groundwork.base import outbox, retention, schedule
from groundwork.base.actor import system
from groundwork.matters.actions import telling
from groundwork.matters.actions.calling import drop_calls, open_calls
from groundwork.matters.actions.clockwork import escalate_late, lapse_unanswered
from groundwork.matters.actions.commonness import count_words
from groundwork.matters.actions.embargo import open_hours
from groundwork.matters.actions.knocking import sweep_doors
from groundwork.matters.actions.retention import erase_due


@schedule.every(timedelta(minutes=10))
def lapse() -> None:
    """End the asking where its days are over."""
    lapse_unanswered()


@schedule.every(timedelta(minutes=15))
def escalate() -> None:
    """Tell of deadlines that near or passed."""
    escalate_late()


@schedule.every(timedelta(minutes=5))
def hours() -> None:
    """Tell of what may be seen again since its hour has come."""
    open_hours()


@outbox.handler(telling.LETTER)
def send_letter(payload: outbox.Payload) -> None:
    """Send a raiser the letter of one step."""
    telling.send_letter(payload["step"], payload["raiser"])


@schedule.every(timedelta(minutes=15))
def call_back() -> None:
    """Open the call-backs that are due, close those nobody needs any more."""
    drop_calls()
    open_calls()


@schedule.every(timedelta(hours=1))
def keep_rules() -> None:
    """Erase what has had its time; first what a database put back by other means brought again."""
    retention.write_journal()
    retention.reapply()
    erase_due(by=system("worker"))


@schedule.every(timedelta(days=1))
def words() -> None:
    """Count which words everybody uses."""
    count_words()


@schedule.every(timedelta(hours=1))
def sweep() -> None:
    """Drop counts of the doors and photos of forms that were never sent."""
    sweep_doors()
