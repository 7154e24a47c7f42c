"""Forget who had a document in hand when that has had its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from groundwork.base import retention
from groundwork.base.actor import Actor
from groundwork.figures.models import Briefing, BriefingStep
from groundwork.figures.rules.retention import RULES


@retention.eraser("figures.briefing")
def erase_hands(ids: Sequence[str], at: datetime) -> int:
    """Take the names off what was done with documents; the acts and their days stay."""
    rows = BriefingStep.objects.filter(_named(), briefing__public_id__in=ids)
    return rows.update(account_id=None, name="")


def _named() -> Q:
    return Q(account_id__isnull=False) | ~Q(name="")


def _hands(before: datetime) -> QuerySet[Briefing, str]:
    steps = BriefingStep.objects.filter(_named(), briefing=OuterRef("pk"))
    old = Q(published_at__lt=before) | Q(published_at=None, made_at__lt=before)
    return (
        Briefing.objects.filter(old, Exists(steps))
        .order_by("pk")
        .values_list("public_id", flat=True)
    )


DUE: Mapping[str, retention.Due] = {"figures.hands": _hands}


def erase_due(*, by: Actor, at: datetime | None = None, most: int = retention.MOST_BATCHES) -> int:
    """Erase what its rule says has had its time; give how many."""
    return retention.erase_due(RULES, DUE, by=by, at=at, most=most)
