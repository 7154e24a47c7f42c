"""Rotating codes: what a screen shows now and nobody can use later. No Django here.

A code is an HMAC of its purpose and of the number of the 20-second step, so nothing is stored and
any server process can check it. Only the server's clock counts.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from enum import Enum

STEP = 20  # seconds a code stays on the screen
LONGEST_STEP = 9  # hex digits: the year 45,000; int() of thousands of digits may raise later
LIFE = 3  # steps it is good for: a scan at second 19 over a bad line still arrives (40-60 s)


class Verdict(Enum):
    """What a presented code turned out to be."""

    GOOD = "good"
    STALE = "stale"  # once genuine, shown too long ago: a forwarded photo
    FORGED = "forged"


def step_of(at: datetime) -> int:
    """Number the 20-second step that `at` lies in."""
    return int(at.timestamp()) // STEP


def _mac(secret: str, purpose: str, step: int) -> bytes:
    return hmac.digest(secret.encode(), f"{purpose}:{step}".encode(), hashlib.sha256)


def token(secret: str, purpose: str, at: datetime) -> str:
    """Make the text of the QR code on the screen at `at`: step and 64 bits of its MAC."""
    step = step_of(at)
    return f"{step:x}-{_mac(secret, purpose, step)[:8].hex()}"


def short(secret: str, purpose: str, at: datetime) -> str:
    """Make the six digits for those who cannot scan."""
    return _short(secret, purpose, step_of(at))


def _short(secret: str, purpose: str, step: int) -> str:
    return f"{int.from_bytes(_mac(secret, purpose, step)[8:16], 'big') % 10**6:06d}"


def check_short(secret: str, purpose: str, presented: str, at: datetime) -> Verdict:
    """Judge six digits at `at`. Six digits are few: the caller counts the wrong ones."""
    if not (presented.isascii() and presented.isdigit() and len(presented) == 6):
        return Verdict.FORGED
    now = step_of(at)
    fresh = (_short(secret, purpose, now - i) for i in range(LIFE))
    good = any([hmac.compare_digest(presented, code) for code in fresh])
    return Verdict.GOOD if good else Verdict.FORGED


def digits_from(secret: str, purpose: str, at: datetime, steps: int) -> list[str]:
    """List the six digits of so many steps from `at` on, for a screen that may lose its line."""
    first = step_of(at)
    return [_short(secret, purpose, first + i) for i in range(steps)]


def shown_about(secret: str, purpose: str, presented: str, at: datetime, slack: int) -> bool:
    """Tell whether six digits were on the screen within `slack` steps of `at`, before or after.

    For what waited without a line: `at` is then the word of a phone whose clock may be off.
    """
    if not (presented.isascii() and presented.isdigit() and len(presented) == 6):
        return False
    about = range(step_of(at) - slack, step_of(at) + slack + 1)
    return any([hmac.compare_digest(presented, _short(secret, purpose, i)) for i in about])


def check_token(secret: str, purpose: str, presented: str, at: datetime) -> Verdict:
    """Judge the text of a QR code at `at`; the six digits are none."""
    head, _, tail = presented.partition("-")
    if len(head) > LONGEST_STEP:
        return Verdict.FORGED
    try:
        step = int(head, 16)
    except ValueError:
        return Verdict.FORGED
    if not hmac.compare_digest(tail.encode(), _mac(secret, purpose, step)[:8].hex().encode()):
        return Verdict.FORGED
    return Verdict.GOOD if 0 <= step_of(at) - step < LIFE else Verdict.STALE
