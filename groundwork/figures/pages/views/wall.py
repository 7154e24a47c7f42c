"""The wall: a page for a large screen, and the part of it that it fetches again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from groundwork.base.http import Request
from groundwork.base.kept import kept
from groundwork.base.numbers import Count, Rate, Ratio
from groundwork.figures import policy
from groundwork.figures.pages.asked import Asked, asked_of
from groundwork.figures.pages.periods import label_of, name_of
from groundwork.figures.queries.curves import curves_of
from groundwork.figures.queries.values import Value
from groundwork.figures.queries.wall import Wall, audience, read_wall
from groundwork.figures.rules import saying
from groundwork.figures.rules.catalogue import Figure

EVERY = 20  # seconds between two looks of a wall; as long a reading is shown to all of them
CURVE = "matters.raised"  # whose curve is shown where the address names none
LONG = 6  # signs of a number that is set smaller, so that it stays on its line


@dataclass(frozen=True)
class Shown:
    """One number on the wall: large, with what it is made of, opening onto its records."""

    title: str
    number: str
    unit: str
    basis: str
    url: str

    @property
    def long(self) -> bool:
        """Tell whether it needs smaller letters."""
        return len(self.number) > LONG


@require_safe
def wall(request: Request) -> HttpResponse:
    """Show the wall: what everybody without an account sees is one page, without a cookie."""
    asked = asked_of(request)
    figure = _figure(request, asked)
    html, tag, said_at = _part(request, asked, figure)
    query = request.GET.urlencode()
    part = reverse("figures:wall_part")
    context = {
        "asked": asked,
        "part": f"{part}?{query}" if query else part,
        "html": html,
        "tag": tag,
        "every": EVERY,
        "said_at": said_at,
    }
    if request.actor.is_anonymous:
        context["csrf_token"] = ""
    return _shared(request, render(request, "figures/wall.html", context))


@require_safe
def wall_part(request: Request) -> HttpResponseBase:
    """Give what stands on the wall now; nothing (304) to who has just that."""
    asked = asked_of(request)
    html, tag, _said_at = _part(request, asked, _figure(request, asked))
    response = _shared(request, HttpResponse(html))
    response["ETag"] = tag
    return get_conditional_response(request, etag=tag, response=response) or response


def _figure(request: Request, asked: Asked) -> Figure:
    return policy.figure_for(request.GET.get("figure") or CURVE, asked.place)


def _part(request: Request, asked: Asked, figure: Figure) -> tuple[str, str, datetime]:
    """Give the part with its tag: read and written once for all who see the same."""
    who, language = audience(request.actor), get_language()
    key = f"figures.wall.{who}.{asked.place.pk}.{asked.period.key}.{figure.key}.{language}"
    return kept(key, asked.at, lambda: _written(request, asked, figure), fresh=EVERY / 2)


def _written(request: Request, asked: Asked, figure: Figure) -> tuple[str, str, datetime]:
    found = read_wall(request.actor, asked.place, asked.period, asked.at)
    curves = curves_of((figure,), asked.scope, asked.period, asked.at, label_of, _)
    context = {
        "asked": asked,
        "period_name": name_of(asked.period),
        "wall": found,
        "numbers": [_shown(asked, value) for value in found.values],
        "curve": curves.get(figure.key),
        "curve_url": asked.url("figures:figure", figure.key),
        "curve_title": _(figure.title),
        "tiles": _tiles(asked, found),
        "signed_in": not request.actor.is_anonymous,
    }
    html = render_to_string("figures/wall_part.html", context)
    return html, f'"{sha256(html.encode()).hexdigest()[:20]}"', found.cutoff


def _shown(asked: Asked, value: Value) -> Shown:
    number, figure = value.number, value.figure
    basis = ""
    if isinstance(number, Rate):
        said = {"whole": f"{number.whole:,}", "part": f"{number.part:,}"}
        few = number.percent is None
        basis = _("不足 5，不算百分比") if few else _("%(whole)s 中的 %(part)s") % said
    elif isinstance(number, Ratio):
        basis = saying.basis(number)
    unit = _(figure.unit) if figure.unit and isinstance(number, Count) else ""
    url = asked.url("figures:records", figure.key)
    return Shown(_(figure.title), saying.shown(number), unit, basis, url)


def _tiles(asked: Asked, found: Wall) -> list[tuple[str, str, bool, bool]]:
    return [
        (
            tile.place.name,
            asked.url("figures:figures", place=tile.place),
            tile.evening,
            tile.order,
        )
        for tile in found.tiles
    ]


def _shared(request: Request, response: HttpResponse) -> HttpResponse:
    """Let an edge keep for some seconds what everybody without an account gets alike."""
    if request.actor.is_anonymous:
        patch_cache_control(response, public=True, max_age=EVERY // 4)
    else:
        patch_cache_control(response, private=True, no_cache=True)
    return response
