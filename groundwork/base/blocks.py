"""What an entry of the full-text index holds beside its words: the blocks of keys it lies in.

Written into the database: whoever changes this writes all entries anew.
"""

from __future__ import annotations

import zlib

BLOCKS = (11, 15, 19)  # sizes of the blocks of keys, as powers of two
# Begins a mark: a letter to both databases, and one that no word of text or query can begin with.
SIGN = "ω"


def stored_tokens(kind: str, object_pk: int, tokens: str) -> str:
    """Give what an entry holds: the cut words and the marks of its blocks (for loads by COPY)."""
    return " ".join([tokens, *(mark(kind, bits, object_pk >> bits) for bits in BLOCKS)])


def mark(kind: str, bits: int, block: int) -> str:
    """Name a block of a kind's keys as one word of the index."""
    return f"{SIGN}{zlib.crc32(kind.encode()) & 0xFFFF:04x}{bits:02x}{block:x}"
