"""Coverage: a city's or a district's evenings as numbers, and the rolls behind each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from groundwork.base import clock
from groundwork.base.errors import NotFound
from groundwork.base.http import Request
from groundwork.base.listing import page_by_key
from groundwork.registry.models import Person, Place
from groundwork.study.actions.coverage import ensure_counted
from groundwork.study.models import Form, Theme
from groundwork.study.policy import roll as policy
from groundwork.study.queries import coverage as queries
from groundwork.study.queries.record import term_name, term_of


@dataclass(frozen=True)
class Asked:
    """What an address of coverage asks for: place, own units only or all, period."""

    place: Place
    own: bool
    period: str
    numbers: queries.Numbers

    @property
    def scope(self) -> queries.Scope:
        """Give the scope that the numbers are of."""
        return queries.scope_of(self.place, own=self.own)

    def url(self, page: str = "study:coverage_of", *args: str, **more: str) -> str:
        """Address another page of the same scope and period."""
        query = {"period": self.period, **({"own": "1"} if self.own else {}), **more}
        return f"{reverse(page, args=[self.place.public_id, *args])}?{urlencode(query)}"


@require_GET
@login_required
def own_coverage(request: Request) -> HttpResponse:
    """Go to the widest coverage one reads."""
    place = policy.coverage_places(request.actor).order_by("path").first()
    if place is None:
        raise NotFound
    return redirect("study:coverage_of", place.public_id)


def _asked(request: Request, place: str) -> tuple[Asked, list[str]]:
    found = policy.place_for(request.actor, place)
    known = queries.periods()
    period = request.GET.get("period", "")
    if period not in known:
        term = term_of(clock.now())
        period = term if term in known or not known else known[0]
    ensure_counted(period)
    own = "own" in request.GET
    numbers = queries.numbers(queries.scope_of(found, own=own), period)
    return Asked(found, own, period, numbers or queries.uncounted(period)), known


def _common(asked: Asked) -> dict[str, object]:
    return {"asked": asked, "period_name": term_name(asked.period), "numbers": asked.numbers}


@require_GET
@login_required
def coverage(request: Request, place: str) -> HttpResponse:
    """Show the numbers of a place and a period, and its parts in directory order."""
    asked, known = _asked(request, place)
    numbers = asked.numbers
    after = request.GET.get("after", "")
    if asked.own:
        parts, following = queries.units(asked.scope, asked.period, numbers.cutoff, after)
    else:
        parts, following = queries.parts(asked.place, asked.period, numbers.cutoff, after)
    topics = queries.topics_by_id(numbers.topics)
    context = {
        **_common(asked),
        "periods": [(name, term_name(name)) for name in known],
        "urls": {
            what: asked.url("study:coverage_list", what)
            for what in ("evenings", "bodies", "people", "entries")
        },
        "themes": _split(asked, "theme", numbers.themes, {t.value: t.label for t in Theme}),
        "forms": _split(asked, "form", numbers.forms, {f.value: f.label for f in Form}),
        "topics": _split(asked, "topic", numbers.topics, {k: t.name for k, t in topics.items()}),
        "parts": [(part, _open(part, asked)) for part in parts],
        "following": following,
    }
    page = "study/coverage_parts.html" if request.htmx else "study/coverage.html"
    return render(request, page, context)


def _split(
    asked: Asked, field: str, counted: dict[str, list[int]], names: Mapping[str, object]
) -> list[tuple[str, int, int, str]]:
    """Give name, evenings, entries and address of each value, in the order of `names`."""
    return [
        (
            str(names[value]),
            counted[value][0],
            counted[value][1],
            asked.url("study:coverage_list", "evenings", **{field: value}),
        )
        for value in names
        if value in counted
    ]


def _open(part: queries.Part, asked: Asked) -> str:
    """Address what a line of the table opens onto."""
    if part.body is not None:
        term = asked.period if "H" in asked.period else ""
        return reverse("study:register", args=[part.body.public_id]) + (
            f"?term={term}" if term else ""
        )
    assert part.place is not None
    own = {"own": "1"} if part.scope.kind == "own" else {}
    query = urlencode({"period": asked.period, **own})
    return f"{reverse('study:coverage_of', args=[part.place.public_id])}?{query}"


@require_GET
@login_required
def listing(request: Request, place: str, what: str) -> HttpResponse:
    """Open a number: its evenings, units, people or entries, as many as it says."""
    asked, _known = _asked(request, place)
    cutoff = asked.numbers.cutoff
    context = _common(asked)
    if what in ("evenings", "entries"):
        only = queries.filter_of(request.GET.dict())
        lines = queries.evening_lines(asked.scope, asked.period, cutoff, **only)
        context |= {
            "what": what,
            "lines": [(x, asked.url("study:coverage_evening", x.evening.public_id)) for x in lines],
            "n": sum(x.entries for x in lines) if what == "entries" else len(lines),
        }
        return render(request, "study/coverage_evenings.html", context)
    if what == "bodies":
        lines_of_units = queries.unit_lines(asked.scope, asked.period)
        context |= {"lines": lines_of_units, "n": len(lines_of_units)}
        return render(request, "study/coverage_bodies.html", context)
    if what != "people":
        raise NotFound
    people = queries.people_behind(asked.scope, asked.period, cutoff)
    return _names(request, context, people, asked.numbers.people)


def _names(
    request: Request, context: dict[str, object], people: QuerySet[Person], n: int
) -> HttpResponse:
    readable = queries.readable(people, request.actor)
    page = page_by_key(readable, ("sort_key", "id"), request.GET.get("after", ""), size=100)
    hidden = 0 if request.GET.get("after") else queries.hidden(people, request.actor)
    context |= {"listing": page, "n": n, "hidden": hidden}
    name = "study/coverage_people_rows.html" if request.htmx else "study/coverage_people.html"
    return render(request, name, context)


@require_GET
@login_required
def evening(request: Request, place: str, evening: str) -> HttpResponse:
    """Open one evening behind a number: its units, then each unit's roll."""
    asked, _known = _asked(request, place)
    cutoff = asked.numbers.cutoff
    found = queries.evening_behind(evening, asked.period, cutoff)
    lines = queries.units_of_evening(asked.scope, asked.period, cutoff, found)
    sheets = queries.sheets_by_unit(found, request.actor)
    context = {
        **_common(asked),
        "evening": found,
        "lines": [(body, n, sheets.get(body.pk)) for body, n in lines],
        "n": sum(n for _body, n in lines),
    }
    return render(request, "study/coverage_evening.html", context)
