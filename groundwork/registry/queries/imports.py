"""The pages of the spreadsheet road."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from groundwork.base.actor import Actor
from groundwork.base.listing import Listing, page_by_key
from groundwork.registry import policy
from groundwork.registry.models import Body, ImportBatch, ImportProblem, Person, Place
from groundwork.registry.queries.batches import ChoiceGroup, Preview, preview_of
from groundwork.registry.rules.columns import COLUMNS
from groundwork.registry.rules.imports import KEPT_DAYS, problem_text
from groundwork.registry.rules.people import mask_phone

KINDS: tuple[policy.ImportKind, ...] = ("people", "bodies", "places")


@dataclass(frozen=True)
class ImportsPage:
    """Which kinds the actor may import, and what was imported before."""

    kinds: list[policy.ImportKind]
    batches: Listing[ImportBatch]


def imports_page(by: Actor, *, cursor: str = "") -> ImportsPage:
    """List imports the actor may see, the latest first."""
    batches = policy.visible_imports(by).filter(kind__in=KINDS).select_related("attachment", "body")
    batches = batches.defer("parsed", "undo")
    page = page_by_key(batches, ("-uploaded_at", "-pk"), cursor, size=20)
    return ImportsPage([kind for kind in KINDS if policy.may_import(by, kind)], page)


@dataclass(frozen=True)
class SaidProblem:
    """A problem as a page says it: row, column title, msgid of the sentence and its values."""

    row: int
    column: str
    text: str
    params: dict[str, Any]


@dataclass(frozen=True)
class SaidChange:
    """One field of one row, before and after, in words."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class ImportPage:
    """One import with everything its state has to show."""

    batch: ImportBatch
    problems: list[SaidProblem]
    more_problems: int
    reasons: list[tuple[SaidProblem, int]]
    groups: list[ChoiceGroup]
    group_titles: dict[str, str]
    changed: list[tuple[int, str, list[SaidChange]]]
    new: list[tuple[int, str, str]]
    closed: list[str]
    may_confirm: bool
    may_leave_bad: bool
    may_undo: bool
    may_mark: bool


def import_page(by: Actor, public_id: str, *, at: datetime) -> ImportPage:
    """Show one import. Raises NotFound."""
    batch = policy.import_for(by, public_id, "view")
    preview = preview_of(batch) if batch.parsed else Preview([], 0, [], [])
    titles = {column.key: column.title for column in COLUMNS[batch.kind]}
    totals = batch.totals
    left = totals.get("bad", 0) + totals.get("choice", 0)
    writes = totals.get("new", 0) + totals.get("changed", 0) + totals.get("closed", 0)
    checked = batch.state == ImportBatch.State.CHECKED
    first = {(p.code, p.column): p for p in reversed(preview.problems)}
    names = _Names(preview)
    fresh = batch.confirmed_at is None or at - batch.confirmed_at <= timedelta(days=KEPT_DAYS)
    return ImportPage(
        batch=batch,
        problems=[_said(problem, titles) for problem in preview.problems],
        more_problems=preview.more_problems,
        reasons=[
            (_said(first[code, column], titles), n)
            for code, column, n in preview.by_reason
            if (code, column) in first
        ],
        groups=preview.groups,
        group_titles=titles,
        changed=[
            (row, name, [names.change(key, old, new, titles) for key, old, new in pairs])
            for row, name, pairs in preview.changed
        ],
        new=[
            (row, str(v.get("name", "")), str(v.get("work_number") or v.get("code", "")))
            for row, v in preview.new
        ],
        closed=preview.closed,
        may_confirm=checked and writes > 0 and not (left and batch.kind == "places"),
        may_leave_bad=left > 0,
        may_undo=batch.state == ImportBatch.State.CONFIRMED and batch.undo is not None and fresh,
        may_mark=checked and left > 0 and bool(batch.attachment.file),
    )


def _said(problem: ImportProblem, titles: dict[str, str]) -> SaidProblem:
    return SaidProblem(
        problem.row,
        titles.get(problem.column, problem.column),
        problem_text(problem.code),
        problem.params,
    )


class _Names:
    """Name the bodies and places that changed rows point at, each table asked once."""

    def __init__(self, preview: Preview) -> None:
        bodies: set[int] = set()
        places: set[int] = set()
        for _row, _name, pairs in preview.changed:
            for key, *ends in pairs:
                wanted = places if key in ("home_community_id", "place_id") else bodies
                if key.endswith("_id"):
                    wanted.update(pk for pk in ends if pk is not None)
        self._bodies = {b.pk: str(b) for b in Body.objects.filter(pk__in=bodies)}
        self._places = {p.pk: str(p) for p in Place.objects.filter(pk__in=places)}

    def change(self, key: str, old: Any, new: Any, titles: dict[str, str]) -> SaidChange:
        title = titles.get(key.removesuffix("_id"), key)
        return SaidChange(title, self._word(key, old), self._word(key, new))

    def _word(self, key: str, value: Any) -> str:
        if value in (None, "", []):
            return ""
        if key in ("home_community_id", "place_id"):
            return self._places.get(value, "")
        if key.endswith("_id"):
            return self._bodies.get(value, "")
        if key == "phone":
            return mask_phone(value)
        if key == "status":
            return str(dict(Person.Status.choices)[value])
        if isinstance(value, bool):
            return "✓" if value else "✗"
        return "、".join(value) if isinstance(value, list) else str(value)
