"""Periods as people say them: a week, a month, up to May, a half-year, a year, from a day to a day.

A period is half open: it holds `first` and not `after`. Its key is what stands in an address:

    2020-05          the month          2020-H1   the half-year      2020      the year
    to-2020-05       from January to the end of May (截至5月)
    week-2020-05-19  the week from Monday in which the day lies
    2020-02-10_2020-03-31  from the first to the second day, both in it
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

FIRST_YEAR, LAST_YEAR = 2000, 2100
Kind = Literal["day", "week", "month", "to_month", "half", "year", "span"]
_KEY = re.compile(r"(to-)?(\d{4})(?:-(H[12]|\d{2}))?")


class NoPeriod(ValueError):
    """A key that names no period."""


@dataclass(frozen=True)
class Period:
    """From `first` (in it) to `after` (no more in it). Raises NoPeriod when nothing is between."""

    first: date
    after: date
    kind: Kind = "span"

    def __post_init__(self) -> None:
        if self.after <= self.first:
            raise NoPeriod(f"{self.first} to {self.after}")

    @property
    def last(self) -> date:
        """The last day in it."""
        return self.after - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.after - self.first).days

    @property
    def key(self) -> str:
        """What stands in an address; `read` gives the period back."""
        first = self.first
        keys = {
            "week": f"week-{first}",
            "month": f"{first:%Y-%m}",
            "to_month": f"to-{self.last:%Y-%m}",
            "half": f"{first:%Y}-H{1 if first.month == 1 else 2}",
            "year": f"{first:%Y}",
        }
        return keys.get(self.kind, f"{first}_{self.last}")

    def __contains__(self, day: date) -> bool:
        return self.first <= day < self.after


def read(key: str) -> Period:
    """Give the period that a key names. Raises NoPeriod."""
    try:
        return _read(key)
    except ValueError as error:
        raise NoPeriod(key) from error


def _read(key: str) -> Period:
    if key.startswith("week-"):
        return week_of(_day(key.removeprefix("week-")))
    if "_" in key:
        first, last = key.split("_")
        return Period(_day(first), _day(last) + timedelta(days=1))
    found = _KEY.fullmatch(key)
    if found is None:
        raise NoPeriod(key)
    to, year, rest = found.groups()
    start = _day(f"{year}-01-01")
    if to:
        return Period(start, month_of(_day(f"{year}-{rest}-01")).after, "to_month")
    if rest is None:
        return year_of(start)
    if rest.startswith("H"):
        return half_of(start.replace(month=1 if rest == "H1" else 7))
    return month_of(_day(f"{year}-{rest}-01"))


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NoPeriod(text)
    return day


def week_of(day: date) -> Period:
    """Give the week, from Monday, in which a day lies."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=7), "week")


def month_of(day: date) -> Period:
    """Give the month of a day."""
    return Period(day.replace(day=1), _months_on(day.replace(day=1), 1), "month")


def to_month_of(day: date) -> Period:
    """Give the year's part up to the end of the month of a day."""
    return Period(date(day.year, 1, 1), month_of(day).after, "to_month")


def half_of(day: date) -> Period:
    """Give the half-year, which is a term of study, of a day."""
    first = date(day.year, 1 if day.month < 7 else 7, 1)
    return Period(first, _months_on(first, 6), "half")


def quarter_of(day: date) -> Period:
    """Give the quarter of a day."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return Period(first, _months_on(first, 3))


def year_of(day: date) -> Period:
    """Give the year of a day."""
    return Period(date(day.year, 1, 1), date(day.year + 1, 1, 1), "year")


def year_before(period: Period) -> Period:
    """Give the same time of the year before (同比): a week keeps its weekdays, 52 weeks earlier."""
    if period.kind == "week":
        back = timedelta(weeks=52)
        return Period(period.first - back, period.after - back, "week")
    return Period(_months_on(period.first, -12), _months_on(period.after, -12), period.kind)


def before(period: Period) -> Period:
    """Give the period just before of the same kind (环比); of a span, as many days."""
    months = {"month": 1, "half": 6, "year": 12}.get(period.kind)
    if months is not None:
        return Period(_months_on(period.first, -months), period.first, period.kind)
    if period.kind == "to_month":
        raise NoPeriod("the part of a year has none before it: compare it with the year before")
    first = period.first - timedelta(days=period.days)
    return Period(first, period.first, period.kind)


def months_in(period: Period) -> list[Period]:
    """List the months a period touches, each cut to it, in order."""
    months, first = [], period.first
    while first < period.after:
        month = month_of(first)
        after = min(month.after, period.after)
        whole = first == month.first and after == month.after
        months.append(Period(first, after, "month" if whole else "span"))
        first = after
    return months


def months_of(period: Period) -> list[int]:
    """Name the months of one year that a period of whole months is made of, by their numbers."""
    last = period.after - timedelta(days=1)
    return list(range(period.first.month, last.month + 1))


def mondays_in(period: Period) -> list[date]:
    """List the Mondays of a period, in order."""
    first = period.first + timedelta(days=-period.first.weekday() % 7)
    return [first + timedelta(days=n) for n in range(0, (period.after - first).days, 7)]


def _months_on(day: date, months: int) -> date:
    """Give the day so many months on; the 29th to 31st fall back on the month's last day."""
    at = day.year * 12 + day.month - 1 + months
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
