"""What the rules of retention have erased so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Sum
from django.utils.translation import gettext_lazy as _

from groundwork.base.models import Tombstone
from groundwork.base.retention import days
from groundwork.matters.rules.retention import OWN, RULES


@dataclass(frozen=True)
class Line:
    """One rule and its tombstones: how many, the last when."""

    what: str
    days: int | None  # None: at the wish of who it is of
    stays: str
    erased: int
    last: datetime | None


def rules() -> list[Line]:
    """List the rules, and what people had erased of their own, in one statement."""
    codes = [rule.code for rule in RULES] + [OWN]
    found = Tombstone.objects.filter(rule__in=codes).values("rule").order_by()
    sums = {row["rule"]: row for row in found.annotate(n=Sum("count"), last=Max("at"))}

    def of(code: str) -> tuple[int, datetime | None]:
        row = sums.get(code)
        return (row["n"], row["last"]) if row else (0, None)

    lines = [
        Line(rule.what, days(rule.code, rule.days), rule.stays, *of(rule.code)) for rule in RULES
    ]
    return [*lines, Line(str(_("本人要求删除的")), None, str(_("办理记录，没有文字。")), *of(OWN))]
