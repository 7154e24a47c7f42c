"""The hotline's sheets: every row checked, the pages that show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor
from groundwork.base.errors import RuleBroken
from groundwork.base.listing import Listing, page_by_key
from groundwork.matters.models import Category, Matter, State, Step
from groundwork.matters.policy import hotline as policy
from groundwork.matters.policy import visible_matters
from groundwork.matters.policy.matter import DISPATCHERS
from groundwork.matters.queries.intake import offered_categories
from groundwork.matters.queries.naming import PlaceFinder
from groundwork.matters.rules import hotline as rules
from groundwork.matters.rules import words
from groundwork.matters.rules.intake import suggest
from groundwork.registry.models import ImportBatch, Place
from groundwork.registry.queries.checking import (
    Ambiguous,
    Checked,
    Chosen,
    Memo,
    Planned,
    Values,
    pick_one,
)
from groundwork.registry.queries.sheets import Sheet
from groundwork.registry.rules import cells
from groundwork.registry.rules import imports as import_rules

FALLBACK_CATEGORY = "other-matters"
MOST_SUGGESTED = 5
CHUNK = 500
SIZE = 20
MOST_BACK = 20_000


# ---- every row checked --------------------------------------------------------------------------
class _Check:
    """Turn rows of cells into values that may be written."""

    def __init__(self, by: Actor, chosen: Chosen, now: datetime) -> None:
        self.by, self.chosen, self.now = by, chosen, now
        self.checked = Checked()
        self.places = PlaceFinder()
        self.categories = offered_categories()
        self._by_name: dict[str, list[Category]] = {}
        for row in self.categories:
            for name in {row.name, row.code}:
                self._by_name.setdefault(name, []).append(row)
        self._place = Memo(self._find_place)

    def row(self, n: int, said: dict[str, Any]) -> Values | None:
        """Read one row; None where something of it cannot go in, said as problems."""
        before = len(self.checked.bad_rows)
        values: Values = {
            "order": self._read(n, "order", lambda: rules.order_of(said["order"])),
            "words": self._read(n, "words", lambda: rules.words_of(said["words"])),
            "name": cells.text_of(said.get("name"))[:60],
            "phone": self._read(n, "phone", lambda: rules.caller_of(said.get("phone"))),
            "confidential": bool(
                self._read(n, "confidential", lambda: cells.read_yes_no(said.get("confidential")))
            ),
            "place_id": self._place_of(n, said),
        }
        values["category_id"] = self._category_of(n, said, values["words"] or "")
        self._times(n, said, values)
        return values if len(self.checked.bad_rows) == before else None

    def _read(self, n: int, column: str, read: Any) -> Any:
        try:
            return read()
        except RuleBroken as error:
            self.checked.add(n, column, error)
            return None

    def _times(self, n: int, said: dict[str, Any], values: Values) -> None:
        called = self._read(n, "time", lambda: _needed(rules.moment_of(said["time"])))
        deadline = self._read(
            n, "deadline", lambda: rules.moment_of(said.get("deadline"), ends=True)
        )
        if called is not None:
            try:
                rules.check_times(called, deadline, self.now)
            except RuleBroken as error:
                column = "deadline" if isinstance(error, rules.DeadlineFirst) else "time"
                self.checked.add(n, column, error)
        values["time"] = called.isoformat() if called else None
        values["deadline"] = deadline.isoformat() if deadline else None

    def _find_place(self, text: str) -> int:
        if not text:
            raise cells.Missing
        found = self.places.find(text)
        if not found:
            raise import_rules.UnknownPlace(value=text[:40])
        if len(found) > 1:
            raise Ambiguous(text[:40], [self._choice(pk) for pk in found])
        return found[0]

    def _choice(self, pk: int) -> dict[str, str]:
        return {"id": self.places.public_ids[pk], "label": self.places.label(pk)}

    def _place_of(self, n: int, said: dict[str, Any]) -> int | None:
        text = cells.text_of(said.get("place"))
        try:
            pk = self._place(text)
        except Ambiguous as error:
            answer = pick_one(self.checked, n, "place", error, self.chosen)
            pk = self.places.by_public_id.get(answer or "")
        except RuleBroken as error:
            self.checked.add(n, "place", error)
            return None
        if pk is not None and not policy.may_take_in(self.by, self.places.path_of[pk]):
            self.checked.add(n, "place", rules.PlaceElsewhere(value=text[:40]))
            return None
        return pk  # type: ignore[no-any-return]

    def _category_of(self, n: int, said: dict[str, Any], text: str) -> int | None:
        named = cells.text_of(said.get("category"))
        found = self._by_name.get(named, [])
        if len(found) == 1:
            return found[0].pk
        error = rules.CategoryToChoose(value=named[:40])
        answer = self.chosen.get((n, "category"), "")
        offered = {row.public_id: row for row in self._offer(found, text)}
        self.checked.add(n, "category", error)
        problem = self.checked.problems[-1]
        problem.choices = [{"id": key, "label": str(row)} for key, row in offered.items()]
        problem.chosen = answer if answer in offered else ""
        return offered[answer].pk if answer in offered else None

    def _offer(self, named: list[Category], text: str) -> list[Category]:
        """Offer what the words suggest, and the category of everything else."""
        if named:
            return named
        rows = {row.pk: row for row in self.categories}
        ranked = suggest(text, [(row.pk, row.words) for row in self.categories], [])
        offered = [rows[one.key] for one in ranked[:MOST_SUGGESTED]]
        rest = [row for row in self.categories if row.code == FALLBACK_CATEGORY]
        return offered + [row for row in rest if row not in offered] or self.categories[:12]


def _needed(value: datetime | None) -> datetime:
    if value is None:
        raise cells.Missing
    return value


def check_sheet(sheet: Sheet, *, by: Actor, now: datetime, chosen: Chosen) -> Checked:
    """Check every row; orders that stand already are the same and stay as they are."""
    check = _Check(by, chosen, now)
    checked = check.checked
    seen: dict[str, tuple[int, Values]] = {}
    for n, cells_of_row in sheet.rows:
        checked.read += 1
        said = {key: cells_of_row[i] for key, i in sheet.columns.items()}
        values = check.row(n, said)
        order = values["order"] if values else None
        if values is None or order is None:
            continue
        if order in seen:
            first, other = seen[order]
            if other != values:
                checked.add(n, "order", rules.OrderTwice(row=first))
            else:
                checked.plan.append(Planned(n, "same"))
            continue
        seen[order] = (n, values)
        checked.rows.append((n, values))
    checked.plan += plan_rows(checked.rows, by=by, at=now)
    return checked


def plan_rows(rows: Sequence[tuple[int, Values]], *, by: Actor, at: datetime) -> list[Planned]:
    """Say of every good row whether it is new, stands already, or stands with other words."""
    known = known_orders([values["order"] for _n, values in rows])
    said = {known[v["order"]]: v["words"] for _n, v in rows if v["order"] in known}
    other = worded_anew(said, by=by, at=at)

    def planned(n: int, pk: int | None) -> Planned:
        return Planned(n, "new" if pk is None else "changed" if pk in other else "same", pk)

    return [planned(n, known.get(values["order"])) for n, values in rows]


def worded_anew(said: Mapping[int, str], *, by: Actor, at: datetime) -> set[int]:
    """Find the orders, by their keys, whose words are others now than when they last came.

    Among those the actor reads; category and place were put right here and count for nothing.
    """
    digests = {pk: words.digest(words.masked(text.strip())) for pk, text in said.items()}
    stood: dict[int, str] = {}
    pks = list(digests)
    for start in range(0, len(pks), CHUNK):
        part = pks[start : start + CHUNK]
        rows = visible_matters(by, at).filter(pk__in=part, erased_at=None)
        stood |= dict(rows.values_list("pk", "words_digest"))
        told = Step.objects.filter(matter__in=part, verb=rules.TOLD_ANEW).order_by("pk")
        last = {pk: data["words"] for pk, data in told.values_list("matter_id", "data")}
        stood |= {pk: digest for pk, digest in last.items() if pk in stood}
    return {pk for pk, digest in stood.items() if digest != digests[pk]}


def known_orders(orders: Sequence[str]) -> dict[str, int]:
    """Find which orders stand in the ledger, by their keys."""
    found: dict[str, int] = {}
    for start in range(0, len(orders), CHUNK):
        keys = [key_of(order) for order in orders[start : start + CHUNK]]
        rows = Matter.objects.filter(client_key__in=keys).values_list("client_key", "pk")
        found |= {key.removeprefix("hotline "): pk for key, pk in rows if key}
    return found


def key_of(order: str) -> str:
    """Give the key under which an order stands once and never twice."""
    return f"hotline {order}"


# ---- pages --------------------------------------------------------------------------------------
def batches(by: Actor, *, after: str = "") -> Listing[ImportBatch]:
    """List sheets that came in and went out, the newest first."""
    rows = policy.visible_batches(by).select_related("attachment").defer("parsed", "undo")
    return page_by_key(rows, ("-uploaded_at", "-pk"), after, size=SIZE)


def places_to_narrow(by: Actor) -> list[Place]:
    """Give the districts, or what else lies one level below the places of the actor."""
    condition = Q(pk__in=())
    for path in by.places(*DISPATCHERS):
        condition |= Q(path__startswith=path, depth=len(path) // Place.steplen + 1)
    rows = Place.objects.filter(condition, valid_to=None).exclude(level=Place.Level.GRID)
    return list(rows.order_by("path")[:200])


def untouched(pks: Iterable[int]) -> QuerySet[Matter]:
    """Of imported orders those with which nothing has happened since: one step, one raiser."""
    moved = Step.objects.exclude(verb="raise")
    return Matter.objects.filter(
        pk__in=list(pks), state=State.RAISED, raisers_count=1, public_text="", erased_at=None
    ).exclude(pk__in=moved.filter(matter__in=list(pks)).values("matter"))
