"""The three rates of any set of matters, kept apart: answered, solved, satisfied.

As `queries.satisfaction` counts them: raisers of matters that have an answer, and each one's word
on the last answer; what was said of an earlier round is about another answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundwork.base.numbers import Rate
from groundwork.matters.models import Matter, Verdict
from groundwork.matters.queries.satisfaction import QUESTIONS, Satisfaction

NAMES: dict[str, Promise] = {
    "answered": _("认为得到答复"),
    "solved": _("认为已经解决"),
    "satisfied": _("表示满意"),
}


@dataclass(frozen=True)
class Line:
    """One question: yes of those who said, and those who said of those asked."""

    name: Promise
    rate: Rate
    reply: Rate


def rates_of(matters: QuerySet[Matter]) -> Satisfaction:
    """Count what the raisers of these matters say of their last answers, in two statements."""
    answered = matters.filter(answered_at__isnull=False).exclude(state="merged").order_by()
    asked = answered.aggregate(n=Sum("raisers_count"))["n"] or 0
    words = Verdict.objects.filter(
        matter__in=answered.values("pk"), at__gte=F("matter__answered_at")
    )
    sums = {
        f"{name}_said": Count("pk", filter=Q(**{f"{name}__isnull": False})) for name in QUESTIONS
    }
    sums |= {f"{name}_yes": Count("pk", filter=Q(**{name: True})) for name in QUESTIONS}
    found = words.aggregate(**sums)
    return Satisfaction(
        asked,
        {name: found[f"{name}_said"] for name in QUESTIONS},
        {name: found[f"{name}_yes"] for name in QUESTIONS},
    )


def lines_of(found: Satisfaction) -> list[Line]:
    """Name the three rates for a page, each with its answer rate."""
    return [Line(NAMES[name], rate, reply) for name, rate, reply in found.lines]
