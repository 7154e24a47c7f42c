"""Programmes: their days, the balance of themes and forms, what is still missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.workdays import Calendar
from groundwork.study.models import Evening, Form, Programme, Series, Theme
from groundwork.study.policy.evening import (
    plans_for,
    visible_evenings,
    visible_programmes,
    visible_series,
)
from groundwork.study.rules import evening as rules
from groundwork.study.rules.evening import Day

COUNTED = ("draft", "published", "held", "closed")
MOST_SHOWN = 400  # evenings on one programme page; five years of Tuesdays are 260


@dataclass(frozen=True)
class DayLine:
    """A default day of a programme, and whether an evening may still be planned on it."""

    day: Day
    past: bool
    taken: bool

    @property
    def free(self) -> bool:
        """Tell whether planning the term puts an evening here."""
        return self.day.day is not None and not self.past and not self.taken


def term_days(programme: Programme, calendar: Calendar, at: datetime) -> list[DayLine]:
    """List a programme's default days with the reason of each move."""
    taken = {
        moment.astimezone(clock.ZONE).date()
        for moment in Evening.objects.filter(programme=programme)
        .exclude(state=Evening.State.CANCELLED)
        .values_list("starts_at", flat=True)
    }
    today = at.astimezone(clock.ZONE).date()
    return [
        DayLine(
            day,
            past=day.day is not None and day.day <= today,
            taken=day.day in taken or day.tuesday in taken,
        )
        for day in rules.default_days(programme.starts, programme.ends, calendar)
    ]


@dataclass(frozen=True)
class Balance:
    """How a set of evenings divides into themes and forms; what a term should have and lacks."""

    themes: list[tuple[str, int]]
    forms: list[tuple[str, int]]
    missing: list[str] = field(default_factory=list)
    total: int = 0


def balance_of(rows: list[tuple[str, str]]) -> Balance:
    """Count (theme, form) pairs; every theme and form is listed, also those with none."""
    themes, forms = Counter(row[0] for row in rows), Counter(row[1] for row in rows)
    return Balance(
        themes=[(str(theme.label), themes[theme.value]) for theme in Theme],
        forms=[(str(form.label), forms[form.value]) for form in Form],
        missing=[str(Theme(theme).label) for theme in rules.missing_themes(themes)],
        total=len(rows),
    )


@dataclass(frozen=True)
class ProgrammePage:
    """What the programme page shows."""

    programme: Programme
    evenings: list[Evening]
    balance: Balance
    may_edit: bool
    drafts: list[Evening]


def programme_page(by: Actor, programme: Programme) -> ProgrammePage:
    """Read a programme with the evenings the reader may see."""
    evenings = list(
        visible_evenings(by)
        .filter(programme=programme)
        .select_related("host", "topic")
        .order_by("starts_at", "id")[:MOST_SHOWN]
    )
    counted = [(e.theme, e.form) for e in evenings if e.state in COUNTED]
    may_edit = plans_for(by, programme.host)
    return ProgrammePage(
        programme=programme,
        evenings=evenings,
        balance=balance_of(counted),
        may_edit=may_edit,
        drafts=[e for e in evenings if e.state == Evening.State.DRAFT] if may_edit else [],
    )


def programmes(by: Actor) -> QuerySet[Programme]:
    """List programmes, those that run longest into the future first."""
    return (
        visible_programmes(by)
        .select_related("host")
        .annotate(evening_count=Count("evening", filter=~Q(evening__state="cancelled")))
        .order_by("-ends", "-id")
    )


def tours(by: Actor) -> QuerySet[Series]:
    """List tours of speakers, the newest first."""
    return visible_series(by).select_related("host").order_by("-created_at", "-id")


def tour_evenings(by: Actor, series: Series) -> QuerySet[Evening]:
    """List a tour's stops that the reader may see."""
    return (
        visible_evenings(by)
        .filter(series=series)
        .select_related("host")
        .order_by("starts_at", "id")
    )
