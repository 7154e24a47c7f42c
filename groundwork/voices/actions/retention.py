"""Erase what has had its time: one eraser per kind, one choice per rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from groundwork.base import clock, retention
from groundwork.base.actor import Actor
from groundwork.voices.models import Mark, MarkStep, Registration, Signed, Survey, Taking
from groundwork.voices.rules.retention import RULES


@retention.eraser("voices.registration")
def erase_registrations(ids: Sequence[str], at: datetime) -> int:
    """Delete registrations that were settled; the directory knows who lives where."""
    rows = Registration.objects.filter(public_id__in=ids).exclude(state="asked")
    return rows.delete()[0]


@retention.eraser("voices.mark")
def erase_marks(ids: Sequence[str], at: datetime) -> int:
    """Forget whom a mark was about and every word of it."""
    pks = list(Mark.objects.filter(_worded(), public_id__in=ids).values_list("pk", flat=True))
    MarkStep.objects.filter(mark__in=pks).delete()
    Mark.objects.filter(pk__in=pks).update(
        person=None, subject="", subject_kind="", subject_id="", state=Mark.State.EXPIRED
    )
    return len(pks)


@retention.eraser("voices.taking")
def erase_takings(ids: Sequence[str], at: datetime) -> int:
    """Delete what was taken and came to nothing."""
    rows = Taking.objects.filter(public_id__in=ids).exclude(state="confirmed")
    return rows.delete()[0]


@retention.eraser("voices.survey")
def erase_signatures(ids: Sequence[str], at: datetime) -> int:
    """Take the names off the answers of surveys that asked by name."""
    return Signed.objects.filter(answer__survey__public_id__in=ids).delete()[0]


def _worded() -> Q:
    steps = Exists(MarkStep.objects.filter(mark=OuterRef("pk")))
    return Q(person__isnull=False) | Q(steps) | ~Q(subject="")


def _registrations(before: datetime) -> QuerySet[Registration, str]:
    rows = Registration.objects.filter(settled_at__lt=before).exclude(state="asked")
    return rows.order_by("pk").values_list("public_id", flat=True)


def _marks(before: datetime) -> QuerySet[Mark, str]:
    rows = Mark.objects.filter(_worded(), expires_on__lt=clock.day_of(before))
    return rows.order_by("pk").values_list("public_id", flat=True)


def _takings(before: datetime) -> QuerySet[Taking, str]:
    rows = Taking.objects.filter(call__ends_at__lt=before).exclude(state="confirmed")
    return rows.order_by("pk").values_list("public_id", flat=True)


def _signed(before: datetime) -> QuerySet[Survey, str]:
    named = Exists(Signed.objects.filter(answer__survey=OuterRef("pk")))
    rows = Survey.objects.filter(named, closes_at__lt=before)
    return rows.order_by("pk").values_list("public_id", flat=True)


DUE: Mapping[str, retention.Due] = {
    "voices.registrations": _registrations,
    "voices.marks": _marks,
    "voices.takings": _takings,
    "voices.signed": _signed,
}


def erase_due(*, by: Actor, at: datetime | None = None, most: int = retention.MOST_BATCHES) -> int:
    """Erase what its rule says has had its time; give how many."""
    return retention.erase_due(RULES, DUE, by=by, at=at, most=most)
