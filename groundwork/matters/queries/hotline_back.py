"""What goes back to the hotline: which orders have news, and the sheet that tells them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q, QuerySet

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.numbers import Count
from groundwork.base.tree import EVERYWHERE, covers
from groundwork.matters.models import Matter, Raiser, State, Step, Verdict
from groundwork.matters.policy import hotline as policy
from groundwork.matters.policy import visible_matters
from groundwork.matters.policy.matter import DISPATCHERS
from groundwork.matters.policy.places import at_place, at_places
from groundwork.matters.queries.naming import PlaceFinder
from groundwork.matters.rules import hotline as rules
from groundwork.registry.models import ImportBatch, Place
from groundwork.registry.queries.workbooks import book_of

CHUNK = 500
STEPS_AT_ONCE = 20_000
MOST_BACK = 20_000  # orders in one sheet; the next goes on
COUNTED = 1000


@dataclass(frozen=True)
class Wanted:
    """What an export is narrowed to; it is kept with the export."""

    place: str = ""  # public id
    state: str = ""

    def kept(self) -> dict[str, str]:
        """Give it as it is kept."""
        return {"place": self.place, "state": self.state}


@dataclass(frozen=True)
class Span:
    """Which steps an export tells: those after one, up to another (by their keys)."""

    since: int
    through: int


def span_for(by: Actor, wanted: Wanted, at: datetime) -> Span:
    """Begin where the actor's last export of the same narrowing ended."""
    rows = ImportBatch.objects.filter(kind=rules.OUT, account_id=by.account_id).order_by("-id")
    since = next(
        (
            int(row["through"])
            for row in rows.values_list("totals", flat=True)[:200]
            if row.get("wanted") == wanted.kept()
        ),
        0,
    )
    newest = Step.objects.filter(at__lte=at - rules.LATEST).aggregate(id=Max("id"))["id"]
    return Span(since, max(since, newest or 0))


@dataclass(frozen=True)
class Found:
    """The orders that go out now, by their keys, and up to which step they tell."""

    pks: list[int]
    through: int


def to_send(by: Actor, wanted: Wanted, span: Span, at: datetime, most: int = MOST_BACK) -> Found:
    """Find the hotline's orders of which something new can be told, in the scope of the actor.

    The steps are read some at a time; where there are `most` orders the next export goes on.
    """
    policy.check_may_exchange(by)
    scope = _scope(by, wanted, at)
    found: set[int] = set()
    for start in range(span.since, span.through, STEPS_AT_ONCE):
        through = min(start + STEPS_AT_ONCE, span.through)
        told = Step.objects.filter(
            pk__gt=start,
            pk__lte=through,
            audience__in=(Step.Audience.PUBLIC, Step.Audience.RAISER),
        ).exclude(verb="raise")
        matters = told.values("matter")
        rows = scope.filter(Q(pk__in=matters) | Q(merged_into__in=matters))
        found.update(rows.values_list("pk", flat=True))
        if len(found) >= most:
            return Found(sorted(found), through)
    return Found(sorted(found), span.through)


def _scope(by: Actor, wanted: Wanted, at: datetime) -> QuerySet[Matter]:
    # Parts split off have no order of their own.
    rows = visible_matters(by, at).filter(
        _mine(by), source_kind=rules.SOURCE, client_key__startswith="hotline "
    )
    place = Place.objects.filter(public_id=wanted.place).first() if wanted.place else None
    if place is not None:
        rows = rows.filter(at_place(place))
    return rows.filter(state=wanted.state) if wanted.state else rows


def _mine(by: Actor) -> Q:
    return EVERYWHERE if by.system else at_places(by.places(*DISPATCHERS))


def waiting(by: Actor, wanted: Wanted, at: datetime) -> Count:
    """Count what the next export would hold, up to 1,000."""
    n = len(to_send(by, wanted, span_for(by, wanted, at), at, COUNTED).pks)
    return Count(min(n, COUNTED), capped=n >= COUNTED)


def back_sheet(by: Actor, pks: Sequence[int]) -> bytes:
    """Write orders with answers and verdicts in the hotline's columns."""
    return book_of("答复回传", list(rules.BACK), _lines(by, pks))


def _lines(by: Actor, pks: Sequence[int]) -> Iterator[list[str]]:
    finder = PlaceFinder()
    complete = Matter.objects.select_related("place", "category", "lead", "merged_into__lead")
    for start in range(0, len(pks), CHUNK):
        part = list(complete.filter(pk__in=pks[start : start + CHUNK]).order_by("id"))
        raisers = {
            row.matter_id: row
            for row in Raiser.objects.filter(matter__in=part, first=True, erased_at=None)
        }
        verdicts = {
            row.matter_id: row for row in Verdict.objects.filter(matter__in=part).order_by("id")
        }
        for matter in part:
            yield _line(
                by,
                matter,
                finder.label(matter.place_id),
                raisers.get(matter.pk),
                verdicts.get(matter.pk),
            )


def _line(
    by: Actor, matter: Matter, where: str, raiser: Raiser | None, verdict: Verdict | None
) -> list[str]:
    standing = matter.merged_into or matter
    return [
        matter.source_id,
        _minute(matter.raised_at),
        where,
        matter.category.name,
        _minute(matter.solve_by),
        str(standing.lead or ""),
        str(State(standing.state).label),
        standing.answer,
        _minute(standing.answered_at),
        _yes_no(verdict.solved if verdict else None),
        _yes_no(verdict.satisfied if verdict else None),
        verdict.words if verdict else "",
        _phone(by, matter, standing, raiser),
    ]


def _phone(by: Actor, matter: Matter, standing: Matter, raiser: Raiser | None) -> str:
    """Give the caller's number back, but not to the lead's own people where it is kept from them.

    As in `policy.raisers_seen`, without a statement for each row.
    """
    if raiser is None:
        return ""
    lead = standing.lead
    at_lead = lead is not None and covers([lead.path], by.unit) and not by.system
    return "" if at_lead and raiser.confidential else raiser.phone


def _minute(value: datetime | None) -> str:
    return value.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M") if value else ""


def _yes_no(value: bool | None) -> str:
    return "" if value is None else "是" if value else "否"
