"""What an address of a figure asks for, and what every page of figures says of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from groundwork.base import clock
from groundwork.base.errors import NotFound
from groundwork.base.http import Request
from groundwork.figures import policy
from groundwork.figures.pages.periods import choices, name_of, period_of
from groundwork.figures.queries.source import Line, Scope
from groundwork.figures.queries.sources import SOURCES
from groundwork.figures.rules.catalogue import Figure
from groundwork.figures.rules.kinds import Records
from groundwork.figures.rules.periods import Period
from groundwork.registry.models import Place
from groundwork.web.declared import all_declared


@dataclass(frozen=True)
class Asked:
    """What an address asks for: whose figures, of which period, as of now."""

    place: Place
    period: Period
    at: datetime

    @property
    def scope(self) -> Scope:
        """Whose records are counted."""
        return Scope("place", self.place.path)

    @property
    def back(self) -> str:
        """The figures of this place and period."""
        return self.url("figures:figures")

    def url(self, page: str, *args: str, place: Place | None = None, **more: str) -> str:
        """Address another page of the same place and period."""
        asked = {"place": (place or self.place).public_id, "period": self.period.key}
        return f"{reverse(page, args=args)}?{urlencode(asked | more)}"


def asked_of(request: Request) -> Asked:
    """Read what a request asks for. Raises NotFound for a place without figures."""
    at = clock.now()
    place = policy.place_for(request.GET.get("place", ""))
    return Asked(place, period_of(request.GET.get("period", ""), clock.day_of(at)), at)


PARTS = ("part", "whole", "asked")  # what `Figure.records` are called in an address


def opened_of(figure: Figure, which: str) -> Records:
    """Give the records behind a figure: its part, what it is a part of, or who of it was asked.

    Raises NotFound.
    """
    names = PARTS[: len(figure.records)]
    if which not in names:
        raise NotFound
    return figure.records[names.index(which)]


def common(asked: Asked) -> dict[str, object]:
    """Give what every page of figures shows above: the period, the place, what to choose."""
    today = clock.day_of(asked.at)
    return {
        "asked": asked,
        "period_name": name_of(asked.period),
        "periods": [(p.key, name_of(p)) for p in choices(today, asked.period)],
        "places": policy.visible_places(),
    }


def say_records(records: Records) -> str:
    """Say in words which records are counted and by which of their moments."""
    source = SOURCES[records.source]
    met = _("、").join(str(source.conditions[name].name) for name in sorted(records.where))
    words = {"source": source.name, "met": met, "when": source.times[records.when].name}
    said = (
        _("%(source)s里%(met)s的，按%(when)s归入时段")
        if met
        else _("全部%(source)s，按%(when)s归入时段")
    )
    if not records.sums:
        return said % words
    added = _("；%(measure)s相加") % {"measure": source.measures[records.sums].name}
    return said % words + added


def named(lines: list[Line], records: Records) -> list[Line]:
    """Call groups what people call them: a form by who wants it, with its key beside it."""
    if SOURCES[records.source].key != "web.form":
        return lines
    owners = {form.key: str(form.owner) for form in all_declared()}
    return [
        replace(line, title=owners.get(line.title, line.title), sub=line.title) for line in lines
    ]
