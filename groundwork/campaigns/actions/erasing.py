"""Erase what alliances and assistance projects know of people, once it has had its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from groundwork.base import clock, retention
from groundwork.campaigns.models import Entry


@retention.eraser("campaigns.entry")
def erase_writers(ids: Sequence[str], at: datetime) -> int:
    """Forget which account wrote a need or an offer."""
    rows = Entry.objects.filter(public_id__in=ids, account_id__isnull=False)
    return rows.update(account_id=None)


def _entries(before: datetime) -> QuerySet[Entry, str]:
    rows = Entry.objects.filter(last_day__lt=clock.day_of(before), account_id__isnull=False)
    return rows.order_by("pk").values_list("public_id", flat=True)


DUE: Mapping[str, retention.Due] = {"campaigns.entries": _entries}
