"""What the area keeps: sums of records, and how far they were counted."""

from groundwork.figures.models.rollups import DayCell, Fill, PeriodCell, Reading, Stale

__all__ = ["DayCell", "Fill", "PeriodCell", "Reading", "Stale"]
