"""Tell the figures which days of broadcast, of findings and of what was said are to be recounted.

Of an evening to come nothing stands in the change log, its day neither: what the clock lets count
the figures find by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from groundwork.base import changes, clock
from groundwork.base.models import Change
from groundwork.campaigns.models import Contribution, EpisodeItem, Finding
from groundwork.campaigns.policy.inquiry import aired
from groundwork.matters.models import Door, Matter

AIRED, FOUND, SAID = "campaigns.item", "campaigns.finding", "campaigns.word"


def note_aired(matters: Iterable[int], *, at: datetime) -> None:
    """Let every evening that asked one of these matters, or one merged into it, be recounted."""
    listed = list(matters)
    asked = Q(matter__in=listed) | Q(matter__merged_into__in=listed)
    rows = EpisodeItem.objects.filter(aired(at, "episode__"), asked).order_by("pk")
    changes.record_many(
        _change(AIRED, key, hour, at)
        for key, hour in rows.values_list("public_id", "episode__airs_at")
    )


def note_found(matter: Matter, *, at: datetime) -> None:
    """Let the day on which a finding was found be recounted."""
    if matter.door != Door.CAMPAIGN:
        return
    rows = Finding.objects.filter(matter=matter).values_list("public_id", flat=True)
    changes.record_many(_change(FOUND, key, matter.raised_at, at) for key in rows)


def note_said(word: Contribution, *, at: datetime) -> None:
    """Let the day on which something was said be recounted."""
    changes.record_many([_change(SAID, word.public_id, word.said_at, at)])


def _change(kind: str, key: str, on: datetime, at: datetime) -> Change:
    """The same day before and after: a row does not move, it begins to count or counts as more."""
    day = {"day": clock.day_of(on).isoformat()}
    return changes.change(kind, key, before=day, after=day, at=at)
