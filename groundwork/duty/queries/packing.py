"""A computed plan as it waits to be published: people, shifts and kinds, small."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import msgspec

Row = tuple[int, int, str]  # person, shift, kind


def pack(rows: Iterable[Row]) -> bytes:
    """Keep a plan small: 140,000 rows are about half a megabyte."""
    return zlib.compress(msgspec.msgpack.encode(list(rows)), 6)


def unpack(packed: bytes) -> list[Row]:
    """Read a plan that was kept."""
    return msgspec.msgpack.decode(zlib.decompress(packed), type=list[Row])
