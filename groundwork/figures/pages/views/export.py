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
from groundwork.figures import policy
from groundwork.figures.actions.exporting import note_export
from groundwork.figures.pages.asked import (
    Asked,
    asked_of,
    common,
    cuts_of,
    figure_asked,
    named,
    opened_of,
    say_records,
)
from groundwork.figures.pages.periods import name_of
from groundwork.figures.queries import exporting
from groundwork.figures.queries.exporting import Taken, Told
from groundwork.figures.queries.source import Scope
from groundwork.figures.queries.sources import SOURCES
from groundwork.figures.queries.values import values_of
from groundwork.figures.rules.catalogue import CATALOGUE, FIGURES, Figure
from groundwork.figures.rules.kinds import Records
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
    if form == "csv":
        response = _file(exporting.as_csv(_record_rows(found, opened, taken)), f"{name}.csv")
        response["Cache-Control"] = "no-store"
        return response
    parts = exporting.told(found, asked.scope, asked.place, asked.period, asked.at)
    sheets = [
        (_("数据"), _value_rows(found, asked, parts)),
        (_("逐月和区县"), _part_rows(parts)),
        (_("记录"), _record_rows(found, opened, taken)),
    ]
    return sheet_file(exporting.as_xlsx(sheets), name)


def _value_rows(figure: Figure, asked: Asked, parts: Told) -> exporting.Table:
    said = exporting.parts_of(parts.value)
    return [
        [_("数据"), _(figure.title)],
        [_("数值"), said["shown"]],
        [_("计量单位"), _(figure.unit) if figure.unit else ""],
        [_("分子"), said["part"]],
        [_("分母"), said["whole"]],
        *([[_("问到的人"), said["asked"]]] if said["asked"] is not None else []),
        [_("怎么数的"), _(figure.definition)],
        *([_("记录"), say_records(records)] for records in figure.records),
        [_("定义编号"), said["edition"]],
        [_("单位") if asked.body else _("地方"), asked.name],
        *([split, called] for split, called, _url in cuts_of(asked, figure)),
        [_("时段"), f"{name_of(asked.period)} ({said['first']} – {said['last']})"],
        [_("截至"), said["cutoff"]],
    ]


def _part_rows(parts: Told) -> exporting.Table:
    months: list[list[exporting.Cell]] = [
        [name_of(month), month.first.isoformat(), n] for month, n in parts.months
    ]
    districts: list[list[exporting.Cell]] = [
        [place.name, place.code, n] for place, n in parts.districts
    ]
    return [[_("名称"), _("代码或首日"), _("记录数")], *months, *districts]


def _record_rows(figure: Figure, opened: Records, taken: Taken) -> exporting.Table:
    grouped = bool(SOURCES[opened.source].groups)
    rows: list[list[exporting.Cell]] = [
        [line.title, line.sub, line.n if grouped else line.day.isoformat(), line.amount]
        for line in named(taken.lines, opened)
    ]
    amount = _("数值") + (f"（{_(figure.unit)}）" if figure.unit else "")
    heads = [_("记录"), _("说明"), _("份数") if grouped else _("日期"), amount]
    if all(line.amount is None for line in taken.lines):  # each counts as one
        heads, rows = heads[:-1], [row[:-1] for row in rows]
    notes: list[list[exporting.Cell]] = []
    if taken.withheld:
        notes.append([_("另有 %(n)s 条不在您可以打开的范围，只计数。") % {"n": taken.withheld}])
    if taken.left:
        notes.append([_("另有 %(n)s 条没有列出：一张表最多两万条。") % {"n": taken.left}])
    return [heads, *rows, *notes]


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
        **common(asked),
        "lines": [(f, _(f.title), _(f.definition)) for f in policy.figures_of(asked.place)],
        "csv": f"{reverse('figures:open_csv')}?{query}",
        "json": f"{reverse('figures:open_json')}?{query}",
        "licence": exporting.LICENCE,
    }
    return render(request, "figures/open.html", context)


@require_GET
def open_csv(request: Request) -> HttpResponse:
    """Give the public figures of a place and its districts as CSV."""
    asked = asked_of(request)
    heads = exporting.OPEN_HEADS
    rows = [[row[head] for head in heads] for row in _open_rows(asked)]
    name = f"figures {asked.place.code} {asked.period.key}.csv"
    return _file(exporting.as_csv([heads, *rows]), name)


@require_GET
def open_json(request: Request) -> HttpResponse:
    """Give the public figures of a place and its districts as JSON, definitions beside them."""
    asked = asked_of(request)
    said = {
        "licence": exporting.LICENCE,
        "definitions": [_definition(figure) for figure in CATALOGUE],
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


def _definition(figure: Figure) -> dict[str, object]:
    with override("en"):
        english = {"title_en": _(figure.title), "definition_en": _(figure.definition)}
    return {
        "key": figure.key,
        "edition": figure.edition,
        "title": figure.title,
        "definition": figure.definition,
        "unit": figure.unit,
        "counts": [str(records) for records in figure.records],
        **english,
    }
