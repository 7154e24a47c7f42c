"""The light of many deadlines with the calendar read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from groundwork.base.days import calendar
from groundwork.matters.rules import deadlines

TONES: dict[deadlines.Light, Literal["", "due", "late"]] = {
    "red": "late",
    "amber": "due",
    "green": "",
}


@dataclass(frozen=True)
class Lights:
    """What is red, amber or green at a moment."""

    moment: datetime
    amber_until: datetime

    @classmethod
    def at(cls, moment: datetime) -> Lights:
        """Read the calendar once for the moment."""
        return cls(moment, deadlines.amber_until(calendar(), moment))

    def of(self, due_at: datetime | None) -> deadlines.Light:
        """Give the light of a deadline; what owes nothing is green."""
        if due_at is None:
            return "green"
        if due_at < self.moment:
            return "red"
        return "amber" if due_at < self.amber_until else "green"

    def tone(self, due_at: datetime | None) -> Literal["", "due", "late"]:
        """Give the tone of a to-do line."""
        return TONES[self.of(due_at)]

    def word(self, due_at: datetime | None) -> str:
        """Name the light where it presses."""
        light = self.of(due_at)
        if light == "red":
            return _("已超期")
        return _("临期") if light == "amber" else ""
