"""Take a figure and its records along; the public figures as open data."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET

from groundwork.base import clock
from groundwork.base.errors import NotFound
from groundwork.base.http import Request
from groundwork.base.sheets import write_book
from groundwork.figures import policy
from groundwork.figures.actions.exporting import note_export
from groundwork.figures.pages.asked import (
    Asked,
    asked_of,
    common,
    figure_asked,
    opened_of,
)
from groundwork.figures.pages.periods import name_of
from groundwork.figures.pages.workbook import parts_sheet, records_sheet, value_sheet
from groundwork.figures.queries import exporting
from groundwork.figures.queries.source import Scope
from groundwork.figures.queries.values import values_of
from groundwork.figures.rules.catalogue import FIGURES
from groundwork.figures.rules.periods import quarter_of
from groundwork.web.downloads import sheet_file

BURDEN = (FIGURES["forms.sends"], FIGURES["forms.minutes"])
CACHED = 600  # seconds: the open data say by themselves as of when they are


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@require_GET
def export(request: Request, key: str, form: str) -> HttpResponse:
    """Give a figure with its records as xlsx, or the records alone as CSV."""
    asked, found = figure_asked(request, key)
    opened = opened_of(found, request.GET.get("which", "part"))
    if form not in ("xlsx", "csv"):
        raise NotFound
    by = request.actor
    note_export(key, by=by, at=asked.at)
    taken = exporting.taken(found, opened, asked.scope, asked.period, asked.at, by)
    name = f"{_(found.title)} {asked.name} {asked.period.key}"
    listed = records_sheet(found, opened, taken)
    if form == "csv":
        rows = [listed.heads, *listed.rows]
        response = _file(exporting.as_csv(rows), f"{name}.csv")
        response["Cache-Control"] = "no-store"
        return response
    parts = exporting.parts(found, asked.scope, asked.place, asked.period, asked.at)
    sheets = [value_sheet(parts.value, asked), parts_sheet(found, parts), listed]
    return sheet_file(write_book(sheets), name)


def _open_rows(asked: Asked) -> list[dict[str, Any]]:
    key = f"figures.open.{asked.place.code}.{asked.period.key}"
    rows: list[dict[str, Any]] | None = cache.get(key)
    if rows is None:
        places = [asked.place, *policy.districts_of(asked.place)]
        rows = exporting.open_rows(places, asked.period, asked.at)
        cache.set(key, rows, CACHED)
    return rows


@require_GET
def open_data(request: Request) -> HttpResponse:
    """Show what of the figures anybody may take along, with definitions, edition and licence."""
    asked = asked_of(request)
    query = urlencode({"place": asked.place.public_id, "period": asked.period.key})
    context = {
        **common(asked, request.actor),
        "lines": [(f, _(f.title), _(f.definition)) for f in policy.figures_of(asked.place)],
        "csv": f"{reverse('figures:open_csv')}?{query}",
        "json": f"{reverse('figures:open_json')}?{query}",
        "licence": exporting.LICENCE,
        "editions": [(kept, name_of(kept.month)) for kept in exporting.editions(asked.place)],
    }
    return render(request, "figures/open.html", context)


@require_GET
def open_csv(request: Request) -> HttpResponse:
    """Give the public figures of a place and its districts as CSV."""
    asked = asked_of(request)
    name = f"figures {asked.place.code} {asked.period.key}.csv"
    return _file(exporting.as_csv(exporting.open_table(_open_rows(asked))), name)


@require_GET
def edition(request: Request, public_id: str, form: str) -> HttpResponse:
    """Give an earlier edition of the open data just as it was taken."""
    found = exporting.edition_for(public_id)
    if form == "csv":
        name = f"figures {found.place.code} {found.first:%Y-%m} v{found.number}.csv"
        return _file(exporting.as_csv(exporting.open_table(found.rows)), name)
    if form != "json":
        raise NotFound
    said = {
        "licence": exporting.LICENCE,
        "month": f"{found.first:%Y-%m}",
        "number": found.number,
        "cutoff": found.cutoff.astimezone(clock.ZONE).isoformat(timespec="seconds"),
        "sha256": found.sha256,
        "definitions": found.definitions,
        "figures": found.rows,
    }
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})


@require_GET
def open_json(request: Request) -> HttpResponse:
    """Give the public figures of a place and its districts as JSON, definitions beside them."""
    asked = asked_of(request)
    said = {
        "licence": exporting.LICENCE,
        "definitions": exporting.definitions(),
        "figures": _open_rows(asked),
        "forms": _forms(asked),
    }
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})


def _forms(asked: Asked) -> dict[str, object]:
    """Say what the city's forms took this quarter, as the declared figures count it."""
    quarter, sent, took = quarter_of(clock.day_of(asked.at)), *BURDEN
    scope = Scope("place", policy.place_for("").path)
    said = values_of(BURDEN, scope, quarter, asked.at)
    with override("en"):
        english = _(took.definition)
    return {
        "definition": took.definition,
        "definition_en": english,
        "first": quarter.first.isoformat(),
        "last": clock.day_of(asked.at).isoformat(),
        "sends": exporting.parts_of(said[sent.key])["count"],
        "minutes": exporting.parts_of(said[took.key])["count"],
    }
