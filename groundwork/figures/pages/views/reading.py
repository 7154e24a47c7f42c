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
    cuts_of,
    figure_asked,
    named,
    opened_of,
    say_records,
)
from groundwork.figures.pages.periods import label_of, name_of
from groundwork.figures.pages.tables import Table, bars_of, table_of
from groundwork.figures.queries.curves import curves_of
from groundwork.figures.queries.parts import Part, by_district, by_split, splits_of
from groundwork.figures.queries.records import behind
from groundwork.figures.queries.sources import SOURCES
from groundwork.figures.queries.tails import unsettled
from groundwork.figures.queries.values import Value, values_of
from groundwork.figures.rules.catalogue import CHIEF, FIGURES, Figure
from groundwork.figures.rules.kinds import Distinct, measure_of
from groundwork.figures.rules.periods import NoPeriod, before, quarter_of, year_before
from groundwork.registry.models import Place
from groundwork.web.templatetags.web import draw_chart

FIGURE = "figures:figure"
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
    beside: Value | None = None  # the number that must stand next to it
    beside_title: str = ""

    @property
    def compared(self) -> bool:
        """Tell whether last year's number counts the same thing, and anything at all."""
        return self.value.comparable(self.year_before) and not self.year_before.empty


def _cards(asked: Asked, figures: tuple[Figure, ...]) -> list[Card]:
    besides = tuple(FIGURES[one.beside] for one in figures if one.beside)
    wanted = tuple(dict.fromkeys((*figures, *besides)))
    now = values_of(wanted, asked.scope, asked.period, asked.at)
    then = values_of(figures, asked.scope, year_before(asked.period), asked.at)
    late = unsettled(figures, asked.period, clock.day_of(asked.at))
    return [
        _card(
            asked,
            now[one.key],
            then[one.key],
            _late(one, late.get(one.key, 0)),
            now.get(one.beside),
        )
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


def _card(asked: Asked, value: Value, then: Value, late: str, beside: Value | None) -> Card:
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
        asked.url(FIGURE, figure.key),
        asked.url("figures:records", figure.key),
        opened(1),
        opened(2),
        late,
        beside,
        _(beside.figure.title) if beside else "",
    )


def _curves(asked: Asked, figures: tuple[Figure, ...]) -> dict[str, Chart]:
    return curves_of(figures, asked.scope, asked.period, asked.at, label_of, _)


def _drawn(asked: Asked, shown: tuple[Figure, ...]) -> dict[str, SafeString]:
    """Give every figure's curve as it is drawn: the dearest part of the page, and the dullest."""
    key = f"figures.curves.{asked.key}.{get_language()}"
    return kept(
        key,
        asked.at,
        lambda: {name: draw_chart(curve) for name, curve in _curves(asked, shown).items()},
        fresh=KEPT,
    )


def _splits(
    asked: Asked, figure: Figure, *, inside: bool
) -> tuple[list[tuple[str, str, list[Part]]], datetime]:
    """Give the parts by each split and the moment they hold for: all records are counted, so they
    are kept.
    """
    key = f"figures.splits.{asked.key}.{figure.key}.{inside}.{get_language()}"
    taken = dict(asked.parts)
    names = {
        name: str(split.name)
        for name, split in splits_of(figure, inside=inside).items()
        if name not in taken
    }

    def make() -> tuple[list[tuple[str, str, list[Part]]], datetime]:
        return [
            (name, title, by_split(figure, name, asked.scope, asked.period, asked.at))
            for name, title in names.items()
        ], asked.at

    return kept(key, asked.at, make, fresh=KEPT)


def _split_tables(
    asked: Asked, figure: Figure, parts: list[tuple[str, str, list[Part]]]
) -> list[tuple[str, Chart | None, Table]]:
    """Give each split as bars where its parts are counts, else as a table."""
    shown = []
    for name, title, listed in parts:
        if not listed:
            continue
        rows = [
            (one, replace(asked, parts=(*asked.parts, (name, one.key))).url(FIGURE, figure.key))
            for one in listed
        ]
        several = any(SOURCES[records.source].splits[name].several for records in figure.records)
        note = _("一条记录可以服务几项，各计一次。") if several else ""
        table = table_of(
            figure, title, ((one.name, url, one.value, 0) for one, url in rows), note=note
        )
        shown.append((title, bars_of(figure, rows), table))
    return shown


def _before(asked: Asked, value: Value) -> tuple[str, Value] | None:
    """Give the same figure of the period before, with its name, where the two are comparable."""
    try:
        period = before(asked.period)
    except NoPeriod:
        return None
    then = values_of([value.figure], asked.scope, period, asked.at)[value.figure.key]
    return (name_of(period), then) if value.comparable(then) and not then.empty else None


def burden_of(asked: Asked) -> dict[str, object]:
    """Give what the city's forms took this quarter, and where that opens onto the forms."""
    quarter = quarter_of(clock.day_of(asked.at))
    whole = Asked(policy.place_for(""), quarter, asked.at)
    said = values_of(BURDEN, whole.scope, quarter, asked.at)
    return {
        "sends": said["forms.sends"].number,
        "minutes": said["forms.minutes"].number,
        "burden": whole.url("figures:records", "forms.each"),
    }


@require_GET
def figures(request: Request) -> HttpResponse:
    """Show the figures of a place and a period: a dozen at once, the others folded by area."""
    asked = asked_of(request, own=True)
    shown = asked.figures
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
        **common(asked, request.actor),
        "chief": [of_key[key] for key in CHIEF if key in of_key],
        "groups": groups,
        "city": ""
        if asked.body or asked.place.level == Place.Level.CITY
        else asked.url("figures:figures", place=policy.place_for("")),
        "open": asked.url("figures:open"),
        "wall": asked.url("figures:wall"),
        "bodies": asked.url("figures:bodies") if policy.reads_bodies(request.actor) else "",
        "spring": asked.period.first.year == SPRING,
        **burden_of(asked),
    }
    return render(request, "figures/figures.html", context)


@require_GET
def figure(request: Request, key: str) -> HttpResponse:
    """Show one figure: its sentence, its definition, month by month, by district in their order."""
    asked, found = figure_asked(request, key)
    by = request.actor
    parts, parts_at = _splits(asked, found, inside=not by.is_anonymous)
    context = {
        **common(asked, request.actor),
        "card": (card := _cards(asked, (found,))[0]),
        "cuts": cuts_of(asked, found),
        "before": _before(asked, card.value),
        "said": [say_records(records) for records in found.records],
        "curve": _curves(asked, (found,)).get(key),
        "splits": _split_tables(asked, found, parts),
        "splits_at": parts_at,
        "sealed": SOURCES[found.source].sealed,
        "districts": _districts(asked, found),
        "bodies": asked.url("figures:bodies_of", key)
        if found in policy.figures_of_bodies() and policy.reads_bodies(by)
        else "",
        "link": request.build_absolute_uri(asked.url(FIGURE, key)),
        "xlsx": asked.url("figures:export", key, "xlsx"),
        "csv": asked.url("figures:export", key, "csv"),
    }
    return render(request, "figures/figure.html", context)


def _districts(asked: Asked, figure: Figure) -> Table | None:
    if asked.body:
        return None
    listed = by_district(figure, asked.scope, asked.place, asked.period, asked.at)
    rows = [
        (place.name, asked.url(FIGURE, figure.key, place=place), value, 0)
        for place, value in listed
    ]
    return table_of(figure, _("按区县（目录顺序）"), rows) if rows else None


@require_GET
def records(request: Request, key: str, which: str = "part") -> HttpResponse:
    """List the records behind a figure, or behind what it is a part of (`which` = whole)."""
    asked, found = figure_asked(request, key)
    opened = opened_of(found, which)
    after = request.GET.get("after", "")
    measure, _step = measure_of(found.kind, opened)
    listing = behind(found, opened, asked.scope, asked.period, asked.at, request.actor, after)
    context = {
        **common(asked, request.actor),
        "title": _(found.title),
        "url": asked.url(FIGURE, key),
        "cuts": cuts_of(asked, found),
        "said": say_records(opened),
        "sealed": SOURCES[opened.source].sealed,
        "grouped": SOURCES[opened.source].groups,
        "thing": SOURCES[opened.source].things[found.kind.of].name
        if isinstance(found.kind, Distinct)
        else "",
        "measure": SOURCES[opened.source].measures[measure].name if measure else "",
        "unit": _(found.unit) if found.unit else "",
        "listing": replace(listing, lines=named(listing.lines, opened)),
        "csv": asked.url("figures:export", key, "csv", which=which),
    }
    return render(request, "figures/records.html", context)
