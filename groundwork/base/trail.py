"""The trail: append-only, sealed in batches into a hash chain, verified by anyone.

Writers only insert; numbering happens when the worker seals. On PostgreSQL a smaller id may
commit after a larger one, so the chain follows `position`, given at sealing, never the id.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.models import Lease, TrailEntry

GENESIS = "0" * 64
SEALING = "trail.seal"


def record(
    by: Actor,
    verb: str,
    kind: str,
    object_id: str,
    fields: Sequence[str] = (),
    *,
    at: datetime | None = None,
) -> None:
    """Append one row: `by` did `verb` to `kind`:`object_id`, touching `fields` (names only)."""
    TrailEntry.objects.create(
        at=at or clock.now(),
        account_id=by.account_id,
        system=by.system,
        role=by.grants[0].role if by.grants else "",
        verb=verb,
        kind=kind,
        object_id=object_id,
        fields=list(fields),
    )


def _digest(previous: str, entry: TrailEntry) -> str:
    body = [
        entry.position,
        entry.pk,
        entry.at.astimezone(clock.ZONE).isoformat(),
        entry.account_id,
        entry.system,
        entry.role,
        entry.verb,
        entry.kind,
        entry.object_id,
        entry.fields,
    ]
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def seal_batch(limit: int = 500) -> int:
    """Seal up to `limit` waiting rows into the chain; return how many were sealed."""
    # Most rounds find none: they must not begin to write.
    return _seal(limit) if TrailEntry.objects.filter(position=None).exists() else 0


@transaction.atomic
def _seal(limit: int) -> int:
    # One sealer at a time. A lock on the last row would not do: who waited for it still holds the
    # row that was last before the wait.
    Lease.objects.get_or_create(name=SEALING)
    Lease.objects.select_for_update().get(name=SEALING)
    last = TrailEntry.objects.filter(position__isnull=False).order_by("-position").first()
    position, digest = (last.position or 0, last.digest) if last else (0, GENESIS)
    waiting = list(TrailEntry.objects.filter(position=None).order_by("pk")[:limit])
    for entry in waiting:
        position += 1
        entry.position = position
        entry.digest = digest = _digest(digest, entry)
    TrailEntry.objects.bulk_update(waiting, ["position", "digest"], batch_size=100)
    return len(waiting)


@dataclass(frozen=True)
class Fault:
    """A place where the chain does not hold: the position and what is wrong there.

    `through` is the last position of a gap, so that one forged number is one fault, not a billion.
    """

    position: int
    problem: str  # "missing" | "altered"
    through: int = 0

    def __post_init__(self) -> None:
        if not self.through:
            object.__setattr__(self, "through", self.position)


def verify(expected_head: str | None = None) -> Iterator[Fault]:
    """Walk the chain and yield every fault: rows altered, missing or in another order.

    Two swapped rows are two altered ones: a digest binds position and id to the content. A digest
    noted elsewhere (`head()`) given as `expected_head` also finds rows cut off the end and a
    chain written anew from some row on.
    """
    position, digest, seen_head = 0, GENESIS, expected_head in (None, GENESIS)
    sealed = TrailEntry.objects.filter(position__isnull=False).order_by("position")
    for entry in sealed.iterator(chunk_size=2000):
        assert entry.position is not None
        if entry.position > position + 1:
            yield Fault(position + 1, "missing", entry.position - 1)
        position = max(position, entry.position)  # a forged 0 or less moves nothing
        if _digest(digest, entry) != entry.digest:
            yield Fault(entry.position, "altered")
        digest = entry.digest
        seen_head = seen_head or digest == expected_head
    if not seen_head:
        yield Fault(position + 1, "missing")


def head() -> tuple[int, str]:
    """Name the last sealed position and its digest, to be noted outside this system."""
    last = TrailEntry.objects.filter(position__isnull=False).order_by("-position").first()
    return (last.position or 0, last.digest) if last else (0, GENESIS)
