"""Needs, offers and pairs: what is left of them, what may be matched, why two were put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum

from groundwork.base.actor import Actor
from groundwork.campaigns import solver
from groundwork.campaigns.models import Alliance, Entry, Pair
from groundwork.campaigns.policy import alliances as policy
from groundwork.campaigns.rules import alliance as rules
from groundwork.matters.models import Matter
from groundwork.matters.policy import visible_matters

ENTRY = "campaigns.entry"
MOST_MATCHED = 5000  # entries of a side that one tap matches
NEWEST = 100


def held(alliance: Alliance, states: Iterable[str] = rules.HOLDS) -> Counter[int]:
    """Count for each entry of an alliance what its pairs in these states hold of it."""
    rows = Pair.objects.filter(need__alliance=alliance, state__in=tuple(states)).order_by()
    amounts: Counter[int] = Counter()
    for field in ("need_id", "offer_id"):
        amounts.update(dict(rows.values_list(field).annotate(n=Sum("amount"))))
    return amounts


@dataclass(frozen=True)
class Board:
    """What may be matched, as the solver reads it, and the rows behind."""

    needs: list[solver.Entry]
    offers: list[solver.Entry]
    barred: frozenset[tuple[int, int]]  # paired, or said no to each other: nobody is asked twice
    rows: dict[int, Entry]


def to_match(alliance: Alliance, today: date) -> Board:
    """Read what is open in an alliance today."""
    rows = Entry.objects.filter(
        alliance=alliance, state__in=rules.MATCHED, last_day__gte=today, member__left_on=None
    )
    joined = rows.select_related("place", "member__body", "alliance__led_by")
    found = list(joined.order_by("pk")[: 2 * MOST_MATCHED])
    taken = held(alliance)
    sides: dict[str, list[solver.Entry]] = {"need": [], "offer": []}
    for row in found:
        one = solver.Entry(
            id=row.pk,
            owner=row.member_id,
            kind=row.kind,
            unit=row.unit,
            amount=row.amount - taken[row.pk],
            place=row.place.path,
            first=max(row.first_day, today),
            last=row.last_day,
        )
        sides[row.side].append(one)
    tried = Pair.objects.filter(
        need__alliance=alliance, need__state__in=rules.MATCHED, state__in=(*rules.HOLDS, "declined")
    )
    barred = frozenset(tried.values_list("need_id", "offer_id"))
    return Board(sides["need"], sides["offer"], barred, {row.pk: row for row in found})


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
    found = list(rows.select_related("member__body", "place").order_by("-id")[:NEWEST])
    agreed = held(alliance, ("agreed",))
    matters = _matters(by, [row.public_id for row in found if row.state == "passed"], at)
    own = set(
        policy.visible_members(by)
        .filter(policy.enterprises(by, "body__path"), alliance=alliance)
        .values_list("pk", flat=True)
    )
    return [
        EntryLine(
            entry=row,
            left=row.amount - agreed[row.pk],
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
    """A pair, and for which sides the reader may answer."""

    pair: Pair
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
    return PairLine(pair, sides)
