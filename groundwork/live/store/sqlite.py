"""The store of one machine: an SQLite file beside the city's own, written by the ingest.

`add` appends one row of pairs per stream and commits with synchronous=FULL: as cheap as a commit
can be. Every few seconds, and before anything is counted, the rows are folded into columns.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from groundwork.base import clock
from groundwork.live.rules.figures import Bits
from groundwork.live.rules.pulse import Hours
from groundwork.live.rules.tokens import KEY_BYTES, MOST_NUMBERS
from groundwork.live.store.base import (
    CHUNK_BYTES,
    Counted,
    Pairs,
    StoreBusy,
    Watched,
    column,
    split,
)

FOLD_PAIRS = 500_000  # unfolded pairs at which `add` folds by itself
TABLES = """
create table if not exists stream (
  id text primary key, key blob not null, origin integer not null, ends integer not null,
  until integer not null, next integer not null default 0, sealed integer not null default 0,
  counted text not null default '', counter integer not null default 0
) without rowid;
create table if not exists log (id integer primary key, stream text not null, pairs blob not null);
create table if not exists cell (
  id integer primary key, stream text not null, chunk integer not null, minute integer not null,
  bits blob not null, unique (stream, chunk, minute)
);
create table if not exists refused (
  stream text not null, rule text not null, n integer not null, primary key (stream, rule)
) without rowid;
"""


class SqliteStore:
    """Pulses in one SQLite file. One thread at a time; several processes may open the file."""

    def __init__(self, path: Path, *, fold_pairs: int = FOLD_PAIRS) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.fold_pairs, self.unfolded = fold_pairs, 0
        self.db = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
        # secure_delete: what is erased is overwritten, in the file too.
        for pragma in ("journal_mode=wal", "synchronous=full", "secure_delete=on"):
            self.db.execute(f"pragma {pragma}").fetchall()
        self.db.executescript(TABLES)
        path.chmod(0o600)

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        try:
            self.db.execute("begin immediate")
            try:
                yield self.db
            except BaseException:
                self.db.execute("rollback")
                raise
            self.db.execute("commit")
        except sqlite3.OperationalError as error:  # locked, disk full, I/O error
            if self.db.in_transaction:
                self.db.execute("rollback")
            raise StoreBusy(str(error)) from error

    def register(self, stream: str, hours: Hours) -> None:
        """Take pulses of a stream; give it a key of its own when it is new."""
        with self._write() as db:
            db.execute(
                "insert into stream (id, key, origin, ends, until) values (?, ?, ?, ?, ?)"
                " on conflict (id) do update set ends = excluded.ends, until = excluded.until,"
                " origin = case when next = 0 then excluded.origin else origin end"
                " where not sealed",
                (stream, secrets.token_bytes(KEY_BYTES), *hours),
            )

    def streams(self) -> list[Watched]:
        """Give the streams whose pulses are taken."""
        rows = self.db.execute("select id, key, origin, ends, until from stream where not sealed")
        return [Watched(row[0], row[1], Hours(*row[2:])) for row in rows.fetchall()]

    def kept(self) -> dict[str, Hours]:
        """Give every stream of which something is kept, with its hours."""
        rows = self.db.execute("select id, origin, ends, until from stream").fetchall()
        return {row[0]: Hours(*row[1:]) for row in rows}

    def reserve(self, stream: str, n: int) -> int:
        """Give the first of `n` numbers that nobody else will get."""
        with self._write() as db:
            rows = db.execute(
                "update stream set next = next + ? where id = ? and not sealed and next + ? <= ?"
                " returning next",
                (n, stream, n, MOST_NUMBERS),
            ).fetchall()
        if not rows:
            raise StoreBusy("no numbers left, or sealed")
        return int(rows[0][0]) - n

    def add(self, pairs: Mapping[str, Pairs]) -> set[str]:
        """Keep pairs with one commit; the seal is read inside the same transaction."""
        with self._write() as db:
            open_ones = {row[0] for row in db.execute("select id from stream where not sealed")}
            kept = [(s, p.astype("<u8").tobytes()) for s, p in pairs.items() if s in open_ones]
            db.executemany("insert into log (stream, pairs) values (?, ?)", kept)
        self.unfolded += sum(len(blob) for _stream, blob in kept) // 8
        if self.unfolded >= self.fold_pairs:
            self.fold()
        return set(pairs) - open_ones

    def fold(self) -> None:
        """Turn appended rows into columns; both change in one transaction, or neither."""
        with self._write() as db:
            rows = db.execute("select id, stream, pairs from log order by id").fetchall()
            by_stream: dict[str, list[bytes]] = {}
            for _id, stream, blob in rows:
                by_stream.setdefault(stream, []).append(blob)
            for stream, blobs in by_stream.items():
                pairs = np.frombuffer(b"".join(blobs), dtype="<u8")
                for chunk, minute, numbers in split(pairs):
                    self._set_bits(stream, chunk, minute, column(numbers))
            if rows:
                db.execute("delete from log where id <= ?", (rows[-1][0],))
        self.unfolded = 0

    def _set_bits(self, stream: str, chunk: int, minute: int, bits: Bits) -> None:
        at = (stream, chunk, minute)
        found = self.db.execute(
            "select id, bits from cell where stream = ? and chunk = ? and minute = ?", at
        ).fetchone()
        if found is None:
            self.db.execute(
                "insert into cell (stream, chunk, minute, bits) values (?, ?, ?, ?)",
                (*at, bits.tobytes()),
            )
            return
        known = np.frombuffer(found[1], dtype=np.uint8)
        self.db.execute(
            "update cell set bits = ? where id = ?", ((known | bits).tobytes(), found[0])
        )

    def refuse(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Add to the numbers of refused pulses; of a stream that is not kept nothing is."""
        rows = [(s, rule, n) for s, rules in counts.items() for rule, n in rules.items() if n]
        with self._write() as db:
            db.executemany(
                "insert into refused (stream, rule, n) select ?1, ?2, ?3"
                " where exists (select 1 from stream where id = ?1)"
                " on conflict (stream, rule) do update set n = n + excluded.n",
                rows,
            )

    def refused(self, stream: str) -> dict[str, int]:
        """Give the numbers of refused pulses by rule."""
        rows = self.db.execute("select rule, n from refused where stream = ?", (stream,))
        return dict(rows.fetchall())

    def count(self, stream: str, minutes: Sequence[int]) -> dict[int, int]:
        """Count the distinct tokens of some minutes."""
        self.fold()
        found = dict.fromkeys(minutes, 0)
        for minute in minutes:
            rows = self.db.execute(
                "select bits from cell where stream = ? and minute = ?", (stream, minute)
            )
            for (bits,) in rows.fetchall():
                found[minute] += int(np.bitwise_count(np.frombuffer(bits, np.uint64)).sum())
        return found

    def lead(self, stream: str, seconds: int) -> bool:
        """Take the turn to count, when nobody else has it."""
        now = int(clock.seconds())
        with self._write() as db:
            done = db.execute(
                "update stream set counter = ? where id = ? and counter <= ? and not sealed",
                (now + seconds, stream, now),
            )
            return done.rowcount == 1

    def publish(self, stream: str, counted: Counted) -> None:
        """Leave what was counted for every reader."""
        old = self.published(stream)
        curve = {**(old.curve if old else {}), **counted.curve}
        text = json.dumps([curve, counted.settled, counted.at])
        with self._write() as db:
            db.execute("update stream set counted = ? where id = ?", (text, stream))

    def published(self, stream: str) -> Counted | None:
        """Read what was counted last."""
        found = self.db.execute("select counted from stream where id = ?", (stream,)).fetchone()
        return read_counted(found[0]) if found and found[0] else None

    def seal(self, stream: str) -> None:
        """Take nothing more of a stream."""
        with self._write() as db:
            db.execute("update stream set sealed = 1 where id = ?", (stream,))

    def chunks(self, stream: str, minutes: int) -> Iterator[Bits]:
        """Give the columns of a stream, chunk after chunk."""
        self.fold()
        held, columns = -1, np.zeros((minutes, CHUNK_BYTES), np.uint8)
        cursor = self.db.execute(
            "select chunk, minute, bits from cell where stream = ? order by chunk, minute",
            (stream,),
        )
        for chunk, minute, bits in cursor:
            if chunk != held:
                if held >= 0:
                    yield columns
                held, columns = chunk, np.zeros((minutes, CHUNK_BYTES), np.uint8)
            if minute < minutes:
                columns[minute] = np.frombuffer(bits, np.uint8)
        if held >= 0:
            yield columns

    def erase(self, stream: str) -> None:
        """Forget a stream, in the file and in its journal."""
        with self._write() as db:
            for table in ("log", "cell", "refused"):
                db.execute(f"delete from {table} where stream = ?", (stream,))  # noqa: S608
            db.execute("delete from stream where id = ?", (stream,))
        self.db.execute("pragma wal_checkpoint(truncate)").fetchall()

    def close(self) -> None:
        """Hang up."""
        self.db.close()


def read_counted(text: str) -> Counted:
    """Read what was published."""
    curve, settled, at = json.loads(text)
    return Counted({int(minute): n for minute, n in curve.items()}, settled, at)
