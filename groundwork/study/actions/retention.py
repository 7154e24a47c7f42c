"""Erase what has had its time: one eraser per kind, one choice per rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from groundwork.base import retention
from groundwork.base.actor import Actor
from groundwork.study.models import HallQuestion
from groundwork.study.rules.retention import RULES

ANSWERED = HallQuestion.State.ANSWERED


@retention.eraser("study.hall_question")
def erase_questions(ids: Sequence[str], at: datetime) -> int:
    """Blank the words of questions that were not answered; how many there were stays."""
    rows = HallQuestion.objects.exclude(text="").exclude(state=ANSWERED)
    return rows.filter(public_id__in=ids).update(text="")


def _questions(before: datetime) -> QuerySet[HallQuestion, str]:
    rows = HallQuestion.objects.exclude(text="").exclude(state=ANSWERED)
    return rows.filter(asked_at__lt=before).order_by("pk").values_list("public_id", flat=True)


DUE: Mapping[str, retention.Due] = {"study.questions": _questions}


def erase_due(*, by: Actor, at: datetime | None = None) -> int:
    """Erase what its rule says has had its time; give how many."""
    return retention.erase_due(RULES, DUE, by=by, at=at)
