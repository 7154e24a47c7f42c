"""Erase what is past its time; how many of what stays in the trail as a tombstone."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from groundwork.access.models import Notice, Remark, Slip
from groundwork.access.rules.retention import KEPT
from groundwork.base import clock, trail
from groundwork.base.actor import system

KEEPER = system("retention")


@transaction.atomic
def erase_expired(*, at: datetime | None = None) -> dict[str, int]:
    """Erase what is past its time; return how many rows of each kind went."""
    at = at or clock.now()
    erased = {kind: rows.delete()[0] for kind, rows in _past(at).items()}
    for kind, count in erased.items():
        if count:
            trail.record(KEEPER, "erase", kind, str(count), at=at)
    return erased


def _past(at: datetime) -> dict[str, QuerySet]:  # type: ignore[type-arg]
    ago = {kind: at - kept for kind, kept in KEPT.items()}
    living = Session.objects.filter(pk=OuterRef("session_key"), expire_date__gt=at)
    return {
        "notice": Notice.objects.filter(created_at__lt=ago["notice"]),
        "remark": Remark.objects.filter(answered_at__lt=ago["remark"]),
        "slip": Slip.objects.filter(
            Q(used_at__lt=ago["slip"])
            | Q(revoked_at__lt=ago["slip"])
            | Q(expires_at__lt=ago["slip"])
        ),
        "device": UserSession.objects.filter(
            ~Exists(living), created_at__lt=at - timedelta(minutes=1)
        ),
        "session": Session.objects.filter(expire_date__lt=at),
        "attempt": AccessAttempt.objects.filter(attempt_time__lt=ago["attempt"]),
    }
