"""Erase what has had its time, by the table of rules; each subject brings its own choice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from groundwork.base import retention
from groundwork.base.actor import Actor
from groundwork.campaigns.actions import (
    discussion_erasing,
    erasing,
    inquiry_erasing,
    project_erasing,
)
from groundwork.campaigns.rules.retention import RULES

DUE: Mapping[str, retention.Due] = {
    **erasing.DUE,
    **inquiry_erasing.DUE,
    **project_erasing.DUE,
    **discussion_erasing.DUE,
}


def erase_due(*, by: Actor, at: datetime | None = None, most: int = retention.MOST_BATCHES) -> int:
    """Erase what its rule says has had its time; give how many."""
    return retention.erase_due(RULES, DUE, by=by, at=at, most=most)
