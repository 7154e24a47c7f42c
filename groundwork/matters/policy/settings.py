"""Who may set the ledger's categories, deadlines, routes and answer templates."""

from __future__ import annotations

from django.db.models import QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import hold_row, sole
from groundwork.base.tree import covers, under
from groundwork.matters.models import AnswerTemplate, Category, Route
from groundwork.matters.policy.matter import DISPATCHERS, HANDLERS
from groundwork.registry.models import Body, Place

SETTERS = (Role.CITY_OPERATOR,)  # of what holds for the whole city: categories and deadlines


def sets_terms(by: Actor) -> bool:
    """Tell whether the actor sets categories and deadlines."""
    return bool(by.system) or bool(by.places(*SETTERS))


def check_sets_terms(by: Actor) -> None:
    """Let only the city's operator set what holds for everybody. Raises Forbidden."""
    if not sets_terms(by):
        raise Forbidden


def category_for(by: Actor, public_id: str, *, lock: bool = False) -> Category:
    """Fetch a category to change it. Raises NotFound, Forbidden."""
    rows = Category.objects.select_for_update() if lock else Category.objects.all()
    category = sole(rows.filter(public_id=public_id))
    if category is None:
        raise NotFound
    check_sets_terms(by)
    return category


def visible_routes(by: Actor) -> QuerySet[Route]:
    """Routes of the places the actor dispatches for, closed ones too."""
    routes = Route.objects.select_related("category", "place", "body")
    return routes if by.system else routes.filter(under("place__path", by.places(*DISPATCHERS)))


def check_routes(by: Actor, place: Place) -> None:
    """Let a dispatcher route what comes from the own places. Raises Forbidden."""
    if not by.system and not covers(by.places(*DISPATCHERS), place.path):
        raise Forbidden


def route_for(by: Actor, public_id: str, *, lock: bool = False) -> Route:
    """Fetch a route to close it. Raises NotFound out of scope."""
    if lock:
        hold_row(Route, public_id=public_id)
    route = sole(visible_routes(by).filter(public_id=public_id))
    if route is None:
        raise NotFound
    return route


def visible_templates(by: Actor) -> QuerySet[AnswerTemplate]:
    """Answer templates of the bodies the actor handles for."""
    templates = AnswerTemplate.objects.select_related("category", "body").order_by("title", "id")
    return templates if by.system else templates.filter(under("body__path", by.bodies(*HANDLERS)))


def check_keeps_templates(by: Actor, body: Body) -> None:
    """Let those who handle for a body keep its templates. Raises Forbidden."""
    if not by.system and not covers(by.bodies(*HANDLERS), body.path):
        raise Forbidden


def template_for(by: Actor, public_id: str) -> AnswerTemplate:
    """Fetch a template. Raises NotFound out of scope."""
    template = sole(visible_templates(by).filter(public_id=public_id))
    if template is None:
        raise NotFound
    return template
