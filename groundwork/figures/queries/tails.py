"""Curves that fall at their end because the newest records are still on their way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from groundwork.base.days import calendar
from groundwork.figures.rules.catalogue import Figure
from groundwork.figures.rules.periods import Period
from groundwork.matters.queries.terms import longest_in_force
from groundwork.matters.rules.deadlines import ASK_DAYS


def unsettled(figures: Iterable[Figure], period: Period, today: date) -> dict[str, int]:
    """Give by key, of figures that still move, of how many working days the records may.

    Only where the period reaches into these days; a past year has settled.
    """
    kinds = {figure.until for figure in figures} - {""}
    days = {"heard": ASK_DAYS}
    if "solved" in kinds:
        days["solved"] = longest_in_force(today)
    reached = {kind for kind in kinds if days[kind] and period.after > _back(today, days[kind])}
    return {figure.key: days[figure.until] for figure in figures if figure.until in reached}


def _back(today: date, days: int) -> date:
    """Give the day that lies so many working days back."""
    office, day = calendar(), today
    while days:
        days -= office.is_working(day)
        day -= timedelta(days=1)
    return day
