"""What is kept back until its hour, for those who keep it; and how much that is, for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from groundwork.base.actor import Actor
from groundwork.base.listing import Listing, page_by_key
from groundwork.base.numbers import SMALLEST_WHOLE, Count
from groundwork.matters.models import Matter, Step
from groundwork.matters.policy.embargo import embargo_for, withheld_matters
from groundwork.matters.queries.timeline import Entry, entries_of
from groundwork.matters.rules import states
from groundwork.matters.rules.embargo import LONGEST

PAGE = 30
HOURS = ("withhold", "release", "hour")


def withheld(by: Actor, at: datetime, after: str = "") -> Listing[Matter]:
    """List what the actor keeps back, the next hour first."""
    rows = withheld_matters(by, at).select_related("category", "place", "lead")
    return page_by_key(rows, ("withheld_until", "id"), after, size=PAGE)


def hours_come(at: datetime, pk: int | None = None) -> list[int]:
    """Name the matters (of all, or the one) whose hour came while a unit had them, and of which
    nobody has been told yet.
    """
    came = Matter.objects.filter(
        withheld_until__lte=at, withheld_until__gt=at - LONGEST, lead__isnull=False
    )
    kept_back = Step.objects.filter(matter=OuterRef("pk"), verb="withhold")
    told = Step.objects.filter(
        matter=OuterRef("pk"), verb="hour", at__gte=OuterRef("withheld_until")
    )
    if pk is not None:
        came = came.filter(pk=pk)
    return list(came.filter(Exists(kept_back), ~Exists(told)).values_list("pk", flat=True))


@dataclass(frozen=True)
class Kept:
    """One matter with its hour, and who set it when and why."""

    matter: Matter
    waits: bool  # its hour has not come
    settable: bool  # it has not ended
    entries: list[Entry]


def kept(by: Actor, public_id: str, at: datetime) -> Kept:
    """Read a matter whose hour the actor may set. Raises NotFound, Forbidden."""
    matter = embargo_for(by, public_id, at=at)
    return Kept(
        matter=matter,
        waits=matter.withheld_until is not None and matter.withheld_until > at,
        settable=matter.state not in states.CLOSED,
        entries=entries_of(matter.steps.filter(verb__in=HOURS).order_by("-id"), by),
    )


@dataclass(frozen=True)
class Waiting:
    """How many matters of the city wait for their hour; `few`: between one and four."""

    number: Count
    few: bool


def waiting(at: datetime) -> Waiting:
    """Count what is withheld in the whole city, never of a place or category.

    That much everybody may know: that something is kept back is no secret, what and where is.
    """
    n = Matter.objects.filter(withheld_until__gt=at, erased_at=None).count()
    few = 0 < n < SMALLEST_WHOLE
    return Waiting(Count(0 if few else n), few)
