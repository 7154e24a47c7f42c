"""A reading that many ask for at once: one process makes it, all are shown it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from time import sleep
from typing import TypeVar

from django.core.cache import cache

T = TypeVar("T")
BUILDING = 20  # seconds one process may take to make it before another tries
LONGEST = 600  # seconds that a reading stays, to be shown while the next is made
PAUSE, PAUSES = 0.05, 100  # what those wait who have nothing to be shown: five seconds at most


def kept(key: str, at: datetime, make: Callable[[], T], *, fresh: float) -> T:
    """Give the kept reading, or a new one where it is older than `fresh` seconds.

    A thousand readers cost what one costs. While the new reading is made the former one is shown;
    where there is none the others wait for the one who makes it, and make it themselves only when
    that one fails or takes too long.
    """
    for pauses in range(PAUSES + 1):
        found: tuple[datetime, T] | None = cache.get(key)
        if found is not None and 0 <= (at - found[0]).total_seconds() < fresh:
            return found[1]
        if cache.add(f"{key}:building", 1, BUILDING):
            return _made(key, at, make, fresh)
        if found is not None:
            return found[1]
        if pauses < PAUSES:
            sleep(PAUSE)
    return make()


def _made(key: str, at: datetime, make: Callable[[], T], fresh: float) -> T:
    try:
        made = make()
        cache.set(key, (at, made), max(LONGEST, fresh))
    finally:
        cache.delete(f"{key}:building")
    return made
