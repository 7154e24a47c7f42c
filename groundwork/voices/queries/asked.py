"""What asks something of people now, by whose authority and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from groundwork.base import clock
from groundwork.voices.models import Drive, Survey
from groundwork.voices.queries.surveys import in_language

MOST = 50  # of each kind; the latest


@dataclass(frozen=True)
class Asking:
    """One survey or drive that runs: nothing in it is about a person."""

    title: str
    who: str
    authority: str
    until: date


def asked_now(at: datetime) -> list[Asking]:
    """List surveys that are open and drives that run, those that end first on top."""
    today = clock.day_of(at)
    surveys = Survey.objects.filter(state="open", opens_at__lte=at, closes_at__gt=at)
    drives = Drive.objects.filter(state="open", first_day__lte=today, last_day__gte=today)
    found = [
        Asking(
            in_language(row.title, row.title_en),
            str(row.body),
            row.authority,
            clock.day_of(row.closes_at),
        )
        for row in surveys.select_related("body").order_by("closes_at", "id")[:MOST]
    ]
    found += [
        Asking(row.title, str(row.place), row.authority, row.last_day)
        for row in drives.select_related("place").order_by("last_day", "id")[:MOST]
    ]
    return sorted(found, key=lambda line: line.until)
