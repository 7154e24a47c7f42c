"""What the burden meter tells: minutes per form and quarter, of nobody in particular."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.db.models import Count, Sum

from groundwork.base import clock
from groundwork.base.numbers import SMALLEST_WHOLE
from groundwork.web.declared import Declaration, all_declared
from groundwork.web.models import FormTiming


@dataclass(frozen=True)
class Burden:
    """One form: its declaration, how often it was sent this quarter, and how long it took.

    `median_seconds` is None under five sends: so few say more about persons than about the form.
    """

    declaration: Declaration
    sends: int
    total_minutes: int
    median_seconds: int | None


@dataclass(frozen=True)
class Total:
    """What all forms together took in a quarter so far; nobody's and no form's in particular."""

    first: date
    last: date
    sends: int
    minutes: int


def quarter_start(day: date) -> date:
    """Give the first day of the quarter a day lies in."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def form_burdens(*, today: date | None = None) -> list[Burden]:
    """List all declared forms with this quarter's measure."""
    today = today or clock.today()
    taken: dict[str, list[int]] = defaultdict(list)
    rows = FormTiming.objects.filter(day__gte=quarter_start(today), day__lte=today)
    for key, seconds in rows.values_list("form_key", "seconds").iterator():
        taken[key].append(seconds)
    return [_burden(declaration, taken[declaration.key]) for declaration in all_declared()]


def _burden(declaration: Declaration, seconds: list[int]) -> Burden:
    few = len(seconds) < SMALLEST_WHOLE
    middle = None if few else round(median(seconds))
    return Burden(declaration, len(seconds), round(sum(seconds) / 60), middle)


def quarter_total(*, today: date | None = None) -> Total:
    """Add up what the city's forms took this quarter, up to today; one statement."""
    today = today or clock.today()
    first = quarter_start(today)
    found = FormTiming.objects.filter(day__gte=first, day__lte=today).aggregate(
        sends=Count("pk"), seconds=Sum("seconds", default=0)
    )
    return Total(first, today, found["sends"], round(found["seconds"] / 60))
