"""Spreadsheets to take away; the trail says who took which."""

from __future__ import annotations

from datetime import datetime

from groundwork.base import clock, trail
from groundwork.base.actor import Actor
from groundwork.registry.models import Body
from groundwork.study.models import RollSheet
from groundwork.study.queries import record
from groundwork.study.queries import roll as rolls


def export_sheet(sheet: RollSheet, *, by: Actor, at: datetime | None = None) -> bytes:
    """Give a unit's roll of one evening as xlsx."""
    trail.record(by, "export", "study.sheet", sheet.public_id, at=at or clock.now())
    return record.sheet_workbook(sheet, rolls.lines(sheet, by))


def export_register(unit: Body, term: str, *, by: Actor, at: datetime | None = None) -> bytes:
    """Give a unit's register of a half-year as xlsx."""
    at = at or clock.now()
    trail.record(by, "export", "study.register", unit.public_id, at=at)
    return record.register_workbook(record.register(unit, term, at))


def export_record(*, by: Actor, at: datetime | None = None) -> bytes:
    """Give the actor's own learning record as xlsx."""
    trail.record(by, "export", "study.record", str(by.person_id), at=at or clock.now())
    return record.record_workbook(by)
