"""Public ids: what an address, a code or another area may know of a row."""

from __future__ import annotations

import secrets

# No vowels that spell words, no 0/o, 1/l/i: people read these ids out over the phone.
ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"
LENGTH = 12  # 28^12 = 2.3e17: a guess among 10^9 rows hits once in 2e8 tries
_SPACE = len(ALPHABET) ** LENGTH
_PAIRS = [a + b for a in ALPHABET for b in ALPHABET]


def public_id() -> str:
    """Draw a random id of 12 characters (one draw, six pairs of signs; bulk acts make millions)."""
    number, pairs = secrets.randbelow(_SPACE), []
    for _ in range(LENGTH // 2):
        number, pair = divmod(number, len(_PAIRS))
        pairs.append(_PAIRS[pair])
    return "".join(pairs)
