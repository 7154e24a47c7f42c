"""Erase what the television inquiry knows of people, once it has had its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from groundwork.base import retention
from groundwork.campaigns.models import Episode, EpisodeItem, ItemStep, Juror, Revisit


@retention.eraser("campaigns.episode")
def erase_jurors(ids: Sequence[str], at: datetime) -> int:
    """Forget who sat on the juries of evenings long past; how many were satisfied stays."""
    seats = Juror.objects.filter(episode__public_id__in=ids).exclude(episode__state="voting")
    return seats.delete()[0]


@retention.eraser("campaigns.item")
def erase_hands(ids: Sequence[str], at: datetime) -> int:
    """Forget whose account wrote a step or went to look; as what they acted stays."""
    erased = 0
    for table in (ItemStep, Revisit):
        rows = table._default_manager.filter(item__public_id__in=ids, account_id__isnull=False)
        erased += rows.update(account_id=None)
    return erased


def _jurors(before: datetime) -> QuerySet[Episode, str]:
    seated = Episode.objects.filter(airs_at__lt=before, jurors__isnull=False)
    rows = seated.exclude(state="voting").distinct()
    return rows.order_by("pk").values_list("public_id", flat=True)


def _hands(before: datetime) -> QuerySet[EpisodeItem, str]:
    """Choose problems with which nothing was done since, so that one tombstone is the last."""
    of_item, signed = {"item": OuterRef("pk")}, {"account_id__isnull": False}
    tables = (ItemStep.objects.all(), Revisit.objects.all())
    late = [table.filter(**of_item, at__gte=before) for table in tables]
    hands = [table.filter(**of_item, **signed) for table in tables]
    rows = EpisodeItem.objects.filter(Exists(hands[0]) | Exists(hands[1]))
    rows = rows.exclude(Exists(late[0])).exclude(Exists(late[1]))
    return rows.order_by("pk").values_list("public_id", flat=True)


DUE: Mapping[str, retention.Due] = {"campaigns.jurors": _jurors, "campaigns.hands": _hands}
