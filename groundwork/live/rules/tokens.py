"""Tokens: one number per browser and evening, signed; no account, no address, no device in it.

Text: 28 hex digits over 14 bytes: number (4), minute it was drawn (2), MAC (8). The MAC is keyed
BLAKE2b (RFC 7693), a third of HMAC-SHA-256's time. The key is the stream's own, random, and goes
with the minutes when they are digested: after that nobody, the city included, can tell a true token
from an invented one, nor join two evenings.
"""

from __future__ import annotations

from hashlib import blake2b
from hmac import compare_digest

KEY_BYTES = 32
SIGNS = 28
MOST_NUMBERS = 1 << 28  # 268 million browsers in one evening
_PLAIN = 6
_MAC = 8


def sign_token(key: bytes, number: int, drawn: int) -> str:
    """Sign a number drawn in minute `drawn` of the stream."""
    plain = number.to_bytes(4, "big") + drawn.to_bytes(2, "big")
    return (plain + blake2b(plain, key=key, digest_size=_MAC).digest()).hex()


def read_token(key: bytes, text: str) -> tuple[int, int] | None:
    """Give number and minute of a true token; None for a forged, foreign or broken one."""
    if len(text) != SIGNS:
        return None
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return None
    plain = raw[:_PLAIN]
    if not compare_digest(blake2b(plain, key=key, digest_size=_MAC).digest(), raw[_PLAIN:]):
        return None
    return int.from_bytes(plain[:4], "big"), int.from_bytes(plain[4:], "big")
