"""What somebody was asked and answered; what a unit gives; who can be planned with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.listing import Listing, page_by_key
from groundwork.base.numbers import Rate
from groundwork.base.tree import under
from groundwork.duty.models import Order, UnitPart, Volunteer
from groundwork.duty.models.need import Kind
from groundwork.duty.policy.orders import open_orders
from groundwork.duty.policy.supply import RELEASERS, answers_for, own_calls, visible_parts
from groundwork.duty.rules import times as rules
from groundwork.duty.rules.kinds import SKILLS

GRID_DAYS = 14
MOST_UNITS = 3


def available(order: Order) -> QuerySet[Volunteer]:
    """Give those a plan may count on: they answered, can take part, are not held at the desk."""
    return Volunteer.objects.filter(
        order=order, answered_at__isnull=False, excused_at=None, held_at=None
    )


def unanswered(by: Actor, at: datetime) -> list[Volunteer]:
    """Give the calls that wait for the actor's answer: one line each of the to-do."""
    waiting = own_calls(by).filter(answered_at=None, order__in=open_orders(at))
    return list(waiting.filter(order__calls_up=True).select_related("order").order_by("-id"))


def units_to_answer(by: Actor, at: datetime) -> list[UnitPart]:
    """Give the units whose secretary or clerk has not said who may go, under orders in force."""
    mine = under("unit__path", by.bodies(*RELEASERS))
    parts = UnitPart.objects.filter(mine, released_at=None, account_id=None)
    parts = parts.filter(order__in=open_orders(at), order__calls_up=True)
    return list(parts.select_related("order", "unit").order_by("order", "unit__path")[:MOST_UNITS])


@dataclass(frozen=True)
class DayLine:
    """One day of the grid: its parts, which of them are ticked."""

    day: date
    ticked: set[str]


@dataclass(frozen=True)
class OwnCall:
    """What the phone page begins with; an answer to an earlier order is offered, not kept."""

    order: Order
    found: Volunteer | None
    times: dict[str, object]
    cap: int
    skills: Sequence[str]
    days: list[DayLine]
    borrowed: bool


def own_call(by: Actor, order: Order, at: datetime) -> OwnCall:
    """Collect the page on which somebody says when they can."""
    found = own_calls(by).filter(order=order).first()
    answered = found if found is not None and found.answered_at is not None else None
    earlier = None
    if answered is None:
        before = own_calls(by).exclude(order=order).exclude(answered_at=None).exclude(times={})
        earlier = before.order_by("-answered_at").first()
    said = answered or earlier
    times = dict(said.times) if said else {}
    if earlier is not None:
        times = {"week": times.get("week", {}), "days": {}}
    days = grid_days(order, at)
    return OwnCall(
        order=order,
        found=found,
        times=times,
        cap=said.cap if said else 3,
        skills=said.skills if said else [],
        days=[DayLine(day, rules.slots_of(times, day)) for day in days],
        borrowed=earlier is not None,
    )


def grid_days(order: Order, at: datetime) -> list[date]:
    """Give the next days of an order, from today."""
    first = max(clock.day_of(at), clock.day_of(order.starts_at))
    last = clock.day_of(order.ends_at)
    days = (first + timedelta(days=i) for i in range(GRID_DAYS))
    return [day for day in days if day <= last]


# ---- the unit -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class PartLine:
    """One unit under an order."""

    part: UnitPart
    answered: Rate


def part_list(by: Actor, order: Order, after: str = "") -> tuple[Listing[UnitPart], list[PartLine]]:
    """List the units of an order that the reader answers for, in directory order."""
    rows = visible_parts(by, order).select_related("unit")
    listing = page_by_key(rows, ("unit__path", "id"), after)
    units = [part.unit_id for part in listing.rows]
    counted = Volunteer.objects.filter(order=order, unit__in=units).values("unit").order_by()
    numbers = {
        row["unit"]: Rate(row["said"], row["asked"])
        for row in counted.annotate(
            asked=Count("pk"), said=Count("pk", filter=Q(answered_at__isnull=False))
        )
    }
    lines = [PartLine(part, numbers.get(part.unit_id, Rate(0, 0))) for part in listing.rows]
    return listing, lines


@dataclass(frozen=True)
class PersonLine:
    """One of a unit's people under an order, and the answer in words."""

    volunteer: Volunteer
    tone: str
    word: str
    skills: str


@dataclass(frozen=True)
class PartPage:
    """The page of a unit under an order."""

    part: UnitPart
    lines: list[PersonLine]
    listing: Listing[Volunteer]
    answered: Rate
    held: int
    edits: bool


def part_page(by: Actor, part: UnitPart, after: str = "") -> PartPage:
    """Collect a unit's page: who was asked and what each answered; nobody's posts are counted."""
    rows = Volunteer.objects.filter(order=part.order_id, unit=part.unit_id)
    numbers = rows.aggregate(
        asked=Count("pk"),
        said=Count("pk", filter=Q(answered_at__isnull=False)),
        held=Count("pk", filter=Q(held_at__isnull=False)),
    )
    listing = page_by_key(
        rows.select_related("person__office"), ("person__sort_key", "id"), after, size=100
    )
    return PartPage(
        part=part,
        lines=[_line(row) for row in listing.rows],
        listing=listing,
        answered=Rate(numbers["said"], numbers["asked"]),
        held=numbers["held"],
        edits=answers_for(by, part.unit),
    )


def _line(row: Volunteer) -> PersonLine:
    skills = _("、").join(str(Kind(skill).label) for skill in row.skills if skill in SKILLS)
    if row.held_at is not None:
        return PersonLine(row, "plain", _("留岗"), skills)
    if row.answered_at is None:
        return PersonLine(row, "due", _("还没答复"), skills)
    if row.excused_at is not None:
        return PersonLine(row, "plain", _("不能参加"), "")
    return PersonLine(row, "ok", times_text(row.times), skills)


def times_text(times: dict[str, object]) -> str:
    """Say somebody's times in a few words."""
    pattern = rules.pattern_of(rules.said(times))
    words = _(pattern.label) if pattern else _("自己选的时间")
    single = len(times.get("days", {}))  # type: ignore[arg-type]
    if not single:
        return words
    return _("%(pattern)s，另有 %(n)s 天单独说明") % {"pattern": words, "n": single}
