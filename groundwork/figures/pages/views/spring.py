"""The city in the spring of 2020: what was printed, beside what the records say."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.figures import policy
from groundwork.figures.pages.periods import name_of
from groundwork.figures.queries.spring import Said, spring_of
from groundwork.figures.queries.values import Value
from groundwork.figures.rules.saying import whole
from groundwork.registry.models import Place

TONES = {"same": "ok", "differs": "late", "empty": "plain", "no_share": "due", "elsewhere": "plain"}


@dataclass(frozen=True)
class Line:
    """One row as the page shows it."""

    title: str
    printed: str
    note: str
    tone: str
    verdict: str
    number: str
    unit: str
    period: str
    url: str
    beside: str
    beside_url: str


@require_GET
def spring(request: Request) -> HttpResponse:
    """Show every number that was printed, what the records say, and whether the two agree."""
    at = clock.now()
    city = policy.place_for("")
    lines = [_line(said, city) for said in spring_of(city, at)]
    return render(request, "figures/spring.html", {"lines": lines, "city": city, "at": at})


def _line(said: Said, city: Place) -> Line:
    row = said.row
    there = said.found_any
    value = said.value if there else None
    beside, beside_url = _beside(said, city) if there else ("", "")
    return Line(
        title=_(row.title),
        printed=_(row.printed),
        note=_(row.note),
        tone=TONES[said.verdict],
        verdict=_verdict(said),
        number=whole(said.number) if said.number and there else "",
        unit=_(value.figure.unit) if value and value.figure.unit else "",
        period=name_of(value.period) if value else "",
        url=_url(value, city) if value else said.url,
        beside=beside,
        beside_url=beside_url,
    )


def _verdict(said: Said) -> str:
    words = {
        "same": _("达到了") if said.row.match == "at_least" else _("一样"),
        "differs": _("不一样"),
        "empty": _("这里没有那时的记录"),
        "no_share": _("不是百分比"),
        "elsewhere": _("不在这页数"),
    }
    return words[said.verdict]


def _beside(said: Said, city: Place) -> tuple[str, str]:
    """Say what must stand next to a number: last year's, the true rate, who answered."""
    if said.beside is None:
        return "", ""
    if not isinstance(said.beside, Value):
        return _("回答了的 %(rate)s") % {"rate": whole(said.beside)}, ""
    words = {"title": _(said.beside.figure.title), "number": whole(said.beside.number)}
    if said.value and said.beside.figure is said.value.figure:
        return _("去年同期 %(number)s") % words, _url(said.beside, city)
    return _("%(title)s %(number)s") % words, _url(said.beside, city)


def _url(value: Value, city: Place) -> str:
    query = urlencode({"place": city.public_id, "period": value.period.key})
    return f"{reverse('figures:figure', args=[value.figure.key])}?{query}"
