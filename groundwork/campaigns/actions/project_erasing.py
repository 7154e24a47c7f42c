"""Erase what assistance projects know of people, once it has had its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from groundwork.base import clock, retention
from groundwork.campaigns.models import Posting, Project, ProjectNote


@retention.eraser("campaigns.project")
def erase_names(ids: Sequence[str], at: datetime) -> int:
    """Forget who was sent and whose account wrote a note; task, days and words stay."""
    of_it = {"project__public_id__in": ids}
    sent = Posting.objects.filter(**of_it, person__isnull=False).update(person=None)
    hands = ProjectNote.objects.filter(**of_it, account_id__isnull=False)
    return sent + hands.update(account_id=None)


def _names(before: datetime) -> QuerySet[Project, str]:
    sent = Posting.objects.filter(project=OuterRef("pk"), person__isnull=False)
    hands = ProjectNote.objects.filter(project=OuterRef("pk"), account_id__isnull=False)
    rows = Project.objects.filter(ended_on__lt=clock.day_of(before))
    rows = rows.filter(Exists(sent) | Exists(hands))
    return rows.order_by("pk").values_list("public_id", flat=True)


DUE: Mapping[str, retention.Due] = {"campaigns.projects": _names}
