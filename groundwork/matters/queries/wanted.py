"""What a reader of the desk asks for, and how it narrows the ledger."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor
from groundwork.base.workdays import Calendar
from groundwork.matters.models import Matter
from groundwork.matters.policy.places import at_place
from groundwork.matters.rules import deadlines
from groundwork.registry.models import Body, Place, Priority

MOST_LEADS = 50  # bodies of whose name a part was written


@dataclass(frozen=True)
class Wanted:
    """What a reader of the desk wants to see; everything may be left out."""

    tab: str = ""
    state: str = ""
    category: int | None = None
    place: Place | None = None
    priority: Priority | None = None
    light: str = ""
    door: str = ""
    urgency: str = ""
    lead: str = ""  # a part of the body's name
    pressed: str = ""  # supervised, reminded
    mine: bool = False
    q: str = ""
    after: str = ""

    @property
    def narrowed(self) -> bool:
        """Tell whether anything but the tab narrows the list."""
        named = {one.name for one in fields(self)} - {"tab", "after"}
        return any(getattr(self, name) for name in named)


def narrowed(
    matters: QuerySet[Matter], wanted: Wanted, by: Actor, at: datetime, days: Calendar
) -> QuerySet[Matter]:
    """Narrow by what a matter is, who leads it, how it presses, and own."""
    if wanted.category is not None:
        matters = matters.filter(Q(category=wanted.category) | Q(category__parent=wanted.category))
    if wanted.place is not None:
        matters = matters.filter(at_place(wanted.place))
    if wanted.lead:
        matters = matters.filter(lead__in=bodies_called(wanted.lead))
    if wanted.light:
        matters = matters.filter(_by_light(wanted.light, at, days))
    if wanted.pressed:
        matters = matters.filter(pressed(wanted.pressed))
    if wanted.mine:
        matters = matters.filter(handler=by.person_id) if by.person_id else matters.none()
    plain = {"priority": wanted.priority, "door": wanted.door, "urgency": wanted.urgency}
    return matters.filter(**{name: value for name, value in plain.items() if value})


def bodies_called(words: str) -> list[int]:
    """Give the keys of bodies with these words in their name: numbers, so that an index helps."""
    called = Q(name__contains=words) | Q(short_name__contains=words)
    return list(Body.objects.filter(called).values_list("pk", flat=True)[:MOST_LEADS])


def pressed(how: str) -> Q:
    """Make a condition: the matter is under supervision, or its lead was reminded."""
    return Q(supervised=True) if how == "supervised" else Q(reminded_at__isnull=False)


def _by_light(light: str, at: datetime, days: Calendar) -> Q:
    bound = deadlines.amber_until(days, at)
    if light == "red":
        return Q(due_at__lt=at)
    if light == "amber":
        return Q(due_at__gte=at, due_at__lt=bound)
    return Q(due_at__gte=bound)
