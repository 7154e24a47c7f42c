"""The JSON of figures: definitions, values, the records behind them; the pages' own policy."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Path, Query, Router, Schema
from pydantic import StringConstraints

from groundwork.access.api import OPEN, PROBLEMS, Code, Cursor, by_of, written
from groundwork.base import clock
from groundwork.base.errors import NotFound
from groundwork.figures import policy
from groundwork.figures.api import schemas
from groundwork.figures.queries.exporting import parts_of, told
from groundwork.figures.queries.records import behind
from groundwork.figures.queries.source import BODY, Scope
from groundwork.figures.rules import periods
from groundwork.figures.rules.catalogue import CATALOGUE, FIGURES, Figure
from groundwork.figures.rules.periods import Period
from groundwork.registry.models import Place

router = Router(tags=["figures"])
Known = Annotated[str, Field(json_schema_extra={"enum": list(FIGURES)})]
Key = Annotated[Known, Path()]
PeriodKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,24}$")]


class FigureAsked(Schema):
    """Whose figures of which period; "" is the city, and this year up to this month.

    `body` is a unit with all below it; with `place` only what of it lies there.
    """

    place: Code | None = None
    body: Code | None = None
    period: PeriodKey = ""


def _period(key: str) -> Period:
    """Give the period asked for. Raises NotFound for a key that names none."""
    if not key:
        return periods.to_month_of(clock.today())
    try:
        return periods.read(key)
    except periods.NoPeriod as error:
        raise NotFound from error


def _asked(request: HttpRequest, key: str, asked: FigureAsked) -> tuple[Place, Figure, Scope]:
    """Give the figure asked for and whose it is. Raises NotFound, also for a unit out of scope."""
    place = policy.place_for(asked.place or "")
    body = policy.body_for(by_of(request), asked.body) if asked.body else None
    found = policy.figure_for(key, place, body)
    if body is None:
        return place, found, Scope("place", place.path)
    of_body = Scope("body", body.path)
    return (
        place,
        found,
        Scope("place", place.path, ((BODY, body.path),)) if asked.place else of_body,
    )


@router.get(
    "/figures", response={200: schemas.FigureDefinitions, **PROBLEMS}, url_name="figures", **OPEN
)
def figures(request: HttpRequest) -> HttpResponse:
    """List the declared figures with what they count."""
    items = [
        {
            "key": figure.key,
            "edition": figure.edition,
            "title": _(figure.title),
            "definition": _(figure.definition),
            "unit": _(figure.unit) if figure.unit else "",
            "kind": type(figure.kind).__name__.lower(),
            "counts": [str(records) for records in figure.records],
        }
        for figure in CATALOGUE
    ]
    return written({"items": items})


@router.get(
    "/figures/{key}", response={200: schemas.FigureValue, **PROBLEMS}, url_name="figure", **OPEN
)
def figure(request: HttpRequest, key: Key, asked: Query[FigureAsked]) -> HttpResponse:
    """Give a figure of a place and a period, month by month and by district."""
    place, found, scope = _asked(request, key, asked)
    parts = told(found, scope, place, _period(asked.period), clock.now())
    said: dict[str, Any] = parts_of(parts.value)
    said["place"] = {"code": place.code, "name": place.name}
    said["months"] = [
        {"key": month.key, "name": month.first.isoformat(), "records": n}
        for month, n in parts.months
    ]
    said["districts"] = [
        {"key": below.code, "name": below.name, "records": n} for below, n in parts.districts
    ]
    return written(said)


@router.get(
    "/figures/{key}/records",
    response={200: schemas.FigureRecords, **PROBLEMS},
    url_name="figure_records",
    **OPEN,
)
def records(
    request: HttpRequest,
    key: Key,
    asked: Query[FigureAsked],
    which: schemas.Which = "part",
    after: Cursor = "",
) -> HttpResponse:
    """List the records behind a figure that the actor may read, the newest first."""
    _place, found, scope = _asked(request, key, asked)
    names = schemas.PARTS[: len(found.records)]
    if which not in names:
        raise NotFound
    opened = found.records[names.index(which)]
    by = by_of(request)
    listing = behind(found, opened, scope, _period(asked.period), clock.now(), by, after)
    items = [
        {
            "title": line.title,
            "sub": line.sub,
            "day": line.day.isoformat() if line.day else "",
            "path": line.url,
            "amount": line.amount,
        }
        for line in listing.lines
    ]
    said = {"records": listing.n, "withheld": listing.withheld}
    return written({"items": items, "next": listing.next, **said})
