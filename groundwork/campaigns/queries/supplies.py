"""Needs, offers and pairs: what is left of them, what may be matched, why two were put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from groundwork.base.actor import Actor
from groundwork.campaigns import solver
from groundwork.campaigns.models import Alliance, Entry, Pair
from groundwork.campaigns.policy import alliances as policy
from groundwork.campaigns.rules import alliance as rules
from groundwork.matters.models import Matter
from groundwork.matters.policy import visible_matters
from groundwork.web.dates import day_text

ENTRY = "campaigns.entry"
MOST_MATCHED = 5000  # entries of a side that one tap matches
NEWEST = 100


def _held(field: str, states: Iterable[str]) -> Coalesce:
    rows = Pair.objects.filter(**{field: OuterRef("pk")}, state__in=tuple(states))
    total = rows.order_by().values(field).annotate(n=Sum("amount")).values("n")
    return Coalesce(Subquery(total), Value(0))


def left_of(rows: QuerySet[Entry], states: Iterable[str] = rules.HOLDS) -> QuerySet[Entry]:
    """Add `left`: the amount that no pair in these states holds."""
    states = tuple(states)
    return rows.annotate(left=F("amount") - _held("need", states) - _held("offer", states))


def to_match(
    alliance: Alliance, today: date
) -> tuple[list[solver.Entry], list[solver.Entry], dict[int, Entry]]:
    """Give what may be matched today, as the solver reads it, with the rows behind."""
    rows = Entry.objects.filter(
        alliance=alliance, state__in=rules.MATCHED, last_day__gte=today, member__left_on=None
    )
    found = list(
        left_of(rows)
        .filter(left__gt=0)
        .select_related("place", "member__body", "alliance__led_by")
        .order_by("pk")[: 2 * MOST_MATCHED]
    )
    sides: dict[str, list[solver.Entry]] = {"need": [], "offer": []}
    for row in found:
        sides[row.side].append(
            solver.Entry(
                id=row.pk,
                kind=row.kind,
                unit=row.unit,
                amount=row.left,
                place=row.place.path,
                first=max(row.first_day, today),
                last=row.last_day,
            )
        )
    return sides["need"], sides["offer"], {row.pk: row for row in found}


@dataclass(frozen=True)
class EntryLine:
    """A need or offer as a list shows it."""

    entry: Entry
    left: int  # that nobody has agreed to
    matter: Matter | None
    may_withdraw: bool
    may_pass: bool


def entry_lines(by: Actor, alliance: Alliance, at: datetime, *, keeps: bool) -> list[EntryLine]:
    """Give the needs and offers of an alliance that the reader may see, the newest first."""
    rows = policy.visible_entries(by).filter(alliance=alliance).exclude(state="withdrawn")
    rows = left_of(rows, ("agreed",)).select_related("member__body", "place").order_by("-id")
    found = list(rows[:NEWEST])
    matters = _matters(by, [row.public_id for row in found if row.state == "passed"], at)
    own = set(
        policy.visible_members(by)
        .filter(policy.enterprises(by, "body__path"), alliance=alliance)
        .values_list("pk", flat=True)
    )
    return [
        EntryLine(
            entry=row,
            left=row.left,
            matter=matters.get(row.public_id),
            may_withdraw=row.state in rules.MATCHED and (keeps or row.member_id in own),
            may_pass=keeps and row.state == "open" and row.side == "need",
        )
        for row in found
    ]


def _matters(by: Actor, ids: list[str], at: datetime) -> dict[str, Matter]:
    if not ids:
        return {}
    rows = visible_matters(by, at).filter(source_kind=ENTRY, source_id__in=ids)
    return {row.source_id: row for row in rows.select_related("lead")}


@dataclass(frozen=True)
class PairLine:
    """A pair with its reasons, and for which sides the reader may answer."""

    pair: Pair
    reasons: list[str]
    sides: list[rules.Side]


def pair_lines(by: Actor, alliance: Alliance) -> list[Pair]:
    """Give the pairs of an alliance that are waiting or agreed and that the reader may see."""
    rows = policy.visible_pairs(by).filter(need__alliance=alliance, state__in=rules.HOLDS)
    return list(
        rows.select_related("need__member__body", "offer__member__body").order_by("-id")[:NEWEST]
    )


def pair_page(by: Actor, pair: Pair) -> PairLine:
    """Read one pair."""
    live = pair.state in rules.LIVE
    open_sides = {
        "need": pair.state in {"proposed", "offer_said"},
        "offer": pair.state in {"proposed", "need_said"},
    }
    sides = [side for side in policy.sides(by, pair) if live and open_sides[side]]
    return PairLine(pair, reasons(pair), sides)


def reasons(pair: Pair) -> list[str]:
    """Say why the two were put together."""
    near = {
        1: _("都在本市"),
        2: _("在同一个区县"),
        3: _("在同一个街道（乡镇）"),
    }
    days = {
        "first": day_text(pair.first_day, year=False),
        "last": day_text(pair.last_day, year=False),
    }
    all_days = pair.first_day <= pair.need.first_day and pair.last_day >= pair.need.last_day
    overlap = _("%(first)s到%(last)s，日子都够") if all_days else _("%(first)s到%(last)s两边都行")
    enough = pair.amount >= pair.need.amount
    given = _("够：%(n)s %(unit)s") if enough else _("能给 %(n)s %(unit)s")
    said = [
        _("都是“%(kind)s”") % {"kind": pair.need.get_kind_display()},
        given % {"n": pair.amount, "unit": pair.need.get_unit_display()},
        overlap % days,
    ]
    level = near.get(pair.common, _("在同一个社区（村）") if pair.common else "")
    return [*said, level] if level else said
