"""Note who took records along."""

from __future__ import annotations

from datetime import datetime

from groundwork.base import trail
from groundwork.base.actor import Actor


def note_export(figure_key: str, *, by: Actor, at: datetime | None = None) -> None:
    """Put on the trail that the records behind a figure were taken along; nobody leaves none."""
    if not by.is_anonymous:
        trail.record(by, "export", "figures.figure", figure_key, at=at)
