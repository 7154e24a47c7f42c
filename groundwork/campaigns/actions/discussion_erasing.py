"""Erase what discussions know of people, once they have had their time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from groundwork.base import attachments, clock, retention
from groundwork.campaigns.models import (
    Adoption,
    Campaign,
    Contribution,
    FindingCheck,
    TaskReport,
)

NAMED = ~Q(person=None) | ~Q(account_id=None) | ~Q(settled_by=None) | ~Q(recording=None)
# Where an account stands, and the way from there to the discussion.
HANDS: tuple[tuple[type[Model], str], ...] = (
    (TaskReport, "task__phase__campaign"),
    (Adoption, "practice__campaign"),
    (FindingCheck, "finding__campaign"),
)


@retention.eraser("campaigns.campaign")
def erase_speakers(ids: Sequence[str], at: datetime) -> int:
    """Forget who said what, and whose account reported, adopted, settled or checked.

    A recording goes with the name: a voice is known like one.
    """
    words = Contribution.objects.filter(NAMED, campaign__public_id__in=ids)
    for word in words.exclude(recording=None).select_related("recording"):
        if word.recording is not None:
            attachments.erase_content(word.recording)
    erased = words.update(person=None, account_id=None, settled_by=None, recording=None)
    for table, way in HANDS:
        rows = table._default_manager.filter(
            **{f"{way}__public_id__in": ids, "account_id__isnull": False}
        )
        erased += rows.update(account_id=None)
    return erased


def _speakers(before: datetime) -> QuerySet[Campaign, str]:
    left = Q(Exists(Contribution.objects.filter(NAMED, campaign=OuterRef("pk"))))
    for table, way in HANDS:
        rows = table._default_manager.filter(**{way: OuterRef("pk"), "account_id__isnull": False})
        left |= Q(Exists(rows))
    rows = Campaign.objects.filter(left, closed_on__lt=clock.day_of(before))
    return rows.order_by("pk").values_list("public_id", flat=True)


DUE: Mapping[str, retention.Due] = {"campaigns.discussions": _speakers}
