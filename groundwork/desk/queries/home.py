"""Home: tonight, what waits for the actor, what the actor began, what was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.listing import Todo

Source = Callable[[Actor, datetime], list[Todo]]
SOON = timedelta(days=8)


@dataclass(frozen=True)
class Home:
    """What a home page shows."""

    todo: list[Todo]


def home(by: Actor, at: datetime) -> Home:
    """Compose the home of `by` at `at`."""
    return Home(todo=[])


def day_of(at: datetime) -> tuple[datetime, datetime]:
    """Give the first and the last moment of the local day of `at`."""
    start = clock.local(at.astimezone(clock.ZONE).date(), time())
    return start, start + timedelta(days=1)
