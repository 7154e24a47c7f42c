"""Units and their figures: whose one reads, and one figure of each, in the directory's order."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from groundwork.base.errors import NotFound
from groundwork.base.http import Request
from groundwork.figures import policy
from groundwork.figures.pages.asked import asked_of, common, cuts_of, figure_asked
from groundwork.figures.pages.tables import table_of
from groundwork.figures.queries.parts import bodies_at, by_body, elsewhere


@require_GET
def bodies(request: Request) -> HttpResponse:
    """List the units whose figures one reads, in the order of the directory."""
    asked = asked_of(request)
    if not policy.reads_bodies(request.actor):
        raise NotFound
    page = bodies_at(asked.place, policy.visible_bodies(request.actor), request.GET.get("after"))
    context = {
        **common(asked, request.actor),
        "bodies": [(body, asked.body_url("figures:figures", body)) for body in page.rows],
        "next": page.next,
    }
    return render(request, "figures/bodies.html", context)


@require_GET
def bodies_of(request: Request, key: str) -> HttpResponse:
    """Show one figure of each unit that has records, in the order of the directory."""
    asked, found = figure_asked(request, key)
    by = request.actor
    if found not in policy.figures_of_bodies() or not policy.reads_bodies(by):
        raise NotFound
    page = by_body(
        found,
        asked.scope,
        asked.period,
        asked.at,
        policy.visible_bodies(by),
        request.GET.get("after", ""),
    )
    rows = [
        (part.name, asked.body_url("figures:figure", part.body, key), part.value, part.depth)
        for part in page.parts
    ]
    context = {
        **common(asked, request.actor),
        "title": _(found.title),
        "url": asked.url("figures:figure", key),
        "cuts": cuts_of(asked, found),
        "table": table_of(found, _("按单位（目录顺序）"), rows, first=_("单位")),
        "next": page.next,
        "elsewhere": elsewhere(
            found, asked.scope, asked.period, asked.at, partial(policy.bodies_read, by)
        ),
    }
    return render(request, "figures/bodies_of.html", context)
