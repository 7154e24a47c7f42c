"""What the design system writes: the burden meter's rows."""

from __future__ import annotations

from datetime import datetime

from groundwork.base import clock
from groundwork.web.models import FormTiming

LONGEST = 2 * 60 * 60  # a form left open over lunch says nothing about its burden


def record_form_timing(key: str, opened: int, *, at: datetime | None = None) -> None:
    """Keep the seconds from opening to sending; over two hours or before opening nothing."""
    at = at or clock.now()
    seconds = int(at.timestamp()) - opened
    if 0 <= seconds <= LONGEST:
        FormTiming.objects.create(
            form_key=key, day=at.astimezone(clock.ZONE).date(), seconds=seconds
        )
