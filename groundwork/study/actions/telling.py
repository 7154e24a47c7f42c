"""Who is told what of an evening.

Publishing writes no 28,000 inbox rows: everybody sees it pinned at home, in the to-do and in the
calendar; secretaries and clerks, who must find a room, get a notice. A move or a cancellation
upsets plans already made, so then everybody expected is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Substr
from django.db.models.lookups import In
from django.urls import reverse

from groundwork.access.actions.notices import notify
from groundwork.access.models import Account
from groundwork.base import clock
from groundwork.base.actor import Role
from groundwork.base.errors import N_
from groundwork.study.models import Evening
from groundwork.study.queries.audience import audience_paths, expected_people

KEEPERS = (Role.UNIT_SECRETARY, Role.BRANCH_SECRETARY, Role.CLERK)
CHUNK = 2000  # accounts in one transaction
SENTENCES = {
    "published": N_("夜学已发布：%(title)s，%(start)s。请安排会场并提醒参加人员。"),
    "moved": N_("夜学改期：%(title)s，改到 %(start)s。原因：%(reason)s"),
    "cancelled": N_("夜学取消：%(title)s，原定 %(start)s。原因：%(reason)s"),
}


def tell_evening(public_id: str, what: str, *, at: datetime | None = None) -> int:
    """Notify everybody concerned; telling twice is telling once. Return how many were told."""
    evening = Evening.objects.get(public_id=public_id)
    accounts = _keepers(evening) if what == "published" else _everybody(evening)
    told = 0
    for chunk in _chunks(accounts):
        told += notify(
            chunk,
            kind=f"study.{what}",
            key=f"study.{what}:{public_id}:{evening.sequence}",
            text=SENTENCES[what],
            url=reverse("study:evening", args=[public_id]),
            params={
                "title": evening.title,
                "start": evening.starts_at,
                "reason": evening.change_reason,
            },
            at=at,
        )
    return told


def _everybody(evening: Evening) -> QuerySet[Account, int]:
    people = expected_people(evening)
    return Account.objects.filter(person__in=people).values_list("pk", flat=True)


def _keepers(evening: Evening) -> QuerySet[Account, int]:
    """Find those who hold a unit's or branch's keys inside the audience."""
    paths = audience_paths(evening)
    inside = Q()
    for n in {len(path) for path in paths}:
        same = [path for path in paths if len(path) == n]
        inside |= Q(In(Substr(F("grants__body__path"), 1, n), same))
    today = clock.today()
    in_force = Q(grants__valid_to=None) | Q(grants__valid_to__gte=today)
    keys = Account.objects.filter(
        inside, in_force, grants__role__in=KEEPERS, grants__valid_from__lte=today
    )
    return keys.order_by().values_list("pk", flat=True).distinct()


def _chunks(accounts: QuerySet[Account, int]) -> Iterator[list[int]]:
    keys = sorted(accounts)
    for i in range(0, len(keys), CHUNK):
        yield keys[i : i + CHUNK]
