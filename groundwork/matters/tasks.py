"""What the worker does for the area: end the asking, tell of deadlines, send letters."""

from __future__ import annotations

from datetime import timedelta

from groundwork.base import outbox, schedule
from groundwork.matters.actions import telling
from groundwork.matters.actions.clockwork import escalate_late, lapse_unanswered


@schedule.every(timedelta(minutes=10))
def lapse() -> None:
    """End the asking where its days are over."""
    lapse_unanswered()


@schedule.every(timedelta(minutes=15))
def escalate() -> None:
    """Tell of deadlines that near or passed."""
    escalate_late()


@outbox.handler(telling.LETTER)
def send_letter(payload: outbox.Payload) -> None:
    """Send a raiser the letter of one step."""
    telling.send_letter(payload["step"], payload["raiser"])
