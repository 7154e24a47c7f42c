"""Take the open data of each month, twice: when it is over, and once more for what came late."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from groundwork.base import clock
from groundwork.figures import policy
from groundwork.figures.models import Edition
from groundwork.figures.queries import exporting
from groundwork.figures.rules.periods import Period, month_of
from groundwork.registry.models import Place

DAY = timedelta(days=1)
TAKEN_ON = 5  # of the month after: by then rolls are closed and answers are in
MONTHS_BACK = 2  # the month that is over, and the one before it for what came late


def take_editions(*, at: datetime | None = None) -> list[Edition]:
    """Take what is due of the city's months; give what was taken.

    A month is taken from the fifth of the next one on. From the fifth of the one after it is taken
    once more, as soon as a number or a definition is another than it was.
    """
    at = at or clock.now()
    today = clock.day_of(at)
    if today.day < TAKEN_ON:
        return []
    city = policy.place_for("")
    taken, month = [], month_of(today)
    for back in range(1, MONTHS_BACK + 1):
        month = month_of(month.first - DAY)
        taken += _take(city, month, number=back, at=at)
    return taken


@transaction.atomic
def _take(city: Place, month: Period, *, number: int, at: datetime) -> list[Edition]:
    """Take one month's edition of a number, unless it is there or says what the last one said."""
    Place.objects.select_for_update().get(pk=city.pk)  # two workers take one
    before = Edition.objects.filter(place=city, first=month.first).order_by("-number").first()
    if before is None and number > 1 and _began(city) > month.first:
        return []  # from before anything was taken
    if before is not None and before.number >= number:
        return []
    rows = exporting.open_rows([city, *policy.districts_of(city)], month, at)
    definitions = exporting.definitions()
    digest = exporting.digest_of(rows)
    if before is not None and (before.sha256, before.definitions) == (digest, definitions):
        return []
    return [
        Edition.objects.create(
            place=city,
            first=month.first,
            number=before.number + 1 if before is not None else 1,
            cutoff=at,
            rows=rows,
            definitions=definitions,
            sha256=digest,
        )
    ]


def _began(city: Place) -> date:
    """Give the first month that was ever taken; where none was, none is earlier."""
    first = Edition.objects.filter(place=city).order_by("first").first()
    return first.first if first is not None else date.max
