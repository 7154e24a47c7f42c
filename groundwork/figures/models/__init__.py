"""What the area keeps: sums of records, how far they were counted, documents written from them."""

from groundwork.figures.models.briefing import Briefing, BriefingStep, Reference
from groundwork.figures.models.edition import Edition
from groundwork.figures.models.rollups import DayCell, Fill, PeriodCell, Reading, Stale

__all__ = [
    "Briefing",
    "BriefingStep",
    "DayCell",
    "Edition",
    "Fill",
    "PeriodCell",
    "Reading",
    "Reference",
    "Stale",
]
