"""Erase by kind, leave a tombstone, and erase again what an older backup brings back.

An area registers one eraser per kind; it takes ids that no other row will ever have (public ids,
digests), blanks what is still there and may be called twice. Each erasure leaves a `Tombstone`
and one line in DATA_DIR/tombstones.jsonl, outside the database: a restore puts back the database
of an earlier day, not this file, and whatever it names and the database does not is erased again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from groundwork.base import clock, trail
from groundwork.base.actor import Actor, system
from groundwork.base.ids import public_id
from groundwork.base.models import Tombstone

Eraser = Callable[[Sequence[str], datetime], int]
Due = Callable[[datetime], QuerySet[Any, str]]  # ids of what is older, in a fixed order
ERASERS: dict[str, Eraser] = {}
RESTORE = system("restore")
BATCH = 500  # ids in one tombstone: one statement, one line
MOST_BATCHES = 20  # of each rule in one go; the next run goes on


def days(code: str, usual: int) -> int:
    """Give the days of a rule: those of the city's own settings, else the usual ones."""
    own: dict[str, int] = getattr(settings, "KEEP_DAYS", {})
    return own.get(code, usual)


@dataclass(frozen=True)
class Line:
    """One line of the journal: which tombstone, over what."""

    id: str
    kind: str
    rule: str
    at: datetime
    ids: tuple[str, ...]


def eraser(kind: str) -> Callable[[Eraser], Eraser]:
    """Register the one function that erases records of `kind` by their ids."""

    def register(function: Eraser) -> Eraser:
        ERASERS[kind] = function
        return function

    return register


@transaction.atomic
def erase(
    kind: str, ids: Sequence[str], *, rule: str, by: Actor, at: datetime | None = None
) -> int:
    """Erase records and leave tombstones; give how many there were still to erase.

    Nothing left to erase leaves no tombstone. The journal is written after commit; what a crash
    keeps from it is written by the next `write_journal`.
    """
    at, erased = at or clock.now(), 0
    named = sorted(set(ids))
    for start in range(0, len(named), BATCH):
        erased += _erase(Line(public_id(), kind, rule, at, tuple(named[start : start + BATCH])), by)
    if erased:
        transaction.on_commit(write_journal)
    return erased


class Rule(Protocol):
    """How long something is kept: a line of an area's own table."""

    @property
    def code(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def days(self) -> int: ...


def erase_due(
    rules: Iterable[Rule],
    due: Mapping[str, Due],
    *,
    by: Actor,
    at: datetime | None = None,
    most: int = MOST_BATCHES,
) -> int:
    """Erase what its rule says has had its time, in batches of their own; give how many.

    `due` chooses, by the rule's code, the ids from before a moment. Every batch is a transaction:
    who is stopped in the middle goes on with the next one.
    """
    at, erased = at or clock.now(), 0
    for rule in rules:
        before = at - timedelta(days=days(rule.code, rule.days))
        for _batch in range(most):
            ids = list(due[rule.code](before)[:BATCH])
            done = erase(rule.kind, ids, rule=rule.code, by=by, at=at) if ids else 0
            erased += done
            if not done:
                break
    return erased


def _erase(line: Line, by: Actor, *, journaled: bool = False) -> int:
    count = ERASERS[line.kind](line.ids, line.at)
    if not count and not journaled:
        return 0
    Tombstone.objects.create(
        public_id=line.id,
        kind=line.kind,
        rule=line.rule,
        count=count,
        digest=hashlib.sha256("\n".join(line.ids).encode()).hexdigest(),
        at=line.at,
        ids=[] if journaled else list(line.ids),
        journaled=journaled,
    )
    trail.record(by, "erase", line.kind, line.id, at=clock.now() if journaled else line.at)
    return count


def journal_path() -> Path:
    """Name the journal's file. It holds ids and no personal data; keep a copy off this machine."""
    return Path(settings.DATA_DIR) / "tombstones.jsonl"


def write_journal() -> int:
    """Append every tombstone that has no line yet, through to the disk; give how many."""
    written = 0
    while batch := list(Tombstone.objects.filter(journaled=False).order_by("pk")[:100]):
        # Two processes may write the same tombstone: a line twice is erased once.
        _append([_text(_line_of(row)) for row in batch])
        Tombstone.objects.filter(pk__in=[row.pk for row in batch]).update(journaled=True, ids=[])
        written += len(batch)
    return written


def take_over(copy: Path) -> None:
    """Append to the journal what another machine's has, so that the next restore knows it too."""
    known = {line.id for line in read_journal()}
    _append([_text(line) for line in read_journal(copy) if line.id not in known])


def _append(lines: list[str]) -> None:
    """Write lines through to the disk."""
    if not lines:
        return
    with journal_path().open("ab", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        # A line cut by a power failure must not swallow the next one.
        whole = os.fstat(file.fileno()).st_size == 0 or _last_byte() == b"\n"
        file.write((("" if whole else "\n") + "".join(lines)).encode())
        os.fsync(file.fileno())


def _last_byte() -> bytes:
    with journal_path().open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1)


def _line_of(row: Tombstone) -> Line:
    return Line(row.public_id, row.kind, row.rule, row.at, tuple(row.ids))


def _text(line: Line) -> str:
    said = {**asdict(line), "at": line.at.isoformat()}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n"


def read_journal(path: Path | None = None) -> Iterator[Line]:
    """Give the lines of a journal; none where there is no file. A torn line is passed over."""
    path = path or journal_path()
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for text in file:
            try:
                said = json.loads(text)
                yield Line(
                    said["id"],
                    said["kind"],
                    said["rule"],
                    datetime.fromisoformat(said["at"]),
                    tuple(said["ids"]),
                )
            except (ValueError, KeyError, TypeError):
                continue  # its tombstone was not marked as written, so it comes again whole


def reapply(path: Path | None = None, *, by: Actor = RESTORE) -> int:
    """Erase again what the journal names and this database has no tombstone of; give how many.

    Idempotent, and each line is a transaction of its own: a second run goes on where one stopped.
    """
    erased = 0
    for line in read_journal(path):
        if line.kind not in ERASERS or Tombstone.objects.filter(public_id=line.id).exists():
            continue
        with transaction.atomic():
            erased += _erase(line, by, journaled=True)
    return erased
