"""Write many matters with their whole ways at once, by the rules of the single actions.

For imports of an older ledger and for the demo city. Every way is walked through the one table,
deadlines are reckoned at every step, cards are masked, a complaint reaches nobody it names. What
differs: one trail row for all, the figures are told the sum (raised → how it stands now), and
nobody is written to: `signals.moved` is for what happens now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from groundwork.base import bulk, changes, clock, trail
from groundwork.base.actor import Actor
from groundwork.base.models import Change
from groundwork.matters.actions import steps
from groundwork.matters.actions.bulk_rows import Act, Known, Row, WrongOrder
from groundwork.matters.actions.bulk_ties import join, tie
from groundwork.matters.actions.bulk_way import OF_RAISER, Way
from groundwork.matters.actions.wording import index_fresh
from groundwork.matters.models import (
    CoHandler,
    Matter,
    MatterFile,
    Raiser,
    Request,
    Step,
    Verdict,
)

__all__ = ["Act", "Row", "WrongOrder", "record_matters_many"]

BATCH = 2000


@transaction.atomic
def record_matters_many(
    rows: Sequence[Row], *, by: Actor, at: datetime | None = None
) -> list[Matter]:
    """Write matters as they stand after their ways; give them in the order of `rows`.

    Raises WrongState, WrongOrder, NamedInComplaint. About ten statements for two thousand rows.
    """
    at = at or clock.now()
    known = Known()
    ways: list[Way] = []
    for row in rows:
        whole = ways[row.part_of] if row.part_of is not None else None
        ways.append(Way(row, known, by, at, whole))
    keys = bulk.keys(Matter, len(ways))
    for key, way in zip(keys, ways, strict=True):
        way.matter.pk = key
    for way in ways:  # the keys are known now
        tie(way)
        join(way, ways)
    for start in range(0, len(ways), BATCH):
        _write(ways[start : start + BATCH])
    _record_changes((way.matter for way in ways), at)
    trail.record(by, "record_many", steps.KIND, str(len(ways)), ["*"], at=at)
    return [way.matter for way in ways]


_COLUMNS = [column.attname for column in Matter._meta.concrete_fields]
_NAMES = [column.name for column in Matter._meta.concrete_fields]
_RAISER = (
    "id", "matter", "goes_on", "first", "name", "phone", "email", "person", "body", "account_id",
    "confidential", "digest", "joined_at", "words",
)  # fmt: skip
_STEP = (
    "matter", "at", "verb", "before", "after", "audience", "body", "label", "account_id", "text",
    "data",
)  # fmt: skip
_VERDICT = (
    "matter", "raiser", "round", "source", "at", "answered", "solved", "satisfied", "words",
)  # fmt: skip


def _write(ways: Sequence[Way]) -> None:
    matters = [way.matter for way in ways]
    bulk.insert(Matter, _NAMES, ([getattr(m, name) for name in _COLUMNS] for m in matters))
    raisers: list[tuple[Any, ...]] = []
    for key, way in zip(bulk.keys(Raiser, len(ways)), ways, strict=True):
        goes_on = way.matter.merged_into_id or way.matter.pk
        raisers.append((key, way.matter.pk, goes_on, True, *_teller(way), ""))
        way.verdicts = [(way.matter.pk, key, *said) for said in way.verdicts]
        for step in way.steps:
            if step[2] in OF_RAISER:
                step[-1] = {"raiser": key}
    bulk.insert(Raiser, _RAISER, raisers)
    bulk.insert(Step, _STEP, _steps(ways))
    bulk.insert(Verdict, _VERDICT, (said for way in ways for said in way.verdicts))
    CoHandler.objects.bulk_create(
        CoHandler(
            matter=way.matter,
            body=one.body,
            asked_at=one.asked_at,
            contribution=one.contribution,
            contributed_at=one.contributed_at,
            over=way.matter.closed_at is not None,
        )
        for way in ways
        for one in way.helpers.values()
    )
    for way in ways:
        for request in way.requests:
            request.matter = way.matter
    Request.objects.bulk_create(request for way in ways for request in way.requests)
    MatterFile.objects.bulk_create(
        MatterFile(matter=way.matter, attachment=file, from_raiser=True, added_at=way.raised)
        for way in ways
        for file in way.row.telling.files
    )
    index_fresh(matters)


def _teller(way: Way) -> tuple[Any, ...]:
    teller = way.row.teller
    return (
        teller.name, teller.phone, teller.email, teller.person.pk if teller.person else None,
        teller.body.pk if teller.body else None, teller.account_id, teller.confidential,
        way.digest, way.raised,
    )  # fmt: skip


def _steps(ways: Sequence[Way]) -> Iterator[list[Any]]:
    for way in ways:
        for step in way.steps:
            step[0] = way.matter.pk
            yield step


def _record_changes(matters: Iterable[Matter], at: datetime) -> None:
    """Tell the figures how many came to stand where, those alike in one row."""
    sums: Counter[tuple[tuple[str, str | int | None], ...]] = Counter(
        tuple(steps.dimensions(matter).items()) for matter in matters
    )
    changes.record_many(
        Change(at=at, kind=steps.KIND, object_id=str(n), before=None, after=dict(alike), n=n)
        for alike, n in sums.items()
    )
