"""Spreadsheets to take away; the trail says who took which."""

from __future__ import annotations

from datetime import datetime

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden
from groundwork.service.policy import visits as policy
from groundwork.service.queries.visits import Wanted, visits_workbook


def export_visits(wanted: Wanted, *, by: Actor, at: datetime | None = None) -> bytes:
    """Give a list of visits with its filter as xlsx. Raises Forbidden for a side not one's own."""
    if wanted.side not in policy.sides(by):
        raise Forbidden
    trail.record(by, "export", "service.visit", wanted.side, at=at or clock.now())
    return visits_workbook(by, wanted)
