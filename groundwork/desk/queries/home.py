"""Home: tonight, what waits for the actor, what the actor began, what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from groundwork.base.actor import Actor
from groundwork.base.listing import Todo


@dataclass(frozen=True)
class Home:
    """What a home page shows."""

    todo: list[Todo]


def home(by: Actor, at: datetime) -> Home:
    """Compose the home of `by` at `at`."""
    return Home(todo=[])
