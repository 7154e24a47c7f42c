"""Figures of a place and a period; one figure with all it takes to read it; what it opens onto."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from groundwork.base import clock
from groundwork.base.errors import N_, NotFound
from groundwork.base.http import Request
from groundwork.figures import policy
from groundwork.figures.pages.periods import choices, name_of, period_of
from groundwork.figures.queries.records import behind
from groundwork.figures.queries.source import Scope
from groundwork.figures.queries.sources import SOURCES
from groundwork.figures.queries.values import Value, by_district, by_period, values_of
from groundwork.figures.rules.catalogue import CATALOGUE, Figure
from groundwork.figures.rules.kinds import PartOf, Per, Records
from groundwork.figures.rules.periods import Period, months_in, year_before
from groundwork.registry.models import Place

GROUPS = {"matters": N_("诉求"), "service": N_("走访"), "study": N_("夜学"), "duty": N_("值守")}


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

    def url(self, page: str, *args: str, place: Place | None = None) -> str:
        """Address another page of the same place and period."""
        query = {"place": (place or self.place).public_id, "period": self.period.key}
        return f"{reverse(page, args=args)}?{urlencode(query)}"


@dataclass(frozen=True)
class Card:
    """One figure as the page shows it."""

    value: Value
    year_before: Value
    title: str
    definition: str
    unit: str
    url: str
    open: str
    whole: str

    @property
    def compared(self) -> bool:
        """Tell whether last year's number counts the same thing, and anything at all."""
        return self.value.comparable(self.year_before) and self.year_before.n > 0


def _asked(request: Request) -> Asked:
    at = clock.now()
    place = policy.place_for(request.GET.get("place", ""))
    return Asked(place, period_of(request.GET.get("period", ""), clock.day_of(at)), at)


def _cards(asked: Asked, figures: tuple[Figure, ...]) -> list[Card]:
    now = values_of(figures, asked.scope, asked.period, asked.at)
    then = values_of(figures, asked.scope, year_before(asked.period), asked.at)
    return [_card(asked, now[figure.key], then[figure.key]) for figure in figures]


def _card(asked: Asked, value: Value, then: Value) -> Card:
    figure = value.figure
    two = isinstance(figure.kind, PartOf | Per)
    return Card(
        value,
        then,
        _(figure.title),
        _(figure.definition),
        _(figure.unit) if figure.unit else "",
        asked.url("figures:figure", figure.key),
        asked.url("figures:records", figure.key),
        asked.url("figures:records_of", figure.key, "whole") if two else "",
    )


def _common(asked: Asked) -> dict[str, object]:
    today = clock.day_of(asked.at)
    return {
        "asked": asked,
        "period_name": name_of(asked.period),
        "periods": [(p.key, name_of(p)) for p in choices(today, asked.period)],
        "places": policy.visible_places(),
    }


@require_GET
def figures(request: Request) -> HttpResponse:
    """Show the dozen figures of a place and a period."""
    asked = _asked(request)
    cards = _cards(asked, CATALOGUE)
    groups = [
        (_(name), [card for card in cards if card.value.figure.key.startswith(f"{key}.")])
        for key, name in GROUPS.items()
    ]
    return render(request, "figures/figures.html", {**_common(asked), "groups": groups})


@require_GET
def figure(request: Request, key: str) -> HttpResponse:
    """Show one figure: its sentence, its definition, month by month, by district in their order."""
    asked = _asked(request)
    found = policy.figure_for(key)
    card = _cards(asked, (found,))[0]
    opens = found.kind.opens
    today = clock.day_of(asked.at)
    months = [month for month in months_in(asked.period) if month.first <= today]
    counted = by_period(opens, asked.scope, months, asked.at)
    source = SOURCES[opens.source]
    context = {
        **_common(asked),
        "card": card,
        "said": [_say(records) for records in found.records],
        "source": source.name,
        "months": list(zip([name_of(month) for month in months], counted, strict=True)),
        "districts": [
            (place.name, n, asked.url("figures:figure", key, place=place))
            for place, n in by_district(opens, asked.place, asked.period, asked.at)
        ],
    }
    return render(request, "figures/figure.html", context)


def _say(records: Records) -> str:
    """Say in words which records are counted and by which of their moments."""
    source = SOURCES[records.source]
    met = _("、").join(str(source.conditions[name].name) for name in sorted(records.where))
    words = {"source": source.name, "met": met, "when": source.times[records.when].name}
    if not met:
        return _("全部%(source)s，按%(when)s归入时段") % words
    return _("%(source)s里%(met)s的，按%(when)s归入时段") % words


@require_GET
def records(request: Request, key: str, which: str = "part") -> HttpResponse:
    """List the records behind a figure, or behind what it is a part of (`which` = whole)."""
    asked = _asked(request)
    found = policy.figure_for(key)
    if which not in ("part", "whole") or (which == "whole" and len(found.records) == 1):
        raise NotFound
    opened = found.records[0 if which == "part" else 1]
    after = request.GET.get("after", "")
    listing = behind(opened, asked.scope, asked.period, asked.at, request.actor, after)
    context = {
        **_common(asked),
        "title": _(found.title),
        "url": asked.url("figures:figure", key),
        "said": _say(opened),
        "listing": listing,
    }
    return render(request, "figures/records.html", context)
