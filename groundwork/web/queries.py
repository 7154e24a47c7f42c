"""What the burden meter tells: minutes per form and quarter, of nobody in particular."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum

from groundwork.base import clock
from groundwork.base.models import FormTiming
from groundwork.base.numbers import Median, twice_middle
from groundwork.web.declared import Declaration, all_declared

MINUTE = 60


@dataclass(frozen=True)
class Burden:
    """One form: its declaration, and how long its sends of this quarter took, in all and each."""

    declaration: Declaration
    seconds: int
    each: Median  # in minutes; none of it under five

    @property
    def sends(self) -> int:
        """How often it was sent."""
        return self.each.n

    @property
    def total_minutes(self) -> int:
        """How many minutes all of them took."""
        return round(self.seconds / MINUTE)


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
    """List all declared forms with this quarter's measure; one statement, counted by length.

    The declared figures of the burden count the same rows and find the middle in the same way.
    """
    today = today or clock.today()
    taken: dict[str, Counter[int]] = defaultdict(Counter)
    rows = _sent(today).order_by().values_list("form_key", "seconds").annotate(n=Count("pk"))
    for key, seconds, n in rows.iterator():
        taken[key][seconds] = n
    return [_burden(declaration, taken[declaration.key]) for declaration in all_declared()]


def _sent(today: date) -> QuerySet[FormTiming]:
    return FormTiming.objects.filter(day__gte=quarter_start(today), day__lte=today)


def _burden(declaration: Declaration, counts: Counter[int]) -> Burden:
    each = Median.of(counts.total(), twice_middle(counts), MINUTE)
    return Burden(declaration, sum(seconds * n for seconds, n in counts.items()), each)


def quarter_total(*, today: date | None = None) -> Total:
    """Add up what the city's forms took this quarter, up to today; one statement."""
    today = today or clock.today()
    found = _sent(today).aggregate(sends=Count("pk"), seconds=Sum("seconds", default=0))
    minutes = round(found["seconds"] / MINUTE)
    return Total(quarter_start(today), today, found["sends"], minutes)
