"""What a writer sees beside the text: the numbers in it, and those one may still put there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from groundwork.figures import policy
from groundwork.figures.models import Briefing
from groundwork.figures.pages.forms import offered_periods
from groundwork.figures.pages.periods import name_of
from groundwork.figures.queries.briefings import Look
from groundwork.figures.queries.source import Scope
from groundwork.figures.queries.values import values_of
from groundwork.figures.rules.briefing import Token
from groundwork.figures.rules.catalogue import FIGURES
from groundwork.figures.rules.marks import Names, periods_in, usual
from groundwork.figures.rules.periods import read, year_before
from groundwork.figures.rules.saying import basis, shown
from groundwork.registry.models import Place


@dataclass(frozen=True)
class Offered:
    """A number that may be put into the text: its mark, its value now, what it counts."""

    title: str
    mark: str
    shown: str
    made_of: str
    unit: str
    definition: str


def names_for(briefing: Briefing, text: str, today: date) -> Names:
    """Name what the numbers of a document may be; `text` is the one its writer began with."""
    offered = offered_periods(today)
    place, period = usual(text, briefing.place.code, offered[0].key)
    known = [*offered, *(read(key) for key in periods_in(text)), read(period)]
    known += [year_before(one) for one in known]
    places = {one.code: one.name for one in (briefing.place, *policy.visible_places())}
    with override("zh-hans"):  # the document's own language
        periods = {one.key: name_of(one) for one in known}
    figures = {key: figure.title for key, figure in FIGURES.items()}
    return Names(figures, places, periods, place, period)


def offered_numbers(names: Names, at: datetime) -> tuple[Place, str, list[Offered]]:
    """List every number of the document's usual place and period, with its value."""
    place, period = policy.place_for(names.place), read(names.period)
    figures = policy.figures_of(place)
    found = values_of(figures, Scope("place", place.path), period, at)
    lines = [
        Offered(
            _(figure.title),
            names.mark(Token(figure.key, period.key, place.code, whole=not figure.unit)),
            shown(found[figure.key].number),
            basis(found[figure.key].number),
            _(figure.unit) if figure.unit else "",
            _(figure.definition),
        )
        for figure in figures
    ]
    return place, name_of(period), lines


def line_of(look: Look, names: Names | None = None) -> dict[str, object]:
    """Say all of a number in a document; with `names` also the mark that stands for it."""
    row = look.reference
    query = urlencode({"place": row.place_code, "period": row.period})
    gone = look.now is None and not look.frozen
    token = Token(row.figure, row.period, row.place_code, whole=not look.unit)
    return {
        "look": look,
        "title": _(look.title),
        "unit": _(look.unit) if look.unit else "",
        "definition": _(look.now.figure.definition if look.now else row.definition),
        "period": name_of(look.period),
        "edition": look.now.edition if look.now else row.edition,
        "n": look.now.n if look.now else row.n,
        "gone": gone,
        "mark": names.mark(token) if names else "",
        "url": "" if gone else f"{reverse('figures:figure', args=[row.figure])}?{query}",
    }
