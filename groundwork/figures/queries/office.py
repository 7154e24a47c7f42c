"""Working days between two days of a record: the pair from the database, the calendar from here.

Both databases hand over one whole number for the pair; the calendar (notices and the office's own
table) is added up once for each state of it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from zlib import crc32

from django.db.models import F
from django.db.models.expressions import Combinable

from groundwork.base.days import calendar
from groundwork.base.workdays import Calendar
from groundwork.figures.queries.source import CityDay, DayNumber
from groundwork.figures.rules.periods import FIRST_YEAR, LAST_YEAR

EPOCH = date(2000, 1, 1)
PAIR = 40_000  # more than there are days from FIRST_YEAR to LAST_YEAR


def pair_of(first: str, last: str) -> Combinable:
    """Make one whole number of the city's days of two columns."""
    return DayNumber(CityDay(F(first))) * PAIR + DayNumber(CityDay(F(last)))


def office_days() -> Callable[[int], int]:
    """Make what reads a pair of days as the working days after the first up to the second."""
    worked = _worked(frozenset(calendar().overrides.items()))

    def read(pair: int) -> int:
        first, last = divmod(pair, PAIR)
        return worked[last] - worked[first]

    return read


@lru_cache(maxsize=4)
def _worked(overrides: frozenset[tuple[date, bool]]) -> list[int]:
    """Add up the working days from EPOCH to each day."""
    office = Calendar(dict(overrides))
    assert EPOCH.year == FIRST_YEAR
    days = (date(LAST_YEAR + 1, 1, 1) - EPOCH).days
    return list(accumulate(office.is_working(EPOCH + timedelta(days=n)) for n in range(days)))


def calendar_edition() -> int:
    """Name the state of the office's own table: another one moves what is counted in its days."""
    said = sorted((day.isoformat(), working) for day, working in calendar().overrides.items())
    return crc32(repr(said).encode())
