"""Which deadlines are in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q

from groundwork.base.clock import day_of
from groundwork.base.days import calendar
from groundwork.matters.models import Category, Matter, Term
from groundwork.matters.rules import deadlines


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
        # The row for all has no category: compared with one it is neither true nor false, and
        # PostgreSQL would put it first.
        .annotate(own=Q(category=category), above=Q(category__isnull=False))
        .order_by(F("own").desc(nulls_last=True), "-above", "-valid_from")
        .first()
    )
    if term is None:
        return FALLBACK
    return Days(term.accept_days, term.reply_days, term.solve_days)


@dataclass(frozen=True)
class Promise:
    """Until when the raiser is promised a first reply and a solution."""

    reply_by: datetime
    solve_by: datetime


def longest_in_force(on: date) -> int:
    """Give the most working days that any matter may take to be solved, by the terms of a day."""
    rows = Term.objects.filter(valid_from__lte=on).order_by("valid_from")
    newest = {
        (category, urgency): days
        for category, urgency, days in rows.values_list("category", "urgency", "solve_days")
    }
    return max(newest.values(), default=0)


def promise(category: Category, urgency: str, since: datetime) -> Promise:
    """Make the promise that begins at `since` (acceptance, or a refusal that makes it anew)."""
    days, city = days_in_force(category, urgency, day_of(since)), calendar()
    return Promise(deadlines.due(city, since, days.reply), deadlines.due(city, since, days.solve))


def accept_by(matter: Matter, since: datetime) -> datetime:
    """Give until when a matter must be accepted; what is under embargo waits for its hour."""
    begins = max(since, matter.withheld_until) if matter.withheld_until else since
    days = days_in_force(matter.category, matter.urgency, day_of(begins))
    return deadlines.due(calendar(), begins, days.accept)


def next_due(matter: Matter) -> datetime | None:
    """Give what the office owes next, from the deadlines that stand with the matter."""
    return deadlines.owed(
        matter.state,
        accept_by=matter.accept_by,
        reply_by=matter.reply_by,
        solve_by=matter.solve_by,
        replied=matter.replied_at is not None,
    )
