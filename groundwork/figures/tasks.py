"""What the worker does for the area: keep the sums up with the records."""

from __future__ import annotations

from datetime import timedelta

from groundwork.base import schedule
from groundwork.figures.actions.fill import fill


@schedule.every(timedelta(minutes=1))
def fill_rollups() -> None:
    """Recount what the change log moved."""
    fill()
