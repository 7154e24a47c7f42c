"""The change log: lets roll-ups follow the change, not the history. Never personal values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from groundwork.base import bulk, clock
from groundwork.base.models import Change

FEW = 100  # so many are one statement of the ORM
_COLUMNS = ("at", "kind", "object_id", "before", "after", "n")
Dimensions = Mapping[str, str | int | None]


def record(
    kind: str,
    object_id: str,
    *,
    before: Dimensions | None = None,
    after: Dimensions | None = None,
    n: int = 1,
    at: datetime | None = None,
) -> None:
    """Append one change of `n` records: dates and dimension keys before and after."""
    record_many([change(kind, object_id, before=before, after=after, n=n, at=at)])


def change(
    kind: str,
    object_id: str,
    *,
    before: Dimensions | None = None,
    after: Dimensions | None = None,
    n: int = 1,
    at: datetime | None = None,
) -> Change:
    """Make a change row for `record_many`."""
    return Change(
        at=at or clock.now(),
        kind=kind,
        object_id=object_id,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        n=n,
    )


def record_many(changes: Iterable[Change]) -> None:
    """Append many changes at once."""
    rows = list(changes)
    if len(rows) <= FEW:
        Change.objects.bulk_create(rows)
        return
    bulk.insert(Change, _COLUMNS, ([getattr(row, name) for name in _COLUMNS] for row in rows))
