"""Periods as a reader chooses and reads them."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from groundwork.base.dates import day_text, month_text
from groundwork.figures.rules import periods as rules
from groundwork.figures.rules.periods import NoPeriod, Period


def period_of(key: str, today: date) -> Period:
    """Give the period asked for; what cannot be read is this year up to this month."""
    try:
        return rules.read(key)
    except NoPeriod:
        return rules.to_month_of(today)


def choices(today: date, chosen: Period) -> list[Period]:
    """List the periods to choose from, as people say them; the chosen one is among them."""
    month = rules.month_of(today)
    half = rules.half_of(today)
    listed = [
        rules.week_of(today),
        month,
        rules.before(month),
        rules.to_month_of(today),
        half,
        rules.before(half),
        rules.year_of(today),
        rules.before(rules.year_of(today)),
    ]
    keys = {period.key for period in listed}
    return listed if chosen.key in keys else [chosen, *listed]


def name_of(period: Period) -> str:
    """Say a period in the reader's language: 2026年5月, 截至2026年5月, 2026年上半年."""
    said = {
        "month": _("%(year)s年%(named)s"),
        "to_month": _("%(year)s年截至%(named)s"),
        "year": _("%(year)s年"),
        "half": _("%(year)s年上半年") if period.first.month == 1 else _("%(year)s年下半年"),
    }.get(period.kind)
    if said is not None:
        named = month_text(period.last)
        return said % {"year": period.first.year, "named": named}
    days = {"first": day_text(period.first), "last": day_text(period.last)}
    return _("%(first)s至%(last)s") % days


def called(dates: str, name: str) -> str:
    """Put the name that a period has before its days."""
    return _("%(name)s（%(dates)s）") % {"name": name, "dates": dates} if name else dates


def label_of(step: Period) -> tuple[str, str]:
    """Say a step of a curve as it stands below it, and in full: 11月2日, 11月2日至11月8日."""
    if step.kind == "month":
        return month_text(step.first), name_of(step)
    first, last = (day_text(day, year=False) for day in (step.first, step.last))
    if step.days == 1:
        return first, day_text(step.first, weekday=True, year=False)
    return first, _("%(first)s至%(last)s") % {"first": first, "last": last}
