"""What the office sets: categories, deadlines by version, routes, answer templates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.text import line
from groundwork.matters.models import AnswerTemplate, Category, Route, Term, Urgency
from groundwork.matters.policy import settings as policy
from groundwork.matters.queries.choices import LEAD_KINDS
from groundwork.matters.rules import settings as rules
from groundwork.matters.rules.handling import NotALead, has_gap
from groundwork.matters.rules.words import cleaned
from groundwork.registry.models import Body, Place

CATEGORY, TERM, ROUTE, TEMPLATE = (
    "matters.category",
    "matters.term",
    "matters.route",
    "matters.template",
)


@transaction.atomic
def add_category(
    *,
    code: str,
    name: str,
    name_en: str = "",
    parent: Category | None = None,
    audience: str = Category.Audience.PEOPLE,
    description: str = "",
    words: Sequence[str] = (),
    order: int = 0,
    by: Actor,
    at: datetime | None = None,
) -> Category:
    """Add a category of the first or second level. Raises BadCode, CodeTaken, TwoLevels."""
    policy.check_sets_terms(by)
    if parent is not None and parent.parent_id is not None:
        raise rules.TwoLevels
    row = Category(
        code=rules.check_code(code.strip()),
        name=_named(name),
        name_en=line(name_en)[:60],
        parent=parent,
        audience=Category.Audience(audience),
        description=line(description)[:200],
        words=_words(words),
        order=order,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise rules.CodeTaken(code=code) from error
    trail.record(by, "add", CATEGORY, row.public_id, ["code", "name", "parent"], at=at)
    return row


@transaction.atomic
def edit_category(
    public_id: str,
    *,
    name: str | None = None,
    name_en: str | None = None,
    audience: str | None = None,
    description: str | None = None,
    words: Sequence[str] | None = None,
    order: int | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Category:
    """Change what a category is called or found by; the code, which others use, stays."""
    row = policy.category_for(by, public_id, lock=True)
    wanted = {
        "name": None if name is None else _named(name),
        "name_en": None if name_en is None else line(name_en)[:60],
        "audience": None if audience is None else Category.Audience(audience),
        "description": None if description is None else line(description)[:200],
        "words": None if words is None else _words(words),
        "order": order,
    }
    fields = [
        field
        for field, value in wanted.items()
        if value is not None and value != getattr(row, field)
    ]
    if not fields:
        return row
    for field in fields:
        setattr(row, field, wanted[field])
    row.save(update_fields=fields)
    trail.record(by, "edit", CATEGORY, row.public_id, fields, at=at)
    return row


@transaction.atomic
def close_category(
    public_id: str, *, last_day: date | None = None, by: Actor, at: datetime | None = None
) -> Category:
    """Let a category, and what is below it, be chosen until a day (yesterday: from now no more).

    Matters that stand in it stay; its routes go on for them.
    """
    at = at or clock.now()
    row = policy.category_for(by, public_id, lock=True)
    last_day = last_day or clock.day_of(at) - timedelta(days=1)
    if row.valid_to is not None and row.valid_to <= last_day:
        raise rules.ClosedAlready
    row.valid_to = last_day
    row.save(update_fields=["valid_to"])
    row.parts.filter(valid_to=None).update(valid_to=last_day)
    trail.record(by, "close", CATEGORY, row.public_id, ["valid_to"], at=at)
    return row


def _named(name: str) -> str:
    name = line(name)[:40]
    if not name:
        raise rules.NoName
    return name


def _words(words: Sequence[str]) -> list[str]:
    return [word for word in dict.fromkeys(line(word)[:20] for word in words) if word][:40]


@transaction.atomic
def write_term(
    category: Category | None,
    urgency: str,
    accept: int,
    reply: int,
    solve: int,
    valid_from: date,
    *,
    by: Actor,
    at: datetime | None = None,
) -> Term:
    """Write a new version of working days, from today or later; none is ever edited.

    `category` None is for all without a version of their own. What raisers were promised stays.
    Raises NotInThePast, DaysWrong, TermWritten.
    """
    at = at or clock.now()
    policy.check_sets_terms(by)
    rules.check_from(valid_from, clock.day_of(at))
    rules.check_days(accept, reply, solve)
    row = Term(
        category=category,
        urgency=Urgency(urgency),
        accept_days=accept,
        reply_days=reply,
        solve_days=solve,
        valid_from=valid_from,
        account_id=by.account_id,
        written_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise rules.TermWritten from error
    trail.record(by, "write", TERM, str(row.pk), ["days", "valid_from"], at=at)
    return row


@transaction.atomic
def add_route(
    category: Category, place: Place, body: Body, *, by: Actor, at: datetime | None = None
) -> Route:
    """Send a category's matters of a place and below to a body, from today on.

    Raises Forbidden outside the own places, NotALead, RouteTaken.
    """
    at = at or clock.now()
    policy.check_routes(by, place)
    gone = body.valid_to is not None and body.valid_to < clock.day_of(at)
    if gone or body.outside or body.kind not in LEAD_KINDS:
        raise NotALead(body=str(body))
    row = Route(category=category, place=place, body=body, valid_from=clock.day_of(at))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise rules.RouteTaken from error
    trail.record(by, "add", ROUTE, row.public_id, ["category", "place", "body"], at=at)
    return row


@transaction.atomic
def close_route(public_id: str, *, by: Actor, at: datetime | None = None) -> Route:
    """End a route: from now on it sends nothing. Raises ClosedAlready."""
    at = at or clock.now()
    row = policy.route_for(by, public_id, lock=True)
    if row.valid_to is not None:
        raise rules.ClosedAlready
    row.valid_to = clock.day_of(at) - timedelta(days=1)
    row.save(update_fields=["valid_to"])
    trail.record(by, "close", ROUTE, row.public_id, ["valid_to"], at=at)
    return row


@transaction.atomic
def save_template(
    body: Body,
    *,
    title: str,
    text: str,
    category: Category | None = None,
    public_id: str = "",
    by: Actor,
    at: datetime | None = None,
) -> AnswerTemplate:
    """Write a body's answer template, or the one of `public_id` anew; ______ is to be filled in.

    Raises NoName, NoGap.
    """
    policy.check_keeps_templates(by, body)
    row = policy.template_for(by, public_id) if public_id else AnswerTemplate()
    row.body, row.category = body, category
    row.title, row.text = line(title)[:60], cleaned(text)
    if not row.title or not row.text:
        raise rules.NoName
    if not has_gap(row.text):
        raise rules.NoGap
    row.save()
    trail.record(by, "save", TEMPLATE, row.public_id, ["title", "text"], at=at)
    return row


@transaction.atomic
def delete_template(public_id: str, *, by: Actor, at: datetime | None = None) -> None:
    """Throw a template away; answers made from it stay."""
    row = policy.template_for(by, public_id)
    row.delete()
    trail.record(by, "delete", TEMPLATE, public_id, at=at)
