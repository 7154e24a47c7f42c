"""Work that comes round by itself: what is past its time goes."""

from __future__ import annotations

from datetime import timedelta

from groundwork.access.actions.retention import erase_expired
from groundwork.base import schedule


@schedule.every(timedelta(hours=12))
def erase() -> None:
    """Erase what is kept no longer."""
    erase_expired()
