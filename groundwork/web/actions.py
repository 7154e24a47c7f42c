"""What the design system writes: the burden meter's rows."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from groundwork.base import changes, clock
from groundwork.base.models import FormTiming

KIND = "web.form"  # in the change log
LONGEST = 2 * 60 * 60  # a form left open over lunch says nothing about its burden


@transaction.atomic
def record_form_timing(key: str, opened: int, *, at: datetime | None = None) -> None:
    """Keep the seconds from opening to sending; over two hours or before opening nothing."""
    at = at or clock.now()
    seconds = int(at.timestamp()) - opened
    if 0 <= seconds <= LONGEST:
        day = clock.day_of(at)
        FormTiming.objects.create(form_key=key, day=day, seconds=seconds)
        changes.record(KIND, key, after={"day": day.isoformat()}, at=at)
