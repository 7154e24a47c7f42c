"""What the office has set, for its pages: categories, versions of deadlines, routes, templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden
from groundwork.base.listing import Listing, page_by_key
from groundwork.matters.models import AnswerTemplate, Category, Route, Term, Urgency
from groundwork.matters.policy import DISPATCHERS, HANDLERS
from groundwork.matters.policy import settings as policy
from groundwork.registry.models import Body

PAGE = 50
MOST = 400


@dataclass(frozen=True)
class Doors:
    """Which of the office's settings somebody opens."""

    terms: bool
    routes: bool
    templates: bool

    def __bool__(self) -> bool:
        return self.terms or self.routes or self.templates


def doors(by: Actor) -> Doors:
    """Tell which settings the actor opens. Raises Forbidden where it is none."""
    found = Doors(policy.sets_terms(by), bool(by.places(*DISPATCHERS)), bool(by.bodies(*HANDLERS)))
    if not found:
        raise Forbidden
    return found


@dataclass(frozen=True)
class Group:
    """A category of the first level with its parts."""

    top: Category
    parts: list[Category]


def category_groups() -> list[Group]:
    """Give all categories in their order, those closed too."""
    rows = list(Category.objects.all())
    return [
        Group(top, [row for row in rows if row.parent_id == top.pk])
        for top in rows
        if top.parent_id is None
    ]


@dataclass(frozen=True)
class Version:
    """One version of deadlines: in force today, to come, or over."""

    term: Term
    state: str  # now | soon | over
    urgency: str


def versions(today: date) -> list[Version]:
    """Give the versions by category and urgency, the newest first."""
    names = dict(Urgency.choices)
    order = list(names)
    found: list[Version] = []
    seen: set[tuple[int | None, str]] = set()
    rows = Term.objects.select_related("category").order_by("-valid_from", "-id")[:MOST]
    for row in rows:
        key = (row.category_id, row.urgency)
        if row.valid_from > today:
            state = "soon"
        else:
            state = "over" if key in seen else "now"
            seen.add(key)
        found.append(Version(row, state, str(names[row.urgency])))
    return sorted(
        found,
        key=lambda v: (
            v.term.category is not None,
            v.term.category.order if v.term.category else 0,
            order.index(v.term.urgency),
            -v.term.valid_from.toordinal(),
        ),
    )


def routes_page(by: Actor, after: str, *, today: date, closed: bool) -> Listing[Route]:
    """Give the routes of the own places, by category and place."""
    rows = policy.visible_routes(by)
    over = Q(valid_to__lt=today)
    rows = rows.filter(over) if closed else rows.exclude(over)
    return page_by_key(rows, ("category__order", "place__path", "id"), after, size=PAGE)


def template_bodies(by: Actor) -> list[Body]:
    """Give the bodies at which the actor handles: a template stands with the unit itself."""
    rows = Body.objects.filter(path__in=by.bodies(*HANDLERS), valid_to=None)
    return list(rows.order_by("path"))


def templates(by: Actor) -> list[AnswerTemplate]:
    """Give the templates of the own bodies, by title."""
    return list(policy.visible_templates(by)[:MOST])
