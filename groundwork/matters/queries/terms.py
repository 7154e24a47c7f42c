"""Which deadlines are in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from groundwork.matters.models import Category, Term


@dataclass(frozen=True)
class Days:
    """Working days to accept, to reply first, to solve."""

    accept: int
    reply: int
    solve: int


FALLBACK = Days(1, 3, 15)  # where an office deleted nothing there is always a row; belt and braces


def days_in_force(category: Category, urgency: str, on: date) -> Days:
    """Find the newest version on `on`: of the category, else of its parent, else of all."""
    term = (
        Term.objects.filter(
            Q(category=category) | Q(category=category.parent_id) | Q(category=None),
            urgency=urgency,
            valid_from__lte=on,
        )
        .annotate(own=Q(category=category), above=Q(category__isnull=False))
        .order_by("-own", "-above", "-valid_from")
        .first()
    )
    if term is None:
        return FALLBACK
    return Days(term.accept_days, term.reply_days, term.solve_days)
