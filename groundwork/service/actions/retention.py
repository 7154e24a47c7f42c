"""Erase what has had its time: one eraser per kind, one choice per rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from groundwork.base import clock, retention
from groundwork.base.actor import Actor
from groundwork.service.models import (
    HeldVisit,
    Patrol,
    Round,
    RoundInvite,
    RoundReply,
    Visit,
    Visitor,
)
from groundwork.service.rules.retention import RULES


@retention.eraser("service.held")
def erase_held(ids: Sequence[str], at: datetime) -> int:
    """Delete visits that were sent and never mended."""
    _all, by_table = HeldVisit.objects.filter(public_id__in=ids).delete()
    return by_table.get(HeldVisit._meta.label, 0)


@retention.eraser("service.visit")
def erase_visits(ids: Sequence[str], at: datetime) -> int:
    """Forget who went on visits, who wrote them down and what was noted."""
    visits = Visit.objects.filter(_personal_visit(), public_id__in=ids)
    pks = list(visits.values_list("pk", flat=True))
    Visitor.objects.filter(visit__in=pks).delete()
    Visit.objects.filter(pk__in=pks).update(account_id=None, note="")
    return len(pks)


@retention.eraser("service.patrol")
def erase_patrols(ids: Sequence[str], at: datetime) -> int:
    """Forget who walked and what was noted."""
    patrols = Patrol.objects.filter(~Q(person=None, note=""), public_id__in=ids)
    return patrols.update(person=None, note="")


@retention.eraser("service.round")
def erase_answers(ids: Sequence[str], at: datetime) -> int:
    """Forget what was answered and who was asked by name, by the public ids of rounds."""
    replies = RoundReply.objects.filter(_personal_reply(), round__public_id__in=ids)
    invites = RoundInvite.objects.filter(person__isnull=False, round__public_id__in=ids)
    return replies.update(answers={}, account_id=None) + invites.delete()[0]


def _personal_visit() -> Q:
    went = Exists(Visitor.objects.filter(visit=OuterRef("pk")))
    return Q(went) | Q(account_id__isnull=False) | ~Q(note="")


def _personal_reply() -> Q:
    return ~Q(answers={}) | Q(account_id__isnull=False)


def _held(before: datetime) -> QuerySet[HeldVisit, str]:
    return (
        HeldVisit.objects.filter(held_at__lt=before)
        .order_by("pk")
        .values_list("public_id", flat=True)
    )


def _visits(before: datetime) -> QuerySet[Visit, str]:
    visits = Visit.objects.filter(_personal_visit(), day__lt=clock.day_of(before))
    return visits.order_by("day", "pk").values_list("public_id", flat=True)


def _patrols(before: datetime) -> QuerySet[Patrol, str]:
    patrols = Patrol.objects.filter(~Q(person=None, note=""), day__lt=clock.day_of(before))
    return patrols.order_by("day", "pk").values_list("public_id", flat=True)


def _rounds(before: datetime) -> QuerySet[Round, str]:
    replies = RoundReply.objects.filter(_personal_reply(), round=OuterRef("pk"))
    invites = RoundInvite.objects.filter(round=OuterRef("pk"), person__isnull=False)
    rounds = Round.objects.filter(Q(Exists(replies)) | Q(Exists(invites)), closes_at__lt=before)
    return rounds.order_by("pk").values_list("public_id", flat=True)


DUE: Mapping[str, retention.Due] = {
    "service.held": _held,
    "service.visits": _visits,
    "service.patrols": _patrols,
    "service.rounds": _rounds,
}


def erase_due(*, by: Actor, at: datetime | None = None, most: int = retention.MOST_BATCHES) -> int:
    """Erase what its rule says has had its time; give how many."""
    return retention.erase_due(RULES, DUE, by=by, at=at, most=most)
