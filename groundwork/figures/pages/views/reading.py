"""Figures of a place and a period; one figure with all it takes to read it; what it opens onto."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from groundwork.base import clock
from groundwork.base.chart import Chart
from groundwork.base.errors import N_
from groundwork.base.http import Request
from groundwork.base.kept import kept
from groundwork.figures import policy
from groundwork.figures.pages.asked import (
    PARTS,
    Asked,
    asked_of,
    common,
    named,
    opened_of,
    say_records,
)
from groundwork.figures.pages.periods import label_of, name_of
from groundwork.figures.queries.curves import curves_of, splits_of
from groundwork.figures.queries.records import behind
from groundwork.figures.queries.sources import SOURCES
from groundwork.figures.queries.tails import unsettled
from groundwork.figures.queries.values import Value, by_district, values_of
from groundwork.figures.rules.catalogue import CHIEF, FIGURES, Figure
from groundwork.figures.rules.kinds import measure_of
from groundwork.figures.rules.periods import NoPeriod, before, quarter_of, year_before
from groundwork.web.templatetags.web import draw_chart

SPRING = 2020  # a year of which there is a page beside what was printed
KEPT = 300  # seconds that curves beside a number and bars may be older than the number
GROUPS = {
    "matters": N_("诉求"),
    "service": N_("走访"),
    "study": N_("夜学"),
    "live": N_("直播"),
    "duty": N_("值守"),
    "voices": N_("问卷"),
    "forms": N_("填表负担"),
}
BURDEN = (FIGURES["forms.sends"], FIGURES["forms.minutes"])


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
    asked: str
    late: str  # why its curve falls at the end, "" where it does not

    @property
    def compared(self) -> bool:
        """Tell whether last year's number counts the same thing, and anything at all."""
        return self.value.comparable(self.year_before) and self.year_before.n > 0


def _cards(asked: Asked, figures: tuple[Figure, ...]) -> list[Card]:
    now = values_of(figures, asked.scope, asked.period, asked.at)
    then = values_of(figures, asked.scope, year_before(asked.period), asked.at)
    late = unsettled(figures, asked.period, clock.day_of(asked.at))
    return [
        _card(asked, now[one.key], then[one.key], _late(one, late.get(one.key, 0)))
        for one in figures
    ]


def _late(figure: Figure, days: int) -> str:
    """Say of what is still on its way that its number will move."""
    if not days:
        return ""
    said = (
        _("最近 %(days)s 个工作日内提出的，有的还在办理：曲线末尾会低一些，以后还会升。")
        if figure.until == "solved"
        else _("最近 %(days)s 个工作日内答复的，提出人还在回话：曲线末尾的数还会变。")
    )
    return said % {"days": days}


def _card(asked: Asked, value: Value, then: Value, late: str) -> Card:
    figure = value.figure

    def opened(n: int) -> str:
        if len(figure.records) <= n:
            return ""
        return asked.url("figures:records_of", figure.key, PARTS[n])

    return Card(
        value,
        then,
        _(figure.title),
        _(figure.definition),
        _(figure.unit) if figure.unit else "",
        asked.url("figures:figure", figure.key),
        asked.url("figures:records", figure.key),
        opened(1),
        opened(2),
        late,
    )


def _curves(asked: Asked, figures: tuple[Figure, ...]) -> dict[str, Chart]:
    return curves_of(figures, asked.scope, asked.period, asked.at, label_of, _)


def _drawn(asked: Asked, shown: tuple[Figure, ...]) -> dict[str, SafeString]:
    """Give every figure's curve as it is drawn: the dearest part of the page, and the dullest."""
    key = f"figures.curves.{asked.place.pk}.{asked.period.key}.{get_language()}"
    return kept(
        key,
        asked.at,
        lambda: {name: draw_chart(curve) for name, curve in _curves(asked, shown).items()},
        fresh=KEPT,
    )


def _splits(asked: Asked, figure: Figure) -> tuple[list[tuple[str, Chart]], datetime]:
    """Give the bars and the moment they hold for: all records are counted, so they are kept."""
    key = f"figures.splits.{asked.place.pk}.{asked.period.key}.{figure.key}.{get_language()}"
    records = figure.kind.opens
    return kept(
        key,
        asked.at,
        lambda: (
            splits_of(records, asked.scope, asked.period, asked.at, _("记录数")),
            asked.at,
        ),
        fresh=KEPT,
    )


def _before(asked: Asked, value: Value) -> tuple[str, Value] | None:
    """Give the same figure of the period before, with its name, where the two are comparable."""
    try:
        period = before(asked.period)
    except NoPeriod:
        return None
    then = values_of([value.figure], asked.scope, period, asked.at)[value.figure.key]
    return (name_of(period), then) if value.comparable(then) and then.n else None


def burden_of(asked: Asked) -> dict[str, object]:
    """Give what the city's forms took this quarter, and where that opens onto the forms."""
    quarter = quarter_of(clock.day_of(asked.at))
    whole = replace(asked, place=policy.place_for(""), period=quarter)
    said = values_of(BURDEN, whole.scope, quarter, asked.at)
    return {
        "sends": said["forms.sends"].number,
        "minutes": said["forms.minutes"].number,
        "burden": whole.url("figures:records", "forms.each"),
    }


@require_GET
def figures(request: Request) -> HttpResponse:
    """Show the figures of a place and a period: a dozen at once, the others folded by area."""
    asked = asked_of(request)
    shown = policy.figures_of(asked.place)
    cards = _cards(asked, shown)
    curves = _drawn(asked, shown)
    of_key = {
        card.value.figure.key: (card, curves.get(card.value.figure.key, "")) for card in cards
    }
    groups = [
        (_(name), others)
        for area, name in GROUPS.items()
        if (
            others := [
                pair
                for key, pair in of_key.items()
                if key.startswith(f"{area}.") and key not in CHIEF
            ]
        )
    ]
    context = {
        **common(asked),
        "chief": [of_key[key] for key in CHIEF if key in of_key],
        "groups": groups,
        "open": asked.url("figures:open"),
        "wall": asked.url("figures:wall"),
        "spring": asked.period.first.year == SPRING,
        **burden_of(asked),
    }
    return render(request, "figures/figures.html", context)


@require_GET
def figure(request: Request, key: str) -> HttpResponse:
    """Show one figure: its sentence, its definition, month by month, by district in their order."""
    asked = asked_of(request)
    found = policy.figure_for(key, asked.place)
    districts = by_district(found.kind.opens, asked.place, asked.period, asked.at)
    context = {
        **common(asked),
        "card": (card := _cards(asked, (found,))[0]),
        "before": _before(asked, card.value),
        "said": [say_records(records) for records in found.records],
        "source": SOURCES[found.kind.opens.source].name,
        "curve": _curves(asked, (found,)).get(key),
        "splits": _splits(asked, found),
        "sealed": SOURCES[found.kind.opens.source].sealed,
        "summed": SOURCES[found.source].measures[found.kind.opens.sums].name
        if found.kind.opens.sums
        else "",
        "districts": [
            (place.name, n, asked.url("figures:figure", key, place=place)) for place, n in districts
        ],
        "link": request.build_absolute_uri(asked.url("figures:figure", key)),
        "xlsx": asked.url("figures:export", key, "xlsx"),
        "csv": asked.url("figures:export", key, "csv"),
    }
    return render(request, "figures/figure.html", context)


@require_GET
def records(request: Request, key: str, which: str = "part") -> HttpResponse:
    """List the records behind a figure, or behind what it is a part of (`which` = whole)."""
    asked = asked_of(request)
    found = policy.figure_for(key, asked.place)
    opened = opened_of(found, which)
    after = request.GET.get("after", "")
    measure, _step = measure_of(found.kind, opened)
    listing = behind(found, opened, asked.scope, asked.period, asked.at, request.actor, after)
    context = {
        **common(asked),
        "title": _(found.title),
        "url": asked.url("figures:figure", key),
        "said": say_records(opened),
        "sealed": SOURCES[opened.source].sealed,
        "grouped": SOURCES[opened.source].groups,
        "measure": SOURCES[opened.source].measures[measure].name if measure else "",
        "unit": _(found.unit) if found.unit else "",
        "listing": replace(listing, lines=named(listing.lines, opened)),
        "csv": asked.url("figures:export", key, "csv", which=which),
    }
    return render(request, "figures/records.html", context)
